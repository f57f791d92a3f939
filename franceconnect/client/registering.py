"""Registration through FranceConnect: no identity question, no password, one transaction (B29, I13, R7, R8)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts import contact, journal, membership, notifications, opening
from accounts.identity.email import Email
from accounts.identity.phone import Phone
from accounts.models import Channel, Event, Member
from accounts.sign_in import How, SignIn, come_in
from franceconnect.client import arrival, linking
from franceconnect.client.arrival import Kept


class AccountExists(Exception):
    """Somebody opened it meanwhile: it is linked and not opened again."""


@dataclass(frozen=True)
class Registered:
    """`proves_email`: a code has left to an address that FranceConnect did not give, and is asked for first."""

    sign_in: SignIn
    proves_email: bool


def register(there: Kept, member: Member, *, email: Email, mobile: Phone | None, now: datetime) -> Registered:
    """An account, its link, what goes to the member: all or nothing, once.

    Raises Over, Conflict, AccountExists, AccountClosed, TooManyAttempts.
    """
    with arrival.once(there.round_trip, now=now):
        given = opening.Given(email.address, mobile.e164 if mobile else None)
        account = opening.open_account(member, channel=Channel.EMAIL, given=given, now=now)
        if account is None:
            raise AccountExists
        linking.link(account, there.identity, by="registration", now=now)
        # F02: every department in which the member is known opens by itself.
        opened = [department.code for department in membership.of(member, on=timezone.localdate(now)).departments]
        detail = {"channel": "franceconnect", "departments": opened}
        journal.record(Event.REGISTRATION_COMPLETED, account=account, detail=detail, now=now)
        notifications.registration_confirmation_letter(member, now=now)
        typed_another = email.address.lower() != there.identity.email.lower()
        if typed_another:
            contact.send_email_code(account, email.address, now=now)
        else:
            # B7: what came with FranceConnect is not asked about again; the link may be used or not.
            account.contact_confirmed_at = now
            account.save(update_fields=["contact_confirmed_at"])
            contact.offer_email_proof(account, now=now)
        done = come_in(account, how=How.FRANCECONNECT, proven_at=there.proven_at, now=now)
        return Registered(done, proves_email=typed_another)
