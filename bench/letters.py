"""Letters of one caisse, from the queue to the print shop's file, beside the drawing alone (R5, R7, R11, R23)."""

import io
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from accounts import letters, notifications
from accounts.letters import batch as batches
from accounts.letters.layout import draw, new_paper
from accounts.letters.printing import print_batch
from accounts.letters.text import LetterText, compose
from accounts.models import Letter, LetterBatch, Member
from tests.personas import persona

FULL, SMALL, ROUNDS = 1000, 100, 3
AIM, RATIO = 1000, 1.5


def run(small: bool) -> list[dict]:
    count, member = SMALL if small else FULL, persona("lamy").member
    assert member
    forget()
    rounds = [one_round(member, count) for _ in range(ROUNDS)]
    written, printed, drawn = (statistics.median(each) for each in zip(*rounds, strict=True))
    return [
        row("drawing alone, to memory", count, drawn),
        row("composed, drawn, indexed, sealed copy, forgotten", count, printed) | {"aim": f"≥ {AIM:,} a minute"},
        {"what": "ratio of the two, by processor", "letters a minute": round(printed / drawn, 2), "aim": f"≤ {RATIO}"},
        row("written into the queue, each with its code", count, written),
    ]


def one_round(member: Member, count: int) -> tuple[float, float, float]:
    """Processor seconds of this process, which runs on one core: to write, to print, to draw so many letters."""
    now = timezone.now()
    written = seconds(lambda: fill(member, count, now))
    texts = [compose(letter) for letter in batches.queued().order_by("created_at", "pk")]
    drawn = seconds(lambda: draw_all(texts))
    with TemporaryDirectory() as folder:
        caisse = batches.queued()[0].caisse
        printed = seconds(lambda: print_batch(caisse, Path(folder), now))
    forget()
    return written, printed, drawn


def fill(member: Member, count: int, now: datetime) -> None:
    until = now + timedelta(days=30)
    secret = notifications.temporary_password_letter(member, "ACDEFGHJKW67", until=until, registering=True)
    for _ in range(count):
        letters.post(Letter.Kind.TEMPORARY_PASSWORD, member=member, now=now, **secret)


def draw_all(texts: list[LetterText]) -> None:
    paper = new_paper(io.BytesIO(), title="Courriers")
    for text in texts:
        draw(paper, text)
    paper.save()


def forget() -> None:
    """Also what other benchmarks left in the queue."""
    Letter.objects.all().delete()
    LetterBatch.objects.all().delete()


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def row(what: str, count: int, spent: float) -> dict:
    return {"what": what, "letters a minute": round(60 * count / spent), "ms each": round(1000 * spent / count, 2)}
