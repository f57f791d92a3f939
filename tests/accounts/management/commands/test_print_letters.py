"""The command of the print shop."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Entry, Letter, LetterBatch

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def run(out: Path, **options: str) -> str:
    said = io.StringIO()
    call_command("print_letters", out=out, stdout=said, **options)
    return said.getvalue()


def test_every_queue_is_printed_with_one_file_per_caisse(queue, tmp_path: Path) -> None:
    for caisse in ("68", "68", "13", ""):
        queue(caisse=caisse)
    said = run(tmp_path / "out")
    assert "3 file(s) printed" in said
    assert "[3/3] caisse 68" in said
    assert sorted(path.name.split("-")[1] for path in (tmp_path / "out").glob("*.pdf")) == ["13", "68", "msa"]
    assert not Letter.objects.filter(printed_at=None).exists()
    assert "0 file(s) printed" in run(tmp_path / "out")


def test_one_caisse_alone_can_be_printed(queue, tmp_path: Path) -> None:
    queue(caisse="68"), queue(caisse="13")
    assert "1 file(s) printed" in run(tmp_path, caisse="13")
    assert list(Letter.objects.filter(printed_at=None).values_list("caisse", flat=True)) == ["68"]


def test_an_interrupted_run_is_completed_first(queue, tmp_path: Path) -> None:
    """R23."""
    queue()
    run(tmp_path)
    pdf = next(tmp_path.glob("*.pdf"))
    pdf.rename(pdf.with_name(pdf.name + ".ready"))
    said = run(tmp_path)
    assert "1 file(s) of an interrupted run completed" in said
    assert "0 file(s) printed" in said
    assert pdf.exists()


def test_a_run_without_letters_writes_nothing(db: None, tmp_path: Path) -> None:
    """Neither a file nor a batch nor a line of the journal."""
    assert run(tmp_path / "out") == "0 file(s) printed\n"
    assert run(tmp_path / "out", caisse="68") == "0 file(s) printed\n"
    assert list((tmp_path / "out").iterdir()) == []
    assert not LetterBatch.objects.exists()
    assert not Entry.objects.exists()
