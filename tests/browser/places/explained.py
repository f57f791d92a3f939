"""What FranceConnect is, and which account opens it."""

from collections.abc import Iterator

from tests.browser.places.place import Place, at

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
