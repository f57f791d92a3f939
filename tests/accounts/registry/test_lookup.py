"""The one door to a member."""

import pytest
from django.utils import timezone

from accounts.identity.nir import Nir
from accounts.registry import find, import_directory
from tests.accounts.registry.files import LAMY, PONS, deliver, member

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _lamy(tmp_path):
    list(import_directory(deliver(tmp_path, members=[member()]), now=timezone.now()))


def test_a_member_is_found_by_number_in_one_query(django_assert_num_queries):
    """R20: the dossier comes sealed with the row and opens without another query."""
    with django_assert_num_queries(1):
        found = find(Nir.parse("1 63 09 67 482 229"))
        assert (found.birth_name, found.nir.number) == ("LAMY", LAMY)


def test_an_unknown_number_finds_nobody():
    assert find(Nir.parse(PONS)) is None
