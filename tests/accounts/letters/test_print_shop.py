"""The print shop's folder, filled from the desk: one batch a task, one printer at a time (issue 5, Letters; R23)."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from accounts import tasks
from accounts.letters import batch as batches
from accounts.letters import files, print_shop
from accounts.letters.printing import print_batch
from accounts.models import Entry, Event, Letter, LetterBatch
from tests.letters import A_MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Queue = Callable[..., Letter]
AGENT = uuid.uuid4()


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.LETTERS_DIR = tmp_path / "courriers"
    return tmp_path / "courriers"


def print_next(*caisses: str) -> list[str]:
    return print_shop.print_next(caisses, by=AGENT, now=A_MOMENT)


def pdfs(folder: Path) -> list[str]:
    return sorted(path.name.split("-")[1] for path in folder.glob("*.pdf"))


def test_one_batch_at_a_time_and_what_is_left(queue: Queue, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand letters take a minute; e-mails go between two of them."""
    monkeypatch.setattr(batches, "LETTERS_PER_BATCH", 2)
    for caisse in ("13", "13", "13", "68"):
        queue(caisse=caisse)
    assert print_next("01", "13", "68") == ["13", "68"]
    assert pdfs(folder) == ["13"]
    assert print_next("13", "68") == ["68"]
    assert print_next("68") == []
    assert pdfs(folder) == ["13", "13", "68"]
    assert print_next("13", "68") == []
    assert not Letter.objects.filter(printed_at=None).exists()


def test_the_journal_says_who_asked(queue: Queue, folder: Path) -> None:
    """R21: a command says nobody."""
    queue(), queue(caisse="13")
    print_next("68")
    print_batch("13", folder, A_MOMENT)
    lines = Entry.objects.filter(event=Event.LETTERS_PRINTED).order_by("pk")
    assert [line.detail for line in lines] == [
        {"caisse": "68", "count": 1, "by": AGENT.hex},
        {"caisse": "13", "count": 1},
    ]


def test_nothing_waits_nothing_is_written(folder: Path) -> None:
    """Neither a file nor a batch nor a line."""
    assert print_next("68", "13") == []
    assert list(folder.iterdir()) == []
    assert not LetterBatch.objects.exists()
    assert not Entry.objects.exists()


def test_a_folder_that_somebody_prints_into_is_left_to_them(queue: Queue, folder: Path) -> None:
    """The lock of the command and the worker's is one; the worker stands at no door."""
    queue()
    with files.alone_in(folder), pytest.raises(files.Busy):
        print_next("68")
    assert not LetterBatch.objects.exists()
    assert print_next("68") == []
    assert pdfs(folder) == ["68"]


def test_the_tasks_print_everything_one_after_the_other(
    queue: Queue, folder: Path, worker_here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LETTERS_PER_BATCH", 1)
    for caisse in ("13", "68", "68"):
        queue(caisse=caisse)
    tasks.print_letters.delay(["13", "68"], str(AGENT))
    assert pdfs(folder) == ["13", "68", "68"]


def test_a_file_is_handed_out_again_by_a_task(queue: Queue, folder: Path) -> None:
    queue()
    print_next("68")
    pdf = next(folder.glob("*.pdf"))
    pdf.unlink()
    batch = LetterBatch.objects.get()
    assert batches.file_name(batch) == pdf.name
    LetterBatch.objects.update(printed_at=A_MOMENT)
    assert print_shop.hand_out_again(batch, by=AGENT, now=A_MOMENT)
    assert [line["reprint"] for line in json.loads(pdf.with_suffix(".json").read_text())] == [1]
    assert Entry.objects.get(event=Event.LETTERS_REPRINTED).detail["by"] == AGENT.hex


@pytest.mark.parametrize("lost", ["gone", "altered"])
def test_a_copy_that_is_not_there_or_does_not_open_is_told(queue: Queue, folder: Path, lost: str) -> None:
    """Printed by a command into another folder, or altered there: the journal says it, and nothing is counted."""
    queue()
    print_next("68")
    for copy in (folder / ".copies").iterdir():
        copy.unlink() if lost == "gone" else copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    batch = LetterBatch.objects.get()
    assert not print_shop.hand_out_again(batch, by=AGENT, now=A_MOMENT)
    [line] = Entry.objects.filter(event=Event.LETTERS_NOT_REPRINTED)
    assert line.detail == {"caisse": "68", "batch": batch.pk.hex, "by": AGENT.hex}
    batch.refresh_from_db()
    assert batch.reprints == 0


def test_what_a_batch_holds_is_counted_by_reason(queue: Queue, folder: Path) -> None:
    queue(), queue(), queue(address=[])
    print_next("68")
    assert batches.set_aside_in(LetterBatch.objects.get()) == {"": 2, "no_address": 1}
