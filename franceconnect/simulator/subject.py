"""Owns `sub`, as the hub tells it to a sector of services: the same from every identity provider (facts A7)."""

import base64
import hashlib
from collections.abc import Mapping

# The MSA, as an organisation of FranceConnect's books.
PORTAL_ENTITY = "msa-caisse-centrale-0000000000000001"
FRANCE = "99100"
VERSION = "v1"
# Everybody may read it: the demonstration's portal knows beforehand under which sub its members will come.
SECRET = "simulator: hides nobody, as nobody here exists"  # noqa: S105


def of(identity: Mapping[str, str], entity_id: str, *, secret: str = SECRET) -> str:
    """66 characters; they change with the civil status only, whoever vouched for it."""
    digest = hashlib.sha256(f"{entity_id}{identity_hash(identity)}{secret}".encode()).hexdigest()
    return f"{digest}{VERSION}"


def identity_hash(identity: Mapping[str, str]) -> str:
    """Of the civil status that the RNIPP knows; the place of birth counts in France alone."""
    place = identity.get("birthplace", "") if identity["birthcountry"] == FRANCE else ""
    names = identity["given_name"] + identity["family_name"]
    told = f"{names}{identity['birthdate']}{identity['gender']}{place}{identity['birthcountry']}"
    return base64.b64encode(hashlib.sha256(told.encode()).digest()).decode()
