"""Codes and links: one use, few tries, a short life, nothing readable at rest (R13)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts import codes
from accounts.codes import CodeRefused, Reason
from accounts.models import Account, Channel, Code
from tests.members import A_MOMENT, GARCIN, a_member, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PROOF, LINK = Code.Purpose.EMAIL_PROOF, Code.Purpose.EMAIL_LINK
LIFE = timedelta(minutes=15)


def digits(account: Account, **changes: Any) -> str:
    given = {"life": LIFE, "tries": 5, "subject": "neuf@example.org", "now": A_MOMENT, **changes}
    return codes.issue_digits(account, PROOF, **given)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def refused(call: Callable[[], Any]) -> CodeRefused:
    with pytest.raises(CodeRefused) as why:
        call()
    return why.value


def test_the_right_digits_tell_what_they_carry_and_are_spent(account: Account) -> None:
    code = digits(account)
    assert len(code) == 6
    assert code.isdigit()
    found = codes.match_digits(account, PROOF, code, now=A_MOMENT)
    assert found.subject == "neuf@example.org"
    codes.spend(found, now=A_MOMENT)
    assert refused(lambda: codes.spend(found, now=A_MOMENT)).reason is Reason.USED
    assert refused(lambda: codes.match_digits(account, PROOF, code, now=A_MOMENT)).reason is Reason.USED


def test_the_fifth_wrong_try_exhausts_the_code_and_the_right_one_comes_too_late(account: Account) -> None:
    code = digits(account)
    seen = [refused(lambda: codes.match_digits(account, PROOF, wrong(code), now=A_MOMENT)) for _ in range(5)]
    assert [(each.reason, each.tries_left) for each in seen] == [
        (Reason.WRONG, 4), (Reason.WRONG, 3), (Reason.WRONG, 2), (Reason.WRONG, 1), (Reason.EXHAUSTED, 0)
    ]  # fmt: skip
    assert refused(lambda: codes.match_digits(account, PROOF, code, now=A_MOMENT)).reason is Reason.EXHAUSTED


@pytest.mark.parametrize(("age", "opens"), [(timedelta(0), True), (LIFE - timedelta(seconds=1), True), (LIFE, False)])
def test_digits_live_fifteen_minutes(account: Account, age: timedelta, opens: bool) -> None:
    code = digits(account)
    if opens:
        assert codes.match_digits(account, PROOF, code, now=A_MOMENT + age)
    else:
        late = refused(lambda: codes.match_digits(account, PROOF, code, now=A_MOMENT + age))
        assert late.reason is Reason.EXPIRED


def test_a_new_code_makes_the_one_before_useless(account: Account) -> None:
    first = digits(account)
    second = digits(account)
    if first != second:
        assert refused(lambda: codes.match_digits(account, PROOF, first, now=A_MOMENT)).reason is Reason.WRONG
    assert codes.match_digits(account, PROOF, second, now=A_MOMENT)


def test_digits_open_nothing_for_another_account_or_purpose(account: Account) -> None:
    code, other = digits(account), an_account(a_member(GARCIN))
    digits(other)
    mark = Code.objects.get(account=account).secret_fingerprint
    Code.objects.filter(account=other).update(secret_fingerprint=mark)
    assert refused(lambda: codes.match_digits(other, PROOF, code, now=A_MOMENT)).reason is Reason.WRONG
    assert refused(lambda: codes.match_digits(account, LINK, code, now=A_MOMENT)).reason is Reason.UNKNOWN


def test_the_table_holds_no_secret(account: Account) -> None:
    code = digits(account)
    link = codes.issue_link(account, LINK, life=LIFE, subject="neuf@example.org", now=A_MOMENT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_code")
        rows = [bytes(cell) if isinstance(cell, memoryview) else cell for row in cursor.fetchall() for cell in row]
    assert not any(secret in str(cell) for cell in rows for secret in (code, link, "neuf@example.org"))


def test_a_link_is_found_as_often_as_one_likes_and_used_once(account: Account) -> None:
    """R13: mail scanners follow links."""
    secret = codes.issue_link(account, LINK, life=LIFE, now=A_MOMENT)
    assert len(secret) == 43
    for _ in range(3):
        assert codes.find_link(LINK, secret, now=A_MOMENT).account == account
    assert codes.consume_link(LINK, secret, now=A_MOMENT).account == account
    assert refused(lambda: codes.consume_link(LINK, secret, now=A_MOMENT)).reason is Reason.USED


def test_a_link_of_one_purpose_is_unknown_to_another(account: Account) -> None:
    secret = codes.issue_link(account, LINK, life=LIFE, now=A_MOMENT)
    stolen = refused(lambda: codes.find_link(Code.Purpose.PASSWORD_RESET, secret, now=A_MOMENT))
    assert stolen.reason is Reason.UNKNOWN
    assert refused(lambda: codes.find_link(LINK, secret, now=A_MOMENT + LIFE)).reason is Reason.EXPIRED


@pytest.mark.parametrize("secret", ["", "x", "../..", "é" * 43, "A" * 10_000, "\x00"])
def test_nonsense_is_an_unknown_link(db: None, secret: str) -> None:
    assert refused(lambda: codes.find_link(LINK, secret, now=A_MOMENT)).reason is Reason.UNKNOWN


def test_a_temporary_password_belongs_to_the_first_browser_that_used_it(account: Account) -> None:
    def opens(browser: bytes, secret: str = "ACDEFGHJKLMN", at: timedelta = timedelta(0)) -> bool:
        return codes.open_with_temporary_password(account, secret, browser=browser, now=A_MOMENT + at) is not None

    day = timedelta(hours=24)
    codes.issue_temporary_password(account, "ACDEFGHJKLMN", channel=Channel.POST, life=day, now=A_MOMENT)
    assert not opens(b"mine", secret="ACDEFGHJKLMP")
    assert opens(b"mine")
    assert opens(b"mine")
    assert not opens(b"another")
    assert not opens(b"mine", at=day)
    assert codes.spend_temporary_passwords(account, now=A_MOMENT) == 1
    assert not opens(b"mine")
    assert codes.spend_temporary_passwords(account, now=A_MOMENT) == 0


def test_cancelling_leaves_other_purposes_alone(account: Account) -> None:
    code, link = digits(account), codes.issue_link(account, LINK, life=LIFE, now=A_MOMENT)
    codes.cancel(account, LINK, now=A_MOMENT)
    assert refused(lambda: codes.find_link(LINK, link, now=A_MOMENT)).reason is Reason.USED
    assert codes.match_digits(account, PROOF, code, now=A_MOMENT)


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_get_no_more_than_five(account: Account) -> None:
    """R13: a try is counted before it is looked at."""
    code = digits(account)

    def guess(number: int) -> Reason:
        try:
            return refused(lambda: codes.match_digits(account, PROOF, f"{number:06d}", now=A_MOMENT)).reason
        finally:
            connection.close()

    others = [number for number in range(40) if number != int(code)]
    with ThreadPoolExecutor(max_workers=1 if connection.vendor == "sqlite" else 8) as attackers:
        seen = list(attackers.map(guess, others))
    assert Code.objects.get().tries_left == 0
    assert seen.count(Reason.WRONG) <= 4
    assert set(seen) <= {Reason.WRONG, Reason.EXHAUSTED}


@pytest.mark.django_db(transaction=True)
def test_a_link_pressed_in_two_places_at_once_works_once(account: Account) -> None:
    secret = codes.issue_link(account, LINK, life=LIFE, now=A_MOMENT)

    def press(_: int) -> bool:
        try:
            codes.consume_link(LINK, secret, now=A_MOMENT)
        except CodeRefused:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1 if connection.vendor == "sqlite" else 4) as fingers:
        assert sum(fingers.map(press, range(8))) == 1
