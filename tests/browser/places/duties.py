"""What a first sign-in asks before anything else."""

from collections.abc import Callable, Iterator

from django.utils import timezone

from accounts import contact
from accounts.sign_in import How
from tests.browser import states
from tests.browser.places.place import Place, Visit, at, fill, inside, two_passwords
from tests.browser.states import PASSWORD, signed_in


def duties() -> Iterator[Place]:
    personalise, confirm = first_sign_in("/mot-de-passe/personnaliser/"), confirming("/coordonnees/confirmer/")
    yield Place("premiere-1-personnaliser", personalise)
    yield Place("premiere-1-personnaliser-a-corriger", personalise, two_passwords("motdepasse", "autre", "Valider"))
    yield Place("premiere-2-personnalise", confirming("/mot-de-passe/personnalise/"))
    yield Place("premiere-3-confirmer", confirm)
    wrong = {"email": "fritz@", "mobile": "03 88 00 00 00"}
    yield Place("premiere-3-confirmer-a-corriger", confirm, fill(wrong, "Je confirme mes coordonnées"))
    yield Place("premiere-4-code", code_sent)
    yield Place("premiere-4-code-faux", code_sent, fill({"code": "000000"}, "Valider"))
    yield Place("premiere-5-confirmees", inside("/coordonnees/confirmees/"))


def first_sign_in(path: str) -> Callable[[], Visit]:
    return at(path, lambda: signed_in(states.account_of("lamy"), How.TEMPORARY_PASSWORD))


def confirming(path: str) -> Callable[[], Visit]:
    return at(path, lambda: signed_in(states.with_own_password("dubreuil", PASSWORD)))


def code_sent() -> Visit:
    account = states.with_own_password("santucci", PASSWORD)
    if not contact.address_being_proven(account):
        contact.send_email_code(account, account.email, now=timezone.now())
    return Visit("/coordonnees/confirmer/email/", signed_in(account))
