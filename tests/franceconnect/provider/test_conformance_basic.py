"""The OpenID Foundation's plan oidcc-basic-certification-test-plan, module by module, through our pages (J01, J11).

Each docstring begins with the name of the module. Two of the plan are for clients that register themselves, which ours
cannot (`static_client`): oidcc-idtoken-unsigned and oidcc-request-uri-unsigned-…; what they ask holds all the same.
"""

import json
import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from time_machine import Traveller

from accounts.models import Account
from tests.oidc.clients import standard
from tests.oidc.relying_party import Denied, RelyingParty, Sent
from tests.oidc.tokens import header_of
from tests.oidc.transport import FORM, Answer
from tests.oidc.visitor import Visitor, arrive, whole_flow

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NEEDS_A_PAGE = {"interaction_required", "login_required", "account_selection_required", "consent_required"}
DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]*")
STRINGS = {
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
}  # fmt: skip
OF_PROFILE = {"name", "family_name", "given_name", "gender", "birthdate"}


@pytest.fixture
def party(account: Account) -> RelyingParty:
    """The client of the plan: the secret in the header, no PKCE, the consent page of any other service."""
    return standard(pkce_required=False, skip_authorization=False).but(scope="openid profile")


def denied(party: RelyingParty, sent: Sent, location: str) -> str:
    """The error, in an answer that holds nothing else than an error's answer may (RFC 6749, 4.1.2.1)."""
    answer = party.callback(sent, location)
    assert set(answer) <= {"error", "error_description", "error_uri", "state", "iss"}
    assert DESCRIPTION.fullmatch(answer.get("error_description", ""))
    with pytest.raises(Denied):
        party.code(sent, location)
    return answer["error"]


def stands_at_an_error(visitor: Visitor) -> None:
    assert not visitor.left_for
    assert visitor.response.status_code == 400
    assert visitor.title


def test_a_sign_in_from_end_to_end(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-server."""
    sent = party.request(nonce="n" * 43, state="s" * 128)
    answer = party.ask_for_tokens(party.code(sent, arrive(visitor.bring(sent))), sent)
    assert answer.headers["cache-control"] == "no-store"
    assert isinstance(answer.json()["expires_in"], int)
    assert answer.json()["expires_in"] > 0
    tokens = party.believe(answer, sent)
    assert "refresh_token" not in tokens.response
    assert header_of(tokens.id_token)["kid"] in {key["kid"] for key in party.jwks()["keys"]}
    assert party.identity(tokens)["sub"] == tokens.claims["sub"]


def test_no_response_type(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-response-type-missing."""
    sent = party.request(response_type=None)
    assert denied(party, sent, visitor.bring(sent).left_for) in {"invalid_request", "unsupported_response_type"}


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_the_id_token_is_signed_and_names_its_key(account: Account, visitor: Visitor, alg: str) -> None:
    """oidcc-idtoken-signature, oidcc-idtoken-rs256."""
    party = standard(pkce_required=False, algorithm=alg)
    header = header_of(whole_flow(party, visitor).id_token)
    assert header["alg"] == alg
    assert header["kid"]


def test_no_id_token_comes_unsigned(party: RelyingParty) -> None:
    """oidcc-idtoken-unsigned: `none` is not on offer."""
    assert "none" not in party.metadata()["id_token_signing_alg_values_supported"]


def test_userinfo_by_get(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-userinfo-get."""
    tokens = whole_flow(party, visitor)
    is_standard(party.identity(tokens))


def test_userinfo_by_post_with_a_header(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-userinfo-post-header."""
    tokens = whole_flow(party, visitor)
    endpoint, bearer = party.metadata()["userinfo_endpoint"], f"Bearer {tokens.access_token}"
    is_standard(party.believe_identity(party.back.post(endpoint, {}, {"Authorization": bearer}), tokens))


def test_userinfo_by_post_with_a_body(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-userinfo-post-body."""
    tokens = whole_flow(party, visitor)
    endpoint = party.metadata()["userinfo_endpoint"]
    answer = party.back.post(endpoint, {"access_token": tokens.access_token})
    is_standard(party.believe_identity(answer, tokens))


def is_standard(claims: dict) -> None:
    """Core, 5.1: names and kinds of the standard's own claims."""
    assert claims["sub"]
    for name in STRINGS & set(claims):
        assert isinstance(claims[name], str), name
        assert claims[name], name
    for name in {"email_verified", "phone_number_verified"} & set(claims):
        assert isinstance(claims[name], bool), name
    if "birthdate" in claims:
        assert re.fullmatch(r"\d{4}(-\d\d-\d\d)?", claims["birthdate"])
    if "address" in claims:
        assert all(isinstance(part, str) for part in claims["address"].values())
    assert isinstance(claims.get("updated_at", 0), int)


def test_a_request_without_a_nonce(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-ensure-request-without-nonce-succeeds-for-code-flow."""
    assert "nonce" not in whole_flow(party, visitor, nonce=None).claims


@pytest.mark.parametrize(
    ("scopes", "told"),
    [
        ("profile", OF_PROFILE),
        ("email", {"email", "email_verified"}),
        ("address", {"address"}),
        ("phone", {"phone_number", "phone_number_verified"}),
        ("profile email address phone", OF_PROFILE | {"email", "address", "phone_number"}),
    ],
)
def test_a_scope_brings_its_claims(party: RelyingParty, visitor: Visitor, scopes: str, told: set[str]) -> None:
    """oidcc-scope-profile, oidcc-scope-email, oidcc-scope-address, oidcc-scope-phone, oidcc-scope-all.

    None in the id_token: with an access token they belong to userinfo (Core, 5.4).
    """
    assert set(scopes.split()) <= set(party.metadata()["scopes_supported"])
    tokens = whole_flow(party, visitor, scope=f"openid {scopes}")
    claims = party.identity(tokens)
    is_standard(claims)
    assert told <= set(claims)
    assert not told & set(tokens.claims)


def test_a_scope_that_was_not_asked_for_brings_nothing(party: RelyingParty, visitor: Visitor) -> None:
    """Core, 5.4."""
    assert set(party.identity(whole_flow(party, visitor, scope="openid"))) == {"sub"}


def test_openid_may_stand_last(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-ensure-other-scope-order-succeeds."""
    assert "email" in party.identity(whole_flow(party, visitor, scope="email openid"))


@pytest.mark.parametrize("display", ["page", "popup"])
def test_display(party: RelyingParty, visitor: Visitor, display: str) -> None:
    """oidcc-display-page, oidcc-display-popup."""
    whole_flow(party, visitor, display=display)


def test_prompt_login_asks_again(party: RelyingParty, visitor: Visitor, held_clock: Traveller) -> None:
    """oidcc-prompt-login: with a session that lives, and auth_time is that of the second sign-in."""
    first = whole_flow(party, visitor)
    held_clock.shift(timedelta(seconds=2))
    sent = party.request(prompt="login")
    visitor.bring(sent)
    assert visitor.offers("Se connecter")
    second = party.redeem(party.code(sent, arrive(visitor)), sent)
    assert second.claims["auth_time"] > first.claims["auth_time"]
    assert second.claims["sub"] == first.claims["sub"]


def test_prompt_none_without_a_session(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-prompt-none-not-logged-in: the long state comes back whole."""
    sent = party.request(prompt="none", state="aZ-._~" * 21)
    assert denied(party, sent, visitor.bring(sent).left_for) in NEEDS_A_PAGE


def test_prompt_none_with_a_session(party: RelyingParty, visitor: Visitor, held_clock: Traveller) -> None:
    """oidcc-prompt-none-logged-in: at once, and auth_time stays that of the sign-in."""
    first = whole_flow(party, visitor)
    held_clock.shift(timedelta(seconds=30))
    second = silently(party, visitor)
    assert (second["sub"], second["auth_time"]) == (first.claims["sub"], first.claims["auth_time"])


def silently(party: RelyingParty, visitor: Visitor, **parameters: str) -> dict:
    sent = party.request(prompt="none", **parameters)
    visitor.bring(sent)
    return party.redeem(party.code(sent, visitor.left_for), sent).claims


def test_max_age_1_asks_again_after_two_seconds(party: RelyingParty, visitor: Visitor, held_clock: Traveller) -> None:
    """oidcc-max-age-1."""
    first = whole_flow(party, visitor)
    held_clock.shift(timedelta(seconds=2))
    sent = party.request(max_age="1")
    visitor.bring(sent)
    assert visitor.offers("Se connecter")
    second = party.redeem(party.code(sent, arrive(visitor)), sent)
    assert second.claims["auth_time"] > first.claims["auth_time"]


def test_max_age_10000_does_not(party: RelyingParty, visitor: Visitor, held_clock: Traveller) -> None:
    """oidcc-max-age-10000."""
    first = whole_flow(party, visitor)
    held_clock.shift(timedelta(seconds=2))
    sent = party.request(max_age="10000")
    visitor.bring(sent)
    second = party.redeem(party.code(sent, visitor.left_for), sent)
    assert second.claims["auth_time"] == first.claims["auth_time"]


@pytest.mark.parametrize(
    "extra",
    [{"extra": "foobar"}, {"ui_locales": "se"}, {"claims_locales": "se"}, {"login_hint": "buffy@service.example"}],
    ids=lambda extra: next(iter(extra)),
)
def test_what_we_do_not_need_is_no_error(party: RelyingParty, visitor: Visitor, extra: dict[str, str]) -> None:
    """oidcc-ensure-request-with-unknown-parameter-succeeds, oidcc-ui-locales, oidcc-claims-locales,
    oidcc-login-hint.
    """
    whole_flow(party, visitor, **extra)


def test_an_id_token_hint_of_who_is_there(party: RelyingParty, visitor: Visitor, held_clock: Traveller) -> None:
    """oidcc-id-token-hint: with prompt=none, also long after it has expired."""
    first = whole_flow(party, visitor)
    held_clock.shift(timedelta(minutes=20))
    second = silently(party, visitor, id_token_hint=first.id_token)
    assert (second["sub"], second["auth_time"]) == (first.claims["sub"], first.claims["auth_time"])


@pytest.mark.parametrize("asked", ["", "1 2"], ids=["as announced", "unheard of"])
def test_acr_values(party: RelyingParty, visitor: Visitor, asked: str) -> None:
    """oidcc-ensure-request-with-acr-values-succeeds: voluntary, so one of them if we can, and never an error."""
    announced = party.metadata()["acr_values_supported"]
    assert whole_flow(party, visitor, acr_values=asked or " ".join(announced)).claims["acr"] in announced


def is_refused(answer: Answer, error: str, status: int = 400) -> None:
    """RFC 6749, 5.2."""
    assert answer.status == status, answer
    told = answer.json()
    assert told["error"] == error
    assert set(told) <= {"error", "error_description", "error_uri"}
    assert DESCRIPTION.fullmatch(told.get("error_description", ""))
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("seconds", [0, 30], ids=["at once", "30 seconds later"])
def test_a_code_serves_once(party: RelyingParty, visitor: Visitor, held_clock: Traveller, seconds: int) -> None:
    """oidcc-codereuse, oidcc-codereuse-30seconds: what it gave is revoked."""
    sent = party.request()
    code = party.code(sent, arrive(visitor.bring(sent)))
    tokens = party.redeem(code, sent)
    assert party.ask_who(tokens.access_token).status == 200
    held_clock.shift(timedelta(seconds=seconds))
    is_refused(party.ask_for_tokens(code, sent), "invalid_grant")
    again = party.ask_who(tokens.access_token)
    assert again.status == 401
    assert 'error="invalid_token"' in again.headers["www-authenticate"]


def test_a_redirect_uri_that_is_not_registered(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-ensure-registered-redirect-uri."""
    stands_at_an_error(visitor.bring(party.request(redirect_uri=f"{party.redirect_uri}/x")))


def test_authorize_by_post(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-ensure-post-request-succeeds: from another site, so without any token of our forms."""
    sent = party.request()
    endpoint = urlsplit(sent.url).path
    visitor._show(visitor.client.post(endpoint, urlencode(sent.parameters), content_type=FORM), endpoint)
    assert party.redeem(party.code(sent, arrive(visitor)), sent).claims["sub"]


def test_the_secret_in_the_form(account: Account, visitor: Visitor) -> None:
    """oidcc-server-client-secret-post."""
    party = standard(pkce_required=False, auth_method="client_secret_post")
    assert whole_flow(party, visitor).claims["sub"]


def request_object(sent: Sent, **changes: str) -> str:
    """Everything that was asked, once more in an unsigned JWT."""
    encoded = jwt.encode({"alg": "HS256"}, {**sent.parameters, **changes}, OctKey.import_key("x" * 32))
    none = jwt.encode({"alg": "HS256"}, {}, OctKey.import_key("x" * 32)).split(".")[0]
    return f"{none}.{encoded.split('.')[1]}."


def test_a_request_object_is_refused_by_its_name(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported."""
    assert party.metadata()["request_parameter_supported"] is False
    sent = party.request(request=request_object(party.request()))
    assert denied(party, sent, visitor.bring(sent).left_for) == "request_not_supported"


def test_a_redirect_uri_in_a_request_object_leads_nowhere(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-ensure-request-object-with-redirect-uri: the object is not read, so only the parameter counts."""
    hidden = request_object(party.request(), redirect_uri=party.redirect_uri)
    stands_at_an_error(visitor.bring(party.request(request=hidden, redirect_uri="https://evil.example/")))


def test_a_request_uri_is_refused_by_its_name_and_not_fetched(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported (the network is off in tests)."""
    assert party.metadata()["request_uri_parameter_supported"] is False
    sent = party.request(request_uri="https://service.example/demande")
    assert denied(party, sent, visitor.bring(sent).left_for) == "request_uri_not_supported"


def test_an_essential_claim_is_told(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-claims-essential: in userinfo where it was asked for, not in the id_token."""
    claims = json.dumps({"userinfo": {"name": {"essential": True}}})
    tokens = whole_flow(party, visitor, scope="openid", claims=claims)
    assert party.identity(tokens)["name"]
    assert "name" not in tokens.claims


def test_no_refresh_token_is_on_offer(party: RelyingParty, visitor: Visitor) -> None:
    """oidcc-refresh-token: skipped by its own rule, as offline_access is neither announced nor given."""
    assert "offline_access" not in party.metadata()["scopes_supported"]
    assert "refresh_token" not in party.metadata()["grant_types_supported"]
    tokens = whole_flow(party, visitor, scope="openid offline_access")
    assert "refresh_token" not in tokens.response
    is_refused(
        party.authenticated("token_endpoint", {"grant_type": "refresh_token", "refresh_token": "x"}),
        "unsupported_grant_type",
    )


def test_pkce(account: Account, visitor: Visitor) -> None:
    """oidcc-ensure-request-with-valid-pkce-succeeds."""
    assert whole_flow(standard(pkce_required=False).but(pkce=True), visitor).claims["sub"]


def test_every_parameter_of_the_callback_can_be_read_by_anybody(party: RelyingParty, visitor: Visitor) -> None:
    """RFC 6749, 4.1.2 and RFC 9207: code, state and iss, nothing else."""
    sent = party.request()
    location = arrive(visitor.bring(sent))
    assert {name for name, _ in parse_qsl(urlsplit(location).query)} == {"code", "state", "iss"}
