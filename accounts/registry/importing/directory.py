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
from accounts.registry.importing.lines import Chunk, chunks, open_header
from accounts.registry.importing.merging import Counts, index_first, merge_members, replace_rows
from accounts.registry.importing.progress import Progress, silent
from accounts.registry.importing.refusal import FileRefused, Reject
from accounts.registry.importing.rejects import Rejects
from accounts.registry.importing.work import Reading, Workers

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
        if delivery is not MEMBERS or not self._load_first(outcome, file):
            staging.backend().fill(delivery, self._batches(outcome, file))
            self._merge(outcome)
        staging.drop()
        staging.backend().analyse(delivery.table)
        return outcome

    def _batches(self, outcome: Outcome, file: BinaryIO, *, base: int = 0) -> Iterator[Any]:
        """The rows as the database takes them; the lines left out are told on the way."""
        delivery = outcome.delivery
        size = os.fstat(file.fileno()).st_size
        encode = staging.backend().Encode(delivery.staged.values(), base)
        reading = Reading(delivery.columns, delivery.read, encode, timezone.localdate(self.now))
        chunks = self._watched(delivery, file, size)
        for batch in self.workers.map(reading, chunks, large=size > LARGE_FILE):
            outcome.counts.rejected += self.rejects.add(delivery.file_name, batch.rejects)
            yield batch.rows
        self.progress(delivery.name, size, size)

    def _watched(self, delivery: Delivery, file: BinaryIO, size: int) -> Iterator[Chunk]:
        for chunk in chunks(file, len(delivery.columns)):
            self.progress(delivery.name, min(file.tell(), size - 1), size)
            yield chunk

    @transaction.atomic
    def _load_first(self, outcome: Outcome, file: BinaryIO) -> bool:
        """Members go straight into an empty table, without staging; False when it is not empty."""
        delivery = outcome.delivery
        with staging.backend().tuned():
            staging.backend().lock(delivery.table)
            bare = staging.backend().Bare.of(delivery.table)
            if bare:
                batches = self._batches(outcome, file, base=bare.base)
                outcome.counts.added = bare.fill(delivery, batches, now=self.now)
                self._tell(outcome, index_first(delivery, outcome.counts, bare))
        return bare is not None

    @transaction.atomic
    def _merge(self, outcome: Outcome) -> None:
        """All or nothing: the rows and the journal's line about them."""
        delivery = outcome.delivery
        merge = merge_members if delivery is MEMBERS else replace_rows
        with staging.backend().tuned():
            staging.backend().lock(delivery.table)
            self._tell(outcome, merge(delivery, outcome.counts, now=self.now))

    def _tell(self, outcome: Outcome, rejects: Iterator[Reject]) -> None:
        delivery, counts = outcome.delivery, outcome.counts
        counts.rejected += self.rejects.add(delivery.file_name, rejects)
        journal.record(Event.REGISTRY_IMPORTED, detail={"file": delivery.name, **asdict(counts)}, now=self.now)
