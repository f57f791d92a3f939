"""What FranceConnect is, which account opens it, and a sign-in page where it cannot be offered."""

from collections.abc import Iterator

from django.test import override_settings
from playwright.sync_api import Page

from franceconnect.client import availability
from tests.browser.places.place import Place, Visit, at

WHICH = "/franceconnect/quel-compte-choisir/"
# One account that suits, one that lacks something, one half answered, one that is offered no more.
MIXED = (
    "msa-affiliation=oui&ameli-numero-de-securite-sociale=oui&ameli-carte-vitale=oui&ameli-coordonnees-bancaires=oui"
    "&impots-numero-fiscal=oui&impots-acces-en-ligne=non&la-poste-smartphone=oui&mobile-connect-abonnement=oui"
    "&mobile-connect-piece-d-identite=oui&mobile-connect-smartphone=oui&resultat=1"
)


def explained() -> Iterator[Place]:
    yield Place("franceconnect-presentation", at("/franceconnect/"))
    yield Place("franceconnect-quel-compte", at(WHICH))
    yield Place("franceconnect-quel-compte-sans-reponse", at(f"{WHICH}?resultat=1"))
    yield Place("franceconnect-quel-compte-resultat", at(f"{WHICH}?{MIXED}"))
    yield Place("connexion-franceconnect-en-panne", while_it_is_down, then_it_is_back)
    yield Place("connexion-sans-franceconnect", where_there_is_none, then_there_is_one)


def while_it_is_down() -> Visit:
    availability.note_failure()
    return Visit("/connexion/", {})


def then_it_is_back(page: Page) -> None:
    availability.note_success()


NOT_CONFIGURED = override_settings(FRANCECONNECT_ISSUER="")


def where_there_is_none() -> Visit:
    NOT_CONFIGURED.enable()
    return Visit("/connexion/", {})


def then_there_is_one(page: Page) -> None:
    NOT_CONFIGURED.disable()
