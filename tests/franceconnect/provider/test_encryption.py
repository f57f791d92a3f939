"""What is encrypted to a client: opened here by another library than the one that made it."""

from typing import Any

import pytest
from django.utils import timezone
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from franceconnect.models import Client
from franceconnect.provider.client_keys import KeysUnavailable
from franceconnect.provider.encryption import encrypt_for
from tests.franceconnect.key_server import key_server

NOW = timezone.now()
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "enc", "alg": "RSA-OAEP-256"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "enc"})
WIDE = ECKey.generate_key("P-521", {"kid": "wide", "use": "enc"})
NAMELESS = ECKey.generate_key("P-256", {"use": "enc"})


def keys(*pairs: Any) -> dict[str, Any]:
    return {"keys": [each.as_dict(private=False) for each in pairs]}


def opened(token: str, key: Any, alg: str) -> Any:
    return jwe.decrypt_compact(token, key, algorithms=[alg, "A256GCM"])


@pytest.mark.parametrize(
    ("alg", "key"), [("RSA-OAEP-256", RSA), ("ECDH-ES", EC), ("ECDH-ES", WIDE)], ids=["rsa", "ec", "wide"]
)
def test_the_client_opens_what_it_is_told(alg, key):
    """FI 13: signed, then encrypted; A256GCM; cty JWT; the key's name."""
    client = Client(client_id="service", encryption_alg=alg, jwks=keys(RSA, key))
    found = opened(encrypt_for(TOKEN, client, now=NOW), key, alg)
    assert found.plaintext == TOKEN.encode()
    head = {name: value for name, value in found.headers().items() if name != "epk"}
    assert head == {"alg": alg, "enc": "A256GCM", "cty": "JWT", "kid": key.as_dict()["kid"]}


def test_a_key_without_a_name_is_not_named():
    client = Client(client_id="service", encryption_alg="ECDH-ES", jwks=keys(NAMELESS))
    found = opened(encrypt_for(TOKEN, client, now=NOW), NAMELESS, "ECDH-ES")
    assert "kid" not in found.headers()


def test_nobody_else_opens_it():
    client = Client(client_id="service", encryption_alg="ECDH-ES", jwks=keys(EC))
    with pytest.raises(JoseError):
        opened(encrypt_for(TOKEN, client, now=NOW), NAMELESS, "ECDH-ES")


def test_a_changed_letter_shows():
    client = Client(client_id="service", encryption_alg="ECDH-ES", jwks=keys(EC))
    head, key, nonce, text, tag = encrypt_for(TOKEN, client, now=NOW).split(".")
    changed = ".".join([head, key, nonce, ("A" if text[0] != "A" else "B") + text[1:], tag])
    with pytest.raises(JoseError):
        opened(changed, EC, "ECDH-ES")


def test_two_of_one_token_have_nothing_in_common():
    client = Client(client_id="service", encryption_alg="ECDH-ES", jwks=keys(EC))
    first, second = (encrypt_for(TOKEN, client, now=NOW).split(".") for _ in range(2))
    assert first[2:] != second[2:]
    assert first[0] != second[0]  # the ephemeral key stands in the head
    assert TOKEN not in ".".join(first)


def test_the_key_may_come_from_the_client_s_server():
    """FranceConnect A1: /api/v2/client/.well-known/keys, rotated regularly."""
    with key_server() as server:
        server.document = keys(EC)
        client = Client(client_id="service", encryption_alg="ECDH-ES", jwks_uri=server.url)
        assert opened(encrypt_for(TOKEN, client, now=NOW), EC, "ECDH-ES").plaintext == TOKEN.encode()


def test_without_a_key_nothing_leaves():
    """Never in clear because a key was missing."""
    with pytest.raises(KeysUnavailable):
        encrypt_for(TOKEN, Client(client_id="service", encryption_alg="RSA-OAEP-256", jwks=keys(EC)), now=NOW)
