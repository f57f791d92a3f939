"""What a member allows a service to know: given once, asked of at each sign-in, taken back at any time (I07 to I09)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Entry, Event
from franceconnect import consents, registration
from franceconnect.models import Client, Consent, Grant
from franceconnect.provider import grants
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.grants import Authentication
from tests.members import A_MOMENT, GARCIN, a_member, an_account

pytestmark = [pytest.mark.django_db]

OPENID, PROFILE, EMAIL = frozenset({"openid"}), frozenset({"openid", "profile"}), frozenset({"openid", "email"})


def a_service(client_id: str = "meteo", preset: str = "standard", name: str = "Météo agricole") -> Client:
    given = {} if preset != "standard" else {"redirect_uris": [f"https://{client_id}.example/retour"], "name": name}
    return registration.register(client_id, preset=preset, now=A_MOMENT, **given).client


@pytest.fixture
def service(db: None) -> Client:
    return a_service()


def visit(account: Account, client: Client, **later: float) -> str:
    """A sign-in at a service, as far as its code."""
    now = A_MOMENT + timedelta(**later)
    asked = AuthorizationRequest({"redirect_uri": client.redirect_uris.split()[0], "scope": "openid"}, client=client)
    code = grants.issue(asked, Authentication(account, now), now=now)
    # The row's own clock is the database library's.
    Grant.objects.filter(code=grants.digest(code).hex()).update(created=now)
    return code


def holds(client: Client, token: str, *, of: Account) -> None:
    """The member came to this service, and its code is a token by now."""
    grant = grants.find(visit(of, client), client)
    assert grant is not None
    assert grants.redeem(grant, token, now=A_MOMENT)


def test_what_was_allowed_is_not_asked_again(account: Account, service: Client) -> None:
    assert not consents.covers(account, service, OPENID)
    consents.give(account, service, PROFILE, now=A_MOMENT)
    assert consents.covers(account, service, PROFILE)
    assert consents.covers(account, service, OPENID)
    assert not consents.covers(account, service, EMAIL)
    assert not consents.covers(account, service, frozenset({"claim:profile"}))


def test_a_second_yes_widens_and_keeps_the_day_of_the_first(account: Account, service: Client) -> None:
    consents.give(account, service, PROFILE, now=A_MOMENT)
    consents.give(account, service, EMAIL | {"claim:birthdate"}, now=A_MOMENT + timedelta(days=1))
    held = Consent.objects.get()
    assert held.shared == "claim:birthdate email openid profile"
    assert held.given_at == A_MOMENT
    assert consents.covers(account, service, PROFILE | EMAIL)


def test_a_yes_counts_for_one_member_and_one_service(account: Account, service: Client) -> None:
    consents.give(account, service, PROFILE, now=A_MOMENT)
    assert not consents.covers(an_account(a_member(GARCIN)), service, PROFILE)
    assert not consents.covers(account, a_service("autre"), PROFILE)


def test_whether_it_is_allowed_costs_one_statement(
    account: Account, service: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The service's request waits for it (performance aims)."""
    consents.give(account, service, PROFILE, now=A_MOMENT)
    with django_assert_num_queries(1):
        assert consents.covers(account, service, PROFILE)


def test_the_journal_says_to_whom_and_which_claims_in_words_of_ours(account: Account, service: Client) -> None:
    """R21: what a client writes into its request may be anything, a name as well."""
    wanted = frozenset({"openid", "email", "inconnu", "claim:birthdate", "claim:1630967482229"})
    consents.give(account, service, wanted, now=A_MOMENT)
    entry = Entry.objects.get(event=Event.CONSENT_GIVEN)
    assert entry.account == account.pk
    assert entry.detail == {"client": "meteo", "claims": ["birthdate", "email", "email_verified"]}


def test_taken_back_it_is_asked_again_and_what_the_service_holds_serves_no_more(
    account: Account, service: Client
) -> None:
    consents.give(account, service, PROFILE, now=A_MOMENT)
    holds(service, "a-token", of=account)
    waiting = grants.find(visit(account, service), service)
    assert waiting is not None
    assert grants.use("a-token", now=A_MOMENT) is not None
    assert consents.withdraw(account, service, now=A_MOMENT)
    assert not consents.covers(account, service, OPENID)
    assert grants.use("a-token", now=A_MOMENT) is None
    assert not grants.redeem(waiting, "another", now=A_MOMENT)
    assert Entry.objects.get(event=Event.CONSENT_WITHDRAWN).detail == {"client": "meteo"}


def test_what_other_services_and_other_members_hold_stays(account: Account, service: Client) -> None:
    other, neighbour = a_service("autre"), an_account(a_member(GARCIN))
    for number, (who, where) in enumerate([(account, other), (neighbour, service)]):
        consents.give(who, where, PROFILE, now=A_MOMENT)
        holds(where, f"token-{number}", of=who)
    consents.give(account, service, PROFILE, now=A_MOMENT)
    consents.withdraw(account, service, now=A_MOMENT)
    assert consents.covers(account, other, PROFILE)
    assert consents.covers(neighbour, service, PROFILE)
    assert all(grants.use(f"token-{number}", now=A_MOMENT) for number in range(2))


def test_taking_back_costs_the_same_however_often_the_member_came(
    account: Account, service: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """One UPDATE for all tokens; nothing is read into memory."""
    consents.give(account, service, PROFILE, now=A_MOMENT)
    for _ in range(20):
        visit(account, service)
    with django_assert_num_queries(3):
        consents.withdraw(account, service, now=A_MOMENT)
    assert Grant.objects.filter(revoked_at=A_MOMENT).count() == 20


def test_what_was_never_given_cannot_be_taken_back(account: Account, service: Client) -> None:
    holds(service, "a-token", of=account)
    assert not consents.withdraw(account, service, now=A_MOMENT)
    assert grants.use("a-token", now=A_MOMENT) is not None
    assert not Entry.objects.filter(event=Event.CONSENT_WITHDRAWN).exists()


def test_the_list_says_what_is_shared_in_french_and_when_the_member_last_came(
    account: Account, service: Client
) -> None:
    """I09."""
    bare = a_service("abeilles", name="Abeilles")
    consents.give(account, service, frozenset({"openid", "email", "inconnu", "claim:birthdate"}), now=A_MOMENT)
    consents.give(account, bare, OPENID, now=A_MOMENT)
    for days in (1, 3, 2):
        visit(account, service, days=days)
    last, with_franceconnect = consents.last_sign_ins(account)
    first, second = consents.connected(consents.of(account), last)
    assert (first.client, first.shared, first.last) == (bare, (), None)
    assert second.shared == ("Adresse email", "Adresse email confirmée", "Date de naissance")
    assert (second.since, second.last) == (A_MOMENT, A_MOMENT + timedelta(days=3))
    assert with_franceconnect is None


def test_the_last_sign_in_through_franceconnect_is_one_whatever_its_platform(account: Account) -> None:
    """A1: integration and production are two clients and one word to a member."""
    for days, preset in enumerate(("franceconnect-production", "franceconnect-integration")):
        visit(account, a_service(preset, preset), days=days)
    assert consents.last_sign_ins(account)[1] == A_MOMENT + timedelta(days=1)


def test_all_last_sign_ins_come_with_one_statement(
    account: Account, service: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visit(an_account(a_member(GARCIN)), service)
    for client in (service, a_service("autre")):
        for _ in range(5):
            visit(account, client, days=1)
    with django_assert_num_queries(1):
        last, _ = consents.last_sign_ins(account)
    assert set(last.values()) == {A_MOMENT + timedelta(days=1)}
    assert len(last) == 2


@pytest.mark.django_db(transaction=True)
def test_many_windows_that_say_yes_at_once_leave_one_line(db: None) -> None:
    account, service = an_account(), a_service()

    def give(number: int) -> None:
        try:
            consents.give(account, service, OPENID | {f"claim:{number}"}, now=A_MOMENT)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as windows:
        list(windows.map(give, range(8)))
    assert consents.covers(account, service, OPENID)
    assert Entry.objects.filter(event=Event.CONSENT_GIVEN).count() == 8
