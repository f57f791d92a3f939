"""The benchmark of the provider measures whole flows, counts their statements, and names what it missed."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bench import oidc
from bench.provider import reference as plain
from bench.provider.aims import aimed, holds
from bench.provider.flow import Answer, Wire, challenge, discover
from bench.provider.in_process import Inside, commits, finished, statements, statements_of_a_flow
from bench.provider.portal import DISCOVERY, signed_in_client

ROOT = Path(__file__).resolve().parents[2]
SENT = [
    "SELECT 1",
    "BEGIN",
    "INSERT INTO a VALUES (1)",
    "SAVEPOINT s",
    "UPDATE a SET b = 1",
    "COMMIT",
    "UPDATE a SET b = 2",
    "BEGIN",
    "DELETE FROM a",
    "ROLLBACK",
    "WITH gone AS (DELETE FROM a RETURNING b) SELECT * FROM gone",
]


@pytest.mark.parametrize(
    ("figure", "aim", "expected"),
    [(0.40, "≤ 0.40", True), (0.41, "≤ 0.40", False), (2.5, "≥ 2.5", True), (2.49, "≥ 2.5", False)],
)
def test_an_aim_is_met_up_to_its_bound(figure, aim, expected):
    assert holds(figure, aim) is expected
    assert aimed(figure, aim) == {"aim": aim, "missed": "" if expected else "missed"}


def test_every_statement_counts_but_the_frame_of_a_transaction():
    assert statements(SENT) == 7


def test_a_commit_is_a_transaction_that_ends_well_or_a_write_on_its_own():
    assert commits(SENT) == 3


def test_the_challenge_is_that_of_the_standard():
    """RFC 7636, appendix B."""
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_header_is_found_whatever_its_case_and_an_unexpected_answer_is_refused():
    answer = Answer(302, b"HTTP/1.1 302 Found\r\nlocation: https://service.example/?code=1\r\n\r\n", b"")
    assert answer.expect(302).header("Location") == "https://service.example/?code=1"
    assert answer.header("ETag") == ""
    with pytest.raises(RuntimeError, match="302 instead of 200"):
        answer.expect(200)


@pytest.mark.parametrize(
    ("answered", "content"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", b"body"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", b"body"),
        (b"HTTP/1.1 304 Not Modified\r\nETag: 1\r\n\r\n", b""),
    ],
    ids=["length", "chunks", "nothing"],
)
def test_a_body_is_read_to_its_end_and_no_further(answered, content):
    async def asked() -> Answer:
        reader, (_, writer) = asyncio.StreamReader(), socket.socketpair()
        reader.feed_data(answered + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext")
        _, out = await asyncio.open_connection(sock=writer)
        wire = Wire("service.example", reader, out)
        first, second = [await wire.ask("GET", "/") for _ in range(2)]
        wire.close()
        assert second.body == b"next"
        return first

    assert asyncio.run(asked()).body == content


def test_what_is_reported_of_a_load_is_the_middle_round_and_the_ratio_that_is_printed():
    ours = oidc.Met(rates=[90.0, 100.0, 250.0], walls=[float(each) for each in range(1, 101)])
    ours.cpu |= {"app": [4.0, 2.0, 3.0], "db": [1.0, 1.0, 1.0], "redis": [0.0, 0.0, 0.0]}
    assert (ours.rate, ours.wall(50), ours.wall(99)) == (100.0, 50.0, 99.0)
    assert (ours.cpu_ms(), ours.cpu_ms("db", "redis")) == (4.0, 1.0)
    row = oidc.beside("CPU", 4.0, 9.0, "≤ 0.40")
    assert row == {
        "what": "CPU",
        "ours": "4.00",
        "reference": "9.00",
        "ratio": "0.44",
        "aim": "≤ 0.40",
        "missed": "missed",
    }


@pytest.mark.django_db(transaction=True)
def test_a_flow_sends_few_statements_whatever_past_the_member_has():
    """R15; issue 3, figures: 10 statements and 3 commits, with 1,000 old grants as well."""
    client = signed_in_client(1)
    at = finished(discover(Inside(), DISCOVERY))
    fresh = statements_of_a_flow(at, client)
    oidc.remember_grants(client)
    late = statements_of_a_flow(at, client)
    assert statements(fresh) <= 10, fresh
    assert commits(fresh) <= 3, fresh
    assert [sql.split()[0] for sql in late] == [sql.split()[0] for sql in fresh]


def test_the_reference_imports_nothing_of_the_portal():
    """Its figures are those of a plain django-oauth-toolkit."""
    look = "import bench.reference.urls, sys; print(*{name.split('.')[0] for name in sys.modules})"
    settings = {
        "DJANGO_SETTINGS_MODULE": "bench.reference.settings",
        "REFERENCE_SECRET_KEY": "-",
        "REFERENCE_RSA_KEY": "-",
        "PGDATABASE": "-",
        "REDIS_URL": "redis://nowhere.invalid",
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {look}"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "oauth2_provider" in loaded
    assert not loaded & {"accounts", "enrolment", "franceconnect", "msa_portal"}


@pytest.mark.django_db(transaction=True)
def test_a_member_signs_in_at_the_reference_over_http(monkeypatch):
    """The generator's own proof: an id_token that another library believes, and processor time that was spent."""
    monkeypatch.setattr(plain, "MEMBERS", 2)
    monkeypatch.setattr(oidc, "WARM_UP", 2)
    with plain.reference() as theirs:
        at = oidc.known(theirs)
        met = oidc.Met()
        oidc.one_round(theirs, at, met, flows=4, at_once=2)
        sent, committed = plain.counts(at, theirs)
    assert (len(met.walls), len(met.rates)) == (4, 1)
    assert met.cpu_ms("app") > 1
    assert met.cpu_ms("db") > 0
    # docs/performance.md: fewer statements is the lever.
    assert sent > 20
    assert committed >= 3
