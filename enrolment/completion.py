"""The end of a registration: one transaction makes the account and what goes to the member, or nothing (R5, R7)."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts import access, journal, letters, membership, notifications
from accounts.models import Account, Channel, Event, Member, login_of_nir
from enrolment import journey, proofs
from enrolment.answers import Answers
from enrolment.models import Enrolment


class Outcome(StrEnum):
    """How a registration ended; by post and no letter look the same to the caller (R5)."""

    EMAIL = "email"
    POST = "post"
    EXISTS = "exists"
    NOTHING = "nothing"


@transaction.atomic
def complete(enrolment: Enrolment, *, now: datetime) -> Outcome:
    """Finish the journey once, whatever tabs and double clicks do."""
    answers = journey.answers_of(enrolment)
    if not Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).update(completed_at=now):
        return Outcome.NOTHING
    outcome = _conclude(enrolment, answers, now=now)
    _keep_only(enrolment, answers, outcome, now=now)
    return outcome


def _conclude(enrolment: Enrolment, answers: Answers, *, now: datetime) -> Outcome:
    claim = proofs.claim_of(answers)
    if claim.member is None:
        return _nothing(enrolment, claim.outcome, now=now)
    # Read once for all that ask where the member is known.
    prefetch_related_objects([claim.member], "affiliations")
    channel = _channel(claim.member, answers, now=now)
    if channel == Channel.POST and not letters.can_be_posted_to(claim.member):
        return _nothing(enrolment, "no_address", now=now)
    account = _open_account(claim.member, answers, now=now)
    if account is None:
        # Proven, the caller may know; by post, a stranger must not.
        _nothing(enrolment, "account_exists", now=now)
        return Outcome.EXISTS if answers.is_proven else Outcome.POST
    # F02: every department in which the member is known opens by itself.
    opened = [department.code for department in membership.of(claim.member, on=timezone.localdate(now)).departments]
    detail = {"channel": channel, "profile": answers.profile, "departments": opened}
    journal.record(Event.REGISTRATION_COMPLETED, account=account, enrolment=enrolment.pk, detail=detail, now=now)
    access.send_temporary_password(account, channel=channel, registering=True, now=now)
    if channel == Channel.EMAIL:
        notifications.registration_confirmation_letter(claim.member, now=now)
        return Outcome.EMAIL
    return Outcome.POST


def _channel(member: Member, answers: Answers, *, now: datetime) -> Channel:
    """By e-mail after a proof, unless the caisse always writes (R5)."""
    return Channel.EMAIL if answers.is_proven and not proofs.always_by_post(member, now=now) else Channel.POST


def _nothing(enrolment: Enrolment, reason: str, *, now: datetime) -> Outcome:
    notifications.decoy(now=now)
    journal.record(Event.REGISTRATION_REFUSED, enrolment=enrolment.pk, detail={"reason": reason}, now=now)
    return Outcome.NOTHING


def _open_account(member: Member, answers: Answers, *, now: datetime) -> Account | None:
    """The account, or None when the member has one already."""
    given = answers.of("coordonnees")
    account = Account(
        login_fingerprint=login_of_nir(member.nir.number),
        member=member,
        terms_version=settings.TERMS_VERSION,
        terms_accepted_at=now,
        created_at=now,
    )
    account.email, account.mobile = given["email"], given["mobile"] or None
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        return None
    return account


def _keep_only(enrolment: Enrolment, answers: Answers, outcome: Outcome, *, now: datetime) -> None:
    """What the last page needs, and no more."""
    nir = answers.nir
    enrolment.answers = {
        "fin": {
            "outcome": Outcome.POST if outcome is Outcome.NOTHING else outcome,
            "email": answers.email if outcome is Outcome.EMAIL else "",
            "nir": nir.number if nir else "",
        }
    }
    enrolment.completed_at, enrolment.updated_at, enrolment.step = now, now, "terminee"
    enrolment.save(update_fields=["answers", "completed_at", "updated_at", "step"])
