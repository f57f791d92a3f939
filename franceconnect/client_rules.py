"""What has to hold of a relying party's registration: one rule a function, under the column where it is mended."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from franceconnect import public_keys
from franceconnect.registered_uris import fault, is_authority, refuse_bad

if TYPE_CHECKING:
    from franceconnect.models.client import Client

# What goes into a header, a form or a file name as it is (and never holds the colon of RFC 7617).
CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")
LEVELS = frozenset({"eidas1", "eidas2", "eidas3"})


def broken(client: "Client") -> dict[str, list[ValidationError]]:
    """What is wrong, by column; nothing when the client may be written down."""
    found = ((column, list(rule(client))) for column, rule in RULES)
    return {column: errors for column, errors in found if errors}


def identifier_is_plain(client: "Client") -> Iterator[ValidationError]:
    if not CLIENT_ID.fullmatch(client.client_id):
        words = "L'identifiant se compose de lettres sans accent, de chiffres et des signes «\u00a0. _ ~ -\u00a0»."
        yield ValidationError(words, code="client_id_characters")


def there_is_a_way_back(client: "Client") -> Iterator[ValidationError]:
    if not client.redirect_uris.split():
        yield ValidationError("Indiquez au moins une adresse de retour.", code="redirect_uri_missing")
    yield from refuse_bad(client.redirect_uris.split())


def ways_back_from_signing_out_are_safe(client: "Client") -> Iterator[ValidationError]:
    yield from refuse_bad(client.post_logout_redirect_uris.split())


def sector_is_known(client: "Client") -> Iterator[ValidationError]:
    """Core, 8.1: addresses on several servers need to say which one stands for them all."""
    uris = client.redirect_uris.split()
    if client.sector and not is_authority(client.sector):
        words = "Le secteur est un nom de serveur en minuscules, par exemple service.example.org."
        yield ValidationError(words, code="sector_host")
    elif not client.sector and not any(map(fault, uris)) and len({urlsplit(uri).netloc for uri in uris}) > 1:
        words = "Les adresses de retour sont sur plusieurs serveurs\u00a0: indiquez leur secteur commun."
        yield ValidationError(words, code="sector_missing")


def levels_are_known(client: "Client") -> Iterator[ValidationError]:
    if not client.acr.split() or not LEVELS.issuperset(client.acr.split()):
        words = "Les niveaux eIDAS admis sont eidas1, eidas2 et eidas3, séparés par un blanc."
        yield ValidationError(words, code="acr_unknown")


def keys_are_public_and_of_use(client: "Client") -> Iterator[ValidationError]:
    if client.jwks is None:
        return
    if client.jwks_uri:
        words = "Indiquez soit les clés publiques, soit leur adresse, mais pas les deux."
        yield ValidationError(words, code="jwks_twice")
    try:
        public_keys.refuse_unstorable(client.jwks)
        keys = public_keys.parse(client.jwks)
    except public_keys.NotKeys:
        words = 'Les clés publiques doivent avoir la forme {"keys": […]} (RFC 7517).'
        yield ValidationError(words, code="jwks_malformed")
        return
    if public_keys.holds_secrets(client.jwks):
        words = "Ces clés contiennent un secret\u00a0: n'indiquez que les clés publiques, et changez celles-ci."
        yield ValidationError(words, code="jwks_private")
        return
    if client.encryption_alg and public_keys.for_encryption(keys, client.encryption_alg) is None:
        words = f"Aucune de ces clés ne permet de chiffrer avec {client.encryption_alg}."
        yield ValidationError(words, code="jwks_no_encryption_key")
    if client.signs_its_requests and not any(map(public_keys.can_sign, keys)):
        words = "Aucune de ces clés ne permet de vérifier une signature ES256, RS256 ou PS256."
        yield ValidationError(words, code="jwks_no_signature_key")


def keys_are_somewhere(client: "Client") -> Iterator[ValidationError]:
    if client.jwks_uri:
        yield from refuse_bad([client.jwks_uri])
    elif client.jwks is None and (client.encryption_alg or client.signs_its_requests):
        words = "Ce service chiffre ou signe\u00a0: indiquez ses clés publiques ou leur adresse."
        yield ValidationError(words, code="jwks_missing")


def what_is_encrypted_is_signed(client: "Client") -> Iterator[ValidationError]:
    """FranceConnect, A4: signed, then encrypted; there is nothing in plain JSON to sign."""
    if client.encryption_alg and client.userinfo_format != client.UserinfoFormat.JWT:
        words = "Une réponse chiffrée est d'abord signée\u00a0: choisissez «\u00a0JWT signé\u00a0»."
        yield ValidationError(words, code="encryption_needs_jwt")


Rule = Callable[["Client"], Iterator[ValidationError]]
RULES: tuple[tuple[str, Rule], ...] = (
    ("client_id", identifier_is_plain),
    ("redirect_uris", there_is_a_way_back),
    ("post_logout_redirect_uris", ways_back_from_signing_out_are_safe),
    ("sector", sector_is_known),
    ("acr", levels_are_known),
    ("jwks", keys_are_public_and_of_use),
    ("jwks_uri", keys_are_somewhere),
    ("userinfo_format", what_is_encrypted_is_signed),
)
