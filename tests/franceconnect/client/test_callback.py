"""The return from FranceConnect: who is linked is signed in at once; every attack on it, first (I12, FS 3, FS 11)."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import passwords
from accounts.models import Account, Entry, Event, Member
from accounts.sign_in import How
from franceconnect.client import linking
from franceconnect.models import Link, RoundTrip
from tests.franceconnect.client.traveller import START, Traveller, local
from tests.members import GARCIN, OWN_PASSWORD
from tests.personas import persona

pytestmark = pytest.mark.django_db
AT_MOST = 12


@pytest.fixture
def linked(simulator):
    """Garcin, whose account FranceConnect opens."""
    known = persona("garcin")
    Traveller(simulator, "garcin").arrive().press("Se connecter", nir=GARCIN)
    return known


def leave(caller: Traveller, suite: str = "") -> str:
    """The address at FranceConnect to which this browser is led."""
    answer = caller.client.get(START, {"suite": suite} if suite else {})
    assert answer.status_code == 302
    return answer["Location"]


def test_a_later_sign_in_costs_few_statements_and_no_hash(simulator, linked, monkeypatch):
    """I12, issue 4: at most 12 statements on the whole callback, COMMITs and the session's row included."""
    caller = Traveller(simulator, "garcin")
    back = local(caller.back_from(leave(caller)))

    def no_hash(*_args, **_kwargs):
        raise AssertionError("a password was hashed")

    monkeypatch.setattr(passwords.PortalArgon2Hasher, "encode", no_hash)
    monkeypatch.setattr(passwords.PortalArgon2Hasher, "verify", no_hash)
    with CaptureQueriesContext(
        connection,
    ) as statements:
        answer = caller.client.get(back)
    assert answer.status_code == 302
    assert answer["Location"] == "/mon-espace/"
    told = [each["sql"][:100] for each in statements]
    assert len(told) <= AT_MOST, told


def test_a_later_sign_in_is_written_down(simulator, held_clock):
    """I12: when the link was last used, when the member was last here; with what, in session and journal."""
    simulator.follow_clock()
    persona("garcin")
    Traveller(simulator, "garcin").arrive().press("Se connecter", nir=GARCIN)
    held_clock.shift(timedelta(days=3))
    simulator.follow_clock()
    caller = Traveller(simulator, "garcin").arrive()
    assert caller.is_in
    link = Link.objects.get()
    assert link.last_used_at == link.account.last_login
    assert link.last_used_at > link.created_at
    assert caller.client.session["how"] == How.FRANCECONNECT
    last = Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED).latest("pk")
    assert (last.account, last.detail) == (link.account_id, {"how": "franceconnect"})


def test_the_token_waits_sealed_in_the_session(simulator, linked):
    """FS 17, FS 23: neither a JWT nor a name can be read there."""
    caller = Traveller(simulator, "garcin").arrive()
    kept = str(dict(caller.client.session.items()))
    assert "franceconnect_id_token" in kept
    assert "eyJ" not in kept


def test_a_callback_in_another_browser_signs_nobody_in(simulator, linked):
    """Login CSRF: the address that brought the thief back is sent to the victim."""
    thief, victim = Traveller(simulator, "garcin"), Traveller(simulator, "garcin")
    back = local(thief.back_from(leave(thief)))
    victim.visit(back)
    assert not victim.is_in
    assert victim.path.startswith("/franceconnect/probleme/")
    assert Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED).count() == 1


def test_a_callback_serves_once(simulator, linked):
    """FS 3, FS 7: a second visit is a page, and signs nobody in."""
    caller = Traveller(simulator, "garcin")
    back = local(caller.back_from(leave(caller)))
    caller.visit(back)
    caller.press("Se déconnecter")
    assert not caller.visit(back).is_in


def test_a_session_prepared_by_somebody_else_is_not_the_member_s(simulator, linked):
    """Session fixation: who knew the key before knows nothing after."""
    caller = Traveller(simulator, "garcin").visit("/franceconnect/retour/?state=nobody-s")
    name = settings.SESSION_COOKIE_NAME
    before = caller.client.cookies[name].value
    caller.arrive()
    assert caller.is_in
    assert caller.client.cookies[name].value != before
    thief = Traveller(simulator)
    thief.client.cookies[name] = before
    assert not thief.is_in


@pytest.mark.parametrize(
    "suite", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "evil"]
)
def test_nobody_is_led_to_another_site(simulator, linked, suite):
    """Open redirect: `suite` is a path of ours or nothing."""
    caller = Traveller(simulator, "garcin")
    back = local(caller.back_from(leave(caller, suite)))
    assert caller.client.get(back)["Location"] == "/mon-espace/"
    signed_in = caller.client.get(START, {"suite": suite})
    assert signed_in["Location"] == "/mon-espace/"


def test_who_is_signed_in_goes_on(simulator, linked):
    """I02: no round trip is begun."""
    caller = Traveller(simulator, "garcin").arrive()
    trips = RoundTrip.objects.count()
    assert caller.client.get(START, {"suite": "/mon-compte/"})["Location"] == "/mon-compte/"
    assert RoundTrip.objects.count() == trips


def test_a_look_at_the_start_begins_nothing(simulator):
    """I02: HEAD and POST lead nobody away."""
    caller = Traveller(simulator)
    assert caller.client.head(START).status_code == 405
    assert not RoundTrip.objects.exists()


def test_the_number_is_asked_again_of_nobody_whose_link_was_taken_away(simulator, linked):
    """I14: the identity is a stranger again."""
    linking.unlink(Account.objects.select_related("member").get(), now=Link.objects.get().created_at)
    caller = Traveller(simulator, "garcin").arrive()
    assert caller.path == "/franceconnect/identifiant/"


@pytest.mark.parametrize("closed", ["account", "death"])
def test_a_closed_account_is_not_opened(simulator, linked, closed):
    """I12: nothing is opened, nothing is written as a sign-in."""
    if closed == "account":
        Account.objects.update(is_active=False)
    else:
        Member.objects.update(deceased=True)
    signed_in = Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED).count()
    caller = Traveller(simulator, "garcin").arrive()
    assert caller.path == "/franceconnect/probleme/compte-ferme/"
    assert not caller.is_in
    assert Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED).count() == signed_in


def test_the_registry_s_data_win_and_what_differs_is_journaled(simulator, linked):
    """FS 11, FS 16: names of items, no values; the member still comes in."""
    member = linked.member
    dossier = member.dossier
    member.dossier = {**dossier, "birth_name": "GARCIN-DUPONT"}
    member.save()
    caller = Traveller(simulator, "garcin").arrive()
    assert caller.is_in
    caller.visit("/mon-espace/").sees("GARCIN-DUPONT")
    [told] = Entry.objects.filter(event=Event.FRANCECONNECT_DIFFERS)
    assert told.detail == {"fields": ["family_name"]}


def test_a_password_still_opens_the_account(simulator, linked):
    """I13: FranceConnect is a way in more."""
    caller = Traveller(simulator, "garcin")
    caller.sign_in_here(nir=GARCIN, password=OWN_PASSWORD)
    assert caller.is_in


def test_a_return_without_a_departure_is_a_page(simulator):
    """FS 6, FS 24: nothing is made."""
    caller = Traveller(simulator).visit("/franceconnect/retour/?code=x&state=y")
    assert caller.path.startswith("/franceconnect/probleme/")
    assert not Account.objects.exists()
    assert not RoundTrip.objects.exists()


def test_who_gives_up_reads_how_to_come_in_otherwise(simulator, linked):
    """FS 6."""
    caller = Traveller(simulator, "garcin")
    caller.visit(local(caller.hub.give_up(leave(caller))))
    assert caller.path == "/franceconnect/probleme/abandon/"
    assert caller.offers("Se connecter avec mon numéro")


def test_what_leaves_the_portal_says_nothing_of_the_member(simulator, linked):
    """R20, FS 23."""
    caller = Traveller(simulator, "garcin")
    there = urlsplit(leave(caller, "/mon-compte/"))
    assert GARCIN not in there.query
    assert "mon-compte" not in there.query
