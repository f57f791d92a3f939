"""The profile gives the time of neutral functions to those who called them."""

import pytest

from bench.oidc_profile import ROOT, named, parts

DRIVER = ("/x/site-packages/psycopg/cursor.py", 1, "execute")
OURS = (f"{ROOT}/franceconnect/provider/grants.py", 1, "issue")
JSON = ("/usr/lib/python3.11/json/encoder.py", 1, "encode")
C = ("~", 0, "<built-in method join>")
ALONE = ("~", 0, "<built-in method exec>")


def spent(calls: dict) -> tuple:
    """As pstats keeps it: by caller, the time that the function itself took."""
    return 1, 1, sum(calls.values()), 0.0, {caller: (1, 1, own, own) for caller, own in calls.items()}


@pytest.mark.parametrize(
    ("file", "group"),
    [
        ("/x/site-packages/psycopg/cursor.py", "the driver"),
        ("/x/site-packages/django/db/models/query.py", "ORM"),
        ("/x/site-packages/django/db/backends/utils.py", "the driver"),
        ("/x/site-packages/oauthlib/common.py", "oauthlib and its toolkit"),
        ("/x/site-packages/django/middleware/csrf.py", "sessions and middleware"),
        (f"{ROOT}/accounts/middleware.py", "sessions and middleware"),
        (f"{ROOT}/franceconnect/provider/checks.py", "the provider"),
        ("/usr/lib/python3.11/json/encoder.py", None),
    ],
)
def test_a_file_belongs_to_one_part(file, group):
    assert named((file, 1, "anything")) == group


def test_waiting_is_told_apart_from_working():
    assert named(("/x/site-packages/psycopg/connection.py", 1, "wait")) == "waiting for PostgreSQL"
    assert named(("/x/site-packages/psycopg/connection.py", 1, "commit")) == "the driver"


def test_neutral_time_counts_for_the_callers_as_they_used_it():
    stats = {
        DRIVER: spent({}),
        OURS: spent({}),
        JSON: spent({DRIVER: 3.0, OURS: 1.0}),
        # json's own half goes where json's time goes.
        C: spent({JSON: 4.0, DRIVER: 4.0}),
        ALONE: spent({}),
    }
    found = parts(stats)
    assert found[JSON] == {"the driver": 0.75, "the provider": 0.25}
    assert found[C] == {"the driver": 0.875, "the provider": 0.125}
    assert found[ALONE] == {}, "it shows as other"


def test_functions_that_call_each_other_come_to_an_end():
    other = ("/usr/lib/python3.11/re/_parser.py", 1, "parse")
    stats = {OURS: spent({}), JSON: spent({other: 1.0, OURS: 1.0}), other: spent({JSON: 2.0})}
    assert parts(stats)[JSON] == parts(stats)[other] == {"the provider": 1.0}
