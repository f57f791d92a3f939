"""What an agent decides about a new postal address reaches its member, on paper where they read paper (G03, R1, R8)."""

import pytest

from accounts import address_changes
from accounts.letters import addresses
from accounts.letters.text import compose
from accounts.models import Account, AddressChange, BadAddress, Channel, Email, Letter
from tests.agents import an_agent
from tests.members import A_MOMENT, an_account

pytestmark = [pytest.mark.django_db]
OLD, NEW = "12 rue des Tonneliers", "3 chemin du Verger"


def asked(account: Account) -> AddressChange:
    change = AddressChange(account=account, department="67", created_at=A_MOMENT)
    change.address = {"address": NEW, "postcode": "67100", "city": "Strasbourg"}
    change.save(force_insert=True)
    return change


def accept(account: Account) -> None:
    assert address_changes.accept(asked(account), by=an_agent(), now=A_MOMENT)


def refuse(account: Account) -> None:
    assert address_changes.refuse(asked(account), by=an_agent(), reason="proof", now=A_MOMENT)


def mails() -> list[Email]:
    return list(Email.objects.filter(kind="address_change_decided"))


@pytest.mark.parametrize("decide", [accept, refuse])
@pytest.mark.parametrize(
    ("documents_by", "proven", "by"),
    [
        (Channel.EMAIL, True, "email"),
        (Channel.POST, True, "post"),
        (Channel.EMAIL, False, "post"),
        (Channel.POST, False, "post"),
    ],
)
def test_the_answer_goes_to_where_the_member_reads_us(decide, documents_by: str, proven: bool, by: str) -> None:
    decide(an_account(documents_by=documents_by, email_proven_at=A_MOMENT if proven else None))
    letters = list(Letter.objects.values_list("kind", flat=True))
    assert letters == ([Letter.Kind.ADDRESS_DECIDED] if by == "post" else [])
    assert len(mails()) == (by == "email")


def test_a_letter_says_what_was_decided_and_goes_to_the_address_of_the_registry() -> None:
    """R7: whoever asked in a member's name has given an address of theirs; the true person lives at the other one."""
    accept(an_account(email_proven_at=None))
    letter = compose(Letter.objects.get())
    said = " ".join([letter.subject, *letter.paragraphs]).replace("\u00a0", " ")
    assert OLD in letter.address
    assert NEW not in [*letter.address, said]
    assert letter.subject == "Votre changement d'adresse"
    assert "Votre MSA a accepté le changement d'adresse que vous avez demandé." in said
    assert "nous vous écrivons encore à l'ancienne" in said
    assert "Vous n'avez rien demandé ?" in said
    assert letter.secret == ""


def test_a_refusal_on_paper_says_why_and_whom_to_call() -> None:
    refuse(an_account(email_proven_at=None))
    letter = compose(Letter.objects.get())
    said = " ".join(letter.paragraphs).replace("\u00a0", " ")
    assert "Nous ne pouvons pas le faire pour le moment : un justificatif de domicile est nécessaire." in said
    assert "Appelez-nous au 09 69 36 37 03" in said


def test_where_no_letter_can_go_the_proven_mailbox_hears_of_it() -> None:
    account = an_account(documents_by=Channel.POST)
    BadAddress.objects.create(
        member=account.member, fingerprint=addresses.mark(account.member.postal_address), since=A_MOMENT
    )
    accept(account)
    assert not Letter.objects.exists()
    assert len(mails()) == 1
