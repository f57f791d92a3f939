"""What an agent decides about two links reaches its member, on paper where they read paper (FS 13, I13, R8)."""

import pytest

from accounts.letters.text import compose
from accounts.models import Account, Channel, Email, Letter
from franceconnect.client import conflicts, linking
from franceconnect.client.identity import FederationIdentity
from franceconnect.models import LinkConflict
from tests.agents import an_agent
from tests.members import A_MOMENT, an_account

pytestmark = [pytest.mark.django_db]


def identity(subject: str) -> FederationIdentity:
    return FederationIdentity(
        issuer="https://fcp.example/api/v2", subject=subject, given_name="Fritz", family_name="LAMY",
        birthdate="1963-09-08", gender="male", birthcountry="99100", birthplace="67482",
    )  # fmt: skip


def conflict_of(account: Account) -> LinkConflict:
    """Linked to one identity; FranceConnect names another."""
    linking.link(account, identity("t" * 64 + "v1"), by="registration", now=A_MOMENT)
    with pytest.raises(linking.Taken) as taken:
        linking.link(account, identity("s" * 64 + "v1"), by="test", now=A_MOMENT)
    return LinkConflict.objects.get(reference=linking.note_conflict(taken.value, now=A_MOMENT))


def answers() -> list[str]:
    return list(Letter.objects.filter(kind=Letter.Kind.FRANCECONNECT_CONFLICT).values_list("kind", flat=True))


@pytest.mark.parametrize("decide", [conflicts.keep, conflicts.unlink])
@pytest.mark.parametrize(
    ("documents_by", "proven", "by"),
    [(Channel.EMAIL, True, "email"), (Channel.POST, True, "post"), (Channel.EMAIL, False, "post")],
)
def test_the_answer_goes_to_where_the_member_reads_us(decide, documents_by: str, proven: bool, by: str) -> None:
    account = an_account(documents_by=documents_by, email_proven_at=A_MOMENT if proven else None)
    assert decide(conflict_of(account), by=an_agent(), reason="proven", now=A_MOMENT)
    assert len(answers()) == (by == "post")
    assert Email.objects.filter(kind="franceconnect_conflict_decided").count() == (by == "email")


@pytest.mark.parametrize(
    ("decide", "sentence"),
    [
        (conflicts.keep, "L'association actuelle reste comme elle est."),
        (conflicts.unlink, "L'ancienne association est retirée."),
    ],
)
def test_a_letter_says_what_was_decided(decide, sentence: str) -> None:
    account = an_account(email_proven_at=None)
    assert decide(conflict_of(account), by=an_agent(), reason="proven", now=A_MOMENT)
    letter = compose(Letter.objects.get(kind=Letter.Kind.FRANCECONNECT_CONFLICT))
    said = " ".join(letter.paragraphs).replace("\u00a0", " ")
    assert sentence in said
    assert "Appelez-nous au 09 69 36 37 03" in said
    assert letter.secret == ""
