"""No address of the portal leads around what has to be done first (D01, E01)."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.duties import ALWAYS_OPEN, Duty, next_duty
from accounts.models import Account
from accounts.sign_in import How
from tests.members import LAMY, OWN_PASSWORD, an_account
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in, temporary_password

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
GIVEN = {
    "slug": "identifiant",
    "secret": "s" * 43,
    "name": "x.eml",
    "interaction": uuid.UUID(int=7),
    "object_id": "1",
    "app_label": "franceconnect",
}
# The protocol's own: another site's form may come here, and does nothing (the tests of franceconnect.provider).
FOR_CLIENTS = {f"provider:{name}" for name in ("authorize", "token", "userinfo", "revoke", "logout")}


def every_address(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """The names of all views, as the resolver knows them."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from every_address(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"


def path_of(name: str) -> str:
    pattern = next(iter(get_resolver_pattern(name)))
    return reverse(name, kwargs={key: GIVEN[key] for key in pattern})


def get_resolver_pattern(name: str) -> list[list[str]]:
    space, _, last = name.rpartition(":")
    resolver: Any = get_resolver()
    if space:
        resolver = resolver.namespace_dict[space][1]
    return [params for possibility, *_ in resolver.reverse_dict.getlist(last) for _, params in possibility]


NAMES = sorted(every_address())


def client_with(duty: Duty) -> Client:
    account = an_account(contact_confirmed_at=None)
    caller = Caller()
    if duty is Duty.PERSONALISE:
        sign_in(caller, temporary_password(account))
    else:
        sign_in(caller)
    assert caller.path == reverse(duty.page)
    return caller.client


def test_the_whole_portal_is_walked() -> None:
    assert len(NAMES) > 35
    assert {"home", "metrics", "enrolment:step", "accounts:email_undo", "accounts:change_address"} <= set(NAMES)


@pytest.mark.parametrize("duty", Duty)
def test_every_address_leads_to_the_duty_or_is_open_to_everybody(duty: Duty) -> None:
    client = client_with(duty)
    for name in NAMES:
        if duty.allows(name):
            continue
        for method in (client.get, client.post, client.head, client.put, client.options):
            answer = method(path_of(name))
            assert (answer.status_code, answer.headers.get("Location")) == (302, reverse(duty.page)), (name, method)


@pytest.mark.parametrize("duty", Duty)
def test_a_stale_form_token_opens_no_page_behind_the_duty(duty: Duty) -> None:
    """The page that is shown again for a stale token would show the member's details."""
    client = client_with(duty)
    for name in NAMES:
        if not duty.allows(name):
            answer = client.post(path_of(name), {"csrfmiddlewaretoken": "x" * 64})
            assert answer.status_code == 302, name


def test_what_is_always_open_shows_nothing_of_a_member() -> None:
    client = client_with(Duty.PERSONALISE)
    for name in ALWAYS_OPEN:
        assert "fritz.lamy" not in client.get(path_of(name)).content.decode()


def test_what_is_always_open_exists() -> None:
    assert set(ALWAYS_OPEN) | {page for duty in Duty for page in duty.value[1]} <= set(NAMES)


@pytest.mark.parametrize(
    ("how", "own_password", "confirmed", "duty"),
    [
        (How.TEMPORARY_PASSWORD, False, False, Duty.PERSONALISE),
        (How.TEMPORARY_PASSWORD, True, True, Duty.PERSONALISE),
        (How.PASSWORD, True, False, Duty.CONFIRM),
        (How.PASSWORD, True, True, None),
        (None, False, True, Duty.PERSONALISE),
    ],
)
def test_the_first_duty_that_is_not_done(
    how: How | None, own_password: bool, confirmed: bool, duty: Duty | None
) -> None:
    account = an_account(
        password=OWN_PASSWORD if own_password else None, contact_confirmed_at=timezone.now() if confirmed else None
    )
    assert next_duty(account, how) is duty


@pytest.mark.parametrize("how", [None, *(how for how in How if how is not How.AGENT)])
def test_what_a_departments_code_demands_is_owed_whatever_opened_the_session(how: How | None) -> None:
    """R11: and paid before the contact details."""
    account = an_account(password_due_at=timezone.now(), contact_confirmed_at=None)
    assert next_duty(account, how) is Duty.PERSONALISE


def test_an_agent_has_other_duties() -> None:
    assert next_duty(Account(kind=Account.Kind.AGENT), How.PASSWORD) is None


def test_a_member_page_is_closed_to_strangers() -> None:
    """Everything that is not public leads to the sign-in page, or answers nothing."""
    client = Client()
    private = [name for name in NAMES if name.startswith("accounts:") and "link" not in name and "undo" not in name]
    shown = set()
    for name in private:
        answer = client.get(path_of(name))
        if answer.status_code == 200:
            shown.add(name)
        elif answer.status_code == 302:
            assert answer["Location"] == f"/connexion/?suite={path_of(name)}"
        else:
            assert answer.status_code == 405
    assert shown == {
        "accounts:sign_in", "accounts:company_sign_in", "accounts:sign_out", "accounts:signed_out",
        "accounts:forgotten_password", "accounts:forgotten_password_asked",
        "accounts:password_reset", "accounts:password_personalised", "accounts:contact_confirmed",
        "accounts:verify_message",
    }  # fmt: skip


def test_no_form_is_taken_without_its_token() -> None:
    """CSRF, everywhere."""
    an_account()
    caller = sign_in(Caller(), nir=LAMY)
    for name in set(NAMES) - FOR_CLIENTS:
        answer = caller.client.post(path_of(name), {"csrfmiddlewaretoken": "y" * 64})
        assert answer.status_code in (302, 403, 404, 405, 410), (name, answer.status_code)
