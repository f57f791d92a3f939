"""A file that the print shop lost."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.letters.printing import print_batch
from accounts.models import Letter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def pdf(queue: Callable[..., Letter], tmp_path: Path) -> Path:
    queue()
    printed = print_batch("68", tmp_path, timezone.now())
    assert printed
    return printed


def run(name: str, out: Path) -> str:
    said = io.StringIO()
    call_command("reprint_letters", name, out=out, stdout=said)
    return said.getvalue()


def test_it_comes_back_and_the_command_counts(pdf: Path, tmp_path: Path) -> None:
    pdf.unlink()
    assert run(pdf.name, tmp_path) == f"{pdf.name}: reprint 1 of 2\n"
    assert pdf.exists()
    assert run(pdf.name, tmp_path) == f"{pdf.name}: reprint 2 of 2\n"
    with pytest.raises(CommandError, match="2 times, within 7 days"):
        run(pdf.name, tmp_path)


def test_an_unknown_batch_and_an_altered_copy_are_told(pdf: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No printed batch: nothing"):
        run("nothing", tmp_path)
    copy = next((tmp_path / ".copies").glob("*.pdf.sealed"))
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    with pytest.raises(CommandError, match="does not open"):
        run(pdf.name, tmp_path)
