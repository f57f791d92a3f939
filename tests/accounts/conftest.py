"""A member, and the account of one, for tests that need no more than that."""

import pytest

from accounts.models import Account, Member
from tests.members import a_member, an_account


@pytest.fixture
def member(db: None) -> Member:
    return a_member()


@pytest.fixture
def account(member: Member) -> Account:
    return an_account(member)
