"""One run of the import: the files of a directory in their order, each in a transaction of its own."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

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
from accounts.registry.importing.work import Batch, Reading, Workers

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
    with Rejects(directory) as rejects, Workers() as workers:
        run = Run(rejects, workers, progress, now)
        for delivery in DELIVERIES:
            path = directory / delivery.file_name
            if not path.exists():
                yield Outcome(delivery, present=False)
                continue
            with path.open("rb") as file:
                yield run.import_file(delivery, file)


@dataclass(frozen=True)
class Run:
    """What the files of one run share."""

    rejects: Rejects
    workers: Workers
    progress: Progress
    now: datetime

    def import_file(self, delivery: Delivery, file: BinaryIO) -> Outcome:
        outcome = Outcome(delivery)
        try:
            open_header(file, tuple(delivery.columns))
        except FileRefused as refused:
            outcome.refused = refused.code
            self.rejects.add(delivery.file_name, [Reject(1, "", refused.code)])
            return outcome
        staging.create(delivery)
        self._stage(outcome, file)
        self._merge(outcome)
        staging.drop()
        staging.backend().analyse(delivery.table)
        return outcome

    def _stage(self, outcome: Outcome, file: BinaryIO) -> None:
        delivery, backend = outcome.delivery, staging.backend()
        size = os.fstat(file.fileno()).st_size
        reading = Reading(
            delivery.columns, delivery.read, backend.Encode(delivery.staged.values()), timezone.localdate(self.now)
        )
        chunks = self._watched(delivery, file, size)
        batches = self.workers.map(reading, chunks, large=size > LARGE_FILE)
        backend.fill(delivery, self._accepted(outcome, batches))
        self.progress(delivery.name, size, size)

    def _watched(self, delivery: Delivery, file: BinaryIO, size: int) -> Iterator[list[Record]]:
        for chunk in chunks(file, len(delivery.columns)):
            self.progress(delivery.name, min(file.tell(), size - 1), size)
            yield chunk

    def _accepted(self, outcome: Outcome, batches: Iterator[Batch]) -> Iterator[Any]:
        for batch in batches:
            outcome.counts.rejected += self.rejects.add(outcome.delivery.file_name, batch.rejects)
            yield batch.rows

    @transaction.atomic
    def _merge(self, outcome: Outcome) -> None:
        """All or nothing: the rows and the journal's line about them."""
        delivery, counts = outcome.delivery, outcome.counts
        merge = merge_members if delivery is MEMBERS else replace_rows
        with staging.backend().tuned():
            staging.backend().lock(delivery.table)
            counts.rejected += self.rejects.add(delivery.file_name, merge(delivery, counts, now=self.now))
            journal.record(Event.REGISTRY_IMPORTED, detail={"file": delivery.name, **asdict(counts)}, now=self.now)
