"""Proofs of identity at registration: a card's serial or a payment's amount, few tries (R3, R4, R5, R12)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts import journal, membership, throttling
from accounts.identity.vitale import CardKind, comparable
from accounts.models import Event, Member, Payment, VitaleCard
from accounts.sealed import fingerprint, same
from enrolment.answers import Answers
from enrolment.matching import Match, Typed, match
from enrolment.models import Enrolment


@dataclass(frozen=True)
class Claim:
    """Who the caller says they are, and the member if the registry agrees."""

    typed: Typed
    outcome: Match
    member: Member | None


def claim_of(answers: Answers) -> Claim:
    """The registry's answer to what was typed; one query. The contact details must have been given."""
    given, nir, born = answers.of("coordonnees"), answers.nir, answers.birth_date
    assert nir is not None
    assert born is not None
    typed = Typed(nir, given["birth_name"], given["given_names"], born)
    outcome, member = match(typed)
    return Claim(typed, outcome, member)


def printed_kind(kind: str) -> CardKind:
    return CardKind.NO_PHOTO if kind == "no_photo" else CardKind.PHOTO


def attempt(enrolment: Enrolment, claim: Claim, fits: Callable[[], bool], *, now: datetime) -> int | None:
    """Count a try, then look at the answer: None when it fits, else how many tries are left (R5)."""
    held = Enrolment.objects.filter(pk=enrolment.pk, completed_at=None)
    if not held.filter(tries_left__gt=0).update(tries_left=F("tries_left") - 1):
        return _out_of_tries(enrolment)
    of_this_nir = (throttling.IDENTITY_ANSWERS, claim.typed.nir.number)
    try:
        throttling.take(of_this_nir, now=now)
    except throttling.TooManyAttempts:
        # Ten answers for one NIR in a day: the letter is the only way left, and nothing says why.
        held.update(tries_left=0)
        return _out_of_tries(enrolment)
    if fits() and claim.member is not None:
        held.update(tries_left=F("tries_left") + 1)
        throttling.give_back(of_this_nir)
        journal.record(Event.REGISTRATION_IDENTITY_PROVEN, enrolment=enrolment.pk, now=now)
        return None
    enrolment.refresh_from_db(fields=["tries_left"])
    detail = {"match": claim.outcome, "left": enrolment.tries_left}
    journal.record(Event.REGISTRATION_ANSWERED_WRONGLY, enrolment=enrolment.pk, detail=detail, now=now)
    return enrolment.tries_left


def _out_of_tries(enrolment: Enrolment) -> int:
    enrolment.tries_left = 0
    return 0


def outcome(claim: Claim, *, now: datetime) -> dict[str, Any]:
    """What the journey keeps of a proof: that there is one, and whether this member's caisse always writes."""
    return {"proven": True, "by_post": claim.member is not None and always_by_post(claim.member, now=now)}


def always_by_post(member: Member, *, now: datetime) -> bool:
    """Overseas, the caisse sends every provisional password by post."""
    caisse = membership.of(member, on=timezone.localdate(now)).caisse
    return caisse is not None and caisse.post_only


def card_fits(claim: Claim, *, kind: str, serial: str) -> bool:
    """Whether the member holds a valid card of this kind with this serial; compared in constant time."""
    typed = fingerprint("vitale", f"{claim.typed.nir.number}:{comparable(serial)}")
    cards = VitaleCard.objects.filter(member=_pk(claim), kind=kind, revoked_on=None)
    return any([same(bytes(card.serial_fingerprint), typed) for card in cards])  # noqa: C419  looks at every card


def payment_fits(claim: Claim, *, cents: int, today: date) -> bool:
    """Whether the member received this amount in the last six months, to the day (R4)."""
    payments = Payment.objects.filter(
        member=_pk(claim), paid_on__gte=months_before(today, settings.PAYMENT_PROOF_MONTHS), paid_on__lte=today
    )
    amounts = list(payments.values_list("amount_cents", flat=True))
    # Usual small refunds can be guessed: they prove nothing to whom has larger payments.
    telling = [amount for amount in amounts if amount >= settings.PAYMENT_PROOF_FLOOR_CENTS] or amounts
    return any([same(f"{amount}".encode(), f"{cents}".encode()) for amount in telling])  # noqa: C419


def _pk(claim: Claim) -> int:
    # An unknown caller costs the same query.
    return claim.member.pk if claim.member else 0


def months_before(day: date, months: int) -> date:
    """The same day so many months ago, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
