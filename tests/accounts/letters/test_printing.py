"""Letters printed once: at once in the demonstration, in batches per caisse, through any crash (R5, R7, R23)."""

import json
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pypdf import PdfReader

from accounts.letters import batch as batches
from accounts.letters import post, state
from accounts.letters.printing import finish_interrupted, print_at_once, print_batch
from accounts.models import Entry, Event, Letter, LetterBatch, Member
from tests.letters import A_MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Queue = Callable[..., Letter]
LATER = A_MOMENT + timedelta(hours=1)
CONFIRMATION = Letter.Kind.REGISTRATION_CONFIRMATION


def text_of(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


def index_of(pdf: Path) -> list[dict]:
    return json.loads(pdf.with_suffix(".json").read_text())


@pytest.fixture
def at_once(tmp_path: Path, settings: object) -> Path:
    settings.LETTERS_AT_ONCE_DIR = tmp_path / "letters"
    return settings.LETTERS_AT_ONCE_DIR


def test_the_demonstration_prints_a_letter_and_says_what_it_is(queue: Queue, at_once: Path) -> None:
    pdf = print_at_once(queue())
    assert "ACDE-FGHJ-KW67" in text_of(pdf)
    assert index_of(pdf) == {
        "kind": "temporary_password",
        "department": "67",
        "created_at": "2026-11-20T16:05:00+00:00",
    }
    assert sorted(path.suffix for path in at_once.iterdir()) == [".json", ".pdf"]
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o600


def test_a_letter_is_printed_at_once_one_time_and_forgotten(queue: Queue, at_once: Path) -> None:
    letter = queue()
    assert print_at_once(letter)
    kept = Letter.objects.get(pk=letter.pk)
    assert kept.content is None
    assert state(kept) == "posted"
    assert print_at_once(letter) is None
    assert print_at_once(kept) is None
    assert len(list(at_once.glob("*.pdf"))) == 1
    assert print_batch("68", at_once, LATER) is None


def test_a_letter_that_could_not_be_written_stays_in_the_queue(queue: Queue, at_once: Path) -> None:
    """R23."""
    letter = queue()
    at_once.write_text("a file stands where the folder should be")
    with pytest.raises(FileExistsError):
        print_at_once(letter)
    assert Letter.objects.get(pk=letter.pk).printed_at is None
    at_once.unlink()
    blocked = at_once / f"20261120T160500.000000Z-temporary_password-{letter.pk.hex[:8]}.pdf"
    blocked.mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        print_at_once(letter)
    assert Letter.objects.get(pk=letter.pk).content["password"] == "ACDE-FGHJ-KW67"
    blocked.rmdir()
    assert print_at_once(letter) == blocked


def test_a_letter_without_address_makes_no_file_at_once(queue: Queue, at_once: Path) -> None:
    assert print_at_once(queue(address=[])) is None
    assert list(at_once.iterdir()) == []
    assert state(Letter.objects.get()) == "set_aside"


def test_nothing_is_printed_at_once_outside_the_demonstration(queue: Queue, settings: object) -> None:
    settings.LETTERS_AT_ONCE_DIR = None
    assert print_at_once(queue()) is None
    assert Letter.objects.get().printed_at is None


def test_a_batch_holds_the_queue_of_one_caisse_each_letter_on_the_front_of_a_sheet(
    queue: Queue, tmp_path: Path
) -> None:
    ours = [queue(password="AAAA-AAAA-AAAA"), queue(CONFIRMATION), queue(password="CCCC-CCCC-CCCC")]
    other = queue(caisse="13")
    pdf = print_batch("68", tmp_path, LATER)
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    index = index_of(pdf)
    assert {line["letter"] for line in index} == {str(letter.pk) for letter in ours}
    assert [line["page"] for line in index] == [1, 3, 5]
    for line in index:
        letter = next(letter for letter in ours if str(letter.pk) == line["letter"])
        assert letter.content.get("password", "un espace privé a été ouvert") in pages[line["page"] - 1]
    assert [text.strip() for text in pages[1::2]] == ["", "", ""]
    assert Letter.objects.get(pk=other.pk).batch is None


def test_the_index_has_neither_secret_nor_name(queue: Queue, tmp_path: Path) -> None:
    """R20, and the contract of letters."""
    letter = queue()
    pdf = print_batch("68", tmp_path, LATER)
    index = index_of(pdf)
    assert index[0] == {
        "letter": str(letter.pk),
        "kind": "temporary_password",
        "department": "67",
        "created_at": "2026-11-20T16:05:00+00:00",
        "public_code": letter.public_code,
        "state": "printed",
        "printed_at": "2026-11-20T17:05:00+00:00",
        "page": 1,
    }
    said = pdf.with_suffix(".json").read_text()
    assert not any(word in said for word in ("ACDE", "LAMY", "Vignes", "STRASBOURG"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()] == [0o600] * 4


def test_a_printed_batch_is_forgotten_and_journaled(queue: Queue, tmp_path: Path) -> None:
    """R21, and never readable again by agents."""
    queue(), queue()
    print_batch("68", tmp_path, LATER)
    assert not Letter.objects.exclude(content=None).exists()
    assert set(Letter.objects.values_list("printed_at", flat=True)) == {LATER}
    assert LetterBatch.objects.get().printed_at == LATER
    assert Entry.objects.get(event=Event.LETTERS_PRINTED).detail == {"caisse": "68", "count": 2}


def test_an_empty_queue_prints_nothing(queue: Queue, tmp_path: Path) -> None:
    queue()
    assert print_batch("68", tmp_path, LATER)
    assert print_batch("68", tmp_path, LATER) is None
    assert LetterBatch.objects.count() == 1
    assert len(list(tmp_path.glob("*.pdf"))) == 1


def test_a_long_queue_makes_several_files_the_oldest_first(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LETTERS_PER_BATCH", 2)
    for number in range(5):
        letter = queue()
        Letter.objects.filter(pk=letter.pk).update(created_at=A_MOMENT + timedelta(minutes=number))
    printed = [print_batch("68", tmp_path, LATER + timedelta(seconds=turn)) for turn in range(3)]
    assert [len(index_of(pdf)) for pdf in printed] == [2, 2, 1]
    moments = [line["created_at"] for pdf in sorted(printed) for line in index_of(pdf)]
    assert moments == sorted(moments)


@pytest.mark.parametrize("caisse", ["", "999"])
def test_letters_without_a_known_caisse_have_a_batch_too(queue: Queue, tmp_path: Path, caisse: str) -> None:
    queue(caisse=caisse)
    assert batches.caisses_with_letters() == [caisse]
    assert "ACDE-FGHJ-KW67" in text_of(print_batch(caisse, tmp_path, LATER))


def test_a_letter_without_address_is_set_aside_and_the_others_are_printed(queue: Queue, tmp_path: Path) -> None:
    nowhere, good = queue(address=[]), queue(password="CCCC-CCCC-CCCC")
    pdf = print_batch("68", tmp_path, LATER)
    lines = {line["letter"]: line for line in index_of(pdf)}
    assert lines[str(nowhere.pk)]["set_aside"] == "no_address"
    assert lines[str(nowhere.pk)]["page"] is None
    assert lines[str(nowhere.pk)]["state"] == state(Letter.objects.get(pk=nowhere.pk)) == "set_aside"
    assert lines[str(good.pk)]["page"] == 1
    assert "CCCC-CCCC-CCCC" in text_of(pdf)


def test_a_letter_whose_key_is_missing_keeps_its_seal_for_the_day_the_key_is_back(queue: Queue, tmp_path: Path) -> None:
    lost, good = queue(), queue()
    Letter.objects.filter(pk=lost.pk).update(content=b"\x01\x04lost" + b"0" * 40)
    print_batch("68", tmp_path, LATER)
    kept = Letter.objects.filter(pk=lost.pk, content__isnull=False, printed_at=None)
    assert state(kept.get()) == "set_aside"
    assert Letter.objects.get(pk=good.pk).printed_at == LATER
    assert print_batch("68", tmp_path, LATER) is None


def interrupted(queue: Queue, folder: Path) -> Path:
    """A batch that was claimed and no more; returns where its PDF will stand."""
    queue()
    batch = batches.claim("68", now=A_MOMENT)
    return folder / f"20261120T160500.000000Z-68-{batch.pk.hex}.pdf"


def test_a_crash_after_the_claim_leaves_the_batch_to_the_next_run(queue: Queue, tmp_path: Path) -> None:
    """R23: nothing lost."""
    pdf = interrupted(queue, tmp_path)
    newer = queue()
    assert print_batch("68", tmp_path, LATER) == pdf
    assert Letter.objects.get(pk=newer.pk).printed_at is None
    assert LetterBatch.objects.count() == 1


@pytest.mark.parametrize("suffix", [".pdf", ".json"])
def test_a_crash_while_drawing_forgets_nothing(queue: Queue, tmp_path: Path, suffix: str) -> None:
    """R23."""
    pdf = interrupted(queue, tmp_path)
    blocked = pdf.with_name(pdf.stem + suffix + ".partial")
    (blocked / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        print_batch("68", tmp_path, LATER)
    assert Letter.objects.get().content["password"] == "ACDE-FGHJ-KW67"
    (blocked / "in the way").rmdir()
    blocked.rmdir()
    assert print_batch("68", tmp_path, LATER) == pdf
    assert text_of(pdf).count("ACDE-FGHJ-KW67") == 1


@pytest.mark.parametrize("suffix", [".pdf", ".json"])
def test_a_crash_before_the_commit_draws_the_same_batch_again(queue: Queue, tmp_path: Path, suffix: str) -> None:
    """R23."""
    pdf = interrupted(queue, tmp_path)
    blocked = pdf.with_name(pdf.stem + suffix + ".ready")
    blocked.mkdir()
    with pytest.raises(IsADirectoryError):
        print_batch("68", tmp_path, LATER)
    assert LetterBatch.objects.get().printed_at is None
    assert Letter.objects.get().printed_at is None
    assert not Entry.objects.filter(event=Event.LETTERS_PRINTED).exists()
    blocked.rmdir()
    assert print_batch("68", tmp_path, LATER) == pdf
    assert sorted(path.name for path in tmp_path.glob("[!.]*")) == [pdf.with_suffix(".json").name, pdf.name]


@pytest.mark.parametrize("suffix", [".pdf", ".json"])
def test_a_crash_after_the_commit_only_renames(queue: Queue, tmp_path: Path, suffix: str) -> None:
    """R23: nothing printed twice."""
    pdf = interrupted(queue, tmp_path)
    blocked = pdf.with_suffix(suffix)
    blocked.mkdir()
    with pytest.raises(IsADirectoryError):
        print_batch("68", tmp_path, LATER)
    assert LetterBatch.objects.get().printed_at == LATER
    assert Letter.objects.get().content is None
    drawn = pdf.with_name(pdf.name + ".ready").read_bytes()
    blocked.rmdir()
    assert finish_interrupted(tmp_path, now=LATER) == 1
    assert pdf.read_bytes() == drawn
    assert len(index_of(pdf)) == 1
    assert print_batch("68", tmp_path, LATER) is None
    assert finish_interrupted(tmp_path, now=LATER) == 0
    assert Entry.objects.filter(event=Event.LETTERS_PRINTED).count() == 1


def test_what_a_dead_run_left_half_drawn_is_removed(queue: Queue, tmp_path: Path) -> None:
    """Secrets do not lie about."""
    half = tmp_path / "20261101T080000.000000Z-68-00000000000000000000000000000000.pdf.partial"
    half.write_bytes(b"%PDF ACDE")
    queue()
    print_batch("68", tmp_path, LATER)
    assert not half.exists()


def test_a_batch_that_was_printed_elsewhere_meanwhile_is_thrown_away(queue: Queue, tmp_path: Path) -> None:
    """Two machines, one queue: the second to commit loses."""
    pdf = interrupted(queue, tmp_path)
    batch = LetterBatch.objects.get()
    assert batches.mark_printed(batch, set_aside={}, now=LATER)
    assert not batches.mark_printed(batch, set_aside={}, now=LATER)
    assert print_batch("68", tmp_path, LATER) is None
    assert not pdf.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_printed_after_the_commit_of_its_cause(fritz: Member, at_once: Path) -> None:
    """R23: a registration that is rolled back prints nothing."""
    with transaction.atomic():
        post(CONFIRMATION, member=fritz, now=A_MOMENT)
        transaction.set_rollback(True)
    assert not at_once.exists()
    with transaction.atomic():
        post(CONFIRMATION, member=fritz, now=A_MOMENT)
        assert not at_once.exists()
    assert len(list(at_once.glob("*.pdf"))) == 1
