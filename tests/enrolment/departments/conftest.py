"""Fritz Lamy of Strasbourg, who asks for the Ain, and an agent who decides."""

import pytest

from accounts.models import Account
from tests.agents import an_agent
from tests.members import an_account


@pytest.fixture
def account(db: None) -> Account:
    return an_account()


@pytest.fixture
def agent(db: None) -> Account:
    return an_agent(caisse="01")
