"""The benchmark of FranceConnect's callback says what it costs: few statements and no hash (issue 4, I12)."""

import pytest
from django.contrib.auth.hashers import make_password

from accounts.models import Account
from bench import franceconnect, sign_in
from msa_portal.demo.personas import DEMO_PASSWORD
from tests.bench.test_sign_in import without_savepoints
from tests.personas import persona


@pytest.mark.django_db
def test_a_return_sends_few_statements_and_hashes_nothing(simulator):
    """I12, issue 4: at most 12; the password beside it is hashed once."""
    member = persona("garcin")
    with sign_in.production_hash() as hashed, franceconnect.waiting() as waited:
        encoded = make_password(DEMO_PASSWORD)
        Account.objects.filter(member=member.member).update(password=encoded)
        franceconnect.link(simulator, member)
        came, away, form = franceconnect.one_round(simulator, member, hashed, waited)
    assert without_savepoints(came) <= 12
    assert 0 < away < came.wall_ms
    # Code and userinfo, and nothing else: what FranceConnect publishes is known.
    assert len(waited) == 2
    assert len(hashed) == 1
    told = list(franceconnect.rows([(came, away, form)] * 2))
    assert [row.get("aim") for row in told] == [franceconnect.AIM, None, None]
