"""The registration: each step as it is asked, and as it is to be corrected; its ends."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from enrolment.models import Enrolment
from tests.browser import states
from tests.browser.places.place import NEXT, Place, Visit, at, ended, follow, step
from tests.browser.states import Kept, enrolment_at, registering

UNREADABLE: dict[str, Kept] = {"numero_de_serie": {"unreadable": True}}


def registration() -> Iterator[Place]:
    company, photo, none = {"profile": "company"}, {"card_kind": "photo"}, {"card_kind": "none"}
    yield Place("inscription-01-profil", at("/inscription/profil/"))
    yield Place("inscription-01-profil-a-corriger", at("/inscription/profil/"), NEXT({}))
    yield Place("inscription-02-identifiant", step("identifiant"))
    yield Place("inscription-02-identifiant-a-corriger", step("identifiant"), NEXT({"nir": "1 63 13 67 482 229"}))
    yield Place("inscription-03-compte-existant", step("compte-existant", identifiant=existing()))
    yield Place("inscription-04-munissez-vous", step("munissez-vous"))
    yield Place("inscription-05-coordonnees", step("coordonnees"))
    yield Place("inscription-05-coordonnees-a-corriger", step("coordonnees"), NEXT({"email": "fritz@gmial.con"}))
    yield Place("inscription-06-verification", step("verification"))
    misspelt = {**states.answers_of(states.persona("lamy"))["coordonnees"], "email": "fritz.lamy@gmial.com"}
    yield Place("inscription-06-verification-adresse", step("verification", coordonnees=misspelt))
    yield Place("inscription-07-affiliation", step("affiliation"))
    yield Place("inscription-07-affiliation-a-corriger", step("affiliation"), NEXT({}))
    yield Place("inscription-08-carte-vitale", step("carte-vitale"))
    yield Place("inscription-08-carte-vitale-a-corriger", step("carte-vitale"), NEXT({}))
    yield Place("inscription-09-numero-de-serie", step("numero-de-serie"))
    yield Place("inscription-09-serie-a-corriger", step("numero-de-serie"), NEXT({"vitale_serial": "12345"}))
    yield Place("inscription-09-serie-fausse", step("numero-de-serie"), NEXT({"vitale_serial": "01024576125"}))
    yield Place("inscription-09-serie-sans-photo", step("numero-de-serie", "keller"))
    yield Place("inscription-09-serie-deja-prouvee", proven_already)
    yield Place("inscription-10-paiement", step("paiement", "perrin"))
    yield Place("inscription-10-paiement-a-corriger", step("paiement", "perrin"), NEXT({"amount": "12,5"}))
    yield Place("inscription-10-paiement-faux", step("paiement", "perrin"), NEXT({"amount": "12,50"}))
    yield Place("inscription-10-paiement-serie-illisible", step("paiement", carte_vitale=photo, **UNREADABLE))
    yield Place("inscription-11-mot-de-passe", step("mot-de-passe"))
    yield Place("inscription-11-mot-de-passe-courrier", step("mot-de-passe", carte_vitale=none, paiement=by_post()))
    yield Place("inscription-12-conditions", step("conditions"))
    yield Place("inscription-13-terminee-email", ended(partial(states.completed, "keller")))
    yield Place("inscription-13-terminee-courrier", ended(partial(states.completed, "benali", {"paiement": by_post()})))
    yield Place("inscription-13-terminee-deja-ouvert", ended(partial(states.completed, "garcin")))
    yield Place("inscription-14-demande", step("demande", profil=company))
    yield Place("inscription-14-demande-a-corriger", step("demande", profil=company), NEXT({"siret": "732829320"}))
    yield Place("inscription-14-demande-recue", ended(states.requested))
    yield Place("inscription-15-abandonner", step("identifiant"), follow("Abandonner"))
    yield Place("inscription-16-expiree", at("/inscription/identifiant/", lambda: registering(expired())))


def existing() -> Kept:
    return {"nir": "1851013201907", "existing": True}


def by_post() -> Kept:
    return {"cannot_answer": True}


def proven_already() -> Visit:
    return Visit("/inscription/numero-de-serie/", registering(enrolment_at("mot-de-passe")))


def expired() -> Enrolment:
    enrolment = enrolment_at("identifiant")
    enrolment.expires_at = timezone.now()
    enrolment.save(update_fields=["expires_at"])
    return enrolment
