"""The link between an account and a FranceConnect identity: made, found, taken away (I13, I14, FS 10, FS 11, FS 13)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import journal, notifications, own_password
from accounts.models import Account, Event
from accounts.passwords import readable
from accounts.sealed import fingerprint
from accounts.sign_in import closed_by_shut_out
from franceconnect.client.identity import FederationIdentity
from franceconnect.models import Link, LinkConflict

REFERENCE_LENGTH = 8


class Taken(Exception):
    """The account or the identity is linked otherwise already; it stays as it is. `holder` has what was wanted."""

    def __init__(self, account: Account, kind: LinkConflict.Kind, holder: Account) -> None:
        super().__init__(kind)
        self.account, self.kind, self.holder = account, kind, holder


class PasswordFirst(Exception):
    """Without the link and without a password nobody could come in any more (FS 18)."""


def mark(issuer: str, subject: str) -> bytes:
    return fingerprint("franceconnect_subject", f"{issuer} {subject}")


def find(identity: FederationIdentity) -> Link | None:
    """FS 11: by issuer and sub, and by nothing else; one query, with the account and its member."""
    known = Link.objects.filter(subject_fingerprint=mark(identity.issuer, identity.subject))
    return known.select_related("account__member").first()


def is_linked(account: Account) -> bool:
    return Link.objects.filter(account=account).exists()


def link(account: Account, identity: FederationIdentity, *, by: str, now: datetime) -> Link:
    """From now on this identity opens this account. In a transaction; of two the database takes one. Raises Taken."""
    made = Link(
        account=account,
        issuer=identity.issuer,
        subject_fingerprint=mark(identity.issuer, identity.subject),
        created_at=now,
        last_used_at=now,
    )
    made.subject = identity.subject
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return _made_already(account, identity)
    journal.record(Event.FRANCECONNECT_LINKED, account=account, detail={"by": by}, now=now)
    if by != "registration":
        # That one has a letter of its own (R7).
        notifications.franceconnect_linked(account, now=now)
    return made


def _made_already(account: Account, identity: FederationIdentity) -> Link:
    """Another tab made the same link; any other one is not ours to change (FS 13)."""
    other = Link.objects.filter(account=account).first()
    if other is None:
        holder = find(identity)
        raise Taken(account, LinkConflict.Kind.OTHER_ACCOUNT, holder.account if holder else account)
    if bytes(other.subject_fingerprint) != mark(identity.issuer, identity.subject):
        raise Taken(account, LinkConflict.Kind.OTHER_SUBJECT, account)
    return other


def note_conflict(taken: Taken, *, now: datetime) -> str:
    """For the support desk; a second try adds nothing. Returns what the member reads to the agent."""
    account = Account.objects.filter(pk=taken.account.pk).first() or taken.holder
    reference = readable(REFERENCE_LENGTH)
    holder = Account.objects.filter(pk=taken.holder.pk).first()
    told = LinkConflict(account=account, holder=holder, kind=taken.kind, reference=reference, created_at=now)
    LinkConflict.objects.bulk_create([told], ignore_conflicts=True)
    noted = LinkConflict.objects.get(account=account, kind=taken.kind, decided_at=None)
    detail = {"kind": taken.kind, "reference": noted.reference}
    journal.record(Event.FRANCECONNECT_CONFLICT, account=account, detail=detail, now=now)
    return noted.reference


@transaction.atomic
def unlink(account: Account, *, now: datetime) -> bool:
    """I14: at any time. False when there was nothing to take away. Raises PasswordFirst."""
    if not account.has_usable_password():
        raise PasswordFirst
    if not _take_away(account, by="member", now=now):
        return False
    _end_sessions(account)
    notifications.franceconnect_unlinked(account, now=now)
    return True


def unlink_at_desk(account: Account, *, now: datetime) -> bool:
    """An agent does it; who has no password needs a temporary one then. False when there was nothing to take away."""
    if not _take_away(account, by="support", now=now):
        return False
    _end_sessions(account)
    return True


def _end_sessions(account: Account) -> None:
    """What the link opened, in whatever browser, does not outlive it."""
    account.session_generation += 1
    account.save(update_fields=["session_generation"])


@transaction.atomic
def unlink_with_first_password(account: Account, password: str, *, browser: bytes, now: datetime) -> bool:
    """I14, FS 18: both or neither. Raises ValidationError, NothingToPersonalise."""
    own_password.choose_first(account, password, browser=browser, now=now)
    return unlink(account, now=now)


@closed_by_shut_out
def shut_out(account: Account, *, now: datetime) -> None:
    """J16, R13: whoever was in may have linked an identity of theirs; the member links their own again."""
    _take_away(account, by="shut_out", now=now)


def _take_away(account: Account, *, by: str, now: datetime) -> bool:
    if not Link.objects.filter(account=account).delete()[0]:
        return False
    journal.record(Event.FRANCECONNECT_UNLINKED, account=account, detail={"by": by}, now=now)
    return True
