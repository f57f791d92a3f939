"""One run of the import: the files of a directory in their order, each in a transaction of its own."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from accounts import journal
from accounts.models import Event
from accounts.registry.importing import staging
from accounts.registry.importing.deliveries import DELIVERIES, MEMBERS, Delivery
from accounts.registry.importing.lines import Record, chunks, open_header
from accounts.registry.importing.merging import Counts, merge_members, replace_rows
from accounts.registry.importing.progress import Progress, silent
from accounts.registry.importing.refusal import FileRefused, Reject
from accounts.registry.importing.rejects import Rejects
from accounts.registry.importing.work import Batch, Reading, workers

# Below this, two more processes cost more than they bring.
LARGE_FILE = 4 * 1024 * 1024


@dataclass
class Outcome:
    """What became of one file."""

    delivery: Delivery
    present: bool = True
    refused: str = ""
    counts: Counts = field(default_factory=Counts)

    @property
    def is_clean(self) -> bool:
        return not self.refused and not self.counts.rejected


def import_directory(directory: Path, *, now: datetime, progress: Progress = silent) -> Iterator[Outcome]:
    """The outcome of each file as soon as its transaction has committed; an absent file changes nothing."""
    with Rejects(directory) as rejects:
        for delivery in DELIVERIES:
            path = directory / delivery.file_name
            if not path.exists():
                yield Outcome(delivery, present=False)
                continue
            with path.open("rb") as file:
                yield _import_file(delivery, file, rejects, now=now, progress=progress)


def _import_file(delivery: Delivery, file: BinaryIO, rejects: Rejects, *, now: datetime, progress: Progress) -> Outcome:
    outcome = Outcome(delivery)
    try:
        open_header(file, tuple(delivery.columns))
    except FileRefused as refused:
        outcome.refused = refused.code
        rejects.add(delivery.file_name, [Reject(1, "", refused.code)])
        return outcome
    staging.create(delivery)
    _stage(outcome, file, rejects, now=now, progress=progress)
    _merge(outcome, rejects, now=now)
    staging.drop()
    staging.backend().analyse(delivery.table)
    return outcome


def _stage(outcome: Outcome, file: BinaryIO, rejects: Rejects, *, now: datetime, progress: Progress) -> None:
    delivery, backend = outcome.delivery, staging.backend()
    size = os.fstat(file.fileno()).st_size
    reading = Reading(
        delivery.columns, delivery.read, backend.Encode(delivery.staged.values()), timezone.localdate(now)
    )

    def watched() -> Iterator[list[Record]]:
        for chunk in chunks(file, len(delivery.columns)):
            progress(delivery.name, min(file.tell(), size - 1), size)
            yield chunk

    def accepted(batches: Iterator[Batch]) -> Iterator[object]:
        for batch in batches:
            outcome.counts.rejected += rejects.add(delivery.file_name, batch.rejects)
            yield batch.rows

    with workers(size > LARGE_FILE) as mapped:
        backend.fill(delivery, accepted(mapped(reading, watched())))
    progress(delivery.name, size, size)


@transaction.atomic
def _merge(outcome: Outcome, rejects: Rejects, *, now: datetime) -> None:
    """All or nothing: the rows and the journal's line about them."""
    delivery, counts = outcome.delivery, outcome.counts
    merge = merge_members if delivery is MEMBERS else replace_rows
    with staging.backend().tuned():
        staging.backend().lock(delivery.table)
        counts.rejected += rejects.add(delivery.file_name, merge(delivery, counts, now=now))
        journal.record(Event.REGISTRY_IMPORTED, detail={"file": delivery.name, **asdict(counts)}, now=now)
