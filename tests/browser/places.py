"""Every page of the portal, by name, and how to come to it: the one list for axe, weight and pictures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page

from accounts import codes, contact
from accounts.identity.email import Email
from accounts.identity.phone import Phone
from accounts.models import Account, Channel, Code
from accounts.sign_in import How
from tests.browser import states
from tests.browser.chromium import carry
from tests.browser.states import Cookies, Kept, enrolment_at, registering, signed_in

Then = Callable[[Page], None]
PASSWORD = "Colza-1234-doux"  # noqa: S105
UNREADABLE: dict[str, Kept] = {"numero_de_serie": {"unreadable": True}}


@dataclass(frozen=True)
class Visit:
    """An address, and with which cookies it is opened."""

    path: str
    cookies: Cookies


@dataclass(frozen=True)
class Place:
    """A page as it is looked at; `then` is what somebody does there first."""

    name: str
    reach: Callable[[], Visit]
    then: Then | None = None


def go(place: Place, context: BrowserContext, page: Page, origin: str) -> None:
    """Stand at this place."""
    visit = place.reach()
    carry(context, origin, visit.cookies)
    try:
        page.goto(visit.path)
        if place.then:
            place.then(page)
    except Error as error:
        raise AssertionError(f"{place.name} cannot be reached: {error}") from error


def at(path: str, cookies: Callable[[], Cookies] = dict) -> Callable[[], Visit]:
    return lambda: Visit(path, cookies())


def step(slug: str, who: str = "lamy", **answers: Kept) -> Callable[[], Visit]:
    given = {name.replace("_", "-"): kept for name, kept in answers.items()}
    return at(f"/inscription/{slug}/", lambda: registering(enrolment_at(slug, who, given)))


def ended(make: Callable) -> Callable[[], Visit]:
    return at("/inscription/terminee/", lambda: registering(make()))


def inside(path: str, who: str = "garcin") -> Callable[[], Visit]:
    return at(path, lambda: signed_in(states.account_of(who)))


def fill(values: dict[str, str], button: str) -> Then:
    """Type these values by the names of the fields, press the button, and see what the page says."""

    def do(page: Page) -> None:
        for name, value in values.items():
            page.locator(f"[name={name}]").fill(value)
        page.get_by_role("button", name=button).first.click()
        page.wait_for_load_state("load")

    return do


NEXT = partial(fill, button="Suivant")


def public() -> Iterator[Place]:
    yield Place("accueil", at("/"))
    yield Place("aide", at("/aide/"))
    yield Place("aide-departement", at("/aide/?department=67"))
    yield Place("aide-departement-inconnu", at("/aide/?department=99"))
    yield Place("conditions-generales", at("/conditions-generales/"))
    yield Place("mentions-legales", at("/mentions-legales/"))
    yield Place("donnees-personnelles", at("/donnees-personnelles/"))
    yield Place("accessibilite", at("/accessibilite/"))
    yield Place("panne-400", at("/aide/?" + "&".join(f"a{number}=1" for number in range(101))))
    yield Place("panne-403", at("/panne/403/"))
    yield Place("panne-403-jeton", at("/"), send_a_foreign_form)
    yield Place("panne-404", at("/nulle-part/"))
    yield Place("panne-429", at("/panne/429/"))
    yield Place("panne-500", at("/panne/500/"))


def send_a_foreign_form(page: Page) -> None:
    """A form without token, to an address that has no form to show again."""
    page.evaluate(
        """() => { const form = document.createElement("form"); form.method = "post"; form.action = "/deconnexion/";
        document.body.append(form); form.submit(); }"""
    )
    page.wait_for_url("**/deconnexion/")


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
    yield Place("inscription-15-abandonner", step("identifiant"), lambda page: page.get_by_text("Abandonner").click())
    yield Place("inscription-16-expiree", at("/inscription/identifiant/", lambda: registering(expired())))


def existing() -> Kept:
    return {"nir": "1851013201907", "existing": True}


def by_post() -> Kept:
    return {"cannot_answer": True}


def proven_already() -> Visit:
    return Visit("/inscription/numero-de-serie/", registering(enrolment_at("mot-de-passe")))


def expired():
    enrolment = enrolment_at("identifiant")
    enrolment.expires_at = timezone.now()
    enrolment.save(update_fields=["expires_at"])
    return enrolment


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


def two_passwords(first: str, second: str, button: str) -> Then:
    return fill({"new_password1": first, "new_password2": second}, button)


def reset_link() -> Visit:
    account, life = states.account_of("garcin"), settings.RESET_LINK_LIFE
    secret = codes.issue_link(account, Code.Purpose.PASSWORD_RESET, life=life, now=timezone.now())
    return Visit(f"/mot-de-passe/lien/{secret}/", {})


def address_link(purpose: Code.Purpose) -> Visit:
    account, life = states.account_of("orsini"), settings.EMAIL_CHANGE_LIFE
    subject = "ghjulia.orsini@example.org"
    secret = codes.issue_link(account, purpose, life=life, subject=subject, now=timezone.now())
    return Visit(f"/email/{'lien' if purpose == Code.Purpose.EMAIL_LINK else 'annuler'}/{secret}/", {})


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


def private() -> Iterator[Place]:
    address = fill({"postcode": "6700", "password": "x"}, "Envoyer ma demande")
    yield Place("mon-espace", inside("/mon-espace/"))
    yield Place("mon-espace-sans-paiement", inside_of_moreau("/mon-espace/"))
    yield Place("mes-paiements", inside("/mon-espace/paiements/"))
    yield Place("mes-paiements-aucun", inside_of_moreau("/mon-espace/paiements/"))
    yield Place("mon-compte", inside("/mon-compte/"))
    yield Place("mon-compte-tout-renseigne", with_everything)
    yield Place("mon-compte-email", inside("/mon-compte/email/"))
    yield Place("mon-compte-email-a-corriger", inside("/mon-compte/email/"), fill({}, "Envoyer le lien"))
    yield Place("mon-compte-mot-de-passe", inside("/mon-compte/mot-de-passe/"))
    changed = two_passwords("court", "autre", "Enregistrer mon mot de passe")
    yield Place("mon-compte-mot-de-passe-a-corriger", inside("/mon-compte/mot-de-passe/"), changed)
    yield Place("mon-compte-telephones", inside("/mon-compte/telephones/"))
    phones = fill({"mobile": "01 02 03 04 05"}, "Enregistrer")
    yield Place("mon-compte-telephones-a-corriger", inside("/mon-compte/telephones/"), phones)
    saved = fill({"mobile": "06 39 98 10 08"}, "Enregistrer")
    yield Place("mon-compte-telephones-enregistres", inside("/mon-compte/telephones/"), saved)
    yield Place("mon-compte-adresse", inside("/mon-compte/adresse/"))
    yield Place("mon-compte-adresse-a-corriger", inside("/mon-compte/adresse/"), address)
    yield Place("mon-compte-reception", inside("/mon-compte/reception/"))


def inside_of_moreau(path: str) -> Callable[[], Visit]:
    """A member without payments: theirs are older than the account shows nothing of."""

    def visit() -> Visit:
        account = settled(states.with_own_password("moreau", PASSWORD))
        account.member.payments.all().delete()
        return Visit(path, signed_in(account))

    return visit


def settled(account: Account) -> Account:
    """Both duties done."""
    contact.confirm(account, Email(account.email), contact.Telephones(), now=timezone.now())
    account.email_proven_at = account.contact_confirmed_at = timezone.now()
    account.save()
    return account


def with_everything() -> Visit:
    """An account where each line says something: an unproven address, three numbers, a change of address under way."""
    account = settled(states.with_own_password("papadakis", PASSWORD))
    numbers = contact.Telephones(Phone("+33639981005"), Phone("+33499000000"), Phone("+33499000001"))
    contact.change_telephones(account, numbers, now=timezone.now())
    contact.choose_delivery(account, documents_by=Channel.POST, news_by=Channel.EMAIL, now=timezone.now())
    new = contact.PostalAddress("8 impasse des Tilleuls", "34080", "Montpellier")
    contact.ask_address_change(account, new, now=timezone.now())
    account.email_proven_at = None
    account.save()
    return Visit("/mon-compte/", signed_in(account))


PLACES: tuple[Place, ...] = (*public(), *registration(), *doors(), *duties(), *private())
