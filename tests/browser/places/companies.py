"""A company: its door, its space, its account; and where its account opens nothing (R1)."""

from collections.abc import Callable, Iterator

from tests.browser.places.place import Place, Visit, at, fill, two_passwords
from tests.browser.states import signed_in
from tests.browser.states.companies import settled_company
from tests.browser.states.requests import at_a_service

DOOR, ACCOUNT = "/connexion/entreprise/", "/mon-entreprise/compte/"


def companies() -> Iterator[Place]:
    yield Place("entreprise-connexion", at(DOOR))
    yield Place("entreprise-connexion-a-corriger", at(DOOR), fill({"login_id": "732 829 320"}, "Se connecter"))
    wrong = {"login_id": "732 829 320 00074", "password": "pas le bon"}
    yield Place("entreprise-connexion-refusee", at(DOOR), fill(wrong, "Se connecter"))
    yield Place("entreprise-espace", inside("/mon-entreprise/"))
    yield Place("entreprise-compte", inside(ACCOUNT))
    yield Place("entreprise-compte-email", inside(f"{ACCOUNT}email/"))
    chosen = two_passwords("TroisSources26", "autre", "Enregistrer mon mot de passe")
    yield Place("entreprise-compte-mot-de-passe", inside(f"{ACCOUNT}mot-de-passe/"))
    yield Place("entreprise-compte-mot-de-passe-a-corriger", inside(f"{ACCOUNT}mot-de-passe/"), chosen)
    yield Place("entreprise-compte-telephones", inside(f"{ACCOUNT}telephones/"))
    yield Place("entreprise-service-refuse", before_a_service)


def inside(path: str) -> Callable[[], Visit]:
    return at(path, lambda: signed_in(settled_company()))


def before_a_service() -> Visit:
    interaction, cookies = at_a_service(settled_company())
    return Visit(f"/oidc/demande/{interaction.pk}/conditions/", cookies)
