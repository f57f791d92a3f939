"""The benchmark of the sign-in hashes as production does, and says what lies beside the hash (R12, R17)."""

import pytest
from django.contrib.auth.hashers import make_password

from accounts.models import Account
from accounts.passwords import PortalArgon2Hasher
from bench import sign_in
from bench.visit import Cost
from msa_portal.demo.personas import DEMO_PASSWORD
from tests.personas import persona


def test_the_hash_is_that_of_production_and_only_for_the_time_of_the_benchmark():
    before = PortalArgon2Hasher.memory_cost
    with sign_in.production_hash() as spent:
        encoded = make_password(DEMO_PASSWORD)
        assert "m=47104,t=2,p=1" in encoded
        assert PortalArgon2Hasher().verify(DEMO_PASSWORD, encoded)
    assert len(spent) == 1
    assert spent[0] > 5, "46 MiB are not filled in less"
    assert PortalArgon2Hasher.memory_cost == before


def without_savepoints(cost: Cost) -> int:
    """A test runs in a transaction of its own, in which each of ours becomes a savepoint."""
    return sum("SAVEPOINT" not in statement for statement in cost.statements)


@pytest.mark.django_db
def test_a_sign_in_sends_few_statements():
    """C07, R12: 10 from a browser that is remembered, 12 from one that is new."""
    member = persona("garcin")
    with sign_in.production_hash() as spent:
        encoded = make_password(DEMO_PASSWORD)
        Account.objects.filter(member=member.member).update(password=encoded)
        bare, known, fresh = sign_in.one_round(member, encoded, spent)
    assert bare > 5
    assert without_savepoints(known[1]) <= 10
    assert without_savepoints(fresh[1]) <= 12
    assert {row["aim"] for row in sign_in.rows("somebody", [known, known]) if "aim" in row} == {sign_in.AIM}
