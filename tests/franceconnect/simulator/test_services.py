"""The two services from outside: what they show, what they refuse, single sign-on between them (J11 to J14, I17)."""

import re

import pytest

from tests.simulator import Simulator
from tests.stories.between_sites import Wanderer

DROITS, RETRAITE = "/services/mes-droits-sociaux/", "/services/info-retraite/"
# 20 November 2026, 10:05 in Paris.
A_MOMENT = 1795165500


@pytest.fixture
def hub(simulator: Simulator) -> Simulator:
    simulator.turn(clock_held=A_MOMENT)
    return simulator


def signed_in(hub: Simulator, service: str = DROITS, *, citizen: str = "garcin") -> Wanderer:
    caller = Wanderer(hub.url).visit(service).follow("S'identifier avec").press("L'Assurance Maladie")
    return caller.press("Continuer", citizen=citizen).press("Continuer sur")


def come_back(caller: Wanderer) -> str:
    """The address at which the service was answered last."""
    return next(address for address in caller.trail if "/retour/?" in address)


def test_mes_droits_sociaux_says_what_it_is_for(hub):
    """J13, J14: a plain list, and FranceConnect's button by its rules (B6)."""
    caller = Wanderer(hub.url).visit(DROITS)
    caller.sees(
        "démonstration", "Ce site est inventé", "S'identifier avec FranceConnect", "Qu'est-ce que FranceConnect ?"
    )
    caller.sees(
        "les aides au logement", "l'aide au paiement d'une complémentaire santé", "le complément familial",
        "l'allocation de solidarité spécifique",
    )  # fmt: skip


def test_info_retraite_says_what_is_for_which_age(hub):
    """J12."""
    caller = Wanderer(hub.url).visit(RETRAITE)
    caller.sees("À tout âge : ma carrière", "Avant 45 ans : le simulateur M@rel", "À partir de 55 ans : la correction")


@pytest.mark.parametrize(
    ("citizen", "age", "young", "near"),
    [
        ("kervadec", 25, True, False),
        ("garcin", 41, True, False),
        ("dubreuil", 47, False, False),
        ("perrin", 73, False, True),
    ],
)
def test_info_retraite_follows_the_birth_date(hub, citizen, age, young, near):
    """J12: once FranceConnect has told it."""
    caller = signed_in(hub, RETRAITE, citizen=citizen).sees(f"À {age} ans, pour vous", "ma carrière")
    assert ("simulateur M@rel" in caller.text) is young
    assert ("correction de mon relevé" in caller.text) is near
    assert ("mes attestations de paiement" in caller.text) is near


def test_everything_that_was_received_is_shown(hub):
    """I09, B3: identity, level, times, sub; the tokens as they came, folded."""
    caller = signed_in(hub, citizen="keller")
    caller.sees("Vous êtes Éloïse Marie-Odile KELLER", "FranceConnect nous l'a dit le 20/11/2026 à 10:05:00.")
    caller.sees("Nom d'usage", "D'ORSAY", "eloise.keller@example.org", "14 mars 1972", "Femme", "67482", "99100")
    caller.sees("Éloïse, Marie-Odile", "eidas1", "demo-mes-droits-sociaux", f"{hub.url}/api/v2")
    assert len(re.findall(r"\b[0-9a-f]{64}v1\b", caller.text)) == 2
    assert len(re.findall(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", caller.text)) == 2
    assert b'<details class="raw">' in caller.response.content


def test_a_presumed_date_comes_in_both_forms(hub):
    """A7: completed with 01, and as the provider wrote it."""
    signed_in(hub, citizen="bouzid").sees("1er novembre 1992", "1992-11-01", "1992-11-00")


def test_somebody_born_abroad_has_no_commune(hub):
    """A5, A7: the birthplace is empty, not missing."""
    signed_in(hub, citizen="papadakis").sees("Naissance à l'étranger : pas de commune", "99126")


def test_the_second_service_asks_for_no_account(hub):
    """I17: and each of them has a session of its own."""
    caller = signed_in(hub).follow("Aller sur Info Retraite").sees("Continuer sur Info Retraite")
    caller.press("Continuer sur").sees("Vous êtes Loïc André GARCIN")
    caller.press("Se déconnecter").goes_on().sees("Vous êtes déconnecté")
    caller.visit(RETRAITE).does_not_see("Vous êtes Loïc")
    caller.visit(DROITS).sees("Vous êtes Loïc André GARCIN")


def test_the_session_is_the_service_s_own(hub):
    """Neither FranceConnect's cookie nor the other service's opens it."""
    caller = signed_in(hub)
    cookies = {name: morsel["path"] for name, morsel in caller.client.cookies.items() if name.startswith("service-")}
    assert cookies == {"service-mes-droits-sociaux": DROITS}
    assert all(caller.client.cookies[name]["httponly"] for name in cookies)
    del caller.client.cookies["service-mes-droits-sociaux"]
    caller.visit(DROITS).does_not_see("GARCIN")


def test_without_single_sign_on_everything_is_asked_again(hub):
    """F 5."""
    hub.turn(sso=False)
    signed_in(hub).follow("Aller sur Info Retraite").sees("Je choisis un compte")


def test_whoever_gives_up_is_told_so(hub):
    """B5: error, description and iss as they came."""
    caller = Wanderer(hub.url).visit(DROITS).follow("S'identifier avec").press("Revenir sur")
    assert caller.response.status_code == 400
    caller.sees("FranceConnect vous a ramené sans vous identifier.", "access_denied", "User auth aborted")
    caller.sees(f"{hub.url}/api/v2", "Le state est le nôtre oui")
    caller.follow("Réessayer").sees("Je choisis un compte")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("forged_iss", "Ce retour ne vient pas de notre FranceConnect."),
        ("no_iss", "Ce retour ne vient pas de notre FranceConnect."),
        ("no_code", "FranceConnect vous a ramené sans rien nous dire."),
        ("expired_code", "Ce que FranceConnect nous a dit de votre connexion n'a pas pu être vérifié. status 400"),
        ("wrong_key", "votre connexion n'a pas pu être vérifié. signature"),
        ("alg_none", "votre connexion n'a pas pu être vérifié. alg"),
        ("alg_hs256", "votre connexion n'a pas pu être vérifié. alg"),
        ("other_alg", "votre connexion n'a pas pu être vérifié. alg"),
        ("wrong_nonce", "votre connexion n'a pas pu être vérifié. nonce"),
        ("wrong_audience", "votre connexion n'a pas pu être vérifié. aud"),
        ("wrong_issuer", "votre connexion n'a pas pu être vérifié. iss"),
        ("expired", "votre connexion n'a pas pu être vérifié. exp"),
        ("other_subject", "votre identité n'a pas pu être vérifié. sub"),
        ("tampered_userinfo", "votre identité n'a pas pu être vérifié. signature"),
        ("userinfo_wrong_audience", "votre identité n'a pas pu être vérifié. aud"),
    ],
)
def test_what_is_spoilt_on_the_way_signs_nobody_in(hub, spoil, words):
    """FS 6, FS 8, FS 9 and F 5, seen by a service that is not ours."""
    hub.turn(spoil=spoil)
    caller = signed_in(hub)
    before, _, rule = words.partition(". ")
    caller.sees("Vous n'êtes pas connecté", before)
    if rule:
        caller.sees(f"Ce qui n'allait pas {rule}")
    assert caller.response.status_code == 400
    hub.turn(spoil="")
    caller.visit(DROITS).does_not_see("GARCIN")


def test_a_new_key_that_is_published_is_read(hub):
    """B3: keys are read again at each sign-in."""
    hub.turn(spoil="new_key")
    signed_in(hub).sees("Vous êtes Loïc André GARCIN")


def test_a_return_serves_once_and_in_its_own_browser(hub):
    """FS 3: nobody is signed in by an address that was kept or sent; whoever is signed in stays so."""
    caller = signed_in(hub)
    address = come_back(caller)
    caller.visit(address).sees("Vous n'êtes pas connecté", "Le state est le nôtre non")
    assert dict(re.findall(r"[?&](code)=([^&]+)", address))["code"] not in caller.text
    caller.visit(DROITS).sees("Vous êtes Loïc André GARCIN")
    Wanderer(hub.url).visit(address).sees("Ce retour de FranceConnect n'est pas celui que nous attendions.")


def test_a_forged_return_spends_nothing(hub):
    """FS 3: the true one still signs in."""
    caller = Wanderer(hub.url).visit(DROITS).follow("S'identifier avec").press("L'Assurance Maladie")
    there = caller.address
    caller.visit(f"{DROITS}retour/?code=x&state={'0' * 64}").sees("Le state est le nôtre non")
    caller.visit(there).press("Continuer", citizen="garcin").press("Continuer sur").sees("Vous êtes Loïc André GARCIN")


@pytest.mark.parametrize("endpoint", ["discovery", "jwks", "token", "userinfo"])
def test_franceconnect_may_break_down_half_way(hub, endpoint):
    """FS 24: nobody is signed in, and there is a way on."""
    caller = Wanderer(hub.url).visit(DROITS).follow("S'identifier avec").press("L'Assurance Maladie")
    caller.press("Continuer", citizen="garcin")
    hub.turn(failing_endpoint=endpoint)
    caller.press("Continuer sur").sees("Vous n'êtes pas connecté", "status 503")
    hub.turn(failing_endpoint="")
    caller.visit(DROITS).does_not_see("GARCIN").follow("S'identifier avec").sees("Bienvenue Loïc")


def test_franceconnect_may_be_down_from_the_start(hub):
    """FS 24."""
    hub.turn(failing_endpoint="discovery")
    Wanderer(hub.url).visit(f"{DROITS}connexion/").sees(
        "FranceConnect ne répond pas en ce moment.", "pas encore vérifié"
    )


def test_signing_out_when_franceconnect_is_down_still_signs_out_here(hub):
    """FS 17: and says so."""
    caller = signed_in(hub)
    hub.turn(failing_endpoint="discovery")
    caller.press("Se déconnecter").sees(
        "Vous n'êtes plus connecté à Mes droits sociaux.", "FranceConnect n'a pas répondu"
    )
    caller.visit(DROITS).does_not_see("GARCIN")


def test_the_return_from_signing_out_is_checked(hub):
    """FS 17: another state does nothing, and the true one serves once."""
    caller = signed_in(hub)
    caller.visit(f"{DROITS}deconnexion/retour/?state={'0' * 64}").sees("Nous n'attendions pas ce retour")
    caller.visit(DROITS).sees("Vous êtes Loïc André GARCIN")
    caller.press("Se déconnecter").goes_on().sees("ni à Mes droits sociaux, ni à FranceConnect.")
    caller.visit(caller.address).sees("Nous n'attendions pas ce retour")


def test_a_link_signs_nobody_out(hub):
    """A sign-out is a POST."""
    caller = signed_in(hub)
    assert caller.visit(f"{DROITS}deconnexion/").response.status_code == 405
    caller.visit(DROITS).sees("Vous êtes Loïc André GARCIN")


def test_there_are_two_services(hub):
    assert Wanderer(hub.url).visit("/services/cnav/").response.status_code == 404
