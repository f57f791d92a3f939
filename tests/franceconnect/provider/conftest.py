"""The provider signs in nearly every test."""

import pytest

from franceconnect.models import SigningKey


@pytest.fixture(autouse=True)
def _keys_that_sign(request: pytest.FixtureRequest) -> dict[str, SigningKey] | None:
    return request.getfixturevalue("signing_keys") if request.node.get_closest_marker("django_db") else None
