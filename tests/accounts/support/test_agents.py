"""Who works at the desk, and who says so (issue 5, Support desk 1 and 2; R20)."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Agent, Code, Entry, Event, Role, login_of_agent
from accounts.support import agents
from accounts.support.refusals import Refused
from accounts.support.roles import May, may
from tests.agents import ELSEWHERE, an_agent, at_desk
from tests.members import an_account
from tests.stories.caller import Caller, last_mail_to

pytestmark = pytest.mark.django_db
LIST, ADD = "/support/accounts/agent/", "/support/accounts/agent/add/"
TYPED = {"name": "Dominique Roy", "email": "dominique.roy@msa.example"}


def page_of(account: Account) -> str:
    return f"{LIST}{account.pk}/change/"


def post(caller: Caller, place: str, **fields: str) -> int:
    """A form that no page of ours gave."""
    caller.client.handler.enforce_csrf_checks = False
    return int(caller.client.post(place, fields).status_code)


def refusals() -> list[tuple[str, str]]:
    lines = Entry.objects.filter(event=Event.SUPPORT_REFUSED).order_by("pk")
    return [(line.detail["why"], line.detail["what"]) for line in lines]


# A lead and their caisse ----------------------------------------------------------------------------------------------


def test_a_lead_adds_an_agent_of_their_caisse():
    """Issue 5, 1."""
    lead = an_agent(Role.LEAD)
    caller = at_desk(lead).visit(LIST).follow("Ajouter")
    caller.press("Enregistrer", **TYPED).sees("L'e-mail est parti", "Dominique Roy", "pas encore connecté")
    agent = Agent.objects.get(account__login_fingerprint=login_of_agent(TYPED["email"]))
    assert (agent.role, agent.caisse, agent.name) == (Role.AGENT, "68", "Dominique Roy")
    assert "/support/premiere-connexion/" in last_mail_to(TYPED["email"])
    [line] = Entry.objects.filter(event=Event.AGENT_ADDED)
    assert line.account == agent.pk
    assert line.detail == {"by": lead.pk.hex, "role": "agent", "caisse": "68", "again": False}


@pytest.mark.parametrize(
    "forged", [{"caisse": ELSEWHERE}, {"caisse": ""}, {"role": "lead"}, {"role": "national"}, {"role": "x"}]
)
def test_a_lead_s_form_for_another_caisse_or_role_is_refused(forged):
    """A tampered form: 404 and a line, nothing is written."""
    caller = at_desk(an_agent(Role.LEAD))
    assert post(caller, ADD, **{**TYPED, "role": "agent", "caisse": "68", **forged}) == 404
    assert refusals() == [("scope", "accounts_agent_add")]
    assert Agent.objects.count() == 1
    assert not Code.objects.exists()


def test_a_lead_sees_their_caisse_only():
    other = an_agent(caisse=ELSEWHERE)
    mine = an_agent(email="mine@msa.example")
    national = an_agent(Role.NATIONAL)
    caller = at_desk(an_agent(Role.LEAD))
    html = caller.visit(LIST).response.content.decode()
    assert str(mine.pk) in html
    assert str(other.pk) not in html
    assert str(national.pk) not in html
    for hidden in (other, national):
        for place in (page_of(hidden), f"{LIST}{hidden.pk}/history/", f"{LIST}{hidden.pk}/delete/"):
            assert caller.client.get(place).status_code == 404
        for verb in ("lien", "depart"):
            assert post(caller, f"{LIST}{hidden.pk}/{verb}/") == 404
    assert Agent.objects.filter(left_at=None).count() == 4
    assert len(refusals()) == 10
    assert {line.detail.get("row") for line in Entry.objects.filter(event=Event.SUPPORT_REFUSED)} == {
        str(other.pk), str(national.pk),
    }  # fmt: skip


def test_a_lead_does_not_touch_another_lead():
    """Named by the national support, sent away by it."""
    peer = an_agent(Role.LEAD)
    caller = at_desk(an_agent(Role.LEAD))
    caller.visit(page_of(peer)).does_not_see("Retirer l'accès", "Envoyer un nouveau lien", "Enregistrer")
    for verb in ("lien", "depart"):
        assert post(caller, f"{LIST}{peer.pk}/{verb}/") == 404
    assert peer.agent.is_present
    assert {why for why, _ in refusals()} == {"role"}


def test_nobody_manages_themselves():
    """The last one of the national support cannot lock the house."""
    national = an_agent(Role.NATIONAL)
    caller = at_desk(national)
    caller.visit(page_of(national)).does_not_see("Retirer l'accès", "Envoyer un nouveau lien")
    assert post(caller, page_of(national), role="operator", caisse="") == 404
    for verb in ("lien", "depart"):
        assert post(caller, f"{LIST}{national.pk}/{verb}/") == 404
    assert Agent.objects.get(pk=national.pk).role == Role.NATIONAL


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_who_manages_nobody_sees_no_list(role):
    somebody = an_agent()
    caller = at_desk(an_agent(role))
    for place in (LIST, ADD, page_of(somebody)):
        assert caller.client.get(place).status_code == 404
    assert {why for why, _ in refusals()} == {"role"}


def test_an_operator_sends_a_link_and_no_more():
    """A telephone is lost on Sundays too; the link goes to its owner's mailbox alone."""
    lost = an_agent(email="lost@msa.example")
    caller = at_desk(an_agent(Role.OPERATOR)).visit(page_of(lost))
    caller.does_not_see("Retirer l'accès", "Enregistrer").press("Envoyer un nouveau lien").sees(
        "Un nouveau lien est parti"
    )
    link = last_mail_to("lost@msa.example").split("/support/premiere-connexion/")[1].split("/")[0]
    assert link not in caller.response.content.decode()
    assert caller.client.get(ADD).status_code == 404
    assert post(caller, f"{LIST}{lost.pk}/depart/") == 404


# The national support -------------------------------------------------------------------------------------------------


def test_the_national_support_adds_anybody():
    caller = at_desk(an_agent(Role.NATIONAL)).visit(ADD)
    caller.press("Enregistrer", **TYPED, role="lead", caisse="").sees("Choisissez la caisse")
    caller.press("Enregistrer", **TYPED, role="auditor", caisse="13").sees("vaut pour toutes les caisses")
    caller.press("Enregistrer", **TYPED, role="lead", caisse="13").sees("L'e-mail est parti")
    assert Agent.objects.get(role="lead").caisse == "13"


@pytest.mark.parametrize("typed", ["", "dominique", "a@b", "dominique@msa.exemple,fr"])
def test_an_address_that_reaches_nobody_is_said(typed):
    caller = at_desk(an_agent(Role.NATIONAL)).visit(ADD)
    caller.press("Enregistrer", **TYPED | {"email": typed}, role="auditor")
    assert caller.path == ADD
    assert Agent.objects.count() == 1


def test_one_address_is_one_agent():
    """Two who add the same person at once: the first one wins, the second reads so."""
    an_agent(email=TYPED["email"])
    caller = at_desk(an_agent(Role.NATIONAL)).visit(ADD)
    caller.press("Enregistrer", **TYPED | {"email": TYPED["email"].upper()}, role="auditor")
    caller.sees("travaille déjà à l'assistance")
    with pytest.raises(agents.AlreadyHere):
        agents.add(email=TYPED["email"], name="D", role=Role.AUDITOR, caisse="", by=None, now=timezone.now())
    assert Agent.objects.count() == 2


def test_who_comes_back_begins_again():
    account = an_agent(email=TYPED["email"])
    agents.leave(account.agent, by=None, now=timezone.now())
    at_desk(an_agent(Role.NATIONAL)).visit(ADD).press("Enregistrer", **TYPED, role="auditor", caisse="")
    back = Agent.objects.get(pk=account.pk)
    assert (back.role, back.is_present, back.account.is_active) == (Role.AUDITOR, True, True)
    assert not back.account.has_usable_password()


def test_a_role_changes_while_signed_in():
    """At the next page, in both directions; no session has to be opened for it."""
    national = at_desk(an_agent(Role.NATIONAL))
    account = an_agent(Role.LEAD)
    caller = at_desk(account)
    assert caller.client.get(LIST).status_code == 200
    national.visit(page_of(account)).press("Enregistrer", role="agent", caisse="68").sees("C'est enregistré")
    assert caller.client.get(LIST).status_code == 404
    national.visit(page_of(account)).press("Enregistrer", role="national", caisse="").sees("C'est enregistré")
    assert caller.client.get(ADD).status_code == 200
    changes = [line.detail for line in Entry.objects.filter(event=Event.AGENT_CHANGED).order_by("pk")]
    assert [(each["role"], each["caisse"]) for each in changes] == [("agent", "68"), ("national", "")]


# Leaving --------------------------------------------------------------------------------------------------------------


def test_leaving_ends_everything_in_the_middle_of_a_page():
    """Issue 5, faults: the form was open, the agent has left, nothing is done."""
    lead = an_agent(Role.LEAD)
    caller = at_desk(lead).visit(ADD)
    at_desk(an_agent(Role.NATIONAL), Caller("192.0.2.9")).visit(page_of(lead)).press("Retirer l'accès").sees(
        "n'a plus accès"
    )
    before = Agent.objects.count()
    caller.press("Enregistrer", **TYPED)
    assert caller.response.status_code == 404
    assert Agent.objects.count() == before
    assert not [what for what in May if may(Account.objects.get(pk=lead.pk), what)]
    [line] = Entry.objects.filter(event=Event.AGENT_LEFT)
    assert line.account == lead.pk


def test_one_leaves_once():
    agent = an_agent().agent
    assert agents.leave(agent, by=None, now=timezone.now())
    assert not agents.leave(agent, by=None, now=timezone.now())
    with pytest.raises(agents.Gone):
        agents.send_link(agent, by=None, now=timezone.now())
    with pytest.raises(agents.Gone):
        agents.change_role(agent, role=Role.LEAD, caisse="68", by=an_agent(Role.NATIONAL), now=timezone.now())
    assert Entry.objects.filter(event=Event.AGENT_LEFT).count() == 1


@pytest.mark.parametrize(
    ("verb", "fields"), [("lien", {}), ("depart", {}), ("change", {"role": "lead", "caisse": "68"})]
)
def test_of_two_who_manage_one_agent_the_second_reads_that_they_left(monkeypatch, verb, fields):
    """The page was asked for while they were there; the deed comes after somebody else's."""
    caller, account = at_desk(an_agent(Role.NATIONAL)), an_agent()
    asked = agents.may_manage

    def overtaken(by: Account, agent: Agent) -> bool:
        allowed = asked(by, agent)
        agents.leave(Agent.objects.get(pk=account.pk), by=None, now=timezone.now())
        return allowed

    monkeypatch.setattr(agents, "may_manage", overtaken)
    assert post(caller, f"{LIST}{account.pk}/{verb}/", **fields) == 302
    monkeypatch.undo()
    caller.visit(page_of(account)).sees("a quitté l'assistance entre-temps").does_not_see("C'est enregistré")
    assert not Entry.objects.filter(event__in=(Event.AGENT_CHANGED, Event.AGENT_LINK_SENT)).exists()


def test_a_link_that_is_asked_for_twice_is_one_mail(held_clock):
    """The link of the first would be dead before it is read."""
    caller, account = at_desk(an_agent(Role.LEAD)), an_agent(email="once@msa.example")
    for _ in range(2):
        assert post(caller, f"{LIST}{account.pk}/lien/") == 302
    caller.visit(page_of(account)).sees("Un nouveau lien est parti", "Un lien vient de partir")
    assert Entry.objects.filter(event=Event.AGENT_LINK_SENT).count() == 1
    held_clock.shift(timedelta(seconds=61))
    post(at_desk(an_agent(Role.LEAD)), f"{LIST}{account.pk}/lien/")
    assert Entry.objects.filter(event=Event.AGENT_LINK_SENT).count() == 2


@pytest.mark.parametrize("verb", ["add", "link", "role", "leave"])
def test_who_was_sent_away_manages_nobody_in_the_same_moment(verb):
    lead, account, now = an_agent(Role.NATIONAL), an_agent(), timezone.now()
    assert lead.agent.is_present
    agents.leave(Agent.objects.get(pk=lead.pk), by=None, now=now)
    deeds = {
        "add": lambda: agents.add(email="x@msa.example", name="X", role=Role.NATIONAL, caisse="", by=lead, now=now),
        "link": lambda: agents.send_link(account.agent, by=lead, now=now),
        "role": lambda: agents.change_role(account.agent, role=Role.NATIONAL, caisse="", by=lead, now=now),
        "leave": lambda: agents.leave(account.agent, by=lead, now=now),
    }
    with pytest.raises(Refused):
        deeds[verb]()
    assert Agent.objects.filter(left_at=None).get() == Agent.objects.get(pk=account.pk, role=Role.AGENT)


def test_an_act_needs_a_form_of_ours():
    """CSRF, and POST."""
    account = an_agent()
    caller = at_desk(an_agent(Role.LEAD))
    for verb in ("lien", "depart"):
        assert caller.client.get(f"{LIST}{account.pk}/{verb}/").status_code == 405
        assert caller.client.post(f"{LIST}{account.pk}/{verb}/").status_code == 403
    assert Agent.objects.get(pk=account.pk).is_present


# What is found, what is kept ------------------------------------------------------------------------------------------


def test_nobody_is_looked_for_by_an_address():
    """R20: it would stand in the address of the page, hence in logs and histories; there is no field for it."""
    wanted, other = an_agent(email="wanted@msa.example"), an_agent()
    caller = at_desk(an_agent(Role.NATIONAL)).visit(LIST)
    assert not [name for form in caller.page.forms for name in form.names if name == "q"]
    html = caller.visit(f"{LIST}?q=wanted@msa.example").response.content.decode()
    assert str(wanted.pk) in html
    assert str(other.pk) in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["here", "lead", "provence", "operator"]),
        ("?etat=left", ["gone"]),
        ("?role__exact=lead", ["lead"]),
        ("?caisse=13", ["provence"]),
        ("?caisse=aucune&role__exact=operator", ["operator"]),
        ("?caisse=68&etat=left", ["gone"]),
    ],
)
def test_agents_are_found_by_presence_role_and_caisse(query, found):
    """Who has left is shown when asked for; ten statements at most (issue 5, 10)."""
    who = {
        "here": an_agent(),
        "gone": an_agent(),
        "lead": an_agent(Role.LEAD),
        "provence": an_agent(caisse="13"),
        "operator": an_agent(Role.OPERATOR),
    }
    agents.leave(who["gone"].agent, by=None, now=timezone.now())
    caller = at_desk(an_agent(Role.NATIONAL))
    with CaptureQueriesContext(connection) as asked:
        html = caller.visit(f"{LIST}{query}").response.content.decode()
    assert [name for name, account in who.items() if f"{account.pk}/change/" in html] == found
    assert len(asked) <= 10, [each["sql"] for each in asked]


def test_a_lead_s_list_is_of_one_caisse():
    caller = at_desk(an_agent(Role.LEAD)).visit(LIST).does_not_see("rôles nationaux")
    assert caller.client.get(f"{LIST}?caisse=13").status_code == 404
    assert caller.client.get(f"{LIST}?caisse=aucune").status_code == 404


def test_the_history_of_a_row_speaks_of_it():
    """What nobody has changed says so, of a person as of a service."""
    caller = at_desk(an_agent(Role.NATIONAL)).visit(f"{LIST}{an_agent().pk}/history/")
    caller.sees("depuis que cette personne a été ajoutée").does_not_see("service est")


def test_a_long_history_asks_for_its_names_once(django_assert_max_num_queries):
    caller, account = at_desk(an_agent(Role.NATIONAL)), an_agent()
    for turn in range(12):
        LogEntry.objects.create(
            user=an_agent(Role.NATIONAL),
            content_type=ContentType.objects.get_for_model(Agent),
            object_id=str(account.pk),
            object_repr=str(account.pk),
            action_flag=CHANGE,
            change_message=f"Changement {turn}",
        )
    with django_assert_max_num_queries(10):
        caller.visit(f"{LIST}{account.pk}/history/").sees("Changement 11", "Camille Dupré")


def test_neither_log_nor_journal_names_anybody():
    """R20, R21: Django's own log has the key of a row, and which fields changed."""
    caller = at_desk(an_agent(Role.NATIONAL)).visit(ADD)
    caller.press("Enregistrer", **TYPED, role="lead", caisse="13")
    added = Agent.objects.get(role="lead")
    caller.visit(page_of(added.account)).press("Enregistrer", role="lead", caisse="68")
    [first, second] = LogEntry.objects.order_by("pk")
    assert {first.object_repr, second.object_repr} == {str(added.pk)}
    kept = str(list(LogEntry.objects.values_list())) + str(list(Entry.objects.values_list("detail")))
    assert not [each for each in ("Dominique", "Roy", "dominique") if each in kept]


def test_neither_staff_nor_superuser_is_a_role():
    """R20: the table alone; Django's own questions have its answers."""
    member = an_account(is_staff=True, is_superuser=True)
    auditor = an_agent(Role.AUDITOR, is_staff=True, is_superuser=True)
    for account, what in ((member, set()), (auditor, {"accounts.view_entry"})):
        assert account.get_all_permissions() == what
        for permission in ("accounts.view_agent", "accounts.change_account", "franceconnect.add_client", "x.y"):
            assert not account.has_perm(permission)
        assert account.has_module_perms("accounts") is bool(what)
    operator = an_agent(Role.OPERATOR)
    assert operator.has_perm("franceconnect.change_client")
    assert not operator.has_perm("accounts.add_agent")
    assert operator.has_module_perms("franceconnect")
    agents.leave(operator.agent, by=None, now=timezone.now())
    assert Account.objects.get(pk=operator.pk).get_all_permissions() == set()


def test_an_account_that_lost_its_row_has_no_rights():
    account = an_agent(Role.NATIONAL)
    account.agent.delete()
    assert not [what for what in May if may(Account.objects.get(pk=account.pk), what)]
    assert uuid.UUID(str(account.pk))
