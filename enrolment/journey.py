"""The journey's verbs: start, current, reaches, record, forget. They know neither HTTP nor the questions."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.db import transaction

from accounts import journal
from accounts.models import Event
from enrolment.answers import RESTS_ON_PROOF, Answers
from enrolment.models import Enrolment


class Stage(Protocol):
    """What the journey has to know of a step."""

    slug: ClassVar[str]
    is_end: ClassVar[bool]

    @classmethod
    def applies(cls, answers: Answers) -> bool: ...


Stages = Sequence[type[Stage]]


def start(*, now: datetime) -> Enrolment:
    """A new journey, 24 hours to finish it (R16)."""
    enrolment = Enrolment(
        step="",
        tries_left=settings.IDENTITY_ANSWERS,
        created_at=now,
        updated_at=now,
        expires_at=now + settings.JOURNEY_LIFE,
    )
    enrolment.answers = {}
    enrolment.save()
    journal.record(Event.REGISTRATION_STARTED, enrolment=enrolment.pk, now=now)
    return enrolment


def find(enrolment_id: str | None, *, now: datetime) -> Enrolment | None:
    """The journey of this id while it lives."""
    try:
        key = uuid.UUID(enrolment_id or "")
    except ValueError:
        return None
    return Enrolment.objects.filter(pk=key, expires_at__gt=now).first()


def answers_of(enrolment: Enrolment | None) -> Answers:
    if enrolment is None:
        return Answers({}, settings.IDENTITY_ANSWERS)
    return Answers(enrolment.answers, enrolment.tries_left)


def way(stages: Stages, answers: Answers) -> list[type[Stage]]:
    """The steps that are part of this caller's way, in order."""
    return [stage for stage in stages if stage.applies(answers)]


def current(stages: Stages, answers: Answers) -> type[Stage]:
    """The first applicable step that is not done."""
    ahead = way(stages, answers)
    return next((stage for stage in ahead if stage.is_end or not answers.has(stage.slug)), ahead[-1])


def reaches(stages: Stages, answers: Answers, slug: str) -> bool:
    """Whether the caller may stand at this step: it is on the way and nothing before it is missing."""
    here = current(stages, answers)
    for stage in way(stages, answers):
        if stage.slug == slug:
            return True
        if stage is here:
            return False
    return False


def before(stages: Stages, answers: Answers, slug: str) -> type[Stage] | None:
    """The step that « < Précédent » leads to."""
    earlier = None
    for stage in way(stages, answers):
        if stage.slug == slug:
            return earlier
        earlier = stage
    return earlier


def after(stages: Stages, answers: Answers, slug: str) -> type[Stage]:
    """The step that « Suivant > » leads to: the next one on the way, never past where the caller stands."""
    here, passed = current(stages, answers), False
    for stage in way(stages, answers):
        if passed or stage is here:
            return stage
        passed = stage.slug == slug
    return here


@transaction.atomic
def record(
    enrolment: Enrolment, slug: str, kept: Mapping[str, Any], *, rests_on: Answers | None = None, now: datetime
) -> None:
    """Remember an answer; one that changed makes every later proof be asked again.

    A proof `rests_on` the answers it was checked against: if another tab has changed them meanwhile, it proves nothing.
    """
    held = Enrolment.objects.select_for_update().filter(pk=enrolment.pk, completed_at=None).first()
    if held is None:  # finished or abandoned in another tab
        return
    if rests_on is not None and held.answers != rests_on.kept:
        enrolment.answers, enrolment.tries_left = held.answers, held.tries_left
        return
    answers = dict(held.answers)
    if slug in answers and answers[slug] != kept:
        answers = {name: value for name, value in answers.items() if name not in RESTS_ON_PROOF}
    answers[slug] = dict(kept)
    held.answers, held.step, held.updated_at = answers, slug, now
    held.save(update_fields=["answers", "step", "updated_at"])
    enrolment.answers, enrolment.step, enrolment.tries_left = answers, slug, held.tries_left


def finish(enrolment: Enrolment, end: Mapping[str, Any], *, now: datetime) -> None:
    """What the last page needs is kept, and no more."""
    enrolment.answers = {"fin": dict(end)}
    enrolment.completed_at, enrolment.updated_at, enrolment.step = now, now, "terminee"
    enrolment.save(update_fields=["answers", "completed_at", "updated_at", "step"])


def abandon(enrolment: Enrolment, *, now: datetime) -> None:
    """The caller leaves: nothing is kept."""
    with transaction.atomic():
        if Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).delete()[0]:
            journal.record(
                Event.REGISTRATION_ABANDONED, enrolment=enrolment.pk, detail={"step": enrolment.step}, now=now
            )
