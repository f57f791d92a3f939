"""Tokens for one client's eyes: signed by us, then encrypted to its key (RFC 7516; Core, 10.2; FranceConnect A4)."""

import json
from datetime import datetime

from jwcrypto.jwe import JWE

from franceconnect.models import Client
from franceconnect.provider import client_keys

ENC = "A256GCM"


def encrypt_for(token: str, client: Client, *, now: datetime) -> str:
    """`token` as a compact JWE that only this client opens. Raises client_keys.KeysUnavailable."""
    key = client_keys.encryption_key(client, now=now)
    head = {"alg": client.encryption_alg, "enc": ENC, "cty": "JWT"}
    if kid := key.get("kid"):
        head["kid"] = kid
    sealed = JWE(token.encode(), protected=json.dumps(head), algs=[client.encryption_alg, ENC], recipient=key)
    return sealed.serialize(compact=True)
