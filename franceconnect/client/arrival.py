"""What becomes of who came back from FranceConnect: known at once, kept until the NIR is typed, had its effect once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import codes, journal
from accounts.models import Account, Channel, Code, Event, Member
from accounts.sign_in import AccountClosed, How, SignIn, come_in
from franceconnect.client import linking, matching
from franceconnect.client.identity import FederationIdentity
from franceconnect.client.linking import Taken
from franceconnect.client.relying_party import Arrival
from franceconnect.models import Link, RoundTrip


class Over(Exception):
    """This round trip has had its effect, in another tab perhaps, or has waited too long."""


class Conflict(Exception):
    """Linked otherwise: nothing has changed, the support desk knows (FS 13)."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class SomebodyElse(Exception):
    """Who came back is not the member who left."""


@dataclass(frozen=True)
class Kept:
    """Somebody whom FranceConnect has named and whom we do not know yet."""

    round_trip: RoundTrip
    identity: FederationIdentity
    id_token: str
    proven_at: datetime

    @property
    def next_page(self) -> str:
        return self.round_trip.luggage["next_page"]


@transaction.atomic
def recognise(arrival: Arrival, *, now: datetime) -> SignIn | None:
    """I12: who is linked is asked nothing. None when nobody is. Raises AccountClosed.

    The state was spent when it came back, so this happens once whatever is sent again.
    """
    link = linking.find(arrival.identity)
    if link is None:
        return None
    done = come_in(link.account, how=How.FRANCECONNECT, proven_at=arrival.proven_at, now=now)
    # Taken away a moment ago, in another tab or by « Ce n'est pas moi »: it opens nothing any more.
    if not Link.objects.filter(pk=link.pk).update(last_used_at=now):
        raise AccountClosed
    _note_differences(done.account, arrival.identity, now=now)
    return done


def _note_differences(account: Account, identity: FederationIdentity, *, now: datetime) -> None:
    """FS 16: the registry's data win; names of items only."""
    assert account.member is not None
    if differing := matching.differences(identity, account.member):
        journal.record(Event.FRANCECONNECT_DIFFERS, account=account, detail={"fields": list(differing)}, now=now)


def keep(arrival: Arrival) -> None:
    """Until the number is typed (I11): sealed, and only for this browser."""
    round_trip = arrival.round_trip
    claims, proven_at = asdict(arrival.identity), arrival.proven_at.isoformat()
    round_trip.arrival = {"claims": claims, "id_token": arrival.id_token, "proven_at": proven_at}
    round_trip.save(update_fields=["arrival"])


def kept(key: Any, *, browser: bytes, now: datetime) -> Kept | None:
    """What this very browser brought, and which waits."""
    waiting = RoundTrip.objects.filter(
        browser=browser, purpose=RoundTrip.Purpose.SIGN_IN, finished_at=None, expires_at__gt=now, arrival__isnull=False
    )
    try:
        found = waiting.select_related("member").filter(pk=key).first() if key else None
    except (ValidationError, ValueError):
        return None
    if found is None:
        return None
    told: dict[str, Any] = found.arrival or {}
    proven_at = datetime.fromisoformat(told["proven_at"])
    return Kept(found, FederationIdentity(**told["claims"]), told["id_token"], proven_at)


@contextmanager
def once(round_trip: RoundTrip, *, now: datetime) -> Iterator[None]:
    """One transaction for the round trip's one effect. Raises Over, or Conflict when the link was not to be had."""
    try:
        with transaction.atomic():
            _finish(round_trip, now=now)
            yield
    except Taken as taken:
        with transaction.atomic():
            _finish(round_trip, now=now)
            reference = linking.note_conflict(taken, now=now)
        raise Conflict(reference) from None


def _finish(round_trip: RoundTrip, *, now: datetime) -> None:
    """Nothing of who came is kept longer (FS 23)."""
    mine = RoundTrip.objects.filter(pk=round_trip.pk, finished_at=None, expires_at__gt=now)
    if not mine.update(finished_at=now, arrival=None):
        raise Over


def account_of(member: Member) -> Account | None:
    """The account that somebody uses; one that waits for its letter is nobody's yet (R5)."""
    account = Account.objects.filter(member=member).select_related("member").first()
    return None if account is None or account.waits_for_its_letter else account


def register_as(there: Kept, member: Member) -> None:
    """B29: this number is theirs, and they have no account yet."""
    there.round_trip.member = member
    there.round_trip.save(update_fields=["member"])


def first_sign_in(there: Kept, account: Account, *, now: datetime) -> SignIn:
    """I13: linked and signed in, in one movement. Raises Over, Conflict, AccountClosed."""
    with once(there.round_trip, now=now):
        linking.link(account, there.identity, by="nir", now=now)
        if account.email_proven_at is None:
            # An address that nobody has proven may be a stranger's: the contact details come first (E01, R8), and what
            # waits in that mailbox opens nothing.
            temporary = Code.Purpose.TEMPORARY_PASSWORD
            codes.cancel_if(account, temporary, lambda sent: sent["channel"] == Channel.EMAIL, now=now)
            account.contact_confirmed_at = None
            account.save(update_fields=["contact_confirmed_at"])
        return come_in(account, how=How.FRANCECONNECT, proven_at=there.proven_at, now=now)


def associate(arrival: Arrival, account: Account, *, now: datetime) -> None:
    """FS 20: to the account of who left, and of nobody else. Raises SomebodyElse, Over, Conflict."""
    assert account.member is not None
    found = matching.compare(arrival.identity, account.member)
    if found.match is not matching.Match.MATCHED:
        matching.refused(found, now=now)
        raise SomebodyElse
    with once(arrival.round_trip, now=now):
        linking.link(account, arrival.identity, by="account", now=now)
