"""Key pairs for tests: made once a process, put into the ring of whoever asks."""

from datetime import UTC, datetime
from functools import cache

from jwcrypto.jwk import JWK

from franceconnect import keys
from franceconnect.models import SigningKey

# Long before any clock that a test holds.
ONCE = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def pair(alg: str) -> JWK:
    return JWK.generate(**keys.PAIRS[alg])


def put_signing_keys() -> dict[str, SigningKey]:
    """A ring as `keys.ensure` leaves it, by alg, without the cost of new keys."""
    return {alg: keys.keep(pair(alg), alg=alg, activates_at=ONCE, now=ONCE) for alg in keys.PAIRS}
