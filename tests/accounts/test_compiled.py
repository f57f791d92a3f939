"""A compiled query gives what its queryset gives, and is written once."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.compiled import Compiled, Given
from accounts.models import Account, Code
from tests.members import an_account

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def by_key() -> Compiled[Account]:
    return Compiled(lambda: Account.objects.filter(pk=Given("pk", models.UUIDField())).select_related("member"))


def columns(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_it_gives_the_row_and_what_it_joins_opened_values_included():
    account = an_account(landline="+33388000000")
    with CaptureQueriesContext(connection) as asked:
        found = by_key().first(pk=account.pk)
        assert found is not None
        assert found.member is not None
        assert (found.email, found.member.birth_name) == ("fritz.lamy@example.org", "LAMY")
    assert len(asked) == 1
    assert columns(found) == columns(Account.objects.get(pk=account.pk))
    assert columns(found.member) == columns(Account.objects.get(pk=account.pk).member)


def test_nobody_is_nobody():
    assert by_key().first(pk=uuid.uuid4()) is None


def test_a_row_that_joins_nothing_has_nothing_there():
    agent = Account(kind=Account.Kind.AGENT, login_fingerprint=b"a" * 32, created_at=timezone.now())
    agent.save(force_insert=True)
    found = by_key().first(pk=agent.pk)
    assert found is not None
    assert found.member is None


def test_only_some_columns_are_read_and_the_others_on_demand():
    account = an_account()
    some = Compiled(lambda: Account.objects.filter(pk=Given("pk", models.UUIDField())).only("kind"))
    found = some.first(pk=account.pk)
    assert found is not None
    assert "password" in found.get_deferred_fields()
    assert found.password == account.password


def test_moments_and_bytes_are_given_as_the_database_wants_them():
    now = timezone.now()
    Session.objects.create(session_key="k" * 40, session_data="x", expire_date=now + timedelta(minutes=1))
    live = Compiled(
        lambda: Session.objects.filter(
            session_key=Given("key", models.CharField()), expire_date__gt=Given("now", models.DateTimeField())
        )
    )
    assert live.first(key="k" * 40, now=now) is not None
    assert live.first(key="k" * 40, now=now + timedelta(minutes=2)) is None
    account = an_account()
    by_login = Compiled(lambda: Account.objects.filter(login_fingerprint=Given("login", models.BinaryField())))
    assert by_login.first(login=account.login_fingerprint) == account


def test_what_does_not_change_may_stand_in_it():
    account = an_account()
    unused = Compiled(lambda: Code.objects.filter(account=Given("account", models.UUIDField()), used_at=None))
    assert unused.first(account=account.pk) is None


def test_it_is_written_once(monkeypatch: pytest.MonkeyPatch):
    account, written = an_account(), []
    as_sql = SQLCompiler.as_sql
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda self, *a, **k: written.append(1) or as_sql(self, *a, **k))
    query = by_key()
    for _ in range(5):
        assert query.first(pk=account.pk) == account
    assert len(written) == 1
