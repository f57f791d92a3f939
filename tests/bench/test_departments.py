"""The benchmark of departments that follow the registry: each account opens, rests, closes (F02)."""

import pytest
from django.utils import timezone

from accounts.models import Account, Affiliation, OpenDepartment
from bench import departments
from tests.personas import persona


@pytest.mark.django_db(transaction=True)
def test_the_first_time_opens_and_the_second_finds_nothing_to_do():
    """F02: two statements a slice tell that nothing has changed; what the benchmark ends in the registry comes back."""
    assert persona("lamy").member
    departments.accounts(20)
    accounts = Account.objects.filter(kind=Account.Kind.MEMBER).count()
    open_before = Affiliation.objects.filter(until=None).count()
    first, again = departments.follow("the first time"), departments.follow("nothing has changed")
    assert int(first["changed"]) == OpenDepartment.objects.values("account").distinct().count() > 0
    assert (again["changed"], again["SQL"] < first["SQL"]) == ("0", True)
    assert again["accounts"] == str(accounts)
    with departments.ended_affiliations(timezone.localdate()):
        pass
    assert Affiliation.objects.filter(until=None).count() == open_before
