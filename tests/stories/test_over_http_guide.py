"""The guided walks on the simulator's first page, walked as they are written, between the two processes.

Issue 4, « Done when »: registration, first sign-in and link, later sign-in, SSO, MSA's own account, unlink, logout both
ways, ten refusals; I02 to I17, B29, G05, J11 to J14, FS 17, FS 18, FS 21.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest

from tests.members import NEXT_PASSWORD, OWN_PASSWORD
from tests.msa_portal.management.commands.test_serve_demo import demonstration, free_port, is_open, until
from tests.stories.between_sites import Wanderer
from tests.stories.pages import squeezed
from tests.stories.registering import FINISH
from tests.stories.test_over_http_federation import Federation

SERVICE = "mon espace privé MSA"
LAMY_S_MAIL = "fritz.lamy@example.org"


@dataclass(frozen=True)
class Walk:
    """What one walk tells a newcomer: whom to be, what to type, what to choose, what will happen."""

    html: str

    @property
    def text(self) -> str:
        return squeezed(unescape(re.sub(r"<[^>]+>", " ", self.html)))

    @property
    def bold(self) -> list[str]:
        return [squeezed(each) for each in re.findall(r"<b>([^<]+)</b>", self.html)]

    @property
    def numbers(self) -> list[str]:
        return [squeezed(each) for each in re.findall(r'<b class="number">([^<]+)</b>', self.html)]

    @property
    def links(self) -> list[str]:
        return re.findall(r'href="([^"]+)"', self.html)

    @property
    def codes(self) -> list[str]:
        return re.findall(r"<code>(\w+)</code>", self.html)

    def steps(self) -> list["Walk"]:
        return [Walk(each) for each in re.findall(r"<li>(.*?)</li>", self.html, re.DOTALL)]

    def says(self, *sentences: str) -> None:
        for sentence in sentences:
            assert sentence in self.text


class Guide(Federation):
    """The demonstration, and the page that says what to try in it."""

    @property
    def page(self) -> str:
        return Wanderer(self.hub).visit("/").response.content.decode()

    def walk(self, name: str) -> Walk:
        found = re.search(rf'<li id="{name}">(.*?)</ol>\s*(?:<p>.*?</p>\s*)?</li>', self.page, re.DOTALL)
        assert found, f"no walk {name}"
        return Walk(found[1])

    def mails_to(self, address: str) -> list[str]:
        told = [mail for mail in self.mails() if mail["To"] == address]
        parts = [mail.get_payload(0) if mail.is_multipart() else mail for mail in told]
        return [part.get_payload(decode=True).decode() for part in parts]


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    var, simulator_port = tmp_path_factory.mktemp("var"), free_port()
    with demonstration(var, simulator_port=simulator_port) as (_, port):
        until(lambda: is_open(simulator_port))
        yield Guide(var, port, simulator_port)


@pytest.fixture
def guide(processes: Guide) -> Guide:
    """No knob is turned, nobody is signed in at FranceConnect."""
    processes.reset()
    return processes


def be(caller: Wanderer, name: str) -> Wanderer:
    """« Soyez … »: the person of this name in the list."""
    people = re.findall(
        r'value="([\w-]+)">\s*<span[^>]*><span class="person__name">([^<]+)<b>([^<]+)</b>',
        caller.response.content.decode(),
    )
    slugs = {squeezed(unescape(f"{given} {family}")): slug for slug, given, family in people}
    assert name in slugs, f"{name} is not in the list"
    return caller.press("Continuer", citizen=slugs[name])


def choose(caller: Wanderer, account: str) -> Wanderer:
    """From the portal's sign-in page to the choice of a person at this account."""
    caller.follow("S'identifier avec FranceConnect").sees("Je choisis un compte pour me connecter sur", SERVICE)
    return caller.press(account)


def test_every_link_of_the_guide_leads_to_a_page(guide):
    """F: on the portal, in the simulator, at the services; every walk is there."""
    links = {link for link in Walk(guide.page).links if not link.endswith(".css")}
    assert len(links) >= 8
    for link in sorted(links):
        assert Wanderer(guide.hub).visit(link).response.status_code == 200, link
    assert re.findall(r'<li id="([\w-]+)">', guide.page) == [
        "inscription", "association", "retour", "sso", "avec-la-msa", "dissociation", "deconnexion", "refus",
    ]  # fmt: skip


def test_from_the_registration_to_the_dissociation(guide):
    """B29, I02 to I11, I14, I16, FS 18: « S'inscrire avec FranceConnect », then « Dissocier » without a password."""
    walk = guide.walk("inscription")
    account, name, number = *walk.bold, *walk.numbers
    caller = Wanderer(guide.hub).visit(walk.links[0])
    be(choose(caller, account), name).sees("Bienvenue Fritz", "Ce n'est pas vous ?")
    walk.says("Continuer sur mon espace privé MSA", "une seule fois", "ses coordonnées, et rien d'autre")
    caller.press(f"Continuer sur {SERVICE}").press("Se connecter", nir=number)
    assert {name for form in caller.page.forms for name in form.names} >= {"email", "mobile"}
    caller.press(FINISH)
    assert caller.path == "/mon-espace/"
    # FranceConnect's own notice, and ours.
    until(lambda: len(guide.mails_to(LAMY_S_MAIL)) >= 2)
    assert any("FranceConnect" in said for said in guide.mails_to(LAMY_S_MAIL))
    until(lambda: list((guide.var / "letters").glob("*.pdf")))

    walk = guide.walk("dissociation")
    walk.says("qui n'a pas de mot de passe, en choisit un d'abord")
    caller.visit(walk.links[0]).follow("dissocier mon compte FranceConnect")
    caller.sees("Vous n'avez pas encore de mot de passe")
    caller.press("Dissocier mon compte", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    if not caller.address.startswith(guide.url):
        caller.goes_on()
    assert caller.path == "/mon-compte/"
    caller.sees("n'est plus associé avec votre compte FranceConnect")
    caller.press("Se déconnecter").visit(f"{guide.url}/connexion/")
    caller.press("Se connecter", login_id=number, password=NEXT_PASSWORD)
    caller.visit(f"{guide.url}/mon-compte/")
    assert caller.path == "/mon-compte/"


def test_from_the_first_sign_in_to_the_last_goodbye(guide):
    """I11 to I13, I17, J12, J13, FS 17: linked, back later by another account, on to two services, signed out."""
    walk = guide.walk("association")
    account, name, number = *walk.bold, *walk.numbers
    caller = Wanderer(guide.hub).visit(walk.links[0])
    be(choose(caller, account), name).press("Continuer sur").press("Se connecter", nir=number)
    assert caller.path == "/mon-espace/"
    until(lambda: any("associé" in said for said in guide.mails_to("loic.garcin@example.org")))

    guide.walk("retour").says("Se déconnecter", "le numéro n'est plus demandé")
    caller.press("Se déconnecter").goes_on().sees("Vous êtes déconnecté de Mon espace privé et de FranceConnect")
    be(choose(caller.visit(f"{guide.url}/connexion/"), "YRIS"), name).press("Continuer sur")
    assert caller.path == "/mon-espace/"

    walk = guide.walk("sso")
    for link, service in zip(walk.links, ("Mes droits sociaux", "Info Retraite"), strict=True):
        caller.visit(f"{guide.hub}{link}").sees(service).follow("S'identifier avec")
        caller.sees("Bienvenue").does_not_see("Je choisis un compte").press("Continuer")
        caller.sees(f"Vous êtes {name}", "Ce que nous avons reçu")

    guide.walk("deconnexion").says("ferme la session de la MSA, puis celle de FranceConnect")
    caller.visit(f"{guide.url}/mon-espace/").press("Se déconnecter").goes_on()
    caller.sees("Vous êtes déconnecté de Mon espace privé et de FranceConnect")
    caller.visit(f"{guide.hub}{walk.links[0]}connexion/").sees("Je choisis un compte")


def test_into_another_service_with_the_account_of_the_msa(guide):
    """J01, J11, J14, A8, FS 21: MSA's own page, its password, and a sign-out that passes by MSA."""
    walk = guide.walk("avec-la-msa")
    assert "MSA" in walk.bold
    caller = Wanderer(guide.hub).visit(walk.links[0]).follow("S'identifier avec").press("MSA")
    assert caller.address.startswith(guide.url)
    caller.press("Se connecter", login_id=walk.numbers[0], password=OWN_PASSWORD).press("Continuer")
    caller.sees("Vous êtes Ghjulia Marie ORSINI")
    guide.walk("deconnexion").says("la déconnexion passe aussi par la MSA")
    caller.press("Se déconnecter").goes_on().sees("Vous êtes déconnecté")
    assert any(address.startswith(f"{guide.url}/oidc/logout") for address in caller.trail)


def test_ten_refusals(guide):
    """FS 6, FS 12, FS 13, A5 to A8: each as it is told, nobody enters, the page says what to do."""
    walk = guide.walk("refus")
    walk.says("Personne n'entre, rien n'est créé, et la page dit quoi faire.")
    steps = walk.steps()
    assert len(steps) == 10

    def start() -> Wanderer:
        return Wanderer(guide.hub).visit(walk.links[0])

    def ends(caller: Wanderer, *sentences: str) -> None:
        caller.sees(*sentences)
        caller.visit(f"{guide.url}/mon-espace/")
        assert caller.path == "/connexion/"

    gives_up = start().follow("S'identifier avec FranceConnect")
    ends(gives_up.press(re.findall("« ([^»]+) »", steps[0].text)[0]), "Vous n'êtes pas allé au bout")
    for step in steps[1:3]:
        caller = be(choose(start(), "impots.gouv.fr"), step.bold[0]).press("Continuer sur")
        number = step.numbers[0] if step.numbers else "1 85 10 13 201 907"
        ends(caller.press("Se connecter", nir=number), "ne vont pas ensemble", "Il vous reste 4 essais")
    for step in steps[3:6]:
        caller = be(choose(start(), "impots.gouv.fr"), step.bold[0]).sees(step.codes[0])
        ends(caller.press(f"Revenir sur {SERVICE}"), step.codes[0], "n'a rien créé ni changé à votre nom")
    ends(be(choose(start(), "impots.gouv.fr"), steps[6].bold[0]), steps[6].codes[0], "Aller au portail de la MSA")

    turns = Wanderer(guide.hub).visit("/")
    buttons = [re.findall(r"<button[^>]*>([^<]+)<", step.html)[0] for step in steps[7:]]
    turns.press(buttons[0])
    greyed = start().follow("S'identifier avec FranceConnect")
    assert re.search(r'value="msa" disabled', greyed.response.content.decode())
    for button, words in ((buttons[1], "n'a pas pu être vérifiée"), (buttons[2], "FranceConnect ne répond pas")):
        guide.reset()
        turns.visit(f"{guide.hub}/").press(button)
        ends(be(choose(start(), "impots.gouv.fr"), "Fritz LAMY").press("Continuer sur"), words, "09 69 36 37 03")
    turns.visit(f"{guide.hub}/reglages/").press("Tout remettre à zéro")
