"""`make run`'s server, and beside it a relying party on another library that speaks HTTP: FranceConnect, and a service.

Issue 3, « Done when »; J01, J02, J11, J16, R15, FI 1 to FI 13, FI 22 to FI 24.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import ECKey, RSAKey

from tests.members import GARCIN, OWN_PASSWORD
from tests.msa_portal.management.commands.test_serve_demo import ROOT, demonstration, until
from tests.oidc.clients import CALLBACK, FC_CALLBACK, FC_LOGOUT_CALLBACK, LOGOUT_CALLBACK
from tests.oidc.relying_party import FEDERATION_SCOPE, RelyingParty
from tests.oidc.tokens import header_of
from tests.oidc.transport import OverHTTP
from tests.oidc.visitor import Visitor, arrive, whole_flow

WHO = {"login": GARCIN, "password": OWN_PASSWORD}


class Served:
    """The demonstration at its port, and its command line."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.url = f"http://127.0.0.1:{port}"

    def manage(self, *words: str) -> str:
        environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(self.var), "PORT": str(self.port)}
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def registered(self, client_id: str, *options: str, **agreed: object) -> RelyingParty:
        """By the command, as an operator does it."""
        told = json.loads(self.manage("add_oidc_client", "--client-id", client_id, *options))
        assert told["client_id"] == client_id
        party = RelyingParty(
            self.url, client_id, CALLBACK, secret=told.get("client_secret", ""), back=OverHTTP(),
            post_logout_redirect_uri=LOGOUT_CALLBACK,
        )  # fmt: skip
        return party.but(**agreed)

    def visitor(self) -> Visitor:
        return Visitor(served_at=self.url)

    def mails(self) -> list[Message]:
        return [message_from_bytes(path.read_bytes()) for path in sorted((self.var / "mail").glob("*.eml"))]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    var = tmp_path_factory.mktemp("var")
    with demonstration(var) as (_, port):
        yield Served(var, port)


@pytest.fixture(scope="module")
def fc(served: Served) -> RelyingParty:
    return served.registered("franceconnect", "--preset", "franceconnect-integration").but(
        redirect_uri=FC_CALLBACK,
        post_logout_redirect_uri=FC_LOGOUT_CALLBACK,
        auth_method="client_secret_post",
        scope=FEDERATION_SCOPE,
        userinfo_alg="ES256",
        pkce=False,
        always={"acr_values": "eidas1", "prompt": "login"},
    )


@pytest.fixture(scope="module")
def service(served: Served) -> RelyingParty:
    uris = ("--redirect-uri", CALLBACK, "--post-logout-redirect-uri", LOGOUT_CALLBACK)
    return served.registered("service", "--preset", "standard", "--name", "Mes terres", *uris)


def parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, strict_parsing=True))


def test_franceconnect_signs_a_member_in_and_out(served: Served, fc: RelyingParty) -> None:
    visitor = served.visitor()
    sent = fc.request()
    visitor.bring(sent).sees("Je me connecte avec mon compte msa.fr", "Numéro de Sécurité Sociale MSA")
    visitor.sign_in(GARCIN, "Faux-Mot-9").sees("L'identifiant ou le mot de passe ne correspond pas.")
    visitor.sign_in(GARCIN, OWN_PASSWORD)
    code = fc.code(sent, visitor.left_for)
    tokens = fc.redeem(code, sent)
    assert tokens.claims["acr"] == "eidas1"
    assert 0 <= time.time() - tokens.claims["iat"] < 5
    known = fc.identity(tokens)
    assert (known["family_name"], known["birthdate"]) == ("GARCIN", "1985-10-11")
    assert set(known) >= {"given_name", "gender", "birthplace", "birthcountry", "email"}
    # Each of them serves once (R15).
    assert fc.ask_who(tokens.access_token).status == 401
    assert fc.ask_for_tokens(code, sent).json()["error"] == "invalid_grant"
    # Nothing was opened here.
    assert visitor.visit("/mon-espace/").path == "/connexion/"
    # The end, with a hint that has long been of no other use.
    visitor.visit(
        fc.logout_url(
            id_token_hint=tokens.id_token,
            post_logout_redirect_uri=FC_LOGOUT_CALLBACK,
            state="f" * 64,
            client_id=fc.client_id,
        )  # fmt: skip
    )
    assert visitor.left_for.partition("?")[0] == FC_LOGOUT_CALLBACK
    assert parameters(visitor.left_for) == {"state": "f" * 64}


def test_the_member_reads_of_it_in_the_mail_folder(served: Served, fc: RelyingParty) -> None:
    """J16."""
    before = len(served.mails())
    assert fc.identity(whole_flow(fc, served.visitor(), **WHO))
    until(lambda: len(served.mails()) > before)
    (notice,) = served.mails()[before:]
    text = notice.get_payload(0).get_payload(decode=True) if notice.is_multipart() else notice.get_payload(decode=True)
    assert "FranceConnect" in text.decode()
    assert GARCIN not in str(notice)


def test_the_member_turns_back(served: Served, fc: RelyingParty) -> None:
    visitor, sent = served.visitor(), fc.request()
    visitor.bring(sent)
    visitor.press("Retourner sur FranceConnect")
    assert fc.callback(sent, visitor.left_for)["error"] == "access_denied"


def test_a_service_shares_the_portal_s_session(served: Served, service: RelyingParty) -> None:
    """R15: signed in once; agreed once; silently afterwards; signed out for both."""
    visitor = served.visitor()
    sent = service.request(scope="openid profile email")
    visitor.bring(sent).sign_in(GARCIN, OWN_PASSWORD).sees("Mes terres")
    visitor.agree()
    tokens = service.redeem(service.code(sent, visitor.left_for), sent)
    assert service.identity(tokens)["family_name"] == "GARCIN"
    assert visitor.visit("/mon-espace/").path == "/mon-espace/"
    silent = service.request(scope="openid profile email", prompt="none", id_token_hint=tokens.id_token)
    visitor.bring(silent)
    again = service.redeem(service.code(silent, visitor.left_for), silent)
    assert (again.claims["sub"], again.claims["auth_time"]) == (tokens.claims["sub"], tokens.claims["auth_time"])
    assert service.revoke(again.access_token).status == 200
    assert service.ask_who(again.access_token).status == 401
    url = service.logout_url(id_token_hint=tokens.id_token, post_logout_redirect_uri=LOGOUT_CALLBACK, state="bye")
    visitor.visit(url)
    assert visitor.left_for == f"{LOGOUT_CALLBACK}?state=bye"
    assert visitor.visit("/mon-espace/").path == "/connexion/"
    over = service.request(prompt="none")
    assert service.callback(over, visitor.bring(over).left_for)["error"] == "login_required"


def test_a_service_that_signs_and_reads_what_is_encrypted(served: Served, tmp_path: Path) -> None:
    """private_key_jwt, RS256 and a JWE for both tokens; without PKCE, without the consent page."""
    signs = ECKey.generate_key("P-256", {"kid": "s1", "use": "sig", "alg": "ES256"})
    opens = RSAKey.generate_key(2048, {"kid": "e1", "use": "enc", "alg": "RSA-OAEP-256"})
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [key.as_dict(private=False) for key in (signs, opens)]}))
    party = served.registered(
        "discret", "--preset", "standard", "--redirect-uri", CALLBACK, "--auth-method", "private_key_jwt",
        "--jwks", str(keys), "--encryption-alg", "RSA-OAEP-256", "--signing-alg", "RS256", "--userinfo", "jwt",
        "--no-pkce", "--no-consent",
    ).but(
        auth_method="private_key_jwt", key=signs, decryption_key=opens, encryption_alg="RSA-OAEP-256",
        id_token_alg="RS256", userinfo_alg="RS256", pkce=False, scope="openid profile",
    )  # fmt: skip
    tokens = whole_flow(party, served.visitor(), **WHO)
    assert tokens.response["id_token"].count(".") == 4
    assert party.identity(tokens)["family_name"] == "GARCIN"


def test_a_key_rotated_beside_the_server_disturbs_nobody(served: Served, service: RelyingParty) -> None:
    """FI 11: the server hears of it within a minute, and the new key signs long after that."""
    before = {key["kid"] for key in service.jwks()["keys"]}
    served.manage("rotate_oidc_key")
    tokens = whole_flow(service, served.visitor(), **WHO)
    assert header_of(tokens.id_token)["kid"] in before


def test_several_sign_in_at_once(served: Served, fc: RelyingParty) -> None:
    """SQLite, one writer at a time: everybody gets their own. Not six: that would be guessing (R12)."""

    def one(_: int) -> str:
        sent = fc.request()
        tokens = fc.redeem(fc.code(sent, arrive(served.visitor().bring(sent), **WHO)), sent)
        return str(fc.identity(tokens)["sub"])

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(8)))) == 1
