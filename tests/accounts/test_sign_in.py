"""Whether this identifier and this password open a session: same work for everybody (C01 to C07, R8, R12, R13)."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import codes, passwords
from accounts.models import Account, Channel, Code, Entry, Event, KnownBrowser, login_of_nir
from accounts.own_password import NothingToPersonalise, personalise
from accounts.sign_in import AccountClosed, How, SignInRefused, come_in, remember_browser, sign_in
from accounts.throttling import TooManyAttempts
from tests.members import A_MOMENT, GARCIN, LAMY, NEXT_PASSWORD, NOBODY, OWN_PASSWORD, a_member, an_account

pytestmark = [pytest.mark.django_db]
MINE, OTHER = b"m" * 32, b"o" * 32
TEMPORARY = "ACDEFGHJKLMN"


def try_it(nir: str = LAMY, password: str = OWN_PASSWORD, **changes: Any) -> Any:
    given = {"browser": MINE, "network": "192.0.2.1", "now": A_MOMENT, **changes}
    return sign_in(login_of_nir(nir), password, **given)


def is_refused(**changes: Any) -> bool:
    try:
        try_it(**changes)
    except SignInRefused:
        return True
    return False


def mailed(account: Account, life: timedelta = timedelta(hours=24), channel: Channel = Channel.EMAIL) -> None:
    codes.issue_temporary_password(
        account, TEMPORARY, channel=channel, sent_to=account.email or "", life=life, now=A_MOMENT
    )


@pytest.mark.sqlite
def test_the_right_pair_opens(account: Account) -> None:
    done = try_it()
    assert (done.account, done.how) == (account, How.PASSWORD)
    assert Account.objects.get().last_login == A_MOMENT
    assert Entry.objects.get().event == Event.SIGN_IN_SUCCEEDED


def work_of(nir: str, password: str, *, network: str) -> tuple[int, int, int, list[str]]:
    """What a refusal tells, how many hashes it took, and its statements."""
    verify = passwords.PortalArgon2Hasher.verify
    with (
        CaptureQueriesContext(connection) as queries,
        patch.object(passwords.PortalArgon2Hasher, "verify", autospec=True, side_effect=verify) as hashed,
        pytest.raises(SignInRefused) as refused,
    ):
        try_it(nir, password, network=network)
    statements = [query["sql"].split(" ")[0] for query in queries.captured_queries]
    return refused.value.tries_left, refused.value.wait, hashed.call_count, statements


@pytest.mark.sqlite
def test_every_refusal_is_the_same_and_takes_the_same_work(account: Account) -> None:
    """R12: an unknown identifier, a wrong password, an account without password, a suspended one."""
    an_account(a_member(GARCIN), password=None)
    suspended = "1410224037903"
    an_account(a_member(suspended), is_active=False)
    assert is_refused(nir="1530101004901")  # the first one of a process makes nobody's password
    cases = {
        "unknown": (NOBODY, OWN_PASSWORD),
        "wrong": (LAMY, "Wrong-Password-1"),
        "unusable": (GARCIN, OWN_PASSWORD),
        "suspended": (suspended, OWN_PASSWORD),
    }
    seen = {name: work_of(nir, password, network=name) for name, (nir, password) in cases.items()}
    assert seen["unknown"][:3] == (4, 0, 1)
    assert seen["unknown"] == seen["wrong"] == seen["unusable"] == seen["suspended"]


@pytest.mark.sqlite
def test_five_failures_then_a_wait_that_doubles(account: Account) -> None:
    """R12: and the refusal tells the wait that is true."""
    waits, now = [], A_MOMENT
    for _ in range(8):
        with pytest.raises(SignInRefused) as refused:
            try_it(password="wrong", now=now)
        waits.append(refused.value.wait)
        now += timedelta(seconds=refused.value.wait)
    assert waits == [0, 0, 0, 0, 60, 120, 240, 480]


def test_while_waiting_even_the_right_password_is_not_looked_at(account: Account) -> None:
    for _ in range(5):
        assert is_refused(password="wrong")
    with patch.object(passwords.PortalArgon2Hasher, "verify") as hashed, pytest.raises(TooManyAttempts):
        try_it()
    assert not hashed.called


def test_a_strangers_failures_never_lock_out_a_browser_that_is_known(account: Account) -> None:
    remember_browser(account, MINE, now=A_MOMENT - timedelta(days=89))
    for minute in range(0, 60 * 26, 20):
        try:
            is_refused(password="wrong", browser=OTHER, now=A_MOMENT + timedelta(minutes=minute))
        except TooManyAttempts:
            continue
    with pytest.raises(TooManyAttempts):
        try_it(browser=OTHER, now=A_MOMENT + timedelta(hours=9))
    assert try_it(now=A_MOMENT + timedelta(hours=9)).how is How.PASSWORD


def test_a_known_browser_does_not_guess_without_end(account: Account) -> None:
    remember_browser(account, MINE, now=A_MOMENT)
    for _ in range(5):
        assert is_refused(password="wrong")
    with pytest.raises(TooManyAttempts):
        try_it(password="wrong")


def test_a_browser_is_forgotten_after_90_days(account: Account) -> None:
    remember_browser(account, MINE, now=A_MOMENT - timedelta(days=91))
    for _ in range(25):
        try:
            try_it(password="wrong", browser=OTHER)
        except (SignInRefused, TooManyAttempts):
            continue
    with pytest.raises(TooManyAttempts):
        try_it()


def test_a_success_clears_the_way_for_the_next(account: Account) -> None:
    for _ in range(4):
        assert is_refused(password="wrong")
    try_it()
    for _ in range(4):
        assert is_refused(password="wrong", browser=OTHER)


@pytest.mark.sqlite
@pytest.mark.parametrize("typed", ["ACDE-FGHJ-KLMN", "acde fghj klmn", "acdefghjklmn"])
def test_a_temporary_password_is_taken_as_it_is_copied(account: Account, typed: str) -> None:
    mailed(account)
    assert try_it(password=typed).how is How.TEMPORARY_PASSWORD


@pytest.mark.sqlite
def test_it_belongs_to_the_browser_that_used_it_first(account: Account) -> None:
    """R13: one use is one browser, which may come back until the password is chosen."""
    mailed(account)
    try_it(password=TEMPORARY)
    assert is_refused(password=TEMPORARY, browser=OTHER)
    assert try_it(password=TEMPORARY).how is How.TEMPORARY_PASSWORD
    personalise(account, NEXT_PASSWORD, how=How.TEMPORARY_PASSWORD, browser=MINE, now=A_MOMENT)
    assert is_refused(password=TEMPORARY)
    assert try_it(password=NEXT_PASSWORD).how is How.PASSWORD


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("life", "channel"), [(timedelta(hours=24), Channel.EMAIL), (timedelta(days=30), Channel.POST)]
)
def test_it_ends_in_time(account: Account, life: timedelta, channel: Channel) -> None:
    mailed(account, life, channel)
    assert try_it(password=TEMPORARY, now=A_MOMENT + life - timedelta(seconds=1))
    assert is_refused(password=TEMPORARY, now=A_MOMENT + life)


def test_the_own_password_goes_on_beside_a_temporary_one(account: Account) -> None:
    """D09: nobody is locked out by a stranger's request."""
    mailed(account)
    assert try_it().how is How.PASSWORD
    assert Code.objects.get().used_at is None


@pytest.mark.parametrize(
    ("channel", "sent_to", "proven"),
    [
        (Channel.EMAIL, "fritz.lamy@example.org", True),
        (Channel.EMAIL, "elsewhere@example.org", False),
        (Channel.POST, "fritz.lamy@example.org", False),
        (Channel.POST, "", False),
    ],
)
def test_only_a_password_mailed_to_this_address_proves_it(channel: Channel, sent_to: str, proven: bool) -> None:
    """R8."""
    account = an_account(password=None)
    codes.issue_temporary_password(
        account, TEMPORARY, channel=channel, sent_to=sent_to, life=timedelta(days=1), now=A_MOMENT
    )
    try_it(password=TEMPORARY)
    assert bool(Account.objects.get().email_proven_at) is proven


def test_a_browser_is_remembered_once_the_member_has_a_password_of_their_own(account: Account) -> None:
    mailed(account)
    try_it(password=TEMPORARY)
    assert not KnownBrowser.objects.exists()
    try_it()
    try_it()
    assert KnownBrowser.objects.count() == 1


def test_of_two_places_that_choose_a_password_one_wins(account: Account) -> None:
    mailed(account)
    personalise(account, NEXT_PASSWORD, how=How.TEMPORARY_PASSWORD, browser=MINE, now=A_MOMENT)
    with pytest.raises(NothingToPersonalise):
        personalise(account, "Autre+Verger77", how=How.TEMPORARY_PASSWORD, browser=OTHER, now=A_MOMENT)
    assert Account.objects.get().check_password(NEXT_PASSWORD)


@pytest.mark.parametrize("password", ["", " ", "x" * 10_000, "\x00", "\ufffd", "é" * 300])
def test_nothing_typed_breaks_the_door(account: Account, password: str) -> None:
    assert is_refused(password=password)


def test_who_is_told_by_another_is_asked_nothing(account: Account) -> None:
    """I12: no password is looked at; the visit is written down."""
    done = come_in(account, how=How.FRANCECONNECT, now=A_MOMENT)
    account.refresh_from_db()
    assert (done.how, account.last_login) == (How.FRANCECONNECT, A_MOMENT)
    assert Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED).get().detail == {"how": "franceconnect"}


@pytest.mark.parametrize("closed", ["account", "death"])
def test_nobody_comes_in_to_a_closed_account(account: Account, closed: str) -> None:
    """I12: whoever vouches for them."""
    if closed == "account":
        Account.objects.update(is_active=False)
    else:
        account.member.deceased = True
    with pytest.raises(AccountClosed):
        come_in(account, how=How.FRANCECONNECT, now=A_MOMENT)
    assert not Entry.objects.filter(event=Event.SIGN_IN_SUCCEEDED).exists()
