"""What the hub signs: id_token and userinfo as FranceConnect makes them, or spoilt by a knob (facts B3, F 5)."""

import base64
import json
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from franceconnect.simulator import clock, keys, settings, state
from franceconnect.simulator.clients import Service
from franceconnect.simulator.knobs import knobs

SOMEBODY_ELSE = "un-autre-service"
Claims = dict[str, Any]


def id_token(grant: state.Grant, service: Service) -> str:
    """Eight claims and no identity in them; a header of alg and kid."""
    now = clock.now()
    claims: Claims = {
        "sub": grant.sub,
        "auth_time": grant.auth_time,
        "acr": "eidas1",
        "nonce": grant.nonce,
        "aud": service.client_id,
        "exp": now + state.ID_TOKEN_LIFE,
        "iat": now,
        "iss": settings.ISSUER,
    }
    return _signed_or_spoilt(_spoilt(claims, now), service)


def userinfo(grant: state.Grant, service: Service) -> str:
    """Always a JWT in FranceConnect v2, signed as the id_token is."""
    token = signed(userinfo_claims(grant, service), keys.signing(service.signing_alg), service.signing_alg)
    return _with_another_name(token) if knobs.spoil == "tampered_userinfo" else token


def userinfo_claims(grant: state.Grant, service: Service) -> Claims:
    now = clock.now()
    claims: Claims = {
        "sub": grant.sub,
        **grant.claims,
        "aud": service.client_id,
        "exp": now + state.TOKEN_LIFE,
        "iat": now,
        "iss": settings.ISSUER,
    }
    match knobs.spoil:
        case "other_subject":
            claims["sub"] = f"{'0' * 64}v1"
        case "userinfo_wrong_audience":
            claims["aud"] = SOMEBODY_ELSE
        case "no_family_name":
            claims.pop("family_name", None)
        case "no_birthplace":
            claims.pop("birthplace", None)
    return claims


def signed(claims: Claims, key: JWK, alg: str) -> str:
    return _serialised(claims, key, {"alg": alg, "kid": key["kid"]})


def claims_of_ours(token: str) -> Claims | None:
    """Of a token that one of the published keys signed, however old it is."""
    jws = JWS()
    try:
        jws.deserialize(token)
        header = jws.jose_header
        key = keys.by_kid(str(header.get("kid")))
        if not key or header.get("alg") != key["alg"]:
            return None
        jws.verify(key)
        claims = json.loads(jws.payload)
    except (JWException, ValueError, TypeError):
        return None
    return claims if isinstance(claims, dict) else None


def _spoilt(claims: Claims, now: int) -> Claims:
    """One claim is not what it has to be."""
    match knobs.spoil:
        case "wrong_nonce":
            claims["nonce"] = state.new_id()
        case "wrong_audience":
            claims["aud"] = SOMEBODY_ELSE
        case "wrong_issuer":
            claims["iss"] = "https://faux-franceconnect.example/api/v2"
        case "expired":
            claims |= {"iat": now - 3600, "exp": now - 3540, "auth_time": now - 3600}
        case "low_acr":
            claims["acr"] = "eidas0"
        case "no_acr":
            del claims["acr"]
    return claims


def _signed_or_spoilt(claims: Claims, service: Service) -> str:
    """The signature is not what it has to be."""
    alg = service.signing_alg
    match knobs.spoil:
        case "wrong_key":
            honest = keys.signing(alg)
            forged = JWK.generate(**keys.PARAMETERS[alg], kid=honest["kid"])
            return signed(claims, forged, alg)
        case "new_key":
            return signed(claims, keys.rotate(alg), alg)
        case "alg_none":
            return f"{_base64url({'alg': 'none'})}.{_base64url(claims)}."
        case "alg_hs256":
            secret = base64.urlsafe_b64encode(service.secret.encode()).rstrip(b"=").decode()
            return _serialised(claims, JWK(kty="oct", k=secret), {"alg": "HS256"})
        case "other_alg":
            other = "RS256" if alg == "ES256" else "ES256"
            return signed(claims, keys.signing(other), other)
    return signed(claims, keys.signing(alg), alg)


def _serialised(claims: Claims, key: JWK, header: dict[str, str]) -> str:
    jws = JWS(json.dumps(claims).encode())
    jws.add_signature(key, None, json.dumps(header), None)
    return str(jws.serialize(compact=True))


def _with_another_name(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["family_name"] = f"{claims.get('family_name', '')}X"
    return f"{header}.{_base64url(claims)}.{signature}"


def _base64url(content: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
