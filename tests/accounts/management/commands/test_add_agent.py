"""`manage.py add_agent`: the first of the desk, and a new link when nobody else is there (issue 5, Support desk 1)."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Agent, Authenticator, Entry, Event
from tests.agents import an_agent
from tests.stories.caller import last_mail_to

pytestmark = pytest.mark.django_db
EMAIL = "camille@msa.example"
NEW = ["--email", EMAIL, "--name", "Camille Dupré"]


def run(*arguments: str) -> dict[str, str]:
    out = StringIO()
    call_command("add_agent", *arguments, stdout=out)
    told: dict[str, str] = json.loads(out.getvalue())
    return told


@pytest.mark.parametrize(
    ("arguments", "caisse"),
    [
        (["--role", "agent", "--caisse", "68"], "68"),
        (["--role", "lead", "--department", "67"], "68"),
        (["--role", "agent", "--department", "Bas-Rhin"], "68"),
        (["--role", "national"], ""),
        (["--role", "operator"], ""),
    ],
)
def test_somebody_is_added(arguments, caisse):
    told = run(*NEW, *arguments)
    agent = Agent.objects.get()
    assert (str(agent.pk), agent.role, agent.caisse) == (told["agent"], arguments[1], caisse)
    assert not agent.account.has_usable_password()
    link = last_mail_to(EMAIL).split("/support/premiere-connexion/")[1].split("/")[0]
    assert link not in str(told)
    [line] = Entry.objects.filter(event=Event.AGENT_ADDED)
    assert line.detail["by"] == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--email", "camille", "--name", "C", "--role", "national"], "--email"),
        (["--email", EMAIL, "--role", "national"], "--name and --role"),
        (["--email", EMAIL, "--name", "C"], "--name and --role"),
        ([*NEW, "--role", "agent"], "needs --caisse"),
        ([*NEW, "--role", "auditor", "--caisse", "68"], "has no --caisse"),
        ([*NEW, "--role", "agent", "--department", "00"], "--department: unknown_department"),
        ([*NEW, "--role", "chef"], "invalid choice"),
        ([*NEW, "--role", "agent", "--caisse", "67"], "invalid choice"),
        (["--email", EMAIL, "--new-link"], "nobody works at the desk"),
    ],
)
def test_what_is_missing_is_said(arguments, said):
    with pytest.raises(CommandError, match=said):
        run(*arguments)
    assert not Agent.objects.exists()


def test_somebody_who_is_there_gets_a_new_link_and_not_another_row():
    account = an_agent(email=EMAIL)
    with pytest.raises(CommandError, match="--new-link sends another"):
        run(*NEW, "--role", "national")
    assert Authenticator.objects.exists()
    assert run("--email", EMAIL.upper(), "--new-link")["agent"] == str(account.pk)
    assert not Authenticator.objects.exists()
    assert "/support/premiere-connexion/" in last_mail_to(EMAIL)
