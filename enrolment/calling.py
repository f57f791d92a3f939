"""A caller and an agent look at one registration: six digits said aloud, for half an hour (issue 5, Support desk 7).

The agent learns where the caller stands and since when, never what was answered.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import journal
from accounts.models import Account, Event
from accounts.sealed import fingerprint
from enrolment import journey
from enrolment.answers import Answers
from enrolment.models import Enrolment
from enrolment.steps import CHAPTERS, STEPS, Step

BY_SLUG = {step.slug: step for step in STEPS}


@dataclass(frozen=True)
class Standing:
    """Where a journey stands, as an agent may know it."""

    title: str
    # What the caller's page asks, in its own words: four pages of one chapter have the same title.
    asks: tuple[str, ...]
    chapter: str
    begun: datetime
    since: datetime
    tries_left: int
    expires_at: datetime
    # Whether the letter is a way that is still open, and not the one it is on already.
    may_go_by_post: bool
    goes_by_post: bool


def begin(enrolment: Enrolment, *, now: datetime) -> str:
    """Six digits for this journey; those of before stop working. Kept as a fingerprint, unique while they live."""
    while True:
        digits = f"{secrets.randbelow(10**6):06d}"
        mark = _mark(digits)
        Enrolment.objects.filter(call_fingerprint=mark, call_until__lte=now).update(call_fingerprint=None)
        try:
            with transaction.atomic():
                mine = Enrolment.objects.filter(pk=enrolment.pk)
                mine.update(call_fingerprint=mark, call_until=now + settings.CALL_CODE_LIFE)
        except IntegrityError:  # somebody else's at this moment
            continue
        return digits


def find(digits: str, *, now: datetime) -> Enrolment | None:
    """The journey whose caller reads these digits, while it goes on."""
    live = Enrolment.objects.filter(call_fingerprint=_mark(digits), call_until__gt=now)
    return live.filter(completed_at=None, expires_at__gt=now).first()


def standing(enrolment: Enrolment) -> Standing:
    answers = journey.answers_of(enrolment)
    here = BY_SLUG[journey.current(STEPS, answers).slug]
    return Standing(
        here.title,
        _asked_on(here),
        f"{here.chapter.number} sur {len(CHAPTERS)}, {here.chapter.title}",
        enrolment.created_at,
        enrolment.updated_at,
        enrolment.tries_left,
        enrolment.expires_at,
        _may_go_by_post(answers),
        answers.goes_by_post,
    )


def _asked_on(step: type[Step]) -> tuple[str, ...]:
    asked = step.base_fields.values()
    return tuple(str(each.label) for each in asked if each.label and not each.widget.is_hidden)


def _may_go_by_post(answers: Answers) -> bool:
    """A proven caller has their password at once; a company asks its caisse; who has an account signs in."""
    ends_otherwise = answers.asks_for_a_request or answers.has_account_already
    return not (ends_otherwise or answers.is_proven or answers.goes_by_post)


@transaction.atomic
def assist(enrolment: Enrolment, *, by: Account, now: datetime) -> Standing:
    """An agent looks; the journal says so."""
    journal.record(Event.REGISTRATION_ASSISTED, account=by, enrolment=enrolment.pk, detail={"by": by.pk.hex}, now=now)
    return standing(enrolment)


@transaction.atomic
def send_to_post(enrolment: Enrolment, *, by: Account, now: datetime) -> bool:
    """R5: as after three wrong answers, the password will go by letter. False when the journey went on without it.

    Nothing else changes: the caller's next page is the one after the questions.
    """
    held = Enrolment.objects.select_for_update().filter(pk=enrolment.pk, completed_at=None).first()
    if held is None or not _may_go_by_post(journey.answers_of(held)):
        return False
    Enrolment.objects.filter(pk=held.pk).update(tries_left=0, updated_at=now)
    detail = {"by": by.pk.hex, "left": held.tries_left}
    journal.record(Event.REGISTRATION_SENT_TO_POST, account=by, enrolment=held.pk, detail=detail, now=now)
    return True


def _mark(digits: str) -> bytes:
    return fingerprint("call", digits)
