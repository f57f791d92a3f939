"""The agents' door, attacked first: no code, no desk (issue 5, Support desk 1; R12, R14, R20)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import member_session
from accounts.models import Account, Authenticator, Code, Entry, Event, Role, Throttle
from accounts.sign_in import How
from accounts.support import agents
from accounts.support.door import carried, entering, second_factor
from accounts.support.door.views import HALF_WAY
from accounts.throttling import TooManyAttempts
from tests.agents import SEED, an_agent, at_desk, code_at, come_in
from tests.members import OWN_PASSWORD, an_account
from tests.stories.caller import Caller, last_mail_to

pytestmark = pytest.mark.django_db
DOOR, CODE, RECOVERY = "/support/connexion/", "/support/connexion/code/", "/support/connexion/secours/"
REFUSED = "L'adresse e-mail ou le mot de passe ne correspond pas."


def half_way(account: Account, caller: Caller | None = None, password: str = OWN_PASSWORD) -> Caller:
    caller = caller or Caller()
    return caller.visit(DOOR).press("Continuer", email=account.email or "", password=password)


def is_in(caller: Caller) -> bool:
    return caller.client.get("/support/").status_code == 200


# Both halves ----------------------------------------------------------------------------------------------------------


def test_a_password_and_a_code_open_the_desk():
    """Issue 5, 1."""
    account = an_agent(email="Camille.Dupre@msa.example")
    caller = half_way(account)
    assert caller.path == CODE
    assert not is_in(caller)
    caller.visit(CODE).press("Se connecter", code=code_at())
    assert caller.path == "/support/"
    caller.sees("Camille Dupré", "conseiller", "MSA Alsace")
    [line] = Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED)
    assert (line.account, line.detail) == (account.pk, {"how": "agent"})
    account.refresh_from_db()
    assert account.last_login is not None


def test_capitals_and_groups_do_not_matter():
    account = an_agent(email="Camille.Dupre@MSA.example")
    caller = Caller().visit(DOOR)
    caller.press("Continuer", email=" camille.DUPRE@msa.EXAMPLE ", password=OWN_PASSWORD)
    typed = code_at()
    caller.press("Se connecter", code=f" {typed[:3]} {typed[3:]} ")
    assert is_in(caller)
    assert account.pk


def test_half_a_sign_in_opens_nothing():
    caller = half_way(an_agent())
    for place in ("/support/", "/support/accounts/agent/", "/support/jsi18n/", "/mon-espace/"):
        assert caller.client.get(place).status_code in (302, 404)
        assert "_auth_user_id" not in caller.client.session
    assert not Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED).exists()


@pytest.mark.parametrize("place", [CODE, RECOVERY])
def test_there_is_nothing_to_type_without_the_first_half(place):
    assert Caller().visit(place).path == DOOR
    caller = Caller()
    caller.client.handler.enforce_csrf_checks = False
    assert caller.client.post(place, {"code": code_at()})["Location"] == DOOR


def test_unknown_wrong_not_set_up_and_left_are_one_answer():
    """R12: the same page, for whoever asks; the limits count for all of them alike."""
    an_agent(email="wrong@msa.example")
    agents.leave(an_agent(email="left@msa.example").agent, by=None, now=timezone.now())
    new = {"name": "Neuve", "role": Role.AGENT, "caisse": "68", "by": None, "now": timezone.now()}
    agents.add(email="new@msa.example", **new)
    an_account(email="member@msa.example")
    said = set()
    for who in ("unknown", "wrong", "left", "new", "member"):
        password = "Autre-Chose+2026" if who == "wrong" else OWN_PASSWORD
        caller = Caller(f"192.0.2.{len(said) + 20}").visit(DOOR)
        caller.press("Continuer", email=f"{who}@msa.example", password=password).sees(REFUSED)
        assert caller.path == DOOR
        said.add(caller.text.replace(who, "who"))
    assert len(said) == 1


def test_as_many_hashes_whoever_asks(monkeypatch):
    """R12: the same time; what takes it is counted."""
    hashed = []
    real = entering.verify_password

    def counted(password: str, kept: str) -> Any:
        hashed.append(kept[:9])
        return real(password, kept)

    monkeypatch.setattr(entering, "verify_password", counted)
    present = an_agent(email="here@msa.example")
    left = an_agent(email="left@msa.example")
    agents.leave(left.agent, by=None, now=timezone.now())
    for email in ("here@msa.example", "left@msa.example", "nobody@msa.example"):
        Caller().visit(DOOR).press("Continuer", email=email, password="Autre-Chose+2026")
    assert hashed == ["argon2$ar"] * 3
    assert present.pk


def test_guessing_passwords_ends_in_a_wait():
    """R12: by address and network, whether the address is anybody's or not."""
    an_agent(email="here@msa.example")
    for email in ("here@msa.example", "nobody@msa.example"):
        caller = Caller()
        for _ in range(5):
            caller.visit(DOOR).press("Continuer", email=email, password="Autre-Chose+2026")
        caller.sees("Attendez une minute")
        caller.visit(DOOR).press("Continuer", email=email, password=OWN_PASSWORD)
        assert caller.response.status_code == 429
        caller.sees("Pour protéger l'assistance")
        assert "Retry-After" in caller.response.headers
    assert Entry.objects.filter(event=Event.SIGN_IN_DELAYED).count() == 2


def test_a_stranger_s_guesses_do_not_keep_an_agent_out(held_clock):
    """R12: the browser in which they came in before counts for itself."""
    account = an_agent()
    mine = come_in(account)
    mine.client.post("/support/deconnexion/")
    stranger = Caller()
    for _ in range(5):
        stranger.visit(DOOR).press("Continuer", email=account.email, password="Autre-Chose+2026")
    held_clock.shift(timedelta(seconds=31))
    mine.client.cookies.pop("session", None)
    assert is_in(come_in(account, caller=mine))


# The code -------------------------------------------------------------------------------------------------------------


def test_a_code_serves_once(held_clock):
    """RFC 6238, 5.2: a code that somebody saw on the telephone opens nothing any more."""
    account = an_agent()
    typed = code_at()
    assert is_in(half_way(account).press("Se connecter", code=typed))
    again = half_way(account, Caller("192.0.2.77")).press("Se connecter", code=typed)
    assert not is_in(again)
    again.sees("Ce code ne correspond pas, ou il a déjà servi.")
    held_clock.shift(timedelta(seconds=30))
    assert is_in(again.press("Se connecter", code=code_at()))


@pytest.mark.parametrize(("shift", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_telephone_may_be_half_a_minute_wrong(held_clock, shift, opens):
    caller = half_way(an_agent()).press("Se connecter", code=code_at(timezone.now() + timedelta(seconds=shift)))
    assert is_in(caller) is opens


def test_guessing_codes_ends_in_a_wait_whatever_the_network(held_clock):
    """R12: who knows the password has five tries, then one, then one after twice as long."""
    account = an_agent()
    for number in range(5):
        half_way(account, Caller(f"192.0.2.{number + 1}")).press("Se connecter", code=wrong())
    caller = half_way(account, Caller("192.0.2.99")).press("Se connecter", code=code_at())
    assert caller.response.status_code == 429
    assert not is_in(caller)
    held_clock.shift(timedelta(seconds=61))
    assert not is_in(half_way(account, caller).press("Se connecter", code=wrong()))
    held_clock.shift(timedelta(seconds=61))
    assert half_way(account, caller).press("Se connecter", code=code_at()).response.status_code == 429
    held_clock.shift(timedelta(seconds=60))
    assert is_in(half_way(account, caller).press("Se connecter", code=code_at()))


def wrong() -> str:
    """Not the code of any moment that would be taken."""
    near = {code_at(timezone.now() + timedelta(seconds=shift)) for shift in (-60, -30, 0, 30, 60)}
    return next(each for each in ("000000", "111111", "222222", "333333", "444444", "555555") if each not in near)


def test_a_day_has_so_many_codes(held_clock):
    """R12: 25 guesses a day against a million, for who knows the password already."""
    account, tries = an_agent(), 0
    secret = begin(account)
    for _ in range(24 * 30):
        try:
            entering.check_code(secret, wrong(), browser=b"b" * 32, now=timezone.now())
        except entering.SignInRefused:
            tries += 1
        except TooManyAttempts:
            pass
        held_clock.shift(timedelta(minutes=2))
        secret = begin(account)
    assert tries <= 26


def begin(account: Account, browser: bytes = b"b" * 32) -> str:
    return entering.check_password(
        account.email or "", OWN_PASSWORD, browser=browser, network="192.0.2.1", now=timezone.now()
    )


NO_CODES = ["", "12345", "1234567", "abcdef", "²²²²²²", "١٢٣٤٥٦", "-12345", "12345\x00", "0" * 40]


@pytest.mark.parametrize("typed", NO_CODES)
def test_what_is_no_code_is_refused_in_words(typed):
    caller = half_way(an_agent()).press("Se connecter", code=typed)
    assert caller.path == CODE
    assert caller.response.status_code == 200
    assert not is_in(caller)


# The half-way state ---------------------------------------------------------------------------------------------------


def test_the_first_half_lasts_five_minutes(held_clock):
    account = an_agent()
    caller = half_way(account)
    held_clock.shift(timedelta(minutes=5, seconds=1))
    caller.press("Se connecter", code=code_at())
    assert caller.path == DOOR
    caller.sees("Votre connexion a attendu trop longtemps")
    assert not is_in(caller)


def test_the_first_half_serves_once(held_clock):
    """A session that was copied before the code was typed opens nothing after it, even with another right code."""
    account = an_agent()
    caller = half_way(account)
    copied = dict(caller.client.session)
    browser = caller.client.cookies["navigateur"].value
    caller.press("Se connecter", code=code_at())
    assert is_in(caller)
    held_clock.shift(timedelta(seconds=30))
    thief = Caller()
    thief.client.cookies["navigateur"] = browser
    session = thief.client.session
    session.update(copied)
    session.save()
    thief.client.cookies["session"] = session.session_key
    thief.visit(CODE)
    assert thief.path == DOOR
    thief.client.handler.enforce_csrf_checks = False
    assert thief.client.post(CODE, {"code": code_at()})["Location"] == DOOR
    assert not is_in(thief)


def test_two_codes_at_once_open_one_session(held_clock):
    """One half-way state, a code and a recovery code in two requests: the first one wins, by one UPDATE."""
    account = an_agent()
    issued = second_factor.install(account, SEED, second_factor.TOTP(SEED.key, t0=10**12), now=timezone.now())
    secret = begin(account)
    begun = entering.first_half(secret, browser=b"b" * 32, now=timezone.now())
    assert entering.check_code(secret, issued[0], browser=b"b" * 32, now=timezone.now()).how is How.AGENT
    with pytest.raises(entering.DoorClosed):
        entering._let_in(begun, second_factor.Factor.CODE, [], browser=b"b" * 32, now=timezone.now())


def test_the_first_half_is_this_browser_s():
    """Its cookie, carried to another browser without the browser's own, opens nothing."""
    account = an_agent()
    caller = half_way(account)
    thief = Caller()
    thief.client.cookies["session"] = caller.client.cookies["session"].value
    assert thief.visit(CODE).path == DOOR
    with pytest.raises(entering.DoorClosed):
        entering.check_code(begin(account), code_at(), browser=b"c" * 32, now=timezone.now())


def test_a_forged_half_way_state_opens_nothing():
    account = an_agent()
    caller = Caller()
    caller.visit(DOOR)
    session = caller.client.session
    session[HALF_WAY] = "AQpmb3JnZWQ="
    session.save()
    assert caller.visit(CODE).path == DOOR
    carried.keep(session, HALF_WAY, {"secret": str(account.pk)})
    session.save()
    assert caller.visit(CODE).path == DOOR


def test_what_waits_in_the_session_is_sealed():
    """R20: neither address, nor account, nor the secret can be read in the table of sessions."""
    account = an_agent()
    half_way(account)
    kept = str([each.get_decoded() for each in Session.objects.all()])
    assert account.email not in kept
    assert str(account.pk) not in kept
    assert HALF_WAY in kept


def test_a_session_has_another_number_after_each_half():
    """Session fixation: who planted the number of before knows none of those that follow."""
    account, caller = an_agent(), Caller()
    caller.visit(DOOR)
    session = caller.client.session
    session["planted"] = True
    session.save()
    caller.client.cookies["session"] = session.session_key
    half_way(account, caller)
    middle = caller.client.cookies["session"].value
    caller.press("Se connecter", code=code_at())
    last = caller.client.cookies["session"].value
    assert len({session.session_key, middle, last}) == 3
    assert "planted" not in caller.client.session


def test_who_leaves_between_the_halves_stays_out():
    account = an_agent()
    caller = half_way(account)
    agents.leave(account.agent, by=None, now=timezone.now())
    caller.press("Se connecter", code=code_at())
    assert caller.path == DOOR
    assert not is_in(caller)


def test_a_new_link_ends_what_was_begun():
    account = an_agent()
    caller = half_way(account)
    agents.send_link(account.agent, by=None, now=timezone.now())
    caller.press("Se connecter", code=code_at())
    assert caller.path == DOOR
    assert not Authenticator.objects.exists()


# Recovery codes -------------------------------------------------------------------------------------------------------


def with_recovery_codes(account: Account) -> list[str]:
    return second_factor.install(account, SEED, second_factor.TOTP(SEED.key, t0=10**12), now=timezone.now())


def test_a_recovery_code_serves_once_and_is_told():
    """Issue 5, 1: without the telephone; its owner reads of it."""
    account = an_agent()
    issued = with_recovery_codes(account)
    assert len(set(issued)) == 10
    caller = half_way(account).follow("Je n'ai pas mon téléphone")
    caller.press("Se connecter", code=issued[3].lower().replace("-", " "))
    assert is_in(caller)
    [line] = Entry.objects.filter(event=Event.AGENT_RECOVERED)
    assert line.detail == {"left": 9}
    again = half_way(account, Caller("192.0.2.8")).follow("Je n'ai pas mon téléphone")
    again.press("Se connecter", code=issued[3]).sees("Ce code ne correspond pas, ou il a déjà servi.")
    assert not is_in(again)
    assert is_in(again.press("Se connecter", code=issued[4]))


def test_the_owner_reads_that_a_recovery_code_served():
    account = an_agent(email="camille@msa.example")
    issued = with_recovery_codes(account)
    half_way(account).follow("Je n'ai pas mon téléphone").press("Se connecter", code=issued[0])
    assert "Codes de secours qui restent\u00a0: 9." in last_mail_to("camille@msa.example")


def test_recovery_codes_are_kept_as_fingerprints():
    account = an_agent()
    issued = with_recovery_codes(account)
    kept = str(list(Code.objects.values_list()))
    assert not [each for each in issued if each in kept or each.replace("-", "") in kept]


def test_one_agent_s_recovery_code_is_nobody_else_s():
    mine, other = an_agent(), an_agent()
    issued = with_recovery_codes(mine)
    assert second_factor.use(other, issued[0], now=timezone.now()) is None
    assert second_factor.use(mine, issued[0], now=timezone.now()) is second_factor.Factor.RECOVERY


# Sessions -------------------------------------------------------------------------------------------------------------


def test_a_member_s_session_is_none_of_the_desk_s():
    """R20: whatever stands in their row; and the journal says who tried."""
    member = an_account(is_staff=True, is_superuser=True)
    caller = Caller()
    caller.client.force_login(member)
    assert caller.client.get("/support/").status_code == 404
    [line] = Entry.objects.filter(event=Event.SUPPORT_REFUSED)
    assert (line.account, line.detail) == (member.pk, {"why": "door", "what": "index"})


@pytest.mark.parametrize("how", [None, *(each for each in How if each is not How.AGENT)])
def test_an_agent_s_session_without_a_code_opens_nothing(how):
    """A session of theirs that something else opened is not one of the desk."""
    caller = Caller()
    caller.client.force_login(an_agent(Role.NATIONAL))
    session = caller.client.session
    if how:
        session[member_session.HOW] = how
        session.save()
    assert caller.client.get("/support/").status_code == 404


def test_the_two_clocks_of_a_session(held_clock):
    """R14: 30 idle minutes, and 10 hours for an agent; then the door says why."""
    account = an_agent()
    caller = at_desk(account)
    held_clock.shift(timedelta(minutes=29))
    assert is_in(caller)
    held_clock.shift(timedelta(minutes=31))
    caller.visit("/support/accounts/agent/")
    assert caller.path == DOOR
    caller.sees("Rien n'a bougé ici pendant 30 minutes")
    assert caller.visit("/support/").response.status_code == 404
    at_desk(account, caller)
    for _ in range(30):
        held_clock.shift(timedelta(minutes=20))
        assert is_in(caller)
    held_clock.shift(timedelta(minutes=1))
    caller.visit("/support/").sees("depuis 10 heures")


def test_the_way_out_is_a_button():
    caller = at_desk(an_agent())
    assert caller.client.get("/support/deconnexion/").status_code == 302
    assert is_in(caller)
    caller.visit("/support/").press("Se déconnecter").sees("Vous êtes déconnecté")
    assert not is_in(caller)
    assert Entry.objects.filter(event=Event.SESSION_ENDED, detail={"reason": "asked"}).exists()


def test_who_is_in_does_not_type_again():
    assert at_desk(an_agent()).visit(DOOR).path == "/support/"


def test_an_agent_who_looks_for_the_members_page_is_not_sent_in_circles():
    """An agent is no member: the members' pages ask them to sign in as one."""
    caller = at_desk(an_agent()).visit("/mon-espace/")
    assert caller.path == "/connexion/"
    assert caller.response.status_code == 200


def test_a_member_who_is_an_agent_too_is_one_of_them_at_a_time():
    account, caller = an_agent(), Caller()
    caller.client.force_login(an_account())
    caller = half_way(account, caller)
    assert "_auth_user_id" not in caller.client.session
    assert Entry.objects.filter(event=Event.SESSION_ENDED, detail={"reason": "agents_door"}).exists()


def test_nothing_of_the_door_is_written_to_the_log(caplog):
    """R20."""
    account = an_agent(email="camille@msa.example")
    typed = code_at()
    half_way(account).press("Se connecter", code=typed)
    for secret in ("camille", OWN_PASSWORD, typed, SEED.text, SEED.key.hex()):
        assert secret not in caplog.text
        assert secret not in str(list(Entry.objects.values_list("detail", "network")))


def test_a_form_of_another_site_opens_nothing():
    caller = Caller()
    caller.visit(DOOR)
    account = an_agent()
    answer = caller.client.post(
        DOOR, {"email": account.email, "password": OWN_PASSWORD}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert not Code.objects.exists()
    assert not Throttle.objects.exists()
    assert uuid.UUID(str(account.pk))
