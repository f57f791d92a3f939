"""The pages between a service and its answer: sign-in, duties, conditions, consent, and what stops a request."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts import contact
from accounts.models import Account
from accounts.sign_in import How
from franceconnect.models import Interaction
from tests.browser import states
from tests.browser.places.place import Place, Visit, at, fill, two_passwords
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, Cookies, signed_in
from tests.browser.states.requests import at_a_service, at_franceconnect, service

Reach = Callable[[], Visit]
EVERYTHING = "openid profile email birth phone address"


def on_the_way() -> Iterator[Place]:
    yield from sign_in()
    yield from duties()
    yield from conditions()
    yield from consent()
    yield from stopped()


def sign_in() -> Iterator[Place]:
    federation = stand(lambda: at_franceconnect(), "sign_in")
    wrong = {"login_id": states.persona("hoarau").nir.grouped, "password": "pas le bon"}
    yield Place("vers-franceconnect-1-connexion", federation)
    yield Place("vers-franceconnect-1-connexion-vide", federation, fill({}, "Se connecter"))
    yield Place("vers-franceconnect-1-connexion-refusee", federation, fill(wrong, "Se connecter"))
    yield Place("vers-franceconnect-1-connexion-attente", federation, try_too_often)
    yield Place("vers-un-service-1-connexion", stand(lambda: at_a_service(), "sign_in"))


def duties() -> Iterator[Place]:
    password = stand(
        lambda: at_franceconnect(states.account_of("lamy"), How.TEMPORARY_PASSWORD), "personalise_password"
    )
    weak = stand(lambda: at_franceconnect(ready("keller"), weak_password=True), "personalise_password")
    mistyped = two_passwords("motdepasse", "autre", "Valider")
    yield Place("vers-franceconnect-2-mot-de-passe", password)
    yield Place("vers-franceconnect-2-mot-de-passe-a-corriger", password, mistyped)
    yield Place("vers-franceconnect-2-mot-de-passe-trop-simple", weak)
    yield Place("vers-franceconnect-3-coordonnees", stand(lambda: at_franceconnect(new("dubreuil")), "confirm_contact"))
    yield Place("vers-franceconnect-3-code", stand(lambda: at_franceconnect(with_code("santucci")), "confirm_email"))
    yield Place("vers-un-service-3-coordonnees", stand(lambda: at_a_service(new("dubreuil")), "confirm_contact"))
    yield Place("vers-un-service-3-code", stand(lambda: at_a_service(with_code("santucci")), "confirm_email"))


def conditions() -> Iterator[Place]:
    for name, account in {"condition": unproven, "condition-caisse": unborn, "conditions": far_from_it}.items():
        yield Place(f"vers-franceconnect-4-{name}", stand(lambda who=account: at_franceconnect(who()), "eligibility"))


def consent() -> Iterator[Place]:
    for name, scope in {"": "openid email", "-tout": EVERYTHING, "-sans-donnee": "openid"}.items():
        reach = stand(lambda asked=scope: at_a_service(ready("keller"), scope=asked), "consent")
        yield Place(f"vers-un-service-4-autorisation{name}", reach)


def stopped() -> Iterator[Place]:
    unknown = {"client_id": "inconnu", "redirect_uri": "https://service.example/retour", "response_type": "code"}
    nobody_s_logout = "/oidc/logout?client_id=inconnu"
    yield Place("demande-refusee", at(f"/oidc/authorize?{urlencode(unknown)}"))
    yield Place("demande-terminee", answered)
    yield Place("deconnexion-par-un-service", at_the_logout_of_a_service)
    yield Place("deconnexion-refusee", at(nobody_s_logout))
    yield Place("deconnexion-refusee-connecte", at(nobody_s_logout, lambda: signed_in(ready("keller"))))


def stand(begin: Callable[[], tuple[Interaction, Cookies]], page: str) -> Reach:
    """At this page of a request's way."""

    def visit() -> Visit:
        interaction, cookies = begin()
        return Visit(reverse(f"provider:{page}", args=[interaction.pk]), cookies)

    return visit


def try_too_often(page: Page) -> None:
    """As often as anybody may within five minutes, and once more."""
    for _ in range(6):
        fill({"login_id": states.persona("perrin").nir.grouped, "password": "pas le bon"}, "Se connecter")(page)


def new(who: str) -> Account:
    """They chose a password; their contact details wait."""
    account = states.with_own_password(who, PASSWORD)
    account.contact_confirmed_at = None
    account.save()
    return account


def ready(who: str) -> Account:
    return settled(new(who))


def with_code(who: str) -> Account:
    account = new(who)
    if not contact.address_being_proven(account):
        contact.send_email_code(account, account.email, now=timezone.now())
    return account


def unproven() -> Account:
    account = ready("papadakis")
    account.email_proven_at = None
    account.save()
    return account


def unborn() -> Account:
    """The registry knows the year alone."""
    return ready("haddad")


def far_from_it() -> Account:
    """One thing to mend at once, and three that only the caisse mends."""
    account = ready("benali")
    account.email_proven_at = None
    account.save()
    member = account.member
    member.dossier = {**member.dossier, "gender": "", "given_names": ""}
    member.save()
    return account


def answered() -> Visit:
    interaction, cookies = at_franceconnect(finished_at=timezone.now())
    return Visit(reverse("provider:sign_in", args=[interaction.pk]), cookies)


def at_the_logout_of_a_service() -> Visit:
    """No hint says whom the service means: the member is asked."""
    back = {"client_id": service().client_id, "post_logout_redirect_uri": "https://retraite.example/au-revoir"}
    return Visit(f"/oidc/logout?{urlencode(back)}", signed_in(ready("keller")))
