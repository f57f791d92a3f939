"""A FranceConnect of one document, for what the simulator cannot say: discovery and keys in one, tokens at will."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from tests.franceconnect.key_server import KeyServer, key_server


@dataclass
class Published:
    """The server, whose document a test may change, and the key that it signs with."""

    server: KeyServer
    key: JWK

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def sign(self, claims: Any, *, key: JWK | None = None, **header: Any) -> str:
        """A compact JWS of these claims (or these bytes)."""
        payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
        token = JWS(payload)
        told = {"alg": settings.FRANCECONNECT_SIGNING_ALG, "kid": self.key["kid"], **header}
        token.add_signature(key or self.key, protected=json.dumps({k: v for k, v in told.items() if v is not None}))
        return token.serialize(compact=True)


@contextmanager
def published(settings: Any) -> Iterator[Published]:
    key = JWK.generate(kty="EC", crv="P-256", kid="pkcs11:ES256:hsm", use="sig", alg="ES256")
    with key_server() as server:
        made = Published(server, key)
        settings.FRANCECONNECT_ISSUER = made.issuer
        settings.FRANCECONNECT_CLIENT_ID = "msa"
        server.document = {
            "issuer": made.issuer,
            "authorization_endpoint": f"{made.issuer}/authorize",
            "token_endpoint": f"{made.issuer}/token",
            "userinfo_endpoint": f"{made.issuer}/userinfo",
            "end_session_endpoint": f"{made.issuer}/session/end",
            "jwks_uri": f"{made.issuer}/jwks",
            "response_types_supported": ["code"],
            "acr_values_supported": ["eidas1"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "subject_types_supported": ["pairwise"],
            "keys": [key.export_public(as_dict=True)],
        }
        yield made
