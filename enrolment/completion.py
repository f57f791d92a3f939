"""The end of a registration: one transaction makes the account and what goes to the member, or nothing (R5, R7)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts import access, journal, letters, membership, notifications, opening, outbox
from accounts.models import Channel, Event, Member
from enrolment import journey, proofs
from enrolment.answers import Answers
from enrolment.models import Enrolment

BY_POST = "registration_by_post"


class Outcome(StrEnum):
    """How a registration ended; by post and no letter look the same to the caller (R5)."""

    EMAIL = "email"
    POST = "post"
    EXISTS = "exists"
    NOBODY = "nobody"
    DONE_ALREADY = "done_already"


@transaction.atomic
def complete(enrolment: Enrolment, *, now: datetime) -> Outcome:
    """Finish the journey once, whatever tabs and double clicks do."""
    answers = journey.answers_of(enrolment)
    if not Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).update(completed_at=now):
        return Outcome.DONE_ALREADY
    outcome = (
        _conclude(enrolment.pk, answers, now=now) if answers.is_proven else _leave_to_post(enrolment, answers, now)
    )
    journey.finish(enrolment, _last_page(answers, outcome), now=now)
    return outcome


def _leave_to_post(enrolment: Enrolment, answers: Answers, now: datetime) -> Outcome:
    """R5: decided beside the requests, so that the last click takes a member's time for everybody."""
    content = {"enrolment": str(enrolment.pk), "answers": dict(answers.kept), "at": now.isoformat()}
    outbox.put(BY_POST, account=None, content=content, now=now)
    return Outcome.POST


@outbox.answers(BY_POST)
def conclude_by_post(content: dict[str, Any], *, now: datetime) -> None:
    """The registration of a caller who proved nothing: a letter to the member, or nothing at all."""
    clicked = datetime.fromisoformat(content["at"])
    _conclude(uuid.UUID(content["enrolment"]), Answers(content["answers"]), now=clicked)


def _conclude(enrolment: uuid.UUID, answers: Answers, *, now: datetime) -> Outcome:
    claim = proofs.claim_of(answers)
    if claim.member is None:
        return _refused(enrolment, claim.outcome, Outcome.NOBODY, now=now)
    # Read once for all that ask where the member is known.
    prefetch_related_objects([claim.member], "affiliations")
    channel = _channel(claim.member, answers, now=now)
    if channel == Channel.POST and not letters.can_be_posted_to(claim.member):
        return _refused(enrolment, "no_address", Outcome.NOBODY, now=now)
    account = opening.open_account(claim.member, channel=channel, given=_given(answers), now=now)
    if account is None:
        return _refused(enrolment, "account_exists", Outcome.EXISTS, now=now)
    # F02: every department in which the member is known opens by itself.
    opened = [department.code for department in membership.of(claim.member, on=timezone.localdate(now)).departments]
    detail = {"channel": channel, "profile": answers.profile, "departments": opened}
    journal.record(Event.REGISTRATION_COMPLETED, account=account, enrolment=enrolment, detail=detail, now=now)
    access.send_temporary_password(account, channel=channel, registering=True, now=now)
    if channel == Channel.EMAIL:
        notifications.registration_confirmation_letter(claim.member, now=now)
        return Outcome.EMAIL
    return Outcome.POST


def _channel(member: Member, answers: Answers, *, now: datetime) -> Channel:
    """By e-mail after a proof, unless the caisse always writes (R5)."""
    return Channel.EMAIL if answers.is_proven and not proofs.always_by_post(member, now=now) else Channel.POST


def _refused(enrolment: uuid.UUID, reason: str, outcome: Outcome, *, now: datetime) -> Outcome:
    journal.record(Event.REGISTRATION_REFUSED, enrolment=enrolment, detail={"reason": reason}, now=now)
    return outcome


def _given(answers: Answers) -> opening.Given | None:
    """What was typed is the member's only once they proved to be the member."""
    if not answers.is_proven:
        return None
    told = answers.of("coordonnees")
    return opening.Given(told["email"], told["mobile"] or None)


def _last_page(answers: Answers, outcome: Outcome) -> dict[str, str]:
    nir = answers.nir
    return {
        "outcome": Outcome.POST if outcome is Outcome.NOBODY else outcome,
        "email": answers.email if outcome is Outcome.EMAIL else "",
        "nir": nir.number if nir else "",
    }
