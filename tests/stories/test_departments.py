"""« Complément d'inscription »: ask, be accepted, receive, type, choose a password, see (G07, H01 to H10, F02, R11)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import Traveller

from accounts import letters
from accounts.letters.text import compose
from accounts.models import Account, Entry, Letter, OpenDepartment, Profile
from enrolment.departments import deciding, following
from enrolment.models import DepartmentRequest
from tests.agents import an_agent
from tests.departments import posted
from tests.members import GARCIN, LAMY, NEXT_PASSWORD, a_member, affiliate, an_account
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import EMAIL, sign_in

pytestmark = [pytest.mark.django_db]
PAGE = "/mon-compte/complement-inscription/"
EVERYBODY = "Inscrivez-vous aux services sécurisés d'une autre MSA (tout public)"


@pytest.fixture
def clock(held_clock: Traveller) -> Iterator[Traveller]:
    return held_clock


@pytest.fixture
def account(held_clock: Traveller, db: None) -> Account:
    return an_account()


def asked_for(department: str = "01", caller: Caller | None = None) -> Caller:
    caller = caller or sign_in(Caller())
    return caller.visit(PAGE).follow(EVERYBODY).press("Valider", department=department)


def accepted() -> DepartmentRequest:
    request = DepartmentRequest.objects.get()
    assert deciding.accept(request, by=an_agent(), now=timezone.now())
    return request


def code_of_the_letter() -> str:
    return compose(Letter.objects.get()).secret


def test_from_mon_compte_to_a_department_that_is_open(account: Account, clock: Traveller) -> None:
    """G07, H02 to H10, A08, R11."""
    caller = sign_in(Caller()).visit("/mon-compte/").sees("Mes dossiers")
    caller.follow("M'inscrire dans un autre département ou compléter mon inscription")
    assert (caller.path, caller.title) == (PAGE, "Complément d'inscription")
    caller.sees(
        "Ce service vous permet de gérer votre inscription en fonction de vos besoins et de votre statut. "
        "N'hésitez pas à consulter le mode d'emploi, il est là pour vous aider.",
        "Le mode d'emploi",
        "Complétez votre inscription aux services sécurisés de la MSA 68 (entreprises ou exploitants)",
        EVERYBODY,
    )
    caller.follow(EVERYBODY)
    assert caller.title == "Choix d'un département d'inscription"
    caller.sees("Les champs suivis du symbole * sont obligatoires.", "Département *", "01-Ain", "Annuler")
    caller.press("Valider", department="01")
    assert caller.title == "Accusé de réception"
    caller.sees(
        "Votre demande a bien été prise en compte.",
        "Vous recevrez d'ici quelques jours votre code confidentiel qui vous permettra d'accéder aux services "
        "sécurisés. Lors de la première connexion, vous devrez personnaliser ce mot de passe.",
        "01-Ain",
        DepartmentRequest.objects.get().reference,
        "2 mars 2026",
        "Retour à l'accueil",
    )
    assert DepartmentRequest.objects.get().reference in last_mail_to(EMAIL)
    accepted()
    caller.visit(PAGE).sees("Demande acceptée", "Courrier avec votre code en préparation")
    caller.follow("Taper mon code").press("Valider", code=code_of_the_letter())
    caller.sees("Votre mot de passe est temporaire. Vous devez le personnaliser.")
    # No page can be reached around it.
    assert caller.visit("/mon-espace/").path == "/mot-de-passe/personnaliser/"
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert caller.path == "/mot-de-passe/personnalise/"
    # The contact details were confirmed long ago: there is nothing between this page and the space.
    caller.does_not_see("confirmer vos coordonnées")
    assert caller.follow("Accéder à Mon espace privé").path == "/mon-espace/"
    caller.visit("/mon-espace/").sees("67-Bas-Rhin", "01-Ain")
    assert OpenDepartment.objects.get().origin == OpenDepartment.Origin.CODE
    clock.shift(timedelta(minutes=1))
    assert sign_in(Caller("192.0.2.11"), NEXT_PASSWORD).path == "/mon-espace/"


def test_the_code_opens_at_sign_in_beside_the_number(account: Account) -> None:
    """H09, R11: the NIR and the code of the letter, then a password of one's own."""
    asked_for()
    accepted()
    caller = sign_in(Caller("192.0.2.12"), code_of_the_letter(), nir=LAMY)
    assert caller.path == "/mot-de-passe/personnaliser/"
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    caller.visit("/mon-espace/").sees("01-Ain")


def test_the_breadcrumb_leads_back(account: Account) -> None:
    """H10."""
    caller = asked_for()
    caller.sees("MSA Mon Espace Privé Complément d'inscription Accusé")
    assert caller.follow("Complément d'inscription").path == PAGE
    assert caller.follow("Mon Espace Privé").path == "/mon-espace/"


def test_the_receipt_is_read_again_and_kept_on_paper(account: Account) -> None:
    """H08, A08: ordonnance 2005-1516, art. 5."""
    caller = asked_for()
    reference = DepartmentRequest.objects.get().reference
    assert caller.path == f"{PAGE}accuse/{reference}/"
    file = caller.client.get(f"{caller.path}pdf/")
    assert (file["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    assert f'filename="accuse-{reference}.pdf"' in file["Content-Disposition"]
    assert LAMY.encode() not in file.content
    assert caller.visit(caller.path).follow("Retour à l'accueil").path == "/mon-espace/"


def test_nobody_reads_the_request_of_another(account: Account) -> None:
    asked_for()
    reference = DepartmentRequest.objects.get().reference
    an_account(a_member(GARCIN), email="loic@example.org")
    caller = sign_in(Caller("192.0.2.20"), nir=GARCIN)
    for path in ("accuse/{}/", "accuse/{}/pdf/", "demande/{}/autre-code/"):
        assert caller.visit(PAGE + path.format(reference)).response.status_code == 404
    assert reference not in caller.visit(PAGE).text


@pytest.mark.parametrize("path", ["", "mode-d-emploi/", "ma-msa/", "autre-msa/", "code/", "accuse/X/", "accuse/X/pdf/"])
def test_a_stranger_signs_in_first(path: str) -> None:
    assert Caller().visit(PAGE + path).path == "/connexion/"


def test_the_guide(account: Account) -> None:
    """H01, H04."""
    caller = sign_in(Caller()).visit(PAGE).follow("Le mode d'emploi")
    caller.sees(
        "permet d'accéder à l'espace privé d'une MSA d'un autre département",
        "bénéficiez de prestations ou réglez des cotisations",
    )


def test_a_particulier_is_told_kindly_why_not_and_whom_to_call(account: Account) -> None:
    """H05."""
    caller = sign_in(Caller()).visit(PAGE).follow("Complétez votre inscription aux services sécurisés de la MSA 68")
    caller.sees("Ces services sont réservés aux entreprises et aux exploitants")
    caller.sees("Appelez la MSA Alsace au 09 69 36 37 03")
    assert not caller.offers("Valider")


def test_a_farmer_completes_the_registration_at_the_own_msa(account: Account) -> None:
    """H05, R11."""
    affiliate(account.member, "68", Profile.FARMER)
    caller = sign_in(Caller()).visit(PAGE).follow("Complétez votre inscription")
    caller.press("Valider", department="68").sees("Accusé de réception", "68-Haut-Rhin")
    accepted()
    caller.visit(PAGE).sees("Les services s'ouvrent aussitôt")
    caller.follow("Taper mon code").press("Valider", code=code_of_the_letter())
    caller.sees("Les services des exploitants sont ouverts pour 68-Haut-Rhin.")
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    caller.visit(PAGE).sees("Services ouverts")


def test_a_department_that_is_open_is_shown_and_not_offered(account: Account) -> None:
    """F02: and who asks all the same, in a page that was open meanwhile, is told so."""
    following.follow_registry(now=timezone.now())
    caller = sign_in(Caller()).visit(PAGE + "autre-msa/")
    assert 'value="67"' not in caller.response.content.decode()
    affiliate(account.member, "13")
    caller.press("Valider", department="13").sees("La MSA vous connaît déjà : 13-Bouches-du-Rhône est ouvert.")
    caller.visit(PAGE + "autre-msa/").press("Valider", department="67")
    caller.sees("Le département 67-Bas-Rhin est déjà ouvert pour vous.")
    assert not DepartmentRequest.objects.exists()


@pytest.mark.parametrize("department", ["", "99", "Ain", "01-Ain", "\x00", "0" * 300])
def test_what_is_no_department_is_asked_for_again(account: Account, department: str) -> None:
    caller = sign_in(Caller()).visit(PAGE + "autre-msa/").press("Valider", department=department)
    assert caller.page.errors["department"].startswith("Choisissez un département")
    assert not DepartmentRequest.objects.exists()


@pytest.mark.parametrize("code", ["", "123", "ACDE FGHJ KMN", "x" * 300, "\x00" * 12, "éàü-éàü-éàü-"])
def test_what_is_no_code_is_asked_for_again(account: Account, code: str) -> None:
    caller = sign_in(Caller()).visit(PAGE + "code/").press("Valider", code=code)
    assert "12 lettres et chiffres" in caller.page.errors["code"]


def test_each_refused_code_has_its_sentence(account: Account, clock: Traveller) -> None:
    """R11: wrong, superseded, expired; the limit has words too."""
    asked_for()
    accepted()
    old = code_of_the_letter()
    caller = sign_in(Caller())
    typed = {"ACDEFGHJKMNP": "n'est celui d'aucune de vos demandes. Recopiez-le depuis votre dernier courrier. Il vous"}
    clock.shift(timedelta(days=8))
    caller = sign_in(Caller()).visit(PAGE).follow("Je n'ai pas mon code").press("Recevoir un autre code")
    caller.sees("Un autre code part par courrier. Celui d'avant ne fonctionne plus.")
    caller.follow("Je n'ai pas mon code").sees("un code par semaine au plus", "17 mars 2026")
    typed[old] = "Ce code a été remplacé par un plus récent."
    for code, sentence in typed.items():
        assert sentence in caller.visit(PAGE + "code/").press("Valider", code=code).page.errors["code"]
    new = compose(Letter.objects.latest("created_at")).secret
    clock.shift(timedelta(days=31))
    caller = sign_in(Caller())
    caller.visit(PAGE).sees("Votre code n'est plus valable")
    assert "n'est plus valable" in caller.visit(PAGE + "code/").press("Valider", code=new).page.errors["code"]
    for _ in range(5):
        caller.visit(PAGE + "code/").press("Valider", code="ACDEFGHJKMNP")
    assert caller.response.status_code == 429
    caller.sees("Pour protéger votre compte, attendez une minute avant de réessayer.")


def test_the_member_follows_the_letter(account: Account) -> None:
    """H08: posted, when it arrives, and when it came back what to do."""
    caller = asked_for()
    caller.visit(PAGE).sees("Votre MSA étudie votre demande", "MSA Ain-Rhône vous répond d'ici quelques jours.")
    request = accepted()
    letter = posted(request, now=timezone.now())
    caller.visit(PAGE).sees("Courrier posté", "Il arrive vers le 5 mars 2026.", "Tapez votre code")
    assert letters.mark_returned(letter, by=an_agent(), now=timezone.now())
    caller.visit(PAGE).sees("Le courrier nous est revenu", "Son code ne fonctionne plus.")
    assert not caller.offers("Taper mon code")
    caller.follow("Vérifiez votre adresse")
    assert caller.path == "/mon-compte/adresse/"


def test_the_code_is_nowhere_but_in_its_letter(account: Account) -> None:
    """R13, R20: neither in a page, nor in a mail, nor in the journal."""
    caller = asked_for()
    accepted()
    code = code_of_the_letter()
    bare = code.replace("-", "")
    pages = caller.visit(PAGE).response.content.decode() + last_mail_to(EMAIL)
    kept = str(list(Entry.objects.values_list("detail", flat=True)))
    assert not any(each in pages + kept for each in (code, bare))


def test_each_page_costs_at_most_15_queries(account: Account) -> None:
    for department in ("01", "02", "03", "04"):
        asked_for(department)
        deciding.accept(DepartmentRequest.objects.get(department=department), by=an_agent(), now=timezone.now())
    caller = sign_in(Caller())
    for path in ("", "autre-msa/", "ma-msa/", "code/"):
        with CaptureQueriesContext(connection) as queries:
            caller.visit(PAGE + path)
        assert len(queries) <= 15, path
