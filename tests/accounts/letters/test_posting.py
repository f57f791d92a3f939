"""Posted, returned, doubted, cleared: what each does once, and what it puts an end to (R5, R11, R13, R20, R21)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts import access, codes, letters
from accounts.identity.caisses import department
from accounts.letters import State, mark_posted, mark_returned, state
from accounts.letters.printing import print_batch
from accounts.models import Account, BadAddress, Channel, Code, Entry, Event, Letter, LetterBatch, Member
from tests.letters import A_MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Queue = Callable[..., Letter]
LATER, MUCH_LATER = A_MOMENT + timedelta(hours=1), A_MOMENT + timedelta(days=9)
TEMPORARY, DEPARTMENT = Code.Purpose.TEMPORARY_PASSWORD, Code.Purpose.DEPARTMENT


@pytest.fixture
def account(fritz: Member) -> Account:
    return Account.objects.create(login_fingerprint=fritz.nir_fingerprint, member=fritz, created_at=A_MOMENT)


@pytest.fixture
def agent(db: None) -> Account:
    return Account.objects.create(login_fingerprint=b"a" * 32, kind=Account.Kind.AGENT, created_at=A_MOMENT)


@pytest.fixture
def printed(tmp_path: Any) -> Callable[[], LetterBatch]:
    def press() -> LetterBatch:
        print_batch(Letter.objects.filter(batch=None).latest("created_at").caisse, tmp_path, LATER)
        return LetterBatch.objects.latest("created_at")

    return press


def moved(fritz: Member, **changes: str) -> Member:
    fritz.dossier = {**fritz.dossier, **changes}
    fritz.save()
    return fritz


def only(event: Event) -> Entry:
    return Entry.objects.get(event=event)


def test_a_batch_is_posted_once(queue: Queue, printed: Callable) -> None:
    """R21: codes and counts."""
    first, second = queue(), queue()
    batch = printed()
    assert mark_posted(batch, now=MUCH_LATER)
    assert not mark_posted(batch, now=MUCH_LATER + timedelta(days=1))
    assert {state(Letter.objects.get(pk=each.pk)) for each in (first, second)} == {State.POSTED}
    assert LetterBatch.objects.get().posted_at == MUCH_LATER
    assert only(Event.LETTERS_POSTED).detail == {"caisse": "68", "count": 2}


def test_a_batch_that_is_not_printed_cannot_be_posted(queue: Queue) -> None:
    queue()
    batch = LetterBatch.objects.create(caisse="68", created_at=A_MOMENT)
    assert not mark_posted(batch, now=LATER)
    assert not Entry.objects.filter(event=Event.LETTERS_POSTED).exists()


def test_what_was_set_aside_is_not_posted_with_the_others(queue: Queue, printed: Callable) -> None:
    nowhere, good = queue(address=[]), queue()
    mark_posted(printed(), now=MUCH_LATER)
    assert state(Letter.objects.get(pk=nowhere.pk)) is State.SET_ASIDE
    assert state(Letter.objects.get(pk=good.pk)) is State.POSTED


def test_a_letter_comes_back_once(queue: Queue, printed: Callable, account: Account, agent: Account) -> None:
    """R21: the journal has the kind, the letter and the agent, and no address."""
    letter = queue()
    printed()
    assert mark_returned(letter, by=agent, now=MUCH_LATER)
    assert not mark_returned(letter, by=agent, now=MUCH_LATER)
    assert state(Letter.objects.get(pk=letter.pk)) is State.RETURNED
    entry = only(Event.LETTER_RETURNED)
    assert entry.account == account.pk
    assert entry.detail == {"kind": "temporary_password", "letter": letter.pk.hex, "by": agent.pk.hex}
    assert BadAddress.objects.count() == 1


def test_a_letter_still_in_the_queue_cannot_have_come_back(queue: Queue, agent: Account) -> None:
    assert not mark_returned(queue(), by=agent, now=LATER)
    assert not BadAddress.objects.exists()


def test_no_letter_goes_where_one_came_back_from(
    fritz: Member, queue: Queue, printed: Callable, account: Account, agent: Account
) -> None:
    """R5: and whoever asks is told what everybody is told."""
    letter = queue()
    printed()
    assert letters.can_be_posted_to(fritz)
    mark_returned(letter, by=agent, now=MUCH_LATER)
    assert not letters.can_be_posted_to(fritz)
    assert not access.send_temporary_password(account, channel=Channel.POST, now=MUCH_LATER)
    assert Letter.objects.count() == 1
    assert only(Event.TEMPORARY_PASSWORD_WITHHELD).account == account.pk


@pytest.mark.parametrize(
    ("changes", "bad"),
    [
        ({"address": "3 place Kléber"}, False),
        ({"postcode": "67100"}, False),
        ({"usage_name": "MULLER"}, False),
        ({"address": "12, RUE DES VIGNES "}, True),
        ({"city": "STRASBOURG"}, True),
    ],
    ids=["another street", "another postcode", "another name", "another spelling", "another case"],
)
def test_another_address_is_good_again_another_spelling_is_not(
    fritz: Member, queue: Queue, printed: Callable, agent: Account, changes: dict[str, str], bad: bool
) -> None:
    letter = queue()
    printed()
    mark_returned(letter, by=agent, now=MUCH_LATER)
    assert letters.can_be_posted_to(moved(fritz, **changes)) is not bad


def test_a_letter_that_went_to_an_older_address_says_nothing_of_the_new_one(
    fritz: Member, queue: Queue, printed: Callable, agent: Account
) -> None:
    letter = queue()
    printed()
    moved(fritz, address="3 place Kléber")
    mark_returned(letter, by=agent, now=MUCH_LATER)
    assert letters.can_be_posted_to(fritz)
    assert not letters.can_be_posted_to(moved(fritz, address="12 rue des Vignes"))


def test_an_agent_clears_an_address_once_and_a_letter_may_come_back_again(
    fritz: Member, queue: Queue, printed: Callable, account: Account, agent: Account
) -> None:
    first, second = queue(), queue()
    printed()
    mark_returned(first, by=agent, now=MUCH_LATER)
    row = BadAddress.objects.get()
    assert letters.clear_bad_address(row, by=agent, now=MUCH_LATER)
    assert not letters.clear_bad_address(row, by=agent, now=MUCH_LATER)
    assert letters.can_be_posted_to(fritz)
    entry = only(Event.ADDRESS_CLEARED)
    assert (entry.account, entry.detail) == (account.pk, {"by": agent.pk.hex})
    mark_returned(second, by=agent, now=MUCH_LATER)
    assert not letters.can_be_posted_to(fritz)
    assert BadAddress.objects.count() == 2


def test_two_letters_come_back_from_one_address(queue: Queue, printed: Callable, agent: Account) -> None:
    both = queue(), queue()
    printed()
    assert [mark_returned(letter, by=agent, now=MUCH_LATER) for letter in both] == [True, True]
    assert BadAddress.objects.count() == 1


def test_the_secret_of_a_letter_that_came_back_opens_nothing(
    account: Account, printed: Callable, agent: Account
) -> None:
    """R13: whoever opened it on its way has nothing; what was sent otherwise goes on working."""
    assert access.send_temporary_password(account, channel=Channel.POST, now=A_MOMENT)
    letter = Letter.objects.get()
    posted = letter.content["password"].replace("-", "")
    printed()
    emailed = "CCCCCCCCCCCC"
    codes.issue_temporary_password(
        account, emailed, channel=Channel.EMAIL, life=timedelta(hours=24), now=A_MOMENT + timedelta(minutes=1)
    )
    mark_returned(letter, by=agent, now=LATER)
    assert codes.open_with_temporary_password(account, posted, browser=b"b" * 32, now=LATER) is None
    assert codes.open_with_temporary_password(account, emailed, browser=b"b" * 32, now=LATER) is not None


@pytest.mark.parametrize("kind", list(Letter.Kind))
def test_each_kind_of_letter_ends_its_own_secret(
    queue: Queue, printed: Callable, account: Account, agent: Account, kind: Letter.Kind
) -> None:
    """R11, R13."""
    for purpose in (TEMPORARY, DEPARTMENT, Code.Purpose.EMAIL_LINK):
        mark = bytes(purpose.ljust(32), "ascii")
        Code.objects.create(
            account=account,
            purpose=purpose,
            secret_fingerprint=mark,
            tries_left=1,
            created_at=A_MOMENT,
            expires_at=A_MOMENT + timedelta(days=30),
        )
    letter = queue(kind, code="ACDE-FGHJ-KW67")
    printed()
    mark_returned(letter, by=agent, now=LATER)
    ended = set(Code.objects.filter(used_at=LATER).values_list("purpose", flat=True))
    assert ended == {
        Letter.Kind.TEMPORARY_PASSWORD: {TEMPORARY},
        Letter.Kind.DEPARTMENT_CODE: {DEPARTMENT},
        Letter.Kind.COMPANY_CODE: {TEMPORARY},
    }.get(kind, set())


def test_what_waits_for_the_same_address_is_held_back_with_its_secret(
    fritz: Member, account: Account, printed: Callable, agent: Account
) -> None:
    """Further codes do not follow the first; a letter without secret may try."""
    access.send_temporary_password(account, channel=Channel.POST, now=A_MOMENT)
    returned = Letter.objects.get()
    printed()
    soon = A_MOMENT + timedelta(days=2)
    access.send_temporary_password(account, channel=Channel.POST, now=soon)
    plain = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=fritz, now=soon)
    waiting = Letter.objects.get(kind=Letter.Kind.TEMPORARY_PASSWORD, batch=None)
    mark_returned(returned, by=agent, now=MUCH_LATER)
    held = Letter.objects.get(pk=waiting.pk)
    assert (state(held), held.set_aside, held.content) == (State.SET_ASIDE, "bad_address", None)
    assert not Code.objects.filter(purpose=TEMPORARY, used_at=None).exists()
    assert list(letters.posting.queued()) == [plain]


def test_the_letter_of_a_company_comes_back_without_a_member(agent: Account, printed: Callable) -> None:
    """R1: its code ends; nobody's address in the registry is doubted."""
    company = Account.objects.create(login_fingerprint=b"c" * 32, kind=Account.Kind.COMPANY, created_at=A_MOMENT)
    codes.issue_temporary_password(company, "ACDEFGHJKW67", channel=Channel.POST, life=timedelta(days=30), now=A_MOMENT)
    letter = letters.post_to_company(
        Letter.Kind.COMPANY_CODE,
        account=company,
        address=["GAEC DES LILAS", "1 route de la Ferme", "01000 BOURG-EN-BRESSE"],
        department=department("01"),
        now=A_MOMENT,
        details={"code": "ACDE-FGHJ-KW67", "until": "2026-12-20T17:05:00+01:00", "reference": "D-2026-000012"},
    )
    assert (letter.department, letter.caisse) == ("01", department("01").caisse.code)
    printed()
    assert mark_returned(letter, by=agent, now=LATER)
    assert not Code.objects.filter(used_at=None).exists()
    assert not BadAddress.objects.exists()
    assert only(Event.LETTER_RETURNED).account == company.pk


def test_the_row_keeps_no_address(queue: Queue, printed: Callable, fritz: Member) -> None:
    """R20: a keyed fingerprint, which another row of the same address has too."""
    first = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=fritz, now=A_MOMENT)
    second = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=fritz, now=A_MOMENT)
    kept = Letter.objects.in_bulk([first.pk, second.pk])
    marks = {bytes(letter.address_fingerprint) for letter in kept.values()}
    assert len(marks) == 1
    assert len(marks.pop()) == 32
