"""Two at the agents' door in the same moment: one code, one link, one session (issue 5; R12, R13)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.codes import CodeRefused
from accounts.models import Account, Agent, Authenticator, Entry, Event, Role
from accounts.sign_in import SignInRefused
from accounts.support import agents
from accounts.support.door import entering, second_factor, setting_up
from tests.agents import SEED, an_agent, code_at
from tests.members import OWN_PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = (SignInRefused, entering.DoorClosed, CodeRefused, agents.AlreadyHere)


def at_once(*acts: Callable[[], Any]) -> list[bool]:
    """Whether each was let through."""
    start = Barrier(len(acts))

    def act(what: Callable[[], Any]) -> bool:
        start.wait(timeout=10)
        try:
            return what() is not None
        except REFUSALS:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def half_way(account: Account, browser: bytes) -> str:
    told = {"browser": browser, "network": "192.0.2.1", "now": timezone.now()}
    return entering.check_password(account.email or "", OWN_PASSWORD, **told)


def second(secret: str, typed: str, browser: bytes) -> Callable[[], Any]:
    return lambda: entering.check_code(secret, typed, browser=browser, now=timezone.now())


def test_one_code_in_two_browsers_opens_one_session():
    """Somebody looked over a shoulder and is as quick; the row is locked while its code is read."""
    account, typed = an_agent(), code_at()
    browsers = [b"a" * 32, b"b" * 32, b"c" * 32]
    waiting = [second(half_way(account, browser), typed, browser) for browser in browsers]
    assert sorted(at_once(*waiting)) == [False, False, True]
    assert Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED).count() == 1


def test_one_half_way_state_and_two_right_codes_open_one_session():
    """The telephone's in one tab, one on paper in another."""
    account, browser = an_agent(), b"a" * 32
    issued = second_factor.install(account, SEED, second_factor.TOTP(SEED.key, t0=10**12), now=timezone.now())
    secret = half_way(account, browser)
    assert sorted(at_once(*(second(secret, typed, browser) for typed in (code_at(), *issued[:2])))) == [
        False,
        False,
        True,
    ]


def test_one_recovery_code_serves_once():
    account = an_agent()
    issued = second_factor.install(account, SEED, second_factor.TOTP(SEED.key, t0=10**12), now=timezone.now())
    used = [lambda: second_factor.use(account, issued[0], now=timezone.now())] * 3
    assert sorted(at_once(*used)) == [False, False, True]


def added() -> Agent:
    told = {"email": "neuve@msa.example", "name": "Nour", "role": Role.AGENT, "caisse": "68"}
    return agents.add(**told, by=None, now=timezone.now())  # type: ignore[arg-type]


def test_two_who_add_one_person_write_one_row_and_one_mail():
    assert sorted(at_once(added, added, added)) == [False, False, True]
    assert Agent.objects.count() == 1
    assert Entry.objects.filter(event=Event.AGENT_LINK_SENT).count() == 1


def test_one_link_in_two_browsers_sets_up_one_access(monkeypatch):
    sent = []
    monkeypatch.setattr(agents.notifications, "agent_setup", lambda account, secret, **told: sent.append(secret))
    account = added().account
    begun = [setting_up.Begun.now(sent[0], password) for password in ("Grange-Rouge+Vent7", "Grange-Verte+Vent8")]
    last = [lambda each=each: setting_up.complete(each, code_at(seed=each.seed), now=timezone.now()) for each in begun]
    assert sorted(at_once(*last)) == [False, True]
    account.refresh_from_db()
    winner = begun[0] if account.check_password("Grange-Rouge+Vent7") else begun[1]
    assert Authenticator.objects.get().seed == winner.seed.key.hex()


@pytest.mark.parametrize("_turn", range(3))
def test_leaving_and_setting_up_at_once_leave_nobody_inside(monkeypatch, _turn):
    """The link is used and then closed with the rest, or is closed already."""
    sent = []
    monkeypatch.setattr(agents.notifications, "agent_setup", lambda account, secret, **told: sent.append(secret))
    agent = added()
    begun = setting_up.Begun.now(sent[0], "Grange-Rouge+Vent7")
    at_once(
        lambda: setting_up.complete(begun, code_at(seed=begun.seed), now=timezone.now()),
        lambda: agents.leave(Agent.objects.get(pk=agent.pk), by=None, now=timezone.now()) or None,
    )
    now = Account.objects.get(pk=agent.pk)
    assert not now.is_active
    assert not now.has_usable_password()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("_turn", range(3))
def test_leaving_and_coming_in_at_once_leave_nobody_inside(_turn):
    """Whichever was first: the session of before has another generation, the one of after does not open."""
    account, browser = an_agent(), b"a" * 32
    secret = half_way(account, browser)
    gone = account.agent
    at_once(second(secret, code_at(), browser), lambda: agents.leave(gone, by=None, now=timezone.now()) or None)
    now = Account.objects.get(pk=account.pk)
    assert not now.is_active
    assert now.session_generation == 1
    assert not now.has_usable_password()
