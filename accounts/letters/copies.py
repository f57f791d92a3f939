"""What a reprint is made of: a sealed copy of each batch's file, until the letters are posted or a week has passed.

The letters themselves are forgotten once printed, so nothing can be drawn again. What the print shop has lost before it
posted is handed out once more, the same file under the same name; beyond that a new letter with a new code is needed.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from accounts.letters import files
from accounts.models import LetterBatch
from accounts.sealed import seal, unseal

FOLDER, SEALED = ".copies", ".sealed"


def keep(pdf: Path, document: bytes, index: Any, *, batch: LetterBatch) -> None:
    """Beside the files of the print shop, which cannot read it."""
    folder = pdf.parent / FOLDER
    folder.mkdir(mode=files.PRIVATE_FOLDER, exist_ok=True)
    for name, plain in ((pdf.name, document), (pdf.with_suffix(".json").name, as_json(index))):
        sealed = seal(plain, context=_context(batch.pk, name))
        unfinished = folder / f"{name}.partial"
        files.write(unfinished, lambda file, sealed=sealed: file.write(sealed))  # type: ignore[misc]
        files.rename(unfinished, folder / f"{name}{SEALED}")


def find(directory: Path, batch: LetterBatch) -> Path | None:
    """The name under which the batch was handed out from this folder, while its copy is kept."""
    for copy in (directory / FOLDER).glob(f"*-{batch.pk.hex}.pdf{SEALED}"):
        return directory / copy.name.removesuffix(SEALED)
    return None


def read(pdf: Path, batch: LetterBatch) -> tuple[bytes, list[dict[str, Any]]]:
    """The document and its index. Raises SealBroken when the key is gone or the file was altered."""
    index = _open(pdf.with_suffix(".json"), batch)
    return _open(pdf, batch), json.loads(index)


def forget(directory: Path, *, now: datetime) -> int:
    """Remove the copies of batches that are posted, or too old, or that no longer exist. Returns how many files."""
    kept = sorted((directory / FOLDER).glob("*"))
    wanted = set(
        LetterBatch.objects.filter(
            pk__in=filter(None, map(_batch_of, kept)),
            posted_at=None,
            printed_at__gt=now - settings.LETTER_COPIES_LIFE,
        ).values_list("pk", flat=True)
    )
    gone = [path for path in kept if path.suffix != SEALED or _batch_of(path) not in wanted]
    for path in gone:
        path.unlink()
    return len(gone)


def as_json(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _open(path: Path, batch: LetterBatch) -> bytes:
    sealed = path.parent / FOLDER / f"{path.name}{SEALED}"
    return unseal(sealed.read_bytes(), context=_context(batch.pk, path.name))


def _context(batch: UUID, name: str) -> bytes:
    return f"letter_copy:{batch}:{name}".encode()


def _batch_of(path: Path) -> UUID | None:
    """From « moment-caisse-batch.pdf.sealed »."""
    try:
        return UUID(path.name.partition(".pdf")[0].partition(".json")[0].rpartition("-")[2])
    except ValueError:
        return None
