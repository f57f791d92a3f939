"""The print shop's answer."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.letters import batch as batches
from accounts.letters import state
from accounts.letters.printing import print_batch
from accounts.models import Letter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def run(*names: str) -> str:
    said = io.StringIO()
    call_command("letters_posted", *names, stdout=said)
    return said.getvalue()


def test_batches_are_posted_by_the_names_of_their_files(queue: Callable[..., Letter], tmp_path: Path) -> None:
    queue(caisse="68"), queue(caisse="13")
    files = [print_batch(caisse, tmp_path, timezone.now()) for caisse in ("68", "13")]
    first, second = (pdf.name for pdf in files if pdf)
    assert run(first, second) == f"{first}: posted\n{second}: posted\n"
    assert {state(letter) for letter in Letter.objects.all()} == {"posted"}
    assert run(first) == f"{first}: was posted before\n"


def test_what_is_no_printed_batch_is_named_and_the_others_are_posted(
    queue: Callable[..., Letter], tmp_path: Path
) -> None:
    queue(caisse="68"), queue(caisse="13")
    pdf, claimed = print_batch("68", tmp_path, timezone.now()), batches.claim("13", now=timezone.now())
    assert pdf
    assert claimed
    with pytest.raises(CommandError, match=f"No printed batch: nothing, {claimed.pk.hex}"):
        run("nothing", claimed.pk.hex, pdf.name)
    assert {state(letter) for letter in Letter.objects.all()} == {"posted", "in_batch"}
