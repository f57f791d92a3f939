"""FranceConnect's own calls, exactly, from its request to the code that answers it (J01, R15; FI 1 to FI 8, FI 25)."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from time_machine import Traveller

from franceconnect.models import Grant
from tests.members import ADDRESS, a_member, an_account
from tests.oidc.clients import FC_CALLBACK
from tests.oidc.relying_party import Denied, RelyingParty
from tests.oidc.visitor import Visitor, arrive, identity_of, whole_flow

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_the_metadata_say_where_and_what(fc: RelyingParty) -> None:
    """FI 1: fi-doc; the issuer is the one of the tokens, as `RelyingParty` compares them in each flow."""
    told = fc.metadata()
    assert told["issuer"] == settings.BASE_URL
    assert {"jwks_uri", "end_session_endpoint", "revocation_endpoint"} <= set(told)
    assert told["response_types_supported"] == ["code"]
    assert told["acr_values_supported"] == ["eidas1"]
    assert "client_secret_post" in told["token_endpoint_auth_methods_supported"]
    assert {
        "openid", "profile", "email", "birth", "given_name", "family_name", "gender", "birthdate", "birthplace",
        "birthcountry", "preferred_username", "identite_pivot", "address", "phone",
    } <= set(told["scopes_supported"])  # fmt: skip


@pytest.mark.parametrize(
    "scope",
    [
        "openid profile email birth",
        "openid profile email preferred_username birthplace birthcountry",
        "openid profile email birth address phone",
    ],
)
def test_the_request_as_franceconnect_writes_it(fc: RelyingParty, visitor: Visitor, scope: str) -> None:
    """FI 2: A2 to the letter."""
    sent = fc.request(scope=scope)
    assert set(sent.parameters) == {
        "client_id", "scope", "response_type", "redirect_uri", "state", "nonce", "acr_values", "prompt",
    }  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{64}", sent.parameters["state"])
    assert re.fullmatch(r"[0-9a-f]{64}", sent.parameters["nonce"])
    assert "scope=openid%20profile%20email%20" in sent.url
    tokens = fc.redeem(fc.code(sent, arrive(visitor.bring(sent))), sent)
    assert {"given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry", "email"} <= set(
        fc.identity(tokens)
    )


@pytest.mark.parametrize(
    "extra", [{"idp_hint": "msa"}, {"ui_locales": "fr"}, {"claims": '{"id_token":{"rep_scope":null}}'}]
)
def test_a_parameter_that_franceconnect_may_add_one_day_changes_nothing(
    fc: RelyingParty, visitor: Visitor, extra: dict[str, str]
) -> None:
    """FI 2."""
    assert identity_of(fc, visitor, **extra)["family_name"] == "LAMY"


@pytest.mark.parametrize("missing", ["state", "nonce"])
def test_without_state_or_nonce_it_is_not_franceconnect(fc: RelyingParty, visitor: Visitor, missing: str) -> None:
    """FI 2, FI 6."""
    sent = fc.request(**{missing: None})
    assert fc.callback(sent, visitor.bring(sent).left_for)["error"] == "invalid_request"


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": f"{FC_CALLBACK}/"},
        {"redirect_uri": f"{FC_CALLBACK}?x=1"},
        {"redirect_uri": FC_CALLBACK.replace("fcp-low", "FCP-LOW")},
        {"redirect_uri": FC_CALLBACK.replace(".fr/", ".fr:443/")},
        {"redirect_uri": FC_CALLBACK.replace("https", "http")},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": None},
    ],
    ids=str,
)
def test_who_is_not_known_is_told_so_here_and_led_nowhere(
    fc: RelyingParty, visitor: Visitor, changes: dict[str, str | None]
) -> None:
    """FI 3."""
    visitor.bring(fc.request(**changes))
    assert not visitor.left_for
    assert visitor.response.status_code == 400
    assert visitor.title


def test_a_live_session_is_not_used(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 4, R15: prompt=login, whatever the member has open here."""
    visitor.visit("/connexion/").sign_in()
    visitor.bring(fc.request())
    assert not visitor.left_for
    assert visitor.offers("Se connecter")
    arrive(visitor)
    # And the next request asks again.
    visitor.bring(fc.request())
    assert not visitor.left_for
    assert visitor.offers("Se connecter")


def test_the_way_back_is_one_redirect_with_code_state_and_issuer(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 5."""
    sent = fc.request()
    visitor.bring(sent).sign_in()
    assert visitor.response.status_code in (302, 303)
    assert visitor.response.content == b""
    assert visitor.left_for.partition("?")[0] == FC_CALLBACK
    answer = dict(parse_qsl(urlsplit(visitor.left_for).query, strict_parsing=True))
    assert set(answer) == {"code", "state", "iss"}
    assert answer["state"] == sent.parameters["state"]
    assert answer["iss"] == fc.metadata()["issuer"]


def test_one_may_turn_back_to_franceconnect(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 6, J03: « Retourner sur FranceConnect » is `access_denied` with the state; nothing has happened here."""
    sent = fc.request()
    visitor.bring(sent)
    visitor.press("Retourner sur FranceConnect")
    with pytest.raises(Denied) as denied:
        fc.code(sent, visitor.left_for)
    assert denied.value.error == "access_denied"
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"acr_values": "eidas2"}, "unmet_authentication_requirements"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"claims": "{"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
    ],
    ids=str,
)
def test_what_cannot_be_answered_goes_back_with_the_state(
    fc: RelyingParty, visitor: Visitor, changes: dict[str, str | None], error: str
) -> None:
    """FI 6."""
    sent = fc.request(**changes)
    assert fc.callback(sent, visitor.bring(sent).left_for)["error"] == error


def test_after_half_an_hour_nobody_waits_any_more(fc: RelyingParty, visitor: Visitor, held_clock: Traveller) -> None:
    """FI 6 (session too old): FranceConnect is told so, and no code comes."""
    sent = fc.request()
    visitor.bring(sent)
    held_clock.shift(timedelta(minutes=30, seconds=1))
    assert fc.callback(sent, visitor.sign_in().left_for)["error"] == "access_denied"
    assert not Grant.objects.exists()


def test_what_is_opened_for_franceconnect_opens_nothing_else(fc: RelyingParty, visitor: Visitor) -> None:
    """R15: neither while the request waits nor after its end; and the portal's session is left alone."""
    visitor.bring(fc.request())
    assert visitor.client.get("/mon-espace/").status_code == 302
    arrive(visitor)
    assert visitor.visit("/mon-espace/").path == "/connexion/"
    assert not any("_auth_user_id" in row.get_decoded() for row in Session.objects.all())
    visitor.visit("/connexion/").sign_in()
    whole_flow(fc, visitor)
    assert visitor.visit("/mon-espace/").path == "/mon-espace/"


def test_two_members_at_one_browser(fc: RelyingParty, visitor: Visitor) -> None:
    """R15: the second request knows nothing of the first."""
    an_account(a_member("1851013201907", birth_name="GARCIN", **ADDRESS), email="garcin@example.org")
    assert identity_of(fc, visitor)["family_name"] == "LAMY"
    assert identity_of(fc, visitor, login="1851013201907")["family_name"] == "GARCIN"


def test_cookies_survive_the_way_from_another_site_and_nothing_is_framed(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 25: Lax, so that the request brings them; HttpOnly; never in a frame."""
    visitor.bring(fc.request())
    assert visitor.client.cookies
    for morsel in visitor.client.cookies.values():
        assert morsel["samesite"] == "Lax", morsel
        assert morsel["httponly"], morsel
    assert visitor.response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in visitor.response["Content-Security-Policy"]


def test_the_form_may_end_at_franceconnect_and_nowhere_else(fc: RelyingParty, visitor: Visitor) -> None:
    """Libraries, 2.2 no. 6: Chromium holds the redirect after a form to form-action."""
    visitor.bring(fc.request())
    policy = dict(part.strip().partition(" ")[::2] for part in visitor.response["Content-Security-Policy"].split(";"))
    sources = set(policy["form-action"].split())
    assert "'self'" in sources
    (other,) = sources - {"'self'"}
    assert FC_CALLBACK.startswith(other)
    assert urlsplit(other).netloc == urlsplit(FC_CALLBACK).netloc
