"""FranceConnect's pages as somebody meets them, over HTTP (I03 to I10, I16, I17, J14, facts A5 to A8, B4, B5)."""

import email
import re
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from franceconnect.simulator.errors import words
from franceconnect.simulator.knobs import Knobs, knobs
from franceconnect.simulator.pages.knob_fields import FIELDS, ValueUnknown
from tests.franceconnect.simulator.at_the_hub import Visitor

SIMULATOR = Path(__file__).parents[3] / "franceconnect" / "simulator"


@pytest.fixture
def visitor(simulator, settings) -> Visitor:
    return Visitor(simulator, settings.BASE_URL)


def mailbox(simulator) -> list[str]:
    return sorted(path.name for path in (simulator.var / "mail").glob("*.eml"))


@pytest.fixture(autouse=True)
def _empty_mailbox(simulator) -> None:
    for path in (simulator.var / "mail").glob("*"):
        path.unlink()


def test_the_picker_names_the_service_and_offers_six_accounts(visitor):
    """I03."""
    visitor.arrive()
    assert visitor.title == "Je choisis un compte pour me connecter sur : mon espace privé MSA"
    names = (
        "impots.gouv.fr",
        "L'Assurance Maladie",
        "L'Identité Numérique La Poste",
        "mobile connect et moi",
        "MSA",
        "YRIS",
    )
    assert [name for name, button in zip(names, visitor.buttons[1:], strict=False) if button.startswith(name)] == list(
        names
    )
    assert "Alicem" not in visitor.text


def test_mes_droits_sociaux_has_alicem(visitor):
    """I05, J14."""
    visitor.arrive(service="mes-droits-sociaux", scope="openid profile birth email")
    assert visitor.title.endswith("mesdroitssociaux.gouv.fr")
    assert "Alicem" in visitor.text
    assert "YRIS" not in visitor.text


def test_every_page_says_that_it_is_a_simulator(visitor):
    visitor.arrive()
    here = urlsplit(visitor.browser.here).path
    for path in (here, "/", "/citoyens/", "/reglages/", "/donnees-personnelles/", "/nowhere/"):
        visitor.visit(path)
        assert "Simulateur de FranceConnect démonstration" in visitor.text
        assert "Ceci n'est pas FranceConnect" in visitor.text


def test_a_citizen_is_welcomed_and_sees_what_will_be_told(visitor):
    """I06 to I09."""
    visitor.arrive().choose("impots.gouv.fr", "keller")
    assert visitor.title == "Bienvenue Éloïse"
    assert (
        "À la demande du service auquel vous souhaitez accéder, certaines données vont être transmises." in visitor.text
    )
    assert "Afficher/masquer les détails des informations partagées" in visitor.text
    assert "Masquer le détail des données" in visitor.text
    assert {"Ce n'est pas vous ?", "Continuer sur mon espace privé MSA"} <= set(visitor.buttons)
    assert shared(visitor) == {
        "Nom d'usage": "D'ORSAY",
        "Adresse email": "eloise.keller@example.org",
        "Prénoms": "Éloïse Marie-Odile",
        "Nom de naissance": "KELLER",
        "Date de naissance": "14 mars 1972",
        "Sexe": "Femme",
        "Lieu de naissance": "Commune 67482 (Bas-Rhin)",
        "Pays de naissance": "France",
    }
    visitor.press("Continuer sur mon espace privé MSA")
    assert {"code", "state", "iss"} == set(visitor.said)


def shared(visitor: Visitor) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", visitor.browser.response.text)
    return {label.replace("&#x27;", "'"): value.replace("&#x27;", "'") for label, value in found}


@pytest.mark.parametrize(
    ("scope", "labels"),
    [
        ("openid", set()),
        ("openid email", {"Adresse email"}),
        ("openid birth", {"Lieu de naissance", "Pays de naissance"}),
        ("openid given_name", {"Prénoms"}),
        ("openid preferred_username nothing_known", {"Nom d'usage"}),
    ],
)
def test_the_list_is_what_the_scopes_give_and_no_more(visitor, scope, labels):
    """I09."""
    visitor.arrive(scope=scope).choose("impots.gouv.fr", "keller")
    assert set(shared(visitor)) == labels


def test_the_treatment_of_personal_data_is_explained(visitor):
    """I10, I18."""
    visitor.arrive().choose("impots.gouv.fr", "keller")
    links = dict(visitor.page.links)
    visitor.visit(links["En savoir plus sur le traitement des données personnelles"])
    assert "Il ne garde pas ces données." in visitor.text
    visitor.visit(dict(visitor.page.links)["Revenir à ma connexion"])
    assert visitor.title == "Bienvenue Éloïse"


def test_a_choice_is_remembered_when_asked_to(visitor):
    """I04."""
    visitor.arrive().press("YRIS", remember="on")
    visitor.arrive()
    assert [text for text in visitor.buttons if "démonstration" in text] == [
        "YRIS Avec l'application sur votre téléphone démonstration"
    ]
    visitor.visit(dict(visitor.page.links)["Choisir un autre compte"])
    assert len([text for text in visitor.buttons if "démonstration" in text]) == 5
    # The box stands as it was; unticked, the choice is forgotten.
    form = visitor.page.forms[0]
    assert form.values["remember"] == "on"
    visitor.browser.post("/api/v2/redirect-to-idp", provider="impots", interaction=form.values["interaction"])
    visitor.arrive()
    assert visitor.title.startswith("Je choisis un compte")


def test_a_remembered_choice_is_not_forced_on_who_comes_back_from_it(visitor):
    """A8."""
    visitor.arrive().press("YRIS", remember="on").press("Revenir à FranceConnect")
    assert "YRIS ne vous a pas identifié." in visitor.text
    assert visitor.title.startswith("Je choisis un compte")


def test_whoever_turns_back_is_told_to_the_service(visitor):
    """B5."""
    visitor.arrive().press("Revenir sur mon espace privé MSA")
    said = visitor.said
    assert (said["error"], said["error_description"]) == ("access_denied", "User auth aborted")


def test_nobody_chosen_says_what_to_do(visitor):
    visitor.arrive().press("impots.gouv.fr").press("Continuer", citizen="")
    assert visitor.status == 400
    assert "Choisissez une personne dans la liste" in visitor.text


def test_the_list_of_citizens_is_filtered(visitor):
    visitor.arrive().press("impots.gouv.fr").press("Filtrer", filter="née en Corse")
    assert "Ghjulia Marie ORSINI" in visitor.text
    assert "LAMY" not in visitor.text
    visitor.press("Continuer", citizen="orsini")
    assert visitor.title == "Bienvenue Ghjulia"


def test_a_provider_does_not_learn_the_service(visitor):
    """A1: the isolation between providers and services."""
    visitor.arrive(service="mes-droits-sociaux", scope="openid email").press("impots.gouv.fr")
    assert "mesdroitssociaux" not in visitor.text


def test_somebody_else_chooses_an_account_anew(visitor):
    """I06."""
    visitor.arrive().choose("impots.gouv.fr", "keller").press("Ce n'est pas vous ?")
    assert visitor.title.startswith("Je choisis un compte")
    visitor.choose("YRIS", "lamy")
    assert visitor.title == "Bienvenue Fritz"
    visitor.press("Continuer sur")
    assert "code" in visitor.said


def test_not_me_ends_the_session_for_the_next_service_too(visitor):
    """I06, B4."""
    visitor.arrive().choose("impots.gouv.fr", "keller").press("Ce n'est pas vous ?")
    visitor.arrive(service="info-retraite", scope="openid email")
    assert visitor.title.startswith("Je choisis un compte")


def test_a_second_service_shows_the_same_page_and_asks_for_no_account(visitor):
    """I17, B4."""
    visitor.arrive().choose("impots.gouv.fr", "keller").press("Continuer sur")
    visitor.arrive(service="mes-droits-sociaux", scope="openid email")
    assert visitor.title == "Bienvenue Éloïse"
    assert set(shared(visitor)) == {"Adresse email"}
    visitor.press("Continuer sur mesdroitssociaux.gouv.fr")


def test_the_page_may_be_skipped_by_a_knob(visitor, simulator):
    """B2: prompt=login alone, which FranceConnect grants to few."""
    simulator.turn(ask_consent=False)
    visitor.arrive().choose("impots.gouv.fr", "keller")
    assert "code" in visitor.said


def test_an_e_mail_tells_of_each_service_once(visitor, simulator):
    """I16."""
    visitor.arrive().choose("impots.gouv.fr", "orsini")
    assert mailbox(simulator) == []
    visitor.press("Continuer sur")
    visitor.arrive().press("Continuer sur")
    (name,) = mailbox(simulator)
    assert re.fullmatch(r"\d{8}T\d{6}\.\d{6}Z-[A-Za-z0-9-]+\.eml", name)
    message = email.message_from_bytes((simulator.var / "mail" / name).read_bytes(), policy=default)
    assert message["Subject"] == 'Alerte de connexion au service "mon espace privé MSA" avec FranceConnect'
    assert message["To"] == "ghjulia.orsini@example.net"
    text = message.get_content()
    assert "votre compte impots.gouv.fr" in text
    assert not re.search(r"ORSINI|1990|2B033", text)
    visitor.arrive(service="info-retraite", scope="openid email").press("Continuer sur")
    assert len(mailbox(simulator)) == 2
    assert mailbox(simulator)[0] == name


def test_no_e_mail_when_the_knob_says_so(visitor, simulator):
    simulator.turn(notify=False)
    visitor.arrive().choose("impots.gouv.fr", "orsini").press("Continuer sur")
    assert mailbox(simulator) == []


@pytest.mark.parametrize(
    ("citizen", "code", "status", "error"),
    [
        ("moreau", "Y010015", 403, "access_denied"),
        ("martin", "Y010006", 403, "access_denied"),
        ("rnipp-11", "Y010011", 504, "temporarily_unavailable"),
        ("rnipp-13", "Y010013", 400, "server_error"),
    ],
)
def test_a_refusal_of_the_register_is_explained_then_told_to_the_service(visitor, citizen, code, status, error):
    """A7, FS 24."""
    visitor.arrive().choose("impots.gouv.fr", citizen)
    assert visitor.status == status
    assert code in visitor.text
    assert words()[code].replace("\u00a0", " ") in visitor.text
    visitor.press("Revenir sur mon espace privé MSA")
    assert (visitor.said["error"], visitor.said["error_description"]) == (error, code)


@pytest.mark.parametrize("citizen", ["sans-email", "date-impossible", "commune-tronquee"])
def test_an_identity_that_is_not_whole_stops_at_the_hub(visitor, citizen):
    """A5, Y600006: the service hears nothing; another account can be tried."""
    visitor.arrive().choose("impots.gouv.fr", citizen)
    assert visitor.status == 400
    assert "Y600006" in visitor.text
    visitor.visit(dict(visitor.page.links)["Choisir un autre compte"]).choose("impots.gouv.fr", "lamy")
    assert visitor.title == "Bienvenue Fritz"


def test_a_level_that_a_provider_does_not_have_stops_at_the_hub(visitor):
    """A6."""
    visitor.arrive().press("impots.gouv.fr").press("Continuer", citizen="lamy", acr="eidas3")
    assert "Y100018" in visitor.text
    visitor.arrive().press("impots.gouv.fr").press("Continuer", citizen="lamy", acr="")
    assert "Y100002" in visitor.text


@pytest.mark.parametrize(
    ("provider", "turned", "code"),
    [
        ("nobody", {}, "Y020019"),
        ("alicem", {}, "Y020023"),
        ("impots", {"disabled_providers": "impots"}, "Y020017"),
        ("impots", {"suspicious": True}, "Y020017"),
    ],
)
def test_an_account_that_is_not_offered_cannot_be_asked_for(visitor, simulator, provider, turned, code):
    """A8."""
    simulator.turn(**turned)
    visitor.arrive()
    visitor.browser.post("/api/v2/redirect-to-idp", provider=provider)
    assert visitor.status == 400
    assert code in visitor.text


def test_a_greyed_account_says_why(visitor, simulator):
    simulator.turn(disabled_providers="yris", suspicious=True)
    visitor.arrive()
    assert "YRIS Momentanément indisponible" in visitor.text
    assert "MSA Non proposé : votre connexion semble inhabituelle" in visitor.text
    assert visitor.browser.response.text.count(" disabled>") == 4


def test_a_request_is_answered_once_and_by_its_own_browser(visitor, simulator, settings):
    """FS 3."""
    visitor.arrive()
    picker = visitor.browser.here.removeprefix(simulator.url)
    stranger = Visitor(simulator, settings.BASE_URL).visit(picker)
    assert "Y190001" in stranger.text
    stranger.browser.post("/api/v2/login", interaction=picker.rpartition("/")[2])
    assert "Y190001" in stranger.text
    visitor.choose("impots.gouv.fr", "lamy").press("Continuer sur")
    visitor.visit(f"{picker}/consent")
    assert "Y190001" in visitor.text


def test_nobody_goes_on_who_has_not_been_vouched_for(visitor):
    visitor.arrive()
    visitor.browser.post("/api/v2/login")
    assert "Y190001" in visitor.text


def test_msa_itself_is_no_demonstration_provider(visitor):
    visitor.visit("/fournisseurs/msa/")
    assert (visitor.status, visitor.title) == (404, "Cette page n'existe pas")


def test_every_knob_has_its_place_on_the_page(visitor):
    """F 5."""
    assert set(FIELDS) == set(vars(Knobs()))
    visitor.visit("/reglages/")
    assert set(FIELDS) <= set().union(*(form.names for form in visitor.page.forms))


def test_the_page_of_knobs_turns_what_is_shown_and_says_so_everywhere(visitor):
    """F 5."""
    visitor.visit("/reglages/").press("Enregistrer les réglages", spoil="expired", clock_skew="-120")
    assert "C'est réglé." in visitor.text
    visitor.arrive()
    assert "Ce simulateur est déréglé exprès." in visitor.text
    assert "Réponse faussée : l'id_token est expiré." in visitor.text
    visitor.visit("/reglages/").press("Tout remettre à zéro")
    assert "déréglé" not in visitor.text


def test_what_the_page_sends_leaves_every_knob_as_it_stands(visitor):
    visitor.visit("/reglages/")
    values = {**visitor.page.forms[1].values}
    visitor.press("Enregistrer les réglages")
    assert "déréglé" not in visitor.text
    assert visitor.page.forms[1].values == values


def test_an_unticked_box_is_a_no_but_for_a_partial_turn(visitor, simulator):
    simulator.turn(suspicious=True)
    assert "La connexion semble inhabituelle : oui" in visitor.visit("/").text
    visitor.visit("/reglages/")
    values = {name: value for name, value in visitor.page.forms[1].values.items() if name not in ("sso", "suspicious")}
    visitor.browser.post("/reglages/", **values)
    text = visitor.visit("/").text
    assert "sans se réidentifier : non" in text
    assert "inhabituelle : oui" not in text


def test_a_value_that_no_knob_has_turns_nothing(visitor):
    visitor.browser.post("/reglages/", partial="1", sso="0", spoil="everything")
    assert visitor.status == 400
    assert "Rien n'a été changé." in visitor.text
    assert "déréglé" not in visitor.visit("/").text


@pytest.mark.parametrize(
    ("name", "values", "read"),
    [
        ("sso", ["0"], False), ("sso", ["on"], True), ("sso", [""], False), ("clock_skew", ["-3"], -3),
        ("disabled_providers", ["msa yris"], ["msa", "yris"]), ("disabled_providers", ["msa", "yris"], ["msa", "yris"]),
        ("disabled_providers", [""], []), ("allowed_acr", ["eidas1", "eidas2"], "eidas1 eidas2"),
        ("allowed_acr", ["eidas1 eidas2"], "eidas1 eidas2"), ("portal_url", [" http://127.0.0.1:9 "], "http://127.0.0.1:9"),
    ],
)  # fmt: skip
def test_what_is_sent_is_read_as_the_knob_keeps_it(name, values, read):
    assert FIELDS[name].read(values) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sso", "perhaps"), ("clock_skew", "soon"), ("signing_alg", "none"), ("disabled_providers", "msa nobody"),
        ("failing_status", "42"), ("failing_status", "200"), ("slow_seconds", "-3"), ("slow_seconds", "1_0"),
        ("clock_held", "99999999999"), ("clock_skew", "-99999999"),
    ],
)  # fmt: skip
def test_what_no_knob_takes_is_refused(name, value):
    with pytest.raises(ValueUnknown):
        FIELDS[name].read([value])
    assert getattr(knobs, name) == getattr(Knobs(), name)


def test_a_newcomer_finds_what_to_try_whom_to_be_and_what_to_type(visitor, settings):
    """Issue 4, « Done when »: a guided page at the simulator's root."""
    visitor.visit("/")
    links = {href for _, href in visitor.page.links}
    assert {"/citoyens/", "/reglages/", "/services/mes-droits-sociaux/", "/services/info-retraite/"} <= links
    assert {f"{settings.BASE_URL}{path}" for path in ("/connexion/", "/dev/personas/", "/dev/courriers/")} <= links
    assert "1 63 09 67 482 229" in visitor.text
    assert len(re.findall(r"<h3>", visitor.browser.response.text)) == 8
    visitor.press("Changer une lettre du nom en chemin")
    assert "Ce simulateur est déréglé exprès." in visitor.text


def test_pages_are_light_keep_their_stylesheet_and_run_no_script(visitor, simulator):
    """R22."""
    visitor.visit("/citoyens/")
    html = visitor.browser.response.text
    assert "<script" not in html
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', html)
    sheet = requests.get(f"{simulator.url}{address}", timeout=10)
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert "immutable" in sheet.headers["Cache-Control"]
    assert len(sheet.content) < 15_000
    assert requests.get(f"{simulator.url}/simulateur-other.css", timeout=10).status_code == 404


def test_pages_have_an_icon_and_what_a_browser_keeps_begins_no_session(visitor, simulator):
    html = visitor.visit("/").browser.response.text
    (icon,) = re.findall(r'<link rel="icon" href="([^"]+)"', html)
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', html)
    for address, kind in ((icon, "image/svg+xml"), (sheet, "text/css; charset=utf-8")):
        answer = requests.get(f"{simulator.url}{address}", timeout=10)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
        assert "Set-Cookie" not in answer.headers
    assert requests.get(f"{simulator.url}/simulateur-other.svg", timeout=10).status_code == 404


def test_a_number_out_of_reach_is_told_as_a_number(visitor):
    visitor.visit("/reglages/").press("Enregistrer les réglages", failing_status="42")
    assert visitor.status == 400
    assert (
        "Code HTTP de la panne\u00a0: tapez un nombre entier, de 400 à 599."
        in visitor.browser.response.text.replace("&nbsp;", "\u00a0").replace("</a>", "")
    )


def test_every_code_of_the_simulator_is_put_in_words():
    used = set()
    for path in SIMULATOR.rglob("*.py"):
        used |= set(re.findall(r'HubRefused\("(Y\w+)"|^[A-Z_, ]+ = .*?"(Y\w{6,7})"', path.read_text(), re.MULTILINE))
    assert {code for pair in used for code in pair if code} <= set(words())


def test_a_hint_skips_the_picker_once(simulator):
    """B2, I03: whoever comes back from the hinted provider, here one that does not answer, may take another."""
    nobody_there = "http://127.0.0.1:9"
    simulator.turn(portal_url=nobody_there)
    visitor = Visitor(simulator, nobody_there).arrive(idp_hint="msa")
    assert (visitor.status, visitor.title) == (502, "FranceConnect s'est arrêté là")
    assert "Le fournisseur d'identité ne peut pas être joint." in visitor.text
    visitor.visit(dict(visitor.page.links)["Choisir un autre compte"])
    assert visitor.title.startswith("Je choisis un compte")
    visitor.choose("YRIS", "lamy")
    assert visitor.title == "Bienvenue Fritz"
