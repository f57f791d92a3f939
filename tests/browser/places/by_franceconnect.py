"""The way in by FranceConnect: the number, the registration, what went wrong, Mon compte, the sign-out."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from accounts.sign_in import How
from tests.browser import states
from tests.browser.places.place import Place, Visit, at, fill, inside, two_passwords
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, opened_before, session, signed_in
from tests.browser.states.arrivals import arrived, linked

IDENTIFY, REGISTER = "/franceconnect/identifiant/", "/franceconnect/inscription/"
ASSOCIATE, DISSOCIATE = "/mon-compte/franceconnect/associer/", "/mon-compte/franceconnect/dissocier/"
REFERENCE = "9f2c4e1b7a5d4036"


def by_franceconnect() -> Iterator[Place]:
    yield from first_time()
    yield from problems()
    yield from my_account()
    yield Place("franceconnect-deconnecte", at("/franceconnect/deconnexion/terminee/"))
    yield Place("franceconnect-deconnecte-ici", at("/franceconnect/deconnexion/retour/"))


def first_time() -> Iterator[Place]:
    number, details = at(IDENTIFY, lambda: arrived("lamy")), at(REGISTER, registering)
    stranger = {"nir": states.persona("keller").nir.grouped}
    yield Place("franceconnect-identifiant", number)
    yield Place("franceconnect-identifiant-a-corriger", number, fill({"nir": "1 63 09 67 48"}, "Se connecter"))
    yield Place("franceconnect-identifiant-refuse", number, fill(stranger, "Se connecter"))
    yield Place("franceconnect-inscription", details)
    wrong = {"email": "fritz@", "mobile": "03 88 00 00 00"}
    yield Place("franceconnect-inscription-a-corriger", details, fill(wrong, "Finaliser mon inscription"))
    yield Place("franceconnect-page-depassee", at(IDENTIFY))


def registering() -> states.Cookies:
    """Éloïse Keller: a usage name, and two given names."""
    return arrived("keller", member=states.member_of("keller"))


def problems() -> Iterator[Place]:
    yield Place("franceconnect-probleme", at("/franceconnect/probleme/abandon/"))
    yield Place("franceconnect-probleme-code", problem("etat-civil-introuvable", code="Y010008"))
    yield Place("franceconnect-probleme-sans-retour", problem("secret-refuse", code="Y0434A7B"))
    yield Place("franceconnect-probleme-conflit", problem("deja-associe", reference="K7WQ-3TXA"))
    mine = "/franceconnect/probleme/association-autre-personne/"
    yield Place("franceconnect-probleme-connecte", inside(mine))


def problem(slug: str, *, code: str = "", reference: str = REFERENCE) -> Callable[[], Visit]:
    last = {"slug": slug, "code": code, "reference": reference}
    return at(f"/franceconnect/probleme/{slug}/", lambda: session(franceconnect_problem=last))


def my_account() -> Iterator[Place]:
    associate = at(ASSOCIATE, lambda: signed_in(settled(states.with_own_password("hoarau", PASSWORD))))
    first_password = of_whom_franceconnect_brought(DISSOCIATE)
    yield Place("mon-compte-associe", at("/mon-compte/", lambda: signed_in(linked("orsini"))))
    yield Place("mon-compte-sans-mot-de-passe", of_whom_franceconnect_brought("/mon-compte/"))
    yield Place("mon-compte-associer", associate)
    yield Place("mon-compte-associer-a-corriger", associate, fill({"password": "pas le bon"}, "Continuer vers"))
    yield Place("mon-compte-dissocier", at(DISSOCIATE, lambda: signed_in(linked("orsini"))))
    yield Place("mon-compte-dissocier-mot-de-passe", first_password)
    mistyped = two_passwords("motdepasse", "autre", "Dissocier mon compte")
    yield Place("mon-compte-dissocier-mot-de-passe-a-corriger", first_password, mistyped)
    yield Place("mon-compte-premier-mot-de-passe", of_whom_franceconnect_brought("/mon-compte/mot-de-passe/"))
    late = of_whom_franceconnect_brought("/mon-compte/mot-de-passe/", ago=timedelta(minutes=16))
    yield Place("mon-compte-premier-mot-de-passe-reconnecter", late)


def of_whom_franceconnect_brought(path: str, *, ago: timedelta = timedelta()) -> Callable[[], Visit]:
    """No password; signed in so long ago."""

    def visit() -> Visit:
        cookies = signed_in(linked("perrin", password=False), How.FRANCECONNECT)
        opened_before(cookies, ago)
        return Visit(path, cookies)

    return visit
