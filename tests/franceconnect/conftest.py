"""What the tests of the outside share."""

import pytest

from franceconnect.models import SigningKey
from tests.signing import put_signing_keys


@pytest.fixture
def signing_keys(db: None) -> dict[str, SigningKey]:
    """One key of each alg that has signed for long, by alg."""
    return put_signing_keys()
