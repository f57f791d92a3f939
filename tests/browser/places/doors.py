"""Signing in, the forgotten password, the links of the mails."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.utils import timezone

from accounts import codes
from accounts.models import Code
from tests.browser import states
from tests.browser.places.place import Place, Visit, at, fill, two_passwords


def doors() -> Iterator[Place]:
    link, undo = partial(address_link, Code.Purpose.EMAIL_LINK), partial(address_link, Code.Purpose.EMAIL_UNDO)
    yield Place("connexion", at("/connexion/"))
    yield Place("connexion-identifiant-connu", at("/connexion/", lambda: states.with_hint(states.persona("lamy").nir)))
    yield Place("connexion-aide-ouverte", at("/connexion/"), lambda page: page.locator("summary").first.click())
    yield Place("connexion-vide", at("/connexion/"), fill({}, "Se connecter"))
    wrong = {"login_id": "1 63 09 67 482 229", "password": "pas le bon"}
    yield Place("connexion-refusee", at("/connexion/"), fill(wrong, "Se connecter"))
    yield Place("connexion-session-fermee", at("/connexion/", lambda: states.session(session_ended="idle")))
    yield Place("deconnecte", at("/au-revoir/"))
    yield Place("mot-de-passe-oublie", at("/mot-de-passe/oublie/"))
    yield Place("mot-de-passe-oublie-a-corriger", at("/mot-de-passe/oublie/"), fill({"login_id": "12"}, "Continuer"))
    yield Place("mot-de-passe-oublie-demande", at("/mot-de-passe/oublie/demande/"))
    yield Place("mot-de-passe-lien", reset_link)
    yield Place("mot-de-passe-lien-a-corriger", reset_link, two_passwords("motdepasse", "autre", "Enregistrer"))
    yield Place("mot-de-passe-lien-refuse", at("/mot-de-passe/lien/inconnu/"))
    yield Place("mot-de-passe-modifie", at("/mot-de-passe/modifie/"))
    yield Place("email-lien", link)
    yield Place("email-lien-confirme", link, fill({}, "Confirmer cette adresse"))
    yield Place("email-lien-refuse", at("/email/lien/inconnu/"))
    yield Place("email-annuler", undo)
    yield Place("email-annule", undo, fill({}, "Rétablir mon adresse"))


def reset_link() -> Visit:
    account, life = states.account_of("garcin"), settings.RESET_LINK_LIFE
    secret = codes.issue_link(account, Code.Purpose.PASSWORD_RESET, life=life, now=timezone.now())
    return Visit(f"/mot-de-passe/lien/{secret}/", {})


def address_link(purpose: Code.Purpose) -> Visit:
    account, life = states.account_of("orsini"), settings.EMAIL_CHANGE_LIFE
    subject = "ghjulia.orsini@example.org"
    secret = codes.issue_link(account, purpose, life=life, subject=subject, now=timezone.now())
    return Visit(f"/email/{'lien' if purpose == Code.Purpose.EMAIL_LINK else 'annuler'}/{secret}/", {})
