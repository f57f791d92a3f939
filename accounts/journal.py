"""The journal's verbs: record, seal, verify, forget what is too old (R16, R21)."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.circumstance import circumstance
from accounts.models import Account, Entry, Event, JournalSeal
from accounts.passwords import as_typed
from accounts.sealed import fingerprint

# A writer that is still in its transaction may hold a lower number: what is younger waits for the next batch.
SETTLED_AFTER = timedelta(minutes=1)
SEALED_WITHIN = timedelta(days=1)
BATCH = 5000
GENESIS = b"\x00" * 32


def record(
    event: Event,
    *,
    account: Account | uuid.UUID | None = None,
    enrolment: uuid.UUID | None = None,
    detail: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Write one line. `detail` holds codes and counts, never a name, a number or an address of anybody."""
    around = circumstance.get()
    Entry.objects.create(
        at=now or timezone.now(),
        event=event,
        account=account.pk if isinstance(account, Account) else account,
        enrolment=enrolment,
        request_id=around.request_id,
        network=around.network,
        detail=detail or {},
    )


def find_reference(typed: str) -> Entry | None:
    """The sign-in through FranceConnect whose identification code a member reads to us; the newest one (J16)."""
    found = Entry.objects.filter(event=Event.FEDERATION_SIGN_IN, detail__reference=as_typed(typed))
    return found.order_by("-pk").first()


def network_mark(network: str) -> str:
    """A short mark by which two lines from one network can be recognised, and no more."""
    return fingerprint("network", network).hex()[:16] if network else ""


def seal(*, now: datetime) -> int:
    """Seal what has settled, in chained batches. Returns the number of entries sealed."""
    sealed = 0
    try:
        while count := _seal_batch(now=now):
            sealed += count
    except IntegrityError:
        pass  # another sealer was quicker: its batch stands, the rest is for the next run
    return sealed


@transaction.atomic
def _seal_batch(*, now: datetime) -> int:
    last = JournalSeal.objects.order_by("-pk").first()
    entries = list(Entry.objects.filter(seal=None, at__lt=now - SETTLED_AFTER).order_by("pk")[:BATCH])
    if not entries:
        return 0
    digest = _digest(entries)
    # Numbered here, one after the other: of two sealers at once one gets the next number, and the chain cannot fork.
    batch = JournalSeal(
        pk=last.pk + 1 if last else 1,
        created_at=now,
        count=len(entries),
        last_at=max(entry.at for entry in entries),
        entries_digest=digest,
    )
    batch.chain_digest = _link(bytes(last.chain_digest) if last else GENESIS, batch)
    batch.save(force_insert=True)
    marked = _unguarded().filter(pk__in=[entry.pk for entry in entries], seal=None).update(seal=batch)
    if marked != len(entries):
        raise IntegrityError("sealed by another")
    return marked


class Broken(Exception):
    """The chain does not hold; `seal` is the number of the first one at fault, nothing when no seal is."""

    def __init__(self, said: str, seal: int | None = None) -> None:
        super().__init__(said)
        self.seal = seal


def verify() -> int:
    """Walk the chain from the first seal. Returns the number of entries checked; raises Broken."""
    checked, previous = 0, GENESIS
    for batch in JournalSeal.objects.order_by("pk").iterator():
        if not hmac.compare_digest(_link(previous, batch), bytes(batch.chain_digest)):
            raise Broken(f"seal {batch.pk}: the link to the seal before does not hold", batch.pk)
        previous = bytes(batch.chain_digest)
        if batch.purged_at:
            early = batch.purged_at - batch.last_at < settings.JOURNAL_LIFE or batch.purged_at > timezone.now()
            if early or batch.entries.exists():
                raise Broken(f"seal {batch.pk}: marked as purged before its time", batch.pk)
            continue
        entries = list(batch.entries.order_by("pk"))
        if len(entries) != batch.count or not hmac.compare_digest(_digest(entries), bytes(batch.entries_digest)):
            raise Broken(f"seal {batch.pk}: an entry is missing or was changed", batch.pk)
        checked += len(entries)
    _verify_unsealed(now=timezone.now())
    return checked


def check(*, now: datetime) -> bool:
    """Walk the chain and write down what came of it, for whoever reads the journal's pages (R21)."""
    try:
        detail: dict[str, Any] = {"holds": True, "count": verify()}
    except Broken as broken:
        detail = {"holds": False, "seal": broken.seal}
    record(Event.JOURNAL_CHECKED, detail=detail, now=now)
    return bool(detail["holds"])


def _verify_unsealed(*, now: datetime) -> None:
    """What waits for its seal is young; a line dated in the future would never get one."""
    waiting = Entry.objects.filter(seal=None)
    if waiting.filter(at__gt=now + SETTLED_AFTER).exists():
        raise Broken("an entry is dated in the future")
    if waiting.filter(at__lt=now - SEALED_WITHIN).exists():
        raise Broken("an entry has waited for its seal for more than a day")


def forget(*, now: datetime) -> int:
    """Remove the entries of batches that are wholly older than the retention; their seals stay in the chain."""
    removed = 0
    for batch in JournalSeal.objects.filter(purged_at=None, last_at__lt=now - settings.JOURNAL_LIFE).order_by("pk"):
        with transaction.atomic():
            removed += _unguarded().filter(seal=batch).delete()[0]
            JournalSeal.objects.filter(pk=batch.pk).update(purged_at=now)
    return removed


def _unguarded() -> models.QuerySet[Entry]:
    return models.QuerySet(Entry)


def _link(previous: bytes, batch: JournalSeal) -> bytes:
    said = f"{batch.count}|{batch.last_at.timestamp():.6f}|".encode()
    return fingerprint("journal_chain", (previous + said + bytes(batch.entries_digest)).hex())


def _digest(entries: Iterable[Entry]) -> bytes:
    running = hashlib.sha256()
    for entry in entries:
        line = [
            entry.pk,
            f"{entry.at.timestamp():.6f}",
            entry.event,
            str(entry.account or ""),
            str(entry.enrolment or ""),
            entry.request_id,
            entry.network,
            entry.detail,
        ]
        running.update(json.dumps(line, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return fingerprint("journal_entries", running.hexdigest())
