"""Who is shut out has no link left; what a conflict leaves; what stands in the row (J16, R13, R20, FS 10, FS 13)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts import codes, contact
from accounts.models import Account, Code, Entry, Event
from franceconnect import dispute, notices
from franceconnect.client import linking
from franceconnect.client.identity import FederationIdentity
from franceconnect.client.linking import Taken
from franceconnect.models import Link, LinkConflict
from tests.members import a_member, an_account
from tests.stories.signing_in import EMAIL, link_in_mail_to

pytestmark = pytest.mark.django_db


def identity(subject: str = "s" * 64 + "v1", issuer: str = "https://fc.example/api/v2") -> FederationIdentity:
    return FederationIdentity(
        issuer=issuer, subject=subject, given_name="Fritz", family_name="LAMY", birthdate="1963-09-08",
        gender="male", birthcountry="99100", birthplace="67482",
    )  # fmt: skip


def link(account: Account, subject: str = "s" * 64 + "v1") -> Link:
    return linking.link(account, identity(subject), by="test", now=timezone.now())


@pytest.fixture
def account(db) -> Account:
    return an_account()


def test_an_identity_is_found_by_issuer_and_sub_together(account):
    """FS 10, FS 11: the same sub of another issuer is somebody else."""
    link(account)
    found = linking.find(identity())
    assert found is not None
    assert found.account == account
    assert linking.find(identity(issuer="https://other.example/api/v2")) is None
    assert linking.find(identity(subject="other")) is None


def test_the_sub_stands_nowhere_in_clear(account):
    """R20, FS 23."""
    link(account, "a-sub-that-could-be-read")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM franceconnect_link")
        row = cursor.fetchone()
    assert not [each for each in row if b"a-sub-that" in (each if isinstance(each, bytes) else str(each).encode())]


def test_the_same_link_twice_is_one_link_and_one_mail(account):
    """I13: two tabs."""
    assert link(account) == link(account)
    assert Entry.objects.filter(event=Event.FRANCECONNECT_LINKED).count() == 1


def test_nothing_is_linked_again_silently(account):
    """FS 13: neither the account to another identity nor the identity to another account."""
    kept = link(account)
    with pytest.raises(Taken) as other_subject:
        link(account, "another")
    other = an_account(a_member("1851013201907"))
    with pytest.raises(Taken) as other_account:
        link(other)
    assert [refused.value.kind for refused in (other_subject, other_account)] == ["other_subject", "other_account"]
    assert Link.objects.get() == kept
    assert other_account.value.holder == account


def test_a_conflict_can_be_read_out_on_the_telephone(account):
    """FS 13: no letter that looks like another."""
    reference = linking.note_conflict(Taken(account, LinkConflict.Kind.OTHER_SUBJECT, account), now=timezone.now())
    assert 8 <= len(reference) <= 12
    assert not set(reference) & set("0O1IL2Z5S8BUV")


def test_taking_away_twice_is_once(account):
    """I14."""
    link(account)
    assert linking.unlink(account, now=timezone.now())
    assert not linking.unlink(account, now=timezone.now())
    assert Entry.objects.filter(event=Event.FRANCECONNECT_UNLINKED).count() == 1


def test_not_me_takes_the_link_away(account):
    """J16: whoever was in may have linked an identity of theirs."""
    now = timezone.now()
    notices.signed_in(account, family="Firefox", client="franceconnect", now=now)
    secret = codes.issue_link(
        account, Code.Purpose.NOT_ME, life=settings.NOT_ME_LIFE,
        subject={"reference": "ACDEFGHJ", "family": "Firefox", "at": now.isoformat(), "sent_to": EMAIL}, now=now,
    )  # fmt: skip
    link(account)
    dispute.dispute(secret, now=now)
    assert not Link.objects.exists()
    assert Entry.objects.filter(event=Event.FRANCECONNECT_UNLINKED).get().detail == {"by": "shut_out"}


def test_so_does_the_undo_of_an_address(account):
    """R13: with the password that the thief knew."""
    now = timezone.now()
    contact.ask_email_change(account, contact.Email.parse("thief@example.org"), now=now)
    secret = link_in_mail_to("thief@example.org").rstrip("/").rpartition("/")[2]
    contact.change_email(secret, now=now)
    link(Account.objects.get())
    undo = link_in_mail_to(EMAIL).rstrip("/").rpartition("/")[2]
    contact.undo_email_change(undo, now=now + timedelta(hours=1))
    assert not Link.objects.exists()
