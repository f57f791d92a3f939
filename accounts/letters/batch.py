"""Which letters go together: claimed once, printed once, forgotten once printed (R23)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, QuerySet

from accounts import journal
from accounts.letters import spent
from accounts.letters.text import Reason
from accounts.models import Event, Letter, LetterBatch

# One file stays small enough for any print shop, and for the memory of the machine that makes it.
LETTERS_PER_BATCH = 1000


def queued() -> QuerySet[Letter]:
    return Letter.objects.filter(batch=None, printed_at=None, set_aside="")


def caisses_with_letters() -> list[str]:
    """Those that have a queue, or a batch that a crash left behind."""
    waiting = queued().order_by().values_list("caisse", flat=True).distinct()
    begun = LetterBatch.objects.filter(printed_at=None).values_list("caisse", flat=True)
    return sorted({*waiting, *begun})


def claim(caisse: str, *, now: datetime) -> LetterBatch | None:
    """The batch that a crash left unprinted, else a new one of the oldest letters of the queue, else nothing."""
    begun = LetterBatch.objects.filter(caisse=caisse, printed_at=None).order_by("created_at", "pk").first()
    return begun or _new_batch(caisse, now=now)


def _new_batch(caisse: str, *, now: datetime) -> LetterBatch | None:
    oldest = queued().filter(caisse=caisse).order_by("created_at", "pk").values("pk")[:LETTERS_PER_BATCH]
    with transaction.atomic():
        # Those that move up are looked at as well; in a batch a letter stays, whatever becomes of its code.
        while spent.set_aside(queued().filter(pk__in=oldest), now=now):
            pass
        batch = LetterBatch.objects.create(caisse=caisse, created_at=now)
        if queued().filter(pk__in=oldest).update(batch=batch):
            return batch
        batch.delete()
    return None


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


def file_name(batch: LetterBatch) -> str:
    """When, of which caisse, which batch: what the print shop calls it by."""
    return f"{stamp(batch.created_at)}-{batch.caisse or 'msa'}-{batch.pk.hex}.pdf"


def set_aside_in(batch: LetterBatch) -> dict[str, int]:
    """How many letters of this batch for each reason; those that were printed stand under no reason at all."""
    return dict(batch.letters.order_by().values_list("set_aside").annotate(Count("pk")))


def named(name: str) -> LetterBatch | None:
    """The batch of a file, by the file's name or by the 32 characters that end it."""
    stem = name.strip().rpartition("/")[2].partition(".pdf")[0].partition(".json")[0]
    try:
        return LetterBatch.objects.filter(pk=UUID(stem.rpartition("-")[2])).first()
    except ValueError:
        return None


def letters_of(batch: LetterBatch) -> Iterable[Letter]:
    """In the order of the queue, a few at a time."""
    return batch.letters.order_by("created_at", "pk").iterator(chunk_size=200)


def mark_printed(
    batch: LetterBatch, *, set_aside: Mapping[UUID, Reason], by: UUID | None = None, now: datetime
) -> bool:
    """Forget the contents and say so in the journal. False when the batch was printed elsewhere meanwhile.

    A letter whose seal does not open keeps its content: the day its key is back in the ring, it can be queued again.
    """
    if not LetterBatch.objects.filter(pk=batch.pk, printed_at=None).update(printed_at=now):
        return False
    count = batch.letters.exclude(pk__in=set_aside).update(printed_at=now, content=None)
    for reason in set(set_aside.values()):
        these = batch.letters.filter(pk__in=[letter for letter, why in set_aside.items() if why == reason])
        these.update(set_aside=reason, **({} if reason == Reason.UNREADABLE else {"content": None}))
    journal.record(Event.LETTERS_PRINTED, detail={"caisse": batch.caisse, "count": count, **asked_by(by)}, now=now)
    return True


def to_reprint(*, now: datetime) -> QuerySet[LetterBatch]:
    """Those that may be handed out again: few times, before they are posted, while their copy is kept."""
    fresh = {"printed_at__gt": now - settings.LETTER_COPIES_LIFE, "posted_at": None}
    return LetterBatch.objects.filter(reprints__lt=settings.LETTER_REPRINTS, **fresh)


def count_reprint(batch: LetterBatch, *, by: UUID | None = None, now: datetime) -> bool:
    if not to_reprint(now=now).filter(pk=batch.pk).update(reprints=F("reprints") + 1):
        return False
    batch.refresh_from_db(fields=["reprints"])
    detail = {"caisse": batch.caisse, "batch": batch.pk.hex, "reprints": batch.reprints, **asked_by(by)}
    journal.record(Event.LETTERS_REPRINTED, detail=detail, now=now)
    return True


def asked_by(agent: UUID | None) -> dict[str, Any]:
    """For the journal: nobody, when an operator did it by a command."""
    return {"by": agent.hex} if agent else {}


def is_printed(batch_id: UUID) -> bool:
    return LetterBatch.objects.filter(pk=batch_id, printed_at__isnull=False).exists()
