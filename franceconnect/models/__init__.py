"""The room's tables: services that ask us, and members whom FranceConnect brings."""

from franceconnect.models.client import Client
from franceconnect.models.consent import Consent
from franceconnect.models.grant import Grant
from franceconnect.models.interaction import Interaction
from franceconnect.models.link import Link, LinkConflict
from franceconnect.models.round_trip import RoundTrip
from franceconnect.models.signing_key import SigningKey
from franceconnect.models.used_assertion import UsedAssertion

__all__ = [
    "Client",
    "Consent",
    "Grant",
    "Interaction",
    "Link",
    "LinkConflict",
    "RoundTrip",
    "SigningKey",
    "UsedAssertion",
]
