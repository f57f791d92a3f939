"""A client whose keys cannot be had is told to come back, and loses nothing meanwhile (FI 12, FI 13, FI 22)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from joserfc.jwk import ECKey
from time_machine import Traveller

from accounts.models import Account
from franceconnect.models import Grant
from tests.franceconnect.key_server import KeyServer, key_server
from tests.oidc.clients import franceconnect
from tests.oidc.relying_party import RelyingParty
from tests.oidc.transport import Answer
from tests.oidc.visitor import Visitor, new_code, whole_flow

pytestmark = [pytest.mark.django_db]
KEY = ECKey.generate_key("P-256", {"kid": "fc-enc", "use": "enc"})
# Nobody is asked more often (franceconnect.provider.client_keys).
A_MOMENT_LATER = timedelta(seconds=10)


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with key_server() as served:
        served.document = {"keys": [KEY.as_dict(private=False)]}
        yield served


@pytest.fixture
def fc(account: Account, server: KeyServer) -> RelyingParty:
    """FranceConnect as it encrypts (A4), with its keys at an address of its own (A1)."""
    return franceconnect(encryption_alg="ECDH-ES", jwks_uri=server.url).but(decryption_key=KEY)


def breaks_down(server: KeyServer) -> None:
    """And ours has forgotten what it read: a restart, or the first sign-in of all."""
    server.status = 503
    cache.clear()


def told_to_come_back(answer: Answer) -> None:
    assert answer.status == 503, answer
    assert answer.json()["error"] == "temporarily_unavailable"
    assert answer.headers["cache-control"] == "no-store"


def test_a_token_is_not_spent_on_an_answer_that_could_not_be_written(
    fc: RelyingParty, visitor: Visitor, server: KeyServer, held_clock: Traveller
) -> None:
    """FI 22: once means one identity that was told."""
    tokens = whole_flow(fc, visitor)
    breaks_down(server)
    for _ in range(3):
        told_to_come_back(fc.ask_who(tokens.access_token))
    assert Grant.objects.get().token_used_at is None
    server.status = 200
    held_clock.shift(A_MOMENT_LATER)
    assert fc.identity(tokens)["family_name"] == "LAMY"
    assert fc.ask_who(tokens.access_token).status == 401


def test_a_code_is_not_spent_either(
    fc: RelyingParty, visitor: Visitor, server: KeyServer, held_clock: Traveller
) -> None:
    """FI 7: neither spent nor taken for a replay when it comes again."""
    breaks_down(server)
    sent, code = new_code(fc, visitor)
    for _ in range(3):
        told_to_come_back(fc.ask_for_tokens(code, sent))
    (grant,) = Grant.objects.all()
    assert (grant.consumed_at, grant.token_digest, grant.revoked_at) == (None, None, None)
    server.status = 200
    held_clock.shift(A_MOMENT_LATER)
    assert fc.identity(fc.redeem(code, sent))["family_name"] == "LAMY"
    assert fc.ask_for_tokens(code, sent).json()["error"] == "invalid_grant"


def test_nothing_is_told_in_clear_instead(fc: RelyingParty, visitor: Visitor, server: KeyServer) -> None:
    """FI 13: a key that is none of its alg's is none; the body says nothing of the member or of the reason."""
    tokens = whole_flow(fc, visitor)
    cache.clear()
    server.document = {"keys": [ECKey.generate_key("P-256", {"kid": "s", "use": "sig"}).as_dict(private=False)]}
    answer = fc.ask_who(tokens.access_token)
    told_to_come_back(answer)
    for word in (b"LAMY", b"Fritz", b"eyJ", server.url.encode(), b"kid"):
        assert word not in answer.body
