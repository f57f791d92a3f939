"""What « Ce n'est pas moi » does: whoever signed in through FranceConnect in a member's name is shut out (J16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import transaction

from accounts import codes, journal, notifications
from accounts.models import Account, Code, Event
from accounts.sign_in import shut_out
from franceconnect.provider import grants


@dataclass(frozen=True)
class Disputed:
    """The sign-in that a link speaks of, and the mailbox that received it."""

    account: Account
    reference: str
    family: str
    at: datetime
    sent_to: str

    @classmethod
    def of(cls, code: Code) -> Self:
        said: dict[str, str] = code.subject or {}
        at = datetime.fromisoformat(said["at"])
        return cls(code.account, said["reference"], said["family"], at, said["sent_to"])

    @property
    def by_post(self) -> bool:
        """The address was changed after the link was sent, perhaps by the stranger: only a letter is safe."""
        return self.account.email != self.sent_to or not self.account.email_proven_at


def find(secret: str, *, now: datetime) -> Disputed:
    """The sign-in behind a link that was not used yet. Raises CodeRefused."""
    return Disputed.of(codes.find_link(Code.Purpose.NOT_ME, secret, now=now))


@transaction.atomic
def dispute(secret: str, *, now: datetime) -> Disputed:
    """Once: no password, session, browser, code or token of before opens anything. Raises CodeRefused."""
    link = codes.consume_link(Code.Purpose.NOT_ME, secret, now=now)
    disputed = Disputed.of(link)
    account, by_post = disputed.account, disputed.by_post
    shut_out(account, now=now)
    codes.cancel_after(link, now=now)
    grants.revoke_all(account, now=now)
    detail = {"reference": disputed.reference, "address_changed": by_post}
    journal.record(Event.SIGN_IN_DISPUTED, account=account, detail=detail, now=now)
    _tell(disputed, by_post=by_post, now=now)
    if by_post and account.email_proven_at:
        # The next password is not sent there; its owner proves it again at the first sign-in (R8).
        account.email_proven_at = None
        account.save(update_fields=["email_proven_at"])
    return disputed


def _tell(disputed: Disputed, *, by_post: bool, now: datetime) -> None:
    """The mailbox of the link hears of it, and so does the account's own, which may be the member's new one."""
    account = disputed.account
    own = account.email if account.email_proven_at else None
    for mailbox in sorted({disputed.sent_to, own or disputed.sent_to}):
        notifications.sign_in_disputed(
            account, to=mailbox, by_post=by_post, reference=disputed.reference, at=disputed.at, now=now
        )
