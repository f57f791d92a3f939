"""One chunk of records becomes rows and rejects."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.nir_rules import check_birth, check_shape
from accounts.registry.importing.columns import USUAL_NIR
from accounts.registry.importing.deliveries import AFFILIATIONS, DELIVERIES, MEMBERS, PAYMENTS, VITALE_CARDS
from accounts.registry.importing.rejects import REASONS
from accounts.registry.importing.work import Reading, Workers, parse
from tests.accounts.registry import files

NIR_CASES = Path(__file__).parents[3] / "data" / "nir_cases.csv"
TODAY = date(2026, 3, 2)


def reading(delivery) -> Reading:
    return Reading(delivery.columns, delivery.read, list, TODAY)


def as_record(values: dict[str, str]) -> bytes:
    line = StringIO()
    csv.writer(line).writerow(values.values())
    return line.getvalue().encode()


def refusal(delivery, record: bytes) -> tuple[str, str]:
    batch = reading(delivery)([(7, record)])
    assert list(batch.rows) == []
    (reject,) = batch.rejects
    assert reject.line == 7
    assert reject.code in REASONS
    return reject.column, reject.code


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"nir": "163096748222"}, ("nir", "too_short")),
        ({"nir": "1 63 09 67 482"}, ("nir", "too_long")),
        ({"nir": "283072a004909"}, ("nir", "bad_character")),
        ({"nir": "1631367482229"}, ("nir", "bad_month")),
        ({"nir_status": "sure"}, ("nir_status", "unknown_value")),
        ({"birth_name": " "}, ("birth_name", "missing")),
        ({"given_names": ""}, ("given_names", "missing")),
        ({"usage_name": "X" * 101}, ("usage_name", "too_long")),
        ({"address": "X" * 10_000}, ("address", "too_long")),
        ({"gender": "other"}, ("gender", "unknown_value")),
        ({"birth_date": ""}, ("birth_date", "unreadable")),
        ({"birth_date": "08/09/1963"}, ("birth_date", "unreadable")),
        ({"birth_date": "1963-02-30"}, ("birth_date", "impossible_day")),
        ({"birth_date": "1963-14-01"}, ("birth_date", "impossible_month")),
        ({"birth_date": "1899-01-01"}, ("birth_date", "too_old")),
        ({"birth_date": "2027-01-01"}, ("birth_date", "future")),
        ({"birth_place": "6748"}, ("birth_place", "unknown_value")),
        ({"birth_country": "FR"}, ("birth_country", "unknown_value")),
        ({"deceased_on": "2026-02-31"}, ("deceased_on", "impossible_date")),
        ({"deceased_on": "2026-03-03"}, ("deceased_on", "future")),
        ({"city": "STRAS\0BOURG"}, ("", "null_character")),
    ],
    ids=str,
)
def test_a_bad_member_is_refused_by_column_and_code(changes, expected):
    assert refusal(MEMBERS, as_record(files.member(**changes))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"department": "96"}, ("department", "unknown_value")),
        ({"department": "2a"}, ("department", "unknown_value")),
        ({"profile": "company"}, ("profile", "unknown_value")),
        ({"health_cover": "oui"}, ("health_cover", "too_long")),
        ({"health_cover": "2"}, ("health_cover", "unknown_value")),
        ({"since": ""}, ("since", "missing")),
        ({"since": "1990-02-29"}, ("since", "impossible_date")),
        ({"until": "1989-12-31"}, ("until", "ends_before_it_begins")),
    ],
    ids=str,
)
def test_a_bad_affiliation_is_refused_by_column_and_code(changes, expected):
    assert refusal(AFFILIATIONS, as_record(files.affiliation(**changes))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "gold"}, ("kind", "unknown_value")),
        ({"serial": "0102457612"}, ("serial", "wrong_length")),
        ({"serial": "0102457612X"}, ("serial", "bad_character")),
        ({"serial": "1234567", "kind": "no_photo"}, ("serial", "wrong_length")),
        ({"serial": "12345678901²", "kind": "no_photo"}, ("serial", "bad_character")),
        ({"issued_on": "juin 2015"}, ("issued_on", "unreadable")),
        ({"revoked_on": "2014-01-01"}, ("revoked_on", "ends_before_it_begins")),
    ],
    ids=str,
)
def test_a_bad_card_is_refused_by_column_and_code(changes, expected):
    """R3: the registry holds the digits after the printed prefix."""
    assert refusal(VITALE_CARDS, as_record(files.card(**changes))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount_cents": "22.50"}, ("amount_cents", "not_a_whole_number")),
        ({"amount_cents": ""}, ("amount_cents", "not_a_whole_number")),
        ({"amount_cents": "-250"}, ("amount_cents", "out_of_range")),
        ({"amount_cents": "0"}, ("amount_cents", "out_of_range")),
        ({"amount_cents": "2147483648"}, ("amount_cents", "out_of_range")),
        ({"paid_on": "2026-13-01"}, ("paid_on", "impossible_date")),
        ({"kind": "Santé"}, ("kind", "unknown_value")),
        ({"label": "X" * 81}, ("label", "too_long")),
        ({"department": "99"}, ("department", "unknown_value")),
    ],
    ids=str,
)
def test_a_bad_payment_is_refused_by_column_and_code(changes, expected):
    assert refusal(PAYMENTS, as_record(files.payment(**changes))) == expected


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (b"1630967482229,67\n", "wrong_number_of_values"),
        (b"a,b,c,d,e,f,g\n", "wrong_number_of_values"),
        (b"1630967482229,67,\xe9,1,1990-01-01,\n", "not_utf8"),
        (b'1630967482229,"67"x,individual,1,1990-01-01,\n', "broken_quotes"),
        (b'1630967482229,"67,individual,1,1990-01-01,\n', "broken_quotes"),
        (b"1630967482229,6\r7,individual,1,1990-01-01,\n", "broken_quotes"),
        (b"1630967482229,6\x007,individual,1,1990-01-01,\n", "null_character"),
    ],
)
def test_a_line_that_is_no_record_is_refused(record, code):
    assert refusal(AFFILIATIONS, record) == ("", code)


def test_good_lines_beside_a_bad_one_are_kept_with_their_numbers():
    good = as_record(files.affiliation())
    batch = reading(AFFILIATIONS)([(2, good), (3, b"?\n"), (4, good)])
    assert [row[0] for row in batch.rows] == [2, 4]
    assert [reject.line for reject in batch.rejects] == [3]


def nir_cases() -> list[dict[str, str]]:
    with NIR_CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", nir_cases(), ids=lambda case: case["case_id"])
def test_the_registry_takes_a_nir_only_in_its_canonical_form(case):
    """B05: what a member may type with spaces or a key, a delivery may not."""
    batch = reading(AFFILIATIONS)([(2, as_record(files.affiliation(case["input"])))])
    canonical = case["valid"] == "true" and case["input"] == case["nir13"]
    assert len(batch.rows) == canonical
    assert all(reject.code in REASONS for reject in batch.rejects)


@given(st.from_regex(USUAL_NIR, fullmatch=True))
def test_a_number_taken_at_a_glance_meets_the_rules(number):
    """B05: the short way never takes what the rules refuse."""
    assert check_shape(number) == (number, "")
    check_birth(number)


def test_two_processes_return_the_batches_in_the_order_of_the_chunks():
    """Workers of their own read the same settings, so the same fingerprints."""
    records = [(line, as_record(files.payment(amount_cents=str(line)))) for line in range(2, 62)]
    pieces = [records[start : start + 3] for start in range(0, 60, 3)]
    with Workers() as workers:
        apart = [row for batch in workers.map(reading(PAYMENTS), pieces, large=True) for row in batch.rows]
    here = [row for piece in pieces for row in reading(PAYMENTS)(piece).rows]
    assert apart == here


def test_every_column_of_the_contract_has_a_longest_value():
    assert all(longest > 0 for delivery in DELIVERIES for longest in delivery.columns.values())


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8), min_size=2, max_size=5))
def test_a_record_reads_as_what_was_written(values):
    """With and without quotes, the short way and the long one agree."""
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    if "\0" not in "".join(values):
        assert parse(line.getvalue().encode()) == values
