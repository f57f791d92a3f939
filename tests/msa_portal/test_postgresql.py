"""A connection that the server has ended is noticed, without a statement at each request."""

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Account

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_quiet_connection_is_taken_for_usable_without_a_word():
    Account.objects.count()
    with CaptureQueriesContext(connection) as said:
        assert connection.is_usable()
    assert not said.captured_queries


def test_a_connection_that_the_server_ended_is_replaced_at_the_next_request():
    """The database was restarted, or an operator ended the session."""
    Account.objects.count()
    number = connection.connection.info.backend_pid
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        assert cursor.fetchone() == (True,)
    other.close()
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    assert Account.objects.count() == 0
    assert connection.connection.info.backend_pid != number


def test_no_connection_is_not_usable():
    connection.close()
    assert not connection.is_usable()
