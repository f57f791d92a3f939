"""What members allow services to know: given, asked of at each sign-in, listed, withdrawn (I07 to I09)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Max, QuerySet

from accounts import journal
from accounts.compiled import Compiled, Given
from accounts.models import Account, Event
from franceconnect import claims
from franceconnect.models import Client, Consent, Grant
from franceconnect.provider import grants

SINGLE = "claim:"
_HELD: Compiled[Consent] = Compiled(
    lambda: Consent.objects.filter(
        account=Given("account", models.UUIDField()), client=Given("client", models.BigIntegerField())
    ).only("shared")
)


def covers(account: Account, client: Client, wanted: frozenset[str]) -> bool:
    """Whether the member has allowed all of this already."""
    held = _HELD.first(account=account.pk, client=client.pk)
    return held is not None and held.covers(wanted)


@transaction.atomic(savepoint=False)
def give(account: Account, client: Client, shared: frozenset[str], *, now: datetime) -> None:
    """What was allowed before stays allowed: the day of the first yes stands, the journal has the others."""
    held = Consent.objects.select_for_update().filter(account=account, client=client).first()
    before = frozenset(held.shared.split()) if held else frozenset()
    if held is None or not shared <= before:
        consent = Consent(account=account, client=client, given_at=held.given_at if held else now)
        consent.shared = " ".join(sorted(before | shared))
        # Two windows may say yes at once.
        Consent.objects.bulk_create(
            [consent], update_conflicts=True, unique_fields=["account", "client"], update_fields=["shared"]
        )
    # Names of ours only: what a client wrote into its request may be anything.
    scopes, single = _apart(shared)
    told = sorted(claims.asked(scopes, single, federation=client.is_federation))
    detail = {"client": client.client_id, "claims": told}
    journal.record(Event.CONSENT_GIVEN, account=account, detail=detail, now=now)


@transaction.atomic(savepoint=False)
def withdraw(account: Account, client: Client, *, now: datetime) -> bool:
    """The service asks again next time, and what it holds of this member opens nothing. False: it had nothing."""
    if not Consent.objects.filter(account=account, client=client).delete()[0]:
        return False
    grants.revoke_all(account, client, now=now)
    journal.record(Event.CONSENT_WITHDRAWN, account=account, detail={"client": client.client_id}, now=now)
    return True


def of(account: Account) -> QuerySet[Consent]:
    """A member's consents, in the order of the services' names."""
    return Consent.objects.filter(account=account).select_related("client").order_by("client__name", "pk")


@dataclass(frozen=True)
class Connected:
    """A service as its member reads of it: what it may know, in French (I09), and when they last came there."""

    client: Client
    since: datetime
    shared: tuple[str, ...]
    last: datetime | None


def connected(held: Iterable[Consent], last: Mapping[int, datetime]) -> list[Connected]:
    return [Connected(each.client, each.given_at, _described(each), last.get(each.client_id)) for each in held]


def last_sign_ins(account: Account) -> tuple[dict[int, datetime], datetime | None]:
    """The last at each service, by its key, and the last through FranceConnect; one query, however many there were."""
    found = Grant.objects.filter(user=account).values_list("application", "application__kind")
    rows = list(found.annotate(last=Max("created")))
    federation = [last for _, kind, last in rows if kind == Client.Kind.FEDERATION]
    return {client: last for client, _, last in rows}, max(federation, default=None)


def _described(consent: Consent) -> tuple[str, ...]:
    scopes, single = _apart(consent.shared.split())
    return claims.described(consent.client, scopes=scopes, requested=single)


def _apart(shared: Iterable[str]) -> tuple[list[str], list[str]]:
    """Scopes, and claims asked for one by one."""
    told = list(shared)
    single = [each.removeprefix(SINGLE) for each in told if each.startswith(SINGLE)]
    return [each for each in told if not each.startswith(SINGLE)], single
