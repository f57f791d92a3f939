"""Letters on paper: one at once for the demonstration, a caisse's queue in one file for the print shop.

A batch is drawn into `.partial` files. The transaction that forgets the letters also renames these to `.ready`; once it
has committed they get their own names. So a crash before the commit draws the same batch again, and one after it only
renames.
"""

import logging
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.letters import batch as batches
from accounts.letters import copies, files
from accounts.letters.layout import draw, new_paper
from accounts.letters.states import State
from accounts.letters.text import CannotBePrinted, Reason, compose, sender
from accounts.models import Letter, LetterBatch
from accounts.templatetags.french import french_date

logger = logging.getLogger(__name__)
PARTIAL, READY = ".partial", ".ready"
Index = list[dict[str, Any]]


def print_at_once(letter: Letter) -> Path | None:
    """Print one letter into its own file, the first time this is asked. That folder is its member's letter box."""
    folder = settings.LETTERS_AT_ONCE_DIR
    if folder is None:
        return None
    folder.mkdir(mode=files.PRIVATE_FOLDER, parents=True, exist_ok=True)
    mine = Letter.objects.filter(pk=letter.pk, batch=None, printed_at=None)
    now = timezone.now()
    with transaction.atomic():
        if not mine.update(printed_at=now, posted_at=now, content=None):
            return None
        try:
            text = compose(letter)
        except CannotBePrinted as refused:
            logger.warning("letter not printed", extra={"kind": letter.kind, "why": refused.reason})
            Letter.objects.filter(pk=letter.pk).update(printed_at=None, posted_at=None, set_aside=refused.reason)
            return None
        pdf = folder / f"{batches.stamp(letter.created_at)}-{letter.kind}-{letter.pk.hex[:8]}.pdf"
        said = {"kind": letter.kind, "department": letter.department, "created_at": _iso(letter.created_at)}
        _write_json(pdf.with_suffix(".json"), said)
        unfinished = _with(pdf, PARTIAL)
        files.write(unfinished, partial(_draw_one, text=text))
        files.rename(unfinished, pdf)
    return pdf


def _draw_one(target: BinaryIO, *, text: Any) -> None:
    paper = new_paper(target, title=text.subject)
    draw(paper, text)
    paper.save()


def print_batch(
    caisse: str, directory: Path, now: datetime, *, by: UUID | None = None, wait: bool = True
) -> Path | None:
    """Print the oldest letters of a caisse's queue. Returns their file, or nothing when the queue is empty."""
    with files.alone_in(directory, wait=wait):
        _clean_up(directory, now=now)
        claimed = batches.claim(caisse, now=now)
        if claimed is None:
            return None
        pdf = directory / batches.file_name(claimed)
        index = files.write(_with(pdf, PARTIAL), partial(_draw_batch, batch=claimed, now=now))
        _write_json(_with(pdf.with_suffix(".json"), PARTIAL), index)
        if not _commit(claimed, pdf, index, by=by, now=now):
            _clean_up(directory, now=now)
            return None
        _finish(pdf)
        return pdf


def _draw_batch(target: BinaryIO, *, batch: LetterBatch, now: datetime) -> Index:
    day = french_date(batch.created_at)
    paper = new_paper(target, title=f"Courriers – {sender(batch.caisse).name} – {day}")
    index: Index = []
    for letter in batches.letters_of(batch):
        line: dict[str, Any] = {"letter": str(letter.pk), "kind": letter.kind, "department": letter.department}
        line |= {"created_at": _iso(letter.created_at), "public_code": letter.public_code}
        try:
            text = compose(letter)
        except CannotBePrinted as refused:
            index.append({**line, "state": State.SET_ASIDE, "page": None, "set_aside": refused.reason})
            continue
        index.append({**line, "state": State.PRINTED, "printed_at": _iso(now), "page": paper.getPageNumber()})
        if draw(paper, text) % 2:
            paper.showPage()  # the next letter begins on the front of a sheet
    paper.save()
    return index


def _commit(batch: LetterBatch, pdf: Path, index: Index, *, by: UUID | None, now: datetime) -> bool:
    set_aside = {UUID(line["letter"]): Reason(line["set_aside"]) for line in index if "set_aside" in line}
    with transaction.atomic():
        if not batches.mark_printed(batch, set_aside=set_aside, by=by, now=now):
            return False
        copies.keep(pdf, _with(pdf, PARTIAL).read_bytes(), index, batch=batch)
        for path in _both(pdf):
            files.rename(_with(path, PARTIAL), _with(path, READY))
    return True


def reprint(
    batch: LetterBatch, directory: Path, *, by: UUID | None = None, wait: bool = True, now: datetime
) -> Path | None:
    """Hand the batch's file out once more, under the name it had. Nothing when that may not or cannot be.

    The time is counted before the file appears: a crash between the two costs one of the few, and prints nothing twice.
    """
    with files.alone_in(directory, wait=wait):
        pdf = copies.find(directory, batch)
        if pdf is None:
            return None
        document, index = copies.read(pdf, batch)
        with transaction.atomic():
            if not batches.count_reprint(batch, by=by, now=now):
                return None
        _write_json(_with(pdf.with_suffix(".json"), PARTIAL), [{**line, "reprint": batch.reprints} for line in index])
        files.write(_with(pdf, PARTIAL), lambda file: file.write(document))
        for path in reversed(_both(pdf)):
            files.rename(_with(path, PARTIAL), path)
    return pdf


def finish_interrupted(directory: Path, *, now: datetime) -> int:
    """Give their names to the batches that a crash left committed but not renamed. Returns how many."""
    with files.alone_in(directory):
        return _clean_up(directory, now=now)


def _clean_up(directory: Path, *, now: datetime) -> int:
    finished = 0
    for ready in sorted(directory.glob(f"*.pdf{READY}")):
        pdf = ready.with_suffix("")
        if batches.is_printed(UUID(pdf.stem.rpartition("-")[2])):
            _finish(pdf)
            finished += 1
    for abandoned in directory.glob(f"*{PARTIAL}"):
        abandoned.unlink()
    copies.forget(directory, now=now)
    return finished


def _finish(pdf: Path) -> None:
    # The index first: who sees the PDF finds its index beside it.
    for path in reversed(_both(pdf)):
        if _with(path, READY).exists():
            files.rename(_with(path, READY), path)


def _both(pdf: Path) -> tuple[Path, Path]:
    return pdf, pdf.with_suffix(".json")


def _with(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _write_json(path: Path, said: Any) -> None:
    files.write(path, lambda file: file.write(copies.as_json(said)))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
