"""The same file handed out again: few times, for a few days, before it is posted (R13, R20, R23)."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.letters import batch as batches
from accounts.letters import copies, mark_posted
from accounts.letters.printing import finish_interrupted, print_batch, reprint
from accounts.models import Entry, Event, Letter, LetterBatch
from accounts.sealed import SealBroken
from tests.letters import A_MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Queue = Callable[..., Letter]
ROOT = Path(__file__).resolve().parents[3]
LATER, DAY = A_MOMENT + timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def pdf(queue: Queue, tmp_path: Path) -> Path:
    queue(), queue()
    printed = print_batch("68", tmp_path, LATER)
    assert printed
    return printed


def the_batch() -> LetterBatch:
    return LetterBatch.objects.get()


def copies_in(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".copies").iterdir())


def test_the_same_file_comes_again_under_its_name_and_is_counted(pdf: Path, tmp_path: Path) -> None:
    drawn = pdf.read_bytes()
    pdf.unlink(), pdf.with_suffix(".json").unlink()
    assert reprint(the_batch(), tmp_path, now=LATER + DAY) == pdf
    assert pdf.read_bytes() == drawn
    assert [line["reprint"] for line in json.loads(pdf.with_suffix(".json").read_text())] == [1, 1]
    entry = Entry.objects.get(event=Event.LETTERS_REPRINTED)
    assert entry.detail == {"caisse": "68", "batch": the_batch().pk.hex, "reprints": 1}


def test_nothing_is_drawn_again(pdf: Path, tmp_path: Path) -> None:
    """The letters are forgotten: what is handed out is what was printed."""
    reprint(the_batch(), tmp_path, now=LATER)
    assert not Letter.objects.exclude(content=None).exists()
    assert Entry.objects.filter(event=Event.LETTERS_PRINTED).count() == 1


def test_twice_and_no_more(pdf: Path, tmp_path: Path) -> None:
    assert [bool(reprint(the_batch(), tmp_path, now=LATER + DAY)) for _ in range(4)] == [True, True, False, False]
    assert the_batch().reprints == 2
    assert Entry.objects.filter(event=Event.LETTERS_REPRINTED).count() == 2


def test_not_after_a_week(pdf: Path, tmp_path: Path) -> None:
    pdf.unlink()
    assert reprint(the_batch(), tmp_path, now=LATER + 7 * DAY) is None
    assert not pdf.exists()
    finish_interrupted(tmp_path, now=LATER + 7 * DAY)
    assert copies_in(tmp_path) == []


def test_not_once_the_letters_are_posted(pdf: Path, tmp_path: Path) -> None:
    pdf.unlink()
    mark_posted(the_batch(), now=LATER + DAY)
    assert reprint(the_batch(), tmp_path, now=LATER + DAY) is None
    assert not pdf.exists()
    assert print_batch("68", tmp_path, LATER + DAY) is None
    assert copies_in(tmp_path) == []


def test_not_from_another_folder(pdf: Path, tmp_path: Path) -> None:
    assert reprint(the_batch(), tmp_path / "elsewhere", now=LATER) is None
    assert the_batch().reprints == 0


def test_a_copy_opens_with_our_key_only_and_for_its_batch_only(pdf: Path, queue: Queue, tmp_path: Path) -> None:
    """R20: the print shop's folder holds no secret longer than the print shop leaves it there."""
    kept = [path.read_bytes() for path in (tmp_path / ".copies").iterdir()]
    assert len(kept) == 2
    assert not any(b"%PDF" in sealed or b"temporary_password" in sealed for sealed in kept)
    queue()
    other = print_batch("68", tmp_path, LATER)
    for path in (tmp_path / ".copies").glob(f"{other.stem}*"):
        path.write_bytes((tmp_path / ".copies" / path.name.replace(other.stem, pdf.stem)).read_bytes())
    with pytest.raises(SealBroken):
        reprint(batches.named(other.name), tmp_path, now=LATER)
    assert batches.named(other.name).reprints == 0


def test_a_copy_whose_batch_is_gone_goes_too(pdf: Path, tmp_path: Path) -> None:
    Letter.objects.all().delete()
    LetterBatch.objects.all().delete()
    (tmp_path / ".copies" / "half.pdf.partial").write_bytes(b"%PDF")
    assert copies.forget(tmp_path, now=LATER) == 3
    assert copies_in(tmp_path) == []


def test_a_crash_between_the_copy_and_the_commit_leaves_no_second_outcome(queue: Queue, tmp_path: Path) -> None:
    """The copy of a batch that was not printed is not handed out, and is written anew with it."""
    queue()
    batch = batches.claim("68", now=A_MOMENT)
    pdf = tmp_path / f"20261120T160500.000000Z-68-{batch.pk.hex}.pdf"
    copies.keep(pdf, b"%PDF half", [], batch=batch)
    assert reprint(the_batch(), tmp_path, now=LATER) is None
    assert print_batch("68", tmp_path, LATER) == pdf
    document, index = copies.read(pdf, the_batch())
    assert document == pdf.read_bytes()
    assert len(index) == 1


def test_a_batch_is_found_by_its_file(pdf: Path) -> None:
    batch = the_batch()
    for name in (pdf.name, str(pdf), pdf.stem, pdf.with_suffix(".json").name, batch.pk.hex, str(batch.pk.hex).upper()):
        assert batches.named(name) == batch
    for name in ("", "x", "20261120-68-", "0" * 32):
        assert batches.named(name) is None


def test_every_field_of_an_index_is_documented_and_every_documented_one_is_there(queue: Queue, tmp_path: Path) -> None:
    """Issue 5, letters: the print shop's people read docs/operations.md."""
    queue(), queue(address=[])
    print_batch("68", tmp_path, LATER)
    pdf = reprint(the_batch(), tmp_path, now=LATER)
    assert pdf
    found = {name for line in json.loads(pdf.with_suffix(".json").read_text()) for name in line}
    section = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("\n## Letters\n")[2]
    table = section.partition("| field | meaning |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == found
