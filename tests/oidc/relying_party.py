"""A service that asks us who somebody is, by the standards and as FranceConnect does it: what it sends and believes."""

import base64
import hashlib
import secrets
import time
import uuid
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import Key

from tests.oidc.tokens import Expected, Unacceptable, decrypted, validated, verified
from tests.oidc.transport import Answer, BackChannel, InProcess

FEDERATION_SCOPE = "openid profile email birth"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Denied(Exception):
    """The provider answered with an error instead of a code."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error, self.description = error, description


@dataclass(frozen=True)
class Sent:
    """An authorization request on its way in a browser, and what the service remembers of it."""

    url: str
    parameters: dict[str, str]
    verifier: str = ""

    @property
    def max_age(self) -> int | None:
        return int(self.parameters["max_age"]) if "max_age" in self.parameters else None


@dataclass(frozen=True)
class Tokens:
    """A token response that was believed."""

    access_token: str
    id_token: str
    claims: dict[str, Any]
    response: dict[str, Any]


@dataclass(frozen=True)
class RelyingParty:
    """One client and what was agreed with it. It learns the addresses anew at each step, as FranceConnect does (A3)."""

    issuer: str
    client_id: str
    redirect_uri: str
    secret: str = ""
    auth_method: str = "client_secret_basic"
    scope: str = "openid"
    pkce: bool = True
    id_token_alg: str = "ES256"
    # Nothing: userinfo is JSON.
    userinfo_alg: str = ""
    encryption_alg: str = ""
    # Signs assertions; opens what is encrypted for this client, unless there is another one for that.
    key: Key | None = None
    decryption_key: Key | None = None
    post_logout_redirect_uri: str = ""
    # Sent with every authorization request.
    always: dict[str, str] = field(default_factory=dict)
    back: BackChannel = field(default_factory=InProcess)

    def but(self, **changes: Any) -> Self:
        return replace(self, **changes)

    # Metadata ---------------------------------------------------------------------------------------------------------

    def metadata(self) -> dict[str, Any]:
        answer = self.back.get(f"{self.issuer}/.well-known/openid-configuration")
        assert answer.status == 200, answer
        found = answer.json()
        if found["issuer"] != self.issuer:
            raise Unacceptable(f"the metadata of {found['issuer']}")
        return found

    def jwks(self) -> dict[str, Any]:
        answer = self.back.get(self.metadata()["jwks_uri"])
        assert answer.status == 200, answer
        return answer.json()

    # Authorization ----------------------------------------------------------------------------------------------------

    def request(self, **parameters: str | None) -> Sent:
        """An authorization request; what is None is left out."""
        verifier = secrets.token_urlsafe(48) if self.pkce else ""
        asked: dict[str, str | None] = {
            "client_id": self.client_id,
            "scope": self.scope,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "state": secrets.token_hex(32),
            "nonce": secrets.token_hex(32),
            **self.always,
        }
        if verifier:
            challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        given = {name: value for name, value in {**asked, **parameters}.items() if value is not None}
        endpoint = self.metadata()["authorization_endpoint"]
        # Spaces as %20, never + (A2).
        return Sent(f"{endpoint}?{urlencode(given, quote_via=quote)}", given, verifier)

    def code(self, sent: Sent, location: str) -> str:
        """What the callback brings for this request (RFC 6749, 4.1.2; RFC 9207). Raises Denied."""
        answer = self.callback(sent, location)
        if "error" in answer:
            raise Denied(answer["error"], answer.get("error_description", ""))
        if not answer.get("code"):
            raise Unacceptable(f"neither code nor error: {answer}")
        return answer["code"]

    def callback(self, sent: Sent, location: str) -> dict[str, str]:
        """The parameters of the callback, once state and issuer are those of this request."""
        parts = urlsplit(location)
        if location.partition("?")[0] != sent.parameters["redirect_uri"].partition("?")[0] or parts.fragment:
            raise Unacceptable(f"not our callback: {location}")
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
        answer = dict(pairs)
        if len(answer) != len(pairs):
            raise Unacceptable(f"a parameter comes twice: {location}")
        if answer.get("state") != sent.parameters.get("state"):
            raise Unacceptable(f"another state: {location}")
        announced = self.metadata().get("authorization_response_iss_parameter_supported", False)
        if answer.get("iss", None if announced else self.issuer) != self.issuer:
            raise Unacceptable(f"another issuer, or none although it is announced: {location}")
        return answer

    # Tokens -----------------------------------------------------------------------------------------------------------

    def ask_for_tokens(self, code: str, sent: Sent | None = None, **parameters: str | None) -> Answer:
        """The token call as it is; what is None is left out."""
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": sent.parameters["redirect_uri"] if sent else self.redirect_uri,
        }
        if sent and sent.verifier:
            form["code_verifier"] = sent.verifier
        return self.authenticated("token_endpoint", {**form, **parameters})

    def authenticated(self, endpoint: str, form: dict[str, str | None]) -> Answer:
        """A call that says who we are, in the way that was agreed."""
        metadata = self.metadata()
        headers: dict[str, str] = {}
        proof: dict[str, str | None] = {}
        match self.auth_method:
            case "client_secret_basic":
                pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}"
                headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            case "client_secret_post":
                proof = {"client_id": self.client_id, "client_secret": self.secret}
            case "private_key_jwt":
                assertion = self.assertion(metadata["token_endpoint"])
                proof = {"client_assertion": assertion, "client_assertion_type": ASSERTION_TYPE}
        given = {name: value for name, value in {**form, **proof}.items() if value is not None}
        return self.back.post(metadata[endpoint], given, headers)

    def assertion(self, audience: str, **claims: Any) -> str:
        """RFC 7523, 3; Core, 9."""
        assert self.key is not None
        now = int(time.time())
        said = {"iss": self.client_id, "sub": self.client_id, "aud": audience, "jti": str(uuid.uuid4())}
        alg = "ES256" if self.key.key_type == "EC" else "RS256"
        header = {"alg": alg, "kid": self.key.kid}
        return jwt.encode(header, {**said, "iat": now, "exp": now + 60, **claims}, self.key)

    def redeem(self, code: str, sent: Sent) -> Tokens:
        """The code against tokens that hold."""
        answer = self.ask_for_tokens(code, sent)
        assert answer.status == 200, answer
        return self.believe(answer, sent)

    def believe(self, answer: Answer, sent: Sent) -> Tokens:
        response = answer.json()
        access_token = response["access_token"]
        if not (isinstance(access_token, str) and access_token and access_token.isascii()):
            raise Unacceptable("access_token is no ASCII string")
        if response["token_type"].lower() != "bearer":
            raise Unacceptable(f"token_type {response['token_type']}")
        signed = self.opened(response["id_token"])
        claims = verified(signed, alg=self.id_token_alg, jwks=self.jwks())
        nonce = sent.parameters.get("nonce")
        validated(claims, Expected(self.issuer, self.client_id, self.id_token_alg, nonce, sent.max_age, access_token))
        return Tokens(access_token, signed, claims, response)

    def opened(self, token: str) -> str:
        if not self.encryption_alg:
            return token
        key = self.decryption_key or self.key
        assert key is not None
        return decrypted(token, alg=self.encryption_alg, key=key)

    # Userinfo ---------------------------------------------------------------------------------------------------------

    def ask_who(self, access_token: str) -> Answer:
        return self.back.get(self.metadata()["userinfo_endpoint"], {"Authorization": f"Bearer {access_token}"})

    def identity(self, tokens: Tokens) -> dict[str, Any]:
        """Who signed in, in the form that was agreed; the same person as in the id_token (Core, 5.3.2, 5.3.4)."""
        answer = self.ask_who(tokens.access_token)
        assert answer.status == 200, answer
        return self.believe_identity(answer, tokens)

    def believe_identity(self, answer: Answer, tokens: Tokens) -> dict[str, Any]:
        if self.userinfo_alg:
            if answer.media_type != "application/jwt":
                raise Unacceptable(f"a token was agreed on, not {answer.media_type}")
            claims = verified(self.opened(answer.body.decode("ascii")), alg=self.userinfo_alg, jwks=self.jwks())
            if claims.get("iss", self.issuer) != self.issuer or claims.get("aud", self.client_id) != self.client_id:
                raise Unacceptable("said by or to somebody else")
        else:
            claims = answer.json()
        if claims.get("sub") != tokens.claims["sub"]:
            raise Unacceptable("userinfo speaks of somebody else")
        return claims

    # The end ----------------------------------------------------------------------------------------------------------

    def logout_url(self, **parameters: str | None) -> str:
        given = {name: value for name, value in parameters.items() if value is not None}
        endpoint = self.metadata()["end_session_endpoint"]
        return f"{endpoint}?{urlencode(given, quote_via=quote)}" if given else endpoint

    def revoke(self, token: str) -> Answer:
        return self.authenticated("revocation_endpoint", {"token": token})
