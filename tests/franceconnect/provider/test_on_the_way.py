"""What a member meets between a service and its answer, and mends there.

J02, J03, I06 to I10, D01, D08, E01, E06, R2, R15.
"""

import re

import pytest

from accounts.models import Account, NirStatus
from franceconnect.models import Client, Grant
from tests.members import ADDRESS, GARCIN, LAMY, NEXT_PASSWORD, OWN_PASSWORD, a_member, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty, Sent
from tests.oidc.visitor import Visitor
from tests.stories.signing_in import EMAIL, digits_in_mail_to, temporary_password

pytestmark = [pytest.mark.django_db]
NOT_YET = "Votre compte MSA ne peut pas encore servir à FranceConnect"
PERSONALISE, CONFIRM, CODE = (
    "Changement de votre mot de passe",
    "Confirmation de vos coordonnées",
    "Confirmation de votre adresse email",
)
CHANGED = "Votre mot de passe a bien été modifié."
TOO_SIMPLE = "simple"


def sent_by(party: RelyingParty, visitor: Visitor, **who: str) -> Sent:
    """A request whose member has just signed in for it."""
    sent = party.request()
    visitor.bring(sent).sign_in(**who)
    return sent


def stands_at(visitor: Visitor, title: str) -> None:
    assert visitor.title == title, f"{visitor.path}: {visitor.text[:400]}"
    assert not visitor.left_for


def primary_actions(visitor: Visitor) -> list[str]:
    """The yellow ones."""
    html = visitor.response.content.decode()
    return [" ".join(text.split()) for text in re.findall(r'class="button button--primary"[^>]*>([^<]+)<', html)]


# Mended on the way ----------------------------------------------------------------------------------------------------


def test_an_address_that_nobody_has_proven_is_proven_on_the_way(visitor: Visitor) -> None:
    """E06, R2, R8: the contact details were confirmed long ago; a wrong code, a second code, and the callback."""
    account = an_account(email_proven_at=None)
    fc = franceconnect()
    sent = sent_by(fc, visitor)
    stands_at(visitor, NOT_YET)
    assert primary_actions(visitor) == ["Confirmer mon adresse email"]
    visitor.follow("Confirmer mon adresse email").sees("FranceConnect a besoin d'une adresse email confirmée.")
    stands_at(visitor, CONFIRM)
    stands_at(visitor.press("Je confirme mes coordonnées"), CODE)
    assert not visitor.offers("Continuer sans confirmer"), "FranceConnect would refuse"
    visitor.press("Valider", code="000000").sees("Ce n'est pas le code de l'email le plus récent.")
    stands_at(visitor.press("Recevoir un nouveau code").sees("Un nouveau code est parti."), CODE)
    visitor.press("Valider", code=digits_in_mail_to(EMAIL))
    assert fc.identity(fc.redeem(fc.code(sent, visitor.left_for), sent))["email"] == EMAIL
    account.refresh_from_db()
    assert account.email_proven_at


def test_a_member_without_an_address_gives_one_on_the_way(visitor: Visitor) -> None:
    """E02, R2: somebody whose password came by letter."""
    an_account(email=None, email_proven_at=None)
    fc = franceconnect()
    sent = sent_by(fc, visitor)
    stands_at(visitor.sees("Il nous manque votre adresse email"), NOT_YET)
    visitor.follow("Ajouter mon adresse email").press("Je confirme mes coordonnées", email="fritz@example.org")
    visitor.sees("fritz@example.org").press("Valider", code=digits_in_mail_to("fritz@example.org"))
    assert fc.identity(fc.redeem(fc.code(sent, visitor.left_for), sent))["email"] == "fritz@example.org"


def test_who_confirms_without_an_address_reads_what_is_missing(visitor: Visitor) -> None:
    """E01, R2: the duty is done, the condition is not met."""
    an_account(email=None, email_proven_at=None, contact_confirmed_at=None)
    sent_by(franceconnect(), visitor)
    stands_at(visitor, CONFIRM)
    stands_at(visitor.press("Je confirme mes coordonnées", email=""), NOT_YET)


def test_a_first_sign_in_goes_through_both_duties_to_the_callback(visitor: Visitor) -> None:
    """D01, E01, J03: password, contact details, code; said on the page that follows, and nowhere afterwards."""
    secret = temporary_password(an_account(password=None))
    fc = franceconnect()
    sent = sent_by(fc, visitor, password=secret)
    stands_at(visitor.sees("Votre mot de passe est temporaire. Vous devez le personnaliser."), PERSONALISE)
    visitor.press("Valider", new_password1=OWN_PASSWORD, new_password2="autre").sees("sont différents")
    visitor.press("Valider", new_password1=OWN_PASSWORD, new_password2=OWN_PASSWORD).sees(CHANGED)
    stands_at(visitor, CONFIRM)
    visitor.press("Je confirme mes coordonnées")
    assert fc.identity(fc.redeem(fc.code(sent, visitor.left_for), sent))["family_name"] == "LAMY"
    visitor.visit("/").does_not_see(CHANGED)
    assert visitor.visit("/mon-espace/").path == "/connexion/", "R15"


def test_a_password_that_the_rule_refuses_is_replaced_on_the_way(visitor: Visitor) -> None:
    """D06, D08, R2: too simple again is refused; then the callback, and nothing is left to read for whoever is next."""
    account = an_account()
    account.set_password(TOO_SIMPLE)
    account.save()
    fc = franceconnect()
    sent = sent_by(fc, visitor, password=TOO_SIMPLE)
    stands_at(visitor.sees("Votre mot de passe doit être plus sûr"), NOT_YET)
    visitor.follow("Choisir un autre mot de passe").sees("Il est trop simple pour FranceConnect.")
    stands_at(visitor.does_not_see("temporaire"), PERSONALISE)
    visitor.press("Valider", new_password1=TOO_SIMPLE, new_password2=TOO_SIMPLE).sees("de 8 à 50 caractères")
    assert not visitor.left_for
    visitor.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert fc.redeem(fc.code(sent, visitor.left_for), sent)
    visitor.visit("/").does_not_see(CHANGED)
    account.refresh_from_db()
    assert account.check_password(NEXT_PASSWORD)


def test_two_conditions_are_mended_one_after_the_other(visitor: Visitor) -> None:
    """R2: the same request waits for both."""
    account = an_account(email_proven_at=None)
    account.set_password(TOO_SIMPLE)
    account.save()
    fc = franceconnect()
    sent = sent_by(fc, visitor, password=TOO_SIMPLE)
    stands_at(visitor.sees("Il manque 2 conditions"), NOT_YET)
    assert primary_actions(visitor) == ["Confirmer mon adresse email"], "one thing first"
    visitor.follow("Choisir un autre mot de passe")
    visitor.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    stands_at(visitor.sees("Il manque une condition"), NOT_YET)
    visitor.follow("Confirmer mon adresse email").press("Je confirme mes coordonnées")
    visitor.press("Valider", code=digits_in_mail_to(EMAIL))
    assert fc.redeem(fc.code(sent, visitor.left_for), sent)


# Not mended here ------------------------------------------------------------------------------------------------------


def test_a_waiting_number_leads_back_to_franceconnect(visitor: Visitor) -> None:
    """J06, J08, R2, FI 6: what the caisse can do, then `access_denied` with the state and who says so."""
    member = a_member("3880599350906")
    type(member).objects.filter(pk=member.pk).update(nir_status=NirStatus.WAITING)
    an_account(member)
    fc = franceconnect()
    sent = sent_by(fc, visitor, login="3880599350906")
    visitor.sees("Il manque 2 conditions", "Votre numéro de Sécurité sociale est provisoire", "67-Bas-Rhin")
    assert primary_actions(visitor) == ["Retourner sur FranceConnect"]
    answer = fc.callback(sent, visitor.press("Retourner sur FranceConnect").left_for)
    assert answer["error"] == "access_denied"
    assert answer["state"] == sent.parameters["state"]
    assert answer["iss"] == fc.issuer
    assert not Grant.objects.exists()


def test_what_the_civil_status_lacks_is_named(visitor: Visitor) -> None:
    """J15: the address, which has a condition of its own, is not named twice."""
    an_account(a_member(gender="", given_names=""), email_proven_at=None)
    sent_by(franceconnect(), visitor)
    visitor.sees("À compléter ou à corriger : Prénoms, Sexe.").does_not_see("Adresse email,")


# Consent --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def asking(account: Account) -> RelyingParty:
    return standard(skip_authorization=False)


def test_the_member_reads_the_values_before_they_are_shared(asking: RelyingParty, visitor: Visitor) -> None:
    """I07 to I10."""
    visitor.bring(asking.request(scope="openid profile email birth address")).sign_in()
    visitor.sees(
        "Continuer vers Le service d'essai ?",
        "Vous êtes connecté avec le compte de LAMY FRITZ",
        "Prénoms et nom, adresse email, adresse email confirmée, prénoms,",
        "Afficher le détail des données",
        "Nom de naissance LAMY",
        "Date de naissance 8 septembre 1963",
        "Adresse email fritz.lamy@example.org",
        "12 rue des Tonneliers 67000 STRASBOURG",
        "En savoir plus sur le traitement des données personnelles",
    ).does_not_see(LAMY)


def test_who_is_only_recognised_shares_nothing_and_is_told_so(asking: RelyingParty, visitor: Visitor) -> None:
    """I07."""
    visitor.bring(asking.request(scope="openid")).sign_in()
    visitor.sees("Nous ne transmettons rien de personnel").does_not_see(
        "Afficher le détail", "Ce que nous transmettons"
    )


def test_somebody_else_s_session_is_left_on_the_consent_page(asking: RelyingParty, visitor: Visitor) -> None:
    """I06: « Ce n'est pas vous ? » signs the right member in for the same request."""
    an_account(a_member(GARCIN, birth_name="GARCIN", given_names="Loïc", **ADDRESS), email="loic.garcin@example.org")
    sent = asking.request(scope="openid email")
    visitor.visit("/connexion/").sign_in()
    visitor.bring(sent).sees("LAMY FRITZ").follow("Ce n'est pas vous ?").sign_in(login=GARCIN)
    visitor.sees("GARCIN LOÏC").agree()
    identity = asking.identity(asking.redeem(asking.code(sent, visitor.left_for), sent))
    assert identity["email"] == "loic.garcin@example.org"


# The coat -------------------------------------------------------------------------------------------------------------


def html_of(visitor: Visitor) -> str:
    return str(visitor.response.content.decode())


def test_the_portal_s_session_is_not_spoken_of_on_the_way_to_franceconnect(fc: RelyingParty, visitor: Visitor) -> None:
    """R14, R15: neither the name of whoever is signed in there, nor its clock, which would end after the request."""
    visitor.visit("/connexion/").sign_in()
    assert 'data-part="session"' in html_of(visitor)
    visitor.bring(fc.request())
    assert 'data-part="session"' not in html_of(visitor)
    visitor.does_not_see("LAMY", "Se déconnecter")


def test_nobody_takes_it_for_the_portal(fc: RelyingParty, visitor: Visitor) -> None:
    """J02: another coat, both marks, and the portal's doors nowhere."""
    visitor.bring(fc.request())
    html = html_of(visitor)
    assert '<body class="visit">' in html
    assert html.index('class="wordmark"') < html.index('class="franceconnect-mark"') < html.index("<h1")
    assert 'class="page-header' not in html
    assert "mon espace privé" not in visitor.text


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/oidc/authorize?client_id=nobody", 400, "Nous ne pouvons pas suivre cette demande"),
        ("/oidc/logout?client_id=nobody", 400, "Nous ne pouvons pas suivre cette demande"),
        ("/oidc/demande/8f14e45f-ceea-467f-a3ed-2c4b5a6d7e8f/connexion/", 410, "Cette demande est terminée"),
    ],
)
def test_what_stops_a_request_wears_the_same_coat(visitor: Visitor, path: str, status: int, title: str) -> None:
    """FI 3: a sentence, a way on, the reference."""
    visitor.visit(path)
    assert visitor.response.status_code == status
    stands_at(visitor.sees("donnez cette référence"), title)
    assert '<body class="visit">' in html_of(visitor)
    assert visitor.offers("Voir l'aide")
    assert not visitor.offers("Retourner sur")


@pytest.mark.parametrize("name", ["FranceConnect (intégration)", "FranceConnect"])
def test_franceconnect_has_one_name_whatever_the_operator_calls_the_client(visitor: Visitor, name: str) -> None:
    """J03."""
    fc = franceconnect()
    Client.objects.filter(client_id=fc.client_id).update(name=name)
    visitor.bring(fc.request()).sees("Retourner sur FranceConnect").does_not_see("intégration")


def test_a_service_is_named_where_its_members_sign_in(party: RelyingParty, visitor: Visitor) -> None:
    """I06: to whom one goes, and the way back there."""
    visitor.bring(party.request()).sees("Le service d'essai vous demande de vous connecter avec votre compte MSA.")
    sent = party.request()
    visitor.bring(sent).press("Retourner sur Le service d'essai")
    assert party.callback(sent, visitor.left_for)["error"] == "access_denied"
