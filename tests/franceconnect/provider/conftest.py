"""The provider signs in nearly every test."""

import pytest

from accounts.models import Account
from franceconnect.models import SigningKey
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor


@pytest.fixture(autouse=True)
def _keys_that_sign(request: pytest.FixtureRequest) -> dict[str, SigningKey] | None:
    return request.getfixturevalue("signing_keys") if request.node.get_closest_marker("django_db") else None


@pytest.fixture
def party(account: Account) -> RelyingParty:
    """A service like any other, and somebody who has an account."""
    return standard()


@pytest.fixture
def fc(account: Account) -> RelyingParty:
    """FranceConnect, and somebody who may use it."""
    return franceconnect()


@pytest.fixture
def visitor() -> Visitor:
    """A browser that has never been here."""
    return Visitor()
