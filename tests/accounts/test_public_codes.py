"""The code at the foot of each message: unique, readable, kept with its row, and what it tells (R20, R21)."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from accounts import letters, notifications, outbox, passwords, public_codes, retention
from accounts.letters.printing import print_batch
from accounts.models import Account, Channel, Email, Letter, Member
from accounts.passwords import READABLE
from tests.letters import A_MOMENT, fritz, queue

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
__all__ = ["fritz", "queue"]
CONFIRMATION = Letter.Kind.REGISTRATION_CONFIRMATION


@pytest.fixture
def account(fritz: Member) -> Account:
    account = Account(login_fingerprint=fritz.nir_fingerprint, member=fritz, created_at=A_MOMENT)
    account.email, account.email_proven_at = "fritz@ferme.example", A_MOMENT
    account.save()
    return account


def draws(monkeypatch: pytest.MonkeyPatch, *codes: str) -> None:
    """The dice fall as they are told."""
    letters_to_come = iter("".join(codes))
    monkeypatch.setattr(passwords.secrets, "choice", lambda alphabet: next(letters_to_come))


def test_every_message_has_a_code_of_its_own(account: Account, fritz: Member) -> None:
    for _ in range(20):
        notifications.password_changed(account, now=A_MOMENT)
        letters.post(CONFIRMATION, member=fritz, now=A_MOMENT)
    drawn = [row.public_code for model in (Email, Letter) for row in model.objects.all()]
    assert len(set(drawn)) == 40
    assert all(len(code) == 10 and set(code) <= set(READABLE) for code in drawn)


def test_a_code_that_is_taken_is_drawn_again(account: Account, fritz: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside the transaction of its cause, which goes on."""
    taken, free = "ACDEFGHJKM", "NPQRTWXY34"
    draws(monkeypatch, taken, taken, free, taken, taken, free)
    with transaction.atomic():
        notifications.password_changed(account, now=A_MOMENT)
        notifications.password_changed(account, now=A_MOMENT)
        letters.post(CONFIRMATION, member=fritz, now=A_MOMENT)
        letters.post(CONFIRMATION, member=fritz, now=A_MOMENT)
        Account.objects.update(documents_by=Channel.POST)
    assert set(Email.objects.values_list("public_code", flat=True)) == {taken, free}
    assert set(Letter.objects.values_list("public_code", flat=True)) == {taken, free}
    assert "code NPQRT-WXY34" in Email.objects.get(public_code=free).content["text"]
    assert "code ACDEF-GHJKM" in Email.objects.get(public_code=taken).content["text"]


def test_a_message_is_written_in_one_statement(
    account: Account, fritz: Member, django_assert_num_queries: Callable
) -> None:
    """No savepoint, no look before."""
    with django_assert_num_queries(1):
        outbox.put("password_changed", account=None, content={}, now=A_MOMENT, public_code="ACDEFGHJKM")


def test_a_written_message_can_be_saved_again(fritz: Member) -> None:
    letter = letters.post(CONFIRMATION, member=fritz, now=A_MOMENT)
    letter.set_aside = "no_address"
    letter.save()
    kept = Letter.objects.get()
    assert (kept.set_aside, kept.content["address"][0]) == ("no_address", "LAMY FRITZ")


def test_what_is_answered_later_bears_no_code(account: Account) -> None:
    outbox.put("forgotten_password", account=None, content={"login": "00"}, now=A_MOMENT)
    outbox.put("forgotten_password", account=None, content={"login": "00"}, now=A_MOMENT)
    assert list(Email.objects.values_list("public_code", flat=True)) == ["", ""]
    assert public_codes.find("") is None


def test_a_mail_has_its_code_and_the_page_at_its_foot(account: Account) -> None:
    notifications.password_changed(account, now=A_MOMENT)
    email = Email.objects.get()
    page, shown = settings.BASE_URL + "/verifier/", public_codes.shown(email.public_code)
    assert email.content["text"].splitlines()[-3:] == ["Pour vérifier ce message\u00a0:", page, f"code {shown}"]
    assert f"code {shown}" in email.content["html"]
    assert f'href="{page}"' in email.content["html"]


def test_a_letter_has_its_code_and_the_page_at_its_foot(queue: Callable[..., Letter], tmp_path: Path) -> None:
    letter = queue()
    text = letters.printing.compose(letter)
    assert text.proof.endswith(f"/verifier/ code\u00a0{public_codes.shown(letter.public_code)}")
    assert text.proof.startswith(f"Pour vérifier ce message\u00a0: {settings.BASE_URL}")


def test_a_code_tells_how_when_and_about_what(account: Account, fritz: Member) -> None:
    """R20: and nothing else; the class has no room for a name."""
    late = A_MOMENT.replace(hour=23, minute=30)
    notifications.password_changed(account, now=late)
    letters.post(CONFIRMATION, member=fritz, now=A_MOMENT)
    email, letter = Email.objects.get(), Letter.objects.get()
    # Half past eleven in London is the next day in Paris.
    told = public_codes.Sent(Channel.EMAIL, date(2026, 11, 21), "changement de mot de passe")
    assert public_codes.find(email.public_code) == told
    assert public_codes.find(letter.public_code) == public_codes.Sent(
        Channel.POST, date(2026, 11, 20), "confirmation d'inscription"
    )


@pytest.mark.parametrize("spelling", ["{}", "{a}-{b}", " {a} {b} ", "{a}–{b}", "{lower}"])
def test_a_code_is_read_however_it_is_copied(account: Account, spelling: str) -> None:
    notifications.password_changed(account, now=A_MOMENT)
    code = Email.objects.get().public_code
    typed = spelling.format(code, a=code[:5], b=code[5:], lower=code.lower())
    assert public_codes.find(typed) is not None


@pytest.mark.parametrize("typed", ["", "ACDEF", "ACDEF-GHJKM", "ACDEFGHJKMN", "\x00", "é" * 10, "٣" * 10])
def test_a_code_of_nobody_tells_nothing(account: Account, typed: str) -> None:
    outbox.put("x", account=None, content={}, now=A_MOMENT)
    assert public_codes.find(typed) is None


def test_a_code_lives_as_long_as_its_row(account: Account, fritz: Member, tmp_path: Path) -> None:
    """R16: an e-mail 90 days after it was sent, a letter a year."""
    notifications.password_changed(account, now=A_MOMENT)
    letters.post(CONFIRMATION, member=fritz, now=A_MOMENT)
    print_batch("", tmp_path, A_MOMENT)
    email, letter = Email.objects.get().public_code, Letter.objects.get().public_code
    outbox.deliver(Email.objects.get().pk, now=A_MOMENT)
    for days, kept in ((90, (True, True)), (91, (False, True)), (365, (False, True)), (366, (False, False))):
        retention.purge(now=A_MOMENT + timedelta(days=days))
        assert (bool(public_codes.find(email)), bool(public_codes.find(letter))) == kept


def test_every_kind_of_mail_has_a_name_for_whoever_doubts() -> None:
    """A new template needs its words here."""
    templates = {path.stem for path in (settings.BASE_DIR / "templates" / "emails").glob("[!_]*.txt")}
    assert templates - set(public_codes.ABOUT) == set()
