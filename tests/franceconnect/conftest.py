"""What the tests of the outside share."""

import pytest

from accounts.models import Account
from franceconnect.models import SigningKey
from tests.members import an_account
from tests.signing import put_signing_keys


@pytest.fixture
def signing_keys(db: None) -> dict[str, SigningKey]:
    """One key of each alg that has signed for long, by alg."""
    return put_signing_keys()


@pytest.fixture
def account(db: None) -> Account:
    """Fritz Lamy, who has done all that a first sign-in asks."""
    return an_account()
