"""Registrations that stand anywhere on their way, and those that have just ended."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import Account, login_of_nir
from enrolment import completion as ending
from enrolment import journey, requests
from enrolment.models import Enrolment
from enrolment.steps import STEPS
from msa_portal.demo.personas import Persona
from tests.browser.states.people import persona

Kept = dict[str, Any]


def answers_of(someone: Persona) -> dict[str, Kept]:
    """What this persona answers at each step, as the journey keeps it, proofs given."""
    return {
        "profil": {"profile": someone.profile},
        "identifiant": {"nir": someone.nir.number},
        "munissez-vous": {},
        "coordonnees": {
            "birth_name": someone.birth_name,
            "given_names": someone.given_names,
            "birth_date": someone.birth_date.iso,
            "email": someone.email,
            "mobile": "",
        },
        "verification": {},
        "affiliation": {"health_cover": "yes" if someone.card else "no"},
        "carte-vitale": {"card_kind": str(someone.card.kind) if someone.card else "none"},
        "numero-de-serie": {"proven": True},
        "paiement": {"proven": True},
        "mot-de-passe": {},
        "conditions": {},
    }


def enrolment_at(slug: str, who: str = "lamy", answers: Mapping[str, Kept] | None = None) -> Enrolment:
    """A journey whose next step is `slug`: everything before it was answered by this persona, or as `answers` say."""
    now = timezone.now()
    enrolment = journey.start(now=now)
    given = {**answers_of(persona(who)), **(answers or {})}
    while (here := journey.current(STEPS, journey.answers_of(enrolment)).slug) != slug:
        journey.record(enrolment, here, given[here], now=now)
    return enrolment


def completed(who: str, answers: Mapping[str, Kept] | None = None) -> Enrolment:
    """A registration that was finished a moment ago; whoever registers by the portal has no account yet."""
    if not persona(who).is_registered:
        Account.objects.filter(login_fingerprint=login_of_nir(persona(who).nir.number)).delete()
    enrolment = enrolment_at("conditions", who, answers)
    ending.complete(enrolment, now=timezone.now())
    return enrolment


def requested() -> Enrolment:
    """A company's request that was filed a moment ago (R1)."""
    enrolment = enrolment_at("demande", answers={"profil": {"profile": "company"}})
    details = {
        "name": "Claire Vasseur",
        "function": "gérante",
        "siret": "73282932000074",
        "email": "claire.vasseur@example.org",
        "phone": "+33388000000",
        "department": "67",
    }
    requests.file(enrolment, kind="company", details=details, now=timezone.now())
    return enrolment
