"""The pages anybody can read: the way in, the help, the rules (A02, A05, A08, L01 to L05, L07); and where fax lives."""

import pytest

from tests.members import an_account
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/aide/", "/conditions-generales/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_has_the_block_of_mon_espace_prive(path):
    """A02: « Mon espace privé », « > Se connecter », « > S'inscrire »."""
    caller = Caller().visit(path).sees("Mon espace privé")
    links = {text.removeprefix("> "): href for text, href in caller.page.links}
    assert links["Se connecter"] == "/connexion/"
    assert links["S'inscrire"] == "/inscription/"


@pytest.mark.parametrize("path", PUBLIC[1:])
def test_a_public_page_says_where_it_stands_and_leads_back(path):
    """A05, A08: a breadcrumb that begins at the home page."""
    caller = Caller().visit(path)
    assert ("Accueil", "/") in caller.page.links
    caller.follow("Accueil")
    assert caller.path == "/"


def test_the_assistance_says_when_where_and_what_for():
    """L01 to L04: telephone, e-mail, days, the six situations, and what it does not answer."""
    Caller().visit("/aide/").sees(
        "09 69 36 37 03",
        "assistanceinternet@umsage.msa.fr",
        "du lundi au vendredi",
        "vous rencontrez des difficultés pour naviguer sur notre site",
        "vous ne parvenez pas à créer votre compte",
        "vous êtes inscrit mais vous n'arrivez pas à accéder aux services en ligne",
        "vous avez des difficultés pour effectuer votre demande ou votre déclaration en ligne",
        "vous ne trouvez pas une information ou un service",
        "vous vous posez des questions sur Mon espace privé",
        "les montants à prendre en compte dans vos déclarations",
    )


def test_a_department_gives_the_contact_of_its_own_caisse():
    """L05: as C10, from the page of help."""
    Caller().visit("/aide/?department=67").sees("Alsace")
    Caller().visit("/aide/?department=2A").sees("Corse")


@pytest.mark.parametrize(
    "question",
    [
        "Je ne connais pas mon numéro de Sécurité sociale",
        "Où trouver mon identifiant",
        "J'ai oublié mon mot de passe",
        "Je n'arrive pas à lire le numéro de série",
        "Le mode d'emploi",
        "Lire les conditions générales d'utilisation",
    ],
)
def test_every_question_of_the_documents_has_its_answer(question):
    """L07: what concerns FranceConnect comes with FranceConnect."""
    caller = Caller().visit("/aide/")
    href = next(href for text, href in caller.page.links if question in text)
    if href.startswith("#"):
        assert f'id="{href[1:]}"' in caller.response.content.decode()
    else:
        caller.follow(question).sees("Conditions générales d'utilisation")


def test_a_company_reads_what_it_types():
    """R1: its SIRET and the code of its letter; whoever declares for others, that a conseiller calls."""
    caller = (
        Caller()
        .visit("/aide/")
        .sees(
            "L'identifiant d'une entreprise est son numéro SIRET : 14 chiffres",
            "Un code de 12 lettres et chiffres arrive par courrier, à l'adresse où la MSA connaît l'entreprise.",
            "tapez-le à la place du mot de passe",
            "Vous êtes tiers déclarant",
        )
    )
    assert ("Je représente une entreprise, ou je déclare pour elle", "#entreprise") in caller.page.links
    assert caller.follow("Je suis une entreprise").path == "/connexion/entreprise/"


def test_whoever_has_a_letter_or_a_doubt_finds_what_to_do():
    """R11, R13: which code is typed where; a message is verified by the code at its foot."""
    caller = Caller().visit("/aide/").sees("J'ai reçu un code par courrier", "Le code d'un département")
    assert caller.follow("Vérifier un message").path == "/verifier/"


def test_every_question_of_the_list_leads_to_its_answer():
    caller = Caller().visit("/aide/")
    html = caller.response.content.decode()
    inside = [href for _, href in caller.page.links if href.startswith("#") and href != "#contenu"]
    assert len(inside) > 8
    assert [href for href in inside if f'id="{href[1:]}"' not in html] == []


def test_fax_lives_in_mon_compte():
    """R10: beside the other numbers."""
    an_account()
    caller = sign_in(Caller())
    caller.visit("/mon-compte/telephones/").sees("Votre numéro de fax est")


def test_fax_lives_in_the_confirmation_of_contact_details():
    """R10, E02."""
    an_account(contact_confirmed_at=None)
    sign_in(Caller()).visit("/coordonnees/confirmer/").sees("Votre numéro de fax est")


def test_the_member_chooses_the_password_and_nobody_else():
    """D10: whatever meets the rule is taken, as it was typed."""
    an_account()
    caller = sign_in(Caller()).visit("/mon-compte/mot-de-passe/")
    chosen = "Pluie fine + 3 tournesols"
    caller.press("Enregistrer", password="Moisson-2026-Or!", new_password1=chosen, new_password2=chosen)
    again = sign_in(Caller(), password=chosen)
    assert again.path == "/mon-espace/"
