"""MSA's provider played through the simulated FranceConnect: two processes, strict checks at each step.

Issue 4, « Done when »: the flow of issue 3 through the hub; facts A1 to A8, F 3, I17, J01, J11 to J14.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.members import GARCIN, OWN_PASSWORD
from tests.msa_portal.management.commands.test_serve_demo import demonstration, free_port, is_open, until
from tests.stories.between_sites import Wanderer
from tests.stories.test_over_http_oidc import Served

DROITS, RETRAITE = "/services/mes-droits-sociaux/", "/services/info-retraite/"
ORSINI = "290112B033911"
A_STATE = re.compile(r"[0-9a-f]{64}")


class Federation(Served):
    """The portal, and FranceConnect beside it."""

    def __init__(self, var: Path, port: int, simulator_port: int) -> None:
        super().__init__(var, port)
        self.hub = f"http://127.0.0.1:{simulator_port}"

    def caller(self) -> Wanderer:
        return Wanderer(self.hub)

    def turn(self, **knobs: object) -> None:
        answer = requests.post(f"{self.hub}/reglages/", {**knobs, "partial": "1"}, timeout=10, allow_redirects=False)
        assert answer.status_code == 302, answer.text

    def reset(self) -> None:
        requests.post(f"{self.hub}/reglages/remise-a-zero/", timeout=10, allow_redirects=False).raise_for_status()

    def change(self, *statements: str) -> None:
        """In the portal's database, as an agent or a migration would."""
        imports = "from accounts.models import Member, login_of_nir", "from franceconnect.models import Client"
        self.manage("shell", "--no-imports", "-c", "\n".join((*imports, *statements)))


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    var, simulator_port = tmp_path_factory.mktemp("var"), free_port()
    with demonstration(var, simulator_port=simulator_port) as (_, port):
        until(lambda: is_open(simulator_port))
        yield Federation(var, port, simulator_port)


@pytest.fixture
def federation(processes: Federation) -> Federation:
    processes.reset()
    return processes


def by_msa(caller: Wanderer, service: str = DROITS, *, login: str = GARCIN) -> Wanderer:
    """To the service, to FranceConnect, to MSA, and back to FranceConnect."""
    caller.visit(service).follow("S'identifier avec")
    return caller.press("MSA").press("Se connecter", login_id=login, password=OWN_PASSWORD)


def arrive(caller: Wanderer, service: str = DROITS, *, login: str = GARCIN) -> Wanderer:
    return by_msa(caller, service, login=login).press("Continuer sur")


def refused(caller: Wanderer, code: str, status: int) -> None:
    caller.sees(code)
    assert caller.response.status_code == status
    # FranceConnect's own page, not the service's.
    assert caller.path.startswith("/api/v2/")


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True, strict_parsing=True))


def test_a_service_receives_what_the_registry_knows(federation):
    """J11, J13, J14, A5: through MSA's provider and the hub, nothing is lost and nothing is added."""
    caller = arrive(federation.caller())
    assert caller.path == DROITS
    caller.sees("Vous êtes Loïc André GARCIN", "11 octobre 1985", "1985-10-11", "13201", "99100", "male")
    caller.sees("loic.garcin@example.org", "eidas1")
    # Not the sub that MSA gave to FranceConnect: one of FranceConnect's own (B4).
    assert re.search(r"\b[0-9a-f]{64}v1\b", caller.text)


def test_the_service_never_learns_by_which_account(federation):
    """A1: nor does MSA learn for which service."""
    caller = federation.caller().visit(DROITS).follow("S'identifier avec").press("MSA")
    asked = query(next(address for address in caller.trail if "/oidc/authorize" in address))
    assert not re.search("droits|demo-", " ".join(asked.values()))
    caller.press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD).press("Continuer sur")
    received = caller.text.partition("Ce que nous avons reçu")[2].partition("Ceci n'est pas FranceConnect")[0]
    assert received
    assert federation.url not in received
    assert "msa" not in received.lower()


def test_franceconnect_asks_exactly_what_it_asks_every_provider(federation):
    """A2."""
    caller = federation.caller().visit(DROITS).follow("S'identifier avec").press("MSA")
    url = next(address for address in caller.trail if "/oidc/authorize" in address)
    asked = query(url)
    assert A_STATE.fullmatch(asked.pop("state"))
    assert A_STATE.fullmatch(asked.pop("nonce"))
    assert asked == {
        "client_id": "franceconnect-simulator",
        "response_type": "code",
        "redirect_uri": f"{federation.hub}/api/v2/oidc-callback",
        "scope": "openid profile email birth",
        "acr_values": "eidas1",
        "prompt": "login",
    }
    assert "scope=openid%20profile%20email%20birth" in url


def test_another_service_asks_for_no_account_again(federation):
    """I17, J12: FranceConnect's page « Continuer sur … » comes, the picker and MSA do not."""
    caller = arrive(federation.caller())
    caller.follow("Aller sur Info Retraite").sees("Bienvenue Loïc", "Continuer sur Info Retraite")
    assert not any(federation.url in address for address in caller.trail)
    caller.press("Continuer sur").sees("Vous êtes Loïc André GARCIN", "simulateur M@rel")
    caller.does_not_see("correction de mon relevé de carrière")


def test_each_service_knows_somebody_under_another_sub(federation):
    """B4."""
    caller = arrive(federation.caller())
    (here,) = set(re.findall(r"\b[0-9a-f]{64}v1\b", caller.text))
    caller.follow("Aller sur Info Retraite").press("Continuer sur")
    (there,) = set(re.findall(r"\b[0-9a-f]{64}v1\b", caller.text))
    assert here != there


def test_signing_out_of_the_service_ends_franceconnect_and_what_msa_opened_for_it(federation):
    """A8, B4, FI 24: the hint is long over for FranceConnect; the state comes back."""
    caller = arrive(federation.caller())
    federation.turn(clock_skew=600)
    caller.press("Se déconnecter").goes_on()
    caller.sees("Vous êtes déconnecté", "Vous n'êtes plus connecté ni à Mes droits sociaux, ni à FranceConnect.")
    steps = [urlsplit(address).path for address in caller.trail]
    assert steps[1:] == ["/oidc/logout", "/api/v2/client/logout-callback", f"{DROITS}deconnexion/retour/"]
    asked = query(caller.trail[1])
    assert set(asked) == {"id_token_hint", "post_logout_redirect_uri", "state", "client_id"}
    federation.turn(clock_skew=0)
    caller.visit(f"{DROITS}connexion/").sees("Je choisis un compte")


def test_a_portal_session_outlives_the_end_of_franceconnect_s(federation):
    """FS 21, R15: two sessions, and the end of one is not the end of the other."""
    caller = Wanderer(federation.url).visit("/connexion/")
    caller.press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD)
    assert caller.visit("/mon-espace/").path == "/mon-espace/"
    arrive(caller.visit(f"{federation.hub}/"))
    caller.press("Se déconnecter").goes_on().sees("Vous êtes déconnecté")
    assert caller.visit(f"{federation.url}/mon-espace/").path == "/mon-espace/"


def test_the_end_of_the_portal_session_is_not_the_end_of_franceconnect_s(federation):
    """FS 21, the other way round."""
    caller = Wanderer(federation.url).visit("/connexion/")
    caller.press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD)
    arrive(caller.visit(f"{federation.hub}/"))
    caller.visit(f"{federation.url}/mon-espace/").press("Se déconnecter")
    caller.visit(f"{federation.hub}{RETRAITE}connexion/").sees("Bienvenue Loïc")


def test_whoever_turns_back_at_msa_chooses_another_account(federation):
    """A8: access_denied leads to the picker, which says so; the service hears nothing."""
    caller = federation.caller().visit(DROITS).follow("S'identifier avec").press("MSA")
    caller.press("Retourner sur FranceConnect")
    assert query(next(each for each in caller.trail if "/oidc-callback" in each))["error"] == "access_denied"
    caller.sees("Je choisis un compte", "Vous n'avez pas été connecté avec votre compte MSA.")
    caller.press("MSA").press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD).sees("Bienvenue Loïc")


def test_a_member_who_may_not_is_told_at_msa_and_chooses_another_account(federation):
    """J15, FI 6, FI 19."""
    number = f"Member.objects.filter(nir_fingerprint=login_of_nir({ORSINI!r}))"
    federation.change(f"{number}.update(nir_status='uncertified')")
    try:
        caller = by_msa(federation.caller(), login=ORSINI)
        assert caller.address.startswith(federation.url)
        caller.press("Retourner sur FranceConnect").sees("Vous n'avez pas été connecté avec votre compte MSA.")
    finally:
        federation.change(f"{number}.update(nir_status='certified')")


def test_the_page_that_comes_back_from_msa_is_not_shown_twice(federation):
    """A2: the step guard; nobody is signed in a second time by an address that was kept."""
    caller = by_msa(federation.caller())
    back = next(address for address in caller.trail if "/oidc-callback" in address)
    refused(caller.visit(back), "Y020022", 403)
    refused(federation.caller().visit(back), "Y020022", 403)


@pytest.mark.parametrize(
    ("knobs", "code", "status"),
    [
        ({"provider_alg": "RS256"}, "Y020026", 502),
        ({"clock_skew": 120}, "Y020026", 502),
        ({"clock_skew": -120}, "Y020026", 502),
        ({"provider_encryption": "ECDH-ES"}, "Y020026", 502),
        ({"provider_userinfo": "json"}, "Y020027", 502),
        ({"allowed_acr": "eidas2"}, "Y100018", 403),
        ({"disabled_providers": "msa"}, "Y020017", 400),
        ({"lose_state": "1"}, "Y020021", 400),
    ],
    ids=lambda value: "-".join(f"{name}={each}" for name, each in value.items()) if isinstance(value, dict) else None,
)
def test_what_msa_is_not_registered_for_is_refused(federation, knobs, code, status):
    """A3, A4, A6: the knobs say how the hub has MSA in its books, and MSA answers as it always does."""
    caller = federation.caller().visit(DROITS).follow("S'identifier avec").press("MSA")
    federation.turn(**knobs)
    refused(caller.press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD), code, status)
    assert "Vous êtes" not in caller.visit(f"{federation.hub}{DROITS}").text


@pytest.mark.parametrize(
    ("spoilt", "code", "status"),
    [
        (lambda said: said.pop("state"), "Y020021", 400),
        (lambda said: said.update(state=" "), "Y020021", 400),
        (lambda said: said.update(state="0" * 64), "Y020022", 403),
        (lambda said: said.update(state="é" * 64), "Y020022", 403),
        (lambda said: said.pop("code"), "Y020025", 400),
        (lambda said: said.update(code=""), "Y020025", 400),
        (lambda said: said.update(code="A" * 43), "Y020026", 502),
        (lambda said: said.pop("iss"), "Y020026", 502),
        (lambda said: said.update(iss="https://ailleurs.example"), "Y020026", 502),
    ],
    ids=[
        "no state", "blank state", "wrong state", "state not ASCII", "no code", "empty code", "wrong code", "no iss",
        "wrong iss",
    ],
)  # fmt: skip
def test_what_comes_back_spoilt_is_refused(federation, spoilt: Callable[[dict[str, str]], object], code, status):
    """A3, A8: the state comes first, so that a spoilt one spends nothing; MSA announces its iss, so it has to come."""
    caller = federation.caller().visit(DROITS).follow("S'identifier avec").press("MSA")
    asked = query(next(address for address in caller.trail if "/oidc/authorize" in address))
    said = {"code": "B" * 43, "state": asked["state"], "iss": federation.url}
    spoilt(said)
    refused(caller.visit(requests.Request("GET", asked["redirect_uri"], params=said).prepare().url), code, status)


def test_another_browser_cannot_bring_the_answer(federation):
    """A3: the state is this browser's; whoever was sent the address of somebody else's return is not signed in."""
    caller = federation.caller().visit(DROITS).follow("S'identifier avec").press("MSA")
    asked = query(next(address for address in caller.trail if "/oidc/authorize" in address))
    thief = federation.caller().visit(DROITS).follow("S'identifier avec").press("MSA")
    there = f"{asked['redirect_uri']}?code={'B' * 43}&state={asked['state']}&iss={federation.url}"
    refused(thief.visit(there), "Y020022", 403)


def test_msa_s_status_on_the_picker_follows_the_knob(federation):
    """A6: suspicious context; disabled."""
    federation.turn(disabled_providers="msa")
    caller = federation.caller().visit(DROITS).follow("S'identifier avec")
    caller.sees("Momentanément indisponible")
    federation.turn(disabled_providers="", suspicious="1")
    caller.visit(caller.address).sees("votre connexion semble inhabituelle")


def test_tokens_are_sealed_for_franceconnect_alone(tmp_path):
    """A4: id_token and userinfo as JWE, with the keys that the hub publishes; a hub that expects none refuses them."""
    simulator_port = free_port()
    before = Federation(tmp_path, free_port(), simulator_port)
    before.manage("migrate", "--verbosity", "0")
    before.manage("seed_demo")
    before.change("Client.objects.filter(client_id='franceconnect-simulator').update(encryption_alg='ECDH-ES')")
    with demonstration(tmp_path, simulator_port=simulator_port) as (_, port):
        until(lambda: is_open(simulator_port))
        federation = Federation(tmp_path, port, simulator_port)
        published = requests.get(f"{federation.hub}/api/v2/client/.well-known/keys", timeout=10)
        assert published.headers["Cache-Control"] == "public, max-age=600"
        assert {key["use"] for key in published.json()["keys"]} == {"enc"}
        assert not any("d" in key for key in published.json()["keys"])
        refused(by_msa(federation.caller()), "Y020026", 502)
        federation.turn(provider_encryption="ECDH-ES")
        arrive(federation.caller()).sees("Vous êtes Loïc André GARCIN")


def through_the_loop(federation: Federation) -> Wanderer:
    """To the portal by FranceConnect, at FranceConnect by MSA, that is by the portal."""
    caller = Wanderer(federation.url).visit("/connexion/").follow("S'identifier avec")
    caller.sees("Je choisis un compte", "mon espace privé MSA")
    caller.press("MSA").does_not_see("S'identifier avec FranceConnect")
    return caller.press("Se connecter", login_id=ORSINI, password=OWN_PASSWORD).press("Continuer sur mon espace privé")


def in_the_space(federation: Federation) -> Wanderer:
    """The first time asks for the number, and never again (I11, I12)."""
    caller = through_the_loop(federation)
    if caller.path == "/franceconnect/identifiant/":
        caller.sees("Accéder à Mon espace privé avec FranceConnect").press("Se connecter", nir=ORSINI)
    assert caller.path == "/mon-espace/", f"{caller.address}: {caller.text[:800]}"
    return caller


def test_msa_opens_the_portal_by_way_of_franceconnect(federation):
    """FS 21, FI 26, I12: no loop, no second button, and the second time nothing is asked."""
    in_the_space(federation)
    assert through_the_loop(federation).path == "/mon-espace/"


def test_leaving_the_portal_leaves_the_whole_loop(federation):
    """FS 17, FS 21, A8: here, at FranceConnect, and what MSA opened for FranceConnect; each answers at its place."""
    caller = in_the_space(federation).press("Se déconnecter").goes_on()
    steps = [urlsplit(address).path for address in caller.trail]
    assert steps[1:4] == ["/oidc/logout", "/api/v2/client/logout-callback", "/franceconnect/deconnexion/retour/"]
    assert caller.address.startswith(federation.url)
    caller.sees("déconnecté")
    assert caller.visit("/mon-espace/").path == "/connexion/"
    caller.visit(f"{federation.hub}{DROITS}connexion/").sees("Je choisis un compte")


def test_leaving_a_service_leaves_the_portal_alone(federation):
    """FS 21, I17: the session of Mon espace privé is not the one that MSA opened for FranceConnect."""
    caller = in_the_space(federation)
    caller.visit(f"{federation.hub}{DROITS}connexion/").press("Continuer sur").sees("Vous êtes Ghjulia Marie ORSINI")
    caller.press("Se déconnecter").goes_on().sees("Vous êtes déconnecté")
    assert caller.visit(f"{federation.url}/mon-espace/").path == "/mon-espace/"


def test_whoever_turns_back_at_msa_may_still_enter_by_another_account(federation):
    """FS 21, A8, I12: the same person, whoever vouches."""
    in_the_space(federation).press("Se déconnecter").goes_on()
    caller = Wanderer(federation.url).visit("/connexion/").follow("S'identifier avec").press("MSA")
    caller.press("Retourner sur FranceConnect").sees("Vous n'avez pas été connecté avec votre compte MSA.")
    caller.press("L'Assurance Maladie").press("Continuer", citizen="orsini").press("Continuer sur mon espace privé")
    assert caller.path == "/mon-espace/"
