"""The provider's tables."""

from franceconnect.models.client import Client
from franceconnect.models.consent import Consent
from franceconnect.models.grant import Grant
from franceconnect.models.interaction import Interaction
from franceconnect.models.signing_key import SigningKey
from franceconnect.models.used_assertion import UsedAssertion

__all__ = ["Client", "Consent", "Grant", "Interaction", "SigningKey", "UsedAssertion"]
