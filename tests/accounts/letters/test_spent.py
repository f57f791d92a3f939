"""What waits to be printed and opens nothing any more is not printed (R13, issue 5)."""

from datetime import timedelta
from pathlib import Path

import pytest

from accounts import access, codes, letters
from accounts.identity.caisses import DEPARTMENTS
from accounts.letters import State, batch
from accounts.letters.printing import print_batch
from accounts.letters.states import why_set_aside
from accounts.models import Account, Channel, Code, Letter, LetterBatch
from enrolment.departments import opening, posting, timeline
from tests.departments import A_DAY, accepted
from tests.members import A_MOMENT, an_account

pytestmark = [pytest.mark.django_db]
TEMPORARY = Code.Purpose.TEMPORARY_PASSWORD
LATER = A_MOMENT + 8 * A_DAY


@pytest.fixture
def account(db: None) -> Account:
    return an_account()


def posted_password(account: Account, now=A_MOMENT) -> Letter:
    assert access.send_temporary_password(account, channel=Channel.POST, now=now)
    return Letter.objects.get(kind=Letter.Kind.TEMPORARY_PASSWORD, created_at=now)


def printed(directory: Path, account: Account, now=LATER) -> list[Letter]:
    caisse = Letter.objects.values_list("caisse", flat=True).first() or ""
    print_batch(caisse, directory, now)
    return list(Letter.objects.filter(printed_at=now))


def test_a_password_that_was_used_up_meanwhile_is_set_aside_with_its_secret(account: Account, tmp_path: Path) -> None:
    """Its member has chosen a password by another way: what the letter says would open nothing."""
    letter = posted_password(account)
    codes.spend_temporary_passwords(account, now=LATER)
    assert printed(tmp_path, account) == []
    letter.refresh_from_db()
    assert (letters.state(letter), letter.content, letter.batch) == (State.SET_ASIDE, None, None)
    assert "ne sert plus" in why_set_aside(letter.set_aside)
    assert not LetterBatch.objects.exists()
    assert not list(tmp_path.glob("*.pdf"))


def test_what_is_good_is_printed_beside_it(account: Account, tmp_path: Path) -> None:
    """A younger secret, a letter without one, and one whose code nobody knows of."""
    old = posted_password(account)
    codes.spend_temporary_passwords(account, now=A_MOMENT + A_DAY)
    new = posted_password(account, now=A_MOMENT + 2 * A_DAY)
    plain = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=A_MOMENT)
    assert set(printed(tmp_path, account)) == {new, plain}
    assert letters.state(Letter.objects.get(pk=old.pk)) is State.SET_ASIDE


def test_those_that_move_up_are_looked_at_as_well(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LETTERS_PER_BATCH", 1)
    for day in (0, 2, 4):
        posted_password(account, now=A_MOMENT + day * A_DAY)
    codes.spend_temporary_passwords(account, now=A_MOMENT + 5 * A_DAY)
    last = posted_password(account, now=A_MOMENT + 6 * A_DAY)
    assert printed(tmp_path, account) == [last]


def test_a_letter_in_a_batch_stays_there(account: Account, tmp_path: Path) -> None:
    """It may be on paper already: its member reads at the code's page that it was replaced."""
    letter = posted_password(account)
    assert batch.claim(letter.caisse, now=A_MOMENT)
    codes.spend_temporary_passwords(account, now=A_MOMENT)
    assert printed(tmp_path, account) == [letter]


@pytest.mark.sqlite
def test_the_code_of_a_department_that_was_taken_back_or_replaced(account: Account, tmp_path: Path) -> None:
    """R11: a suspension, then another letter; only that one is printed."""
    request = accepted(account)
    first = request.letter
    opening.take_back(account, now=A_MOMENT + A_DAY)
    assert posting.send_waiting(now=A_MOMENT + 2 * A_DAY) == 1
    request.refresh_from_db()
    assert printed(tmp_path, account) == [request.letter]
    assert letters.state(Letter.objects.get(pk=first.pk)) is State.SET_ASIDE


def test_a_code_that_grew_too_old_in_the_queue(account: Account, tmp_path: Path) -> None:
    """The print shop stood still for a month: the member is told so, and has another at once."""
    accepted(account)
    much_later = A_MOMENT + 30 * A_DAY
    assert printed(tmp_path, account, now=much_later) == []
    (line,) = timeline.of(account, now=much_later + timedelta(hours=1))
    assert [step.stage for step in line.steps][-1] == "expired"
    assert (line.may_have_another, line.takes_code) == (True, False)


def test_the_code_of_a_company(db: None, tmp_path: Path) -> None:
    """R1."""
    company = Account.objects.create(login_fingerprint=b"c" * 32, kind=Account.Kind.COMPANY, created_at=A_MOMENT)
    codes.issue_temporary_password(company, "ACDEFGHJKW67", channel=Channel.POST, life=30 * A_DAY, now=A_MOMENT)
    code = {"code": "ACDE-FGHJ-KW67", "until": (A_MOMENT + 30 * A_DAY).isoformat(), "reference": "ACDE-FGHJ"}
    address = ["GAEC DES LILAS", "1 route de la Ferme", "01000 BOURG-EN-BRESSE"]
    where = {"address": address, "department": DEPARTMENTS["01"]}
    letters.post_to_company(Letter.Kind.COMPANY_CODE, account=company, now=A_MOMENT, details=code, **where)
    codes.cancel(company, TEMPORARY, now=A_MOMENT)
    assert printed(tmp_path, company) == []
