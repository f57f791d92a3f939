"""Two print shops at the same moment: real transactions, so PostgreSQL only."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from accounts.letters.printing import print_batch
from accounts.models import Entry, Event, Letter
from tests.letters import A_MOMENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("folders", [("one", "two"), ("same", "same")], ids="/".join)
def test_two_printers_share_no_letter(queue: Callable[..., Letter], tmp_path: Path, folders: tuple[str, str]) -> None:
    """R23: on two machines, or on one folder of the same."""
    letters = [queue(caisse=caisse) for caisse in ("68", "13") for _ in range(6)]

    def printer(name: str) -> list[Path]:
        try:
            return [pdf for caisse in ("68", "13", "68") if (pdf := print_batch(caisse, tmp_path / name, A_MOMENT))]
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as printers:
        files = [pdf for printed in printers.map(printer, folders) for pdf in printed]
    printed = [line["letter"] for pdf in files for line in json.loads(pdf.with_suffix(".json").read_text())]
    assert sorted(printed) == sorted(str(letter.pk) for letter in letters)
    assert not Letter.objects.filter(printed_at=None).exists()
    assert Entry.objects.filter(event=Event.LETTERS_PRINTED).count() == len(files)
    assert all(path.suffix in (".pdf", ".json") for path in tmp_path.glob("*/[!.]*.*"))
