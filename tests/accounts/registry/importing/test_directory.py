"""What a delivery does to the registry, on PostgreSQL and SQLite alike."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from accounts.identity.nir import Nir
from accounts.models import Affiliation, Entry, Member, Payment, VitaleCard
from accounts.registry import find, import_directory
from accounts.registry.importing import directory as run
from accounts.sealed import fingerprint
from tests.accounts.registry.files import (
    LAMY,
    PONS,
    VIDAL,
    affiliation,
    card,
    deliver,
    member,
    payment,
    rejected,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 9, tzinfo=UTC)


def load(directory, *, now=NOW, **files):
    """The counts of each file by its name."""
    outcomes = import_directory(deliver(directory, **files), now=now)
    return {outcome.delivery.name: outcome.counts for outcome in outcomes if outcome.present}


def tally(counts):
    return counts.added, counts.changed, counts.removed, counts.rejected


def test_a_member_is_sealed_and_opens_again(tmp_path):
    """R20: no column but the sealed one knows the person."""
    load(tmp_path, members=[member(birth_date="1963-09-00", usage_name="DE LA  TOUR", deceased_on="2026-01-05")])
    found = find(Nir.parse(LAMY))
    assert found.dossier == {
        **{name: value for name, value in member().items() if name != "nir_status"},
        "birth_date": "1963-09-00",
        "usage_name": "DE LA TOUR",
        "deceased_on": "2026-01-05",
    }
    assert found.deceased
    assert found.updated_at == NOW
    assert bytes(found.birth_fingerprint) == fingerprint("birth_date", "1963-09-00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_member")
        stored = b"".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in cursor.fetchone())
    assert not any(value.encode() in stored for value in ("LAMY", "Fritz", LAMY, "1963", "Vignes", "67482"))


def test_any_character_of_a_name_comes_back_as_it_went(tmp_path):
    name = "D'ŒU\"VR\\ARD %s {x} \x01 é"
    load(tmp_path, members=[member(birth_name=name)])
    assert find(Nir.parse(LAMY)).dossier["birth_name"] == name


def test_the_four_files_of_a_member_are_loaded(tmp_path):
    load(tmp_path, members=[member()], affiliations=[affiliation()], vitale_cards=[card()], payments=[payment()])
    lamy = find(Nir.parse(LAMY))
    assert lamy.affiliations.values_list("department", "profile", "health_cover", "since", "until").get() == (
        "67", "individual", True, date(1990, 1, 1), None,
    )  # fmt: skip
    stored = lamy.vitale_cards.get()
    assert bytes(stored.serial_fingerprint) == fingerprint("vitale", f"{LAMY}:1024576124")
    assert (stored.kind, stored.issued_on, stored.revoked_on) == ("photo", date(2015, 6, 1), None)
    assert lamy.payments.values_list("department", "paid_on", "kind", "label", "amount_cents").get() == (
        "67", date(2026, 2, 8), "sante", "Santé", 2250,
    )  # fmt: skip


def test_the_same_delivery_again_writes_nothing(tmp_path):
    files = {
        "members": [member(), member(PONS)],
        "affiliations": [affiliation(), affiliation(department="68", until="2030-01-01")],
        "vitale_cards": [card(), card(PONS, issued_on="")],
        "payments": [payment(), payment(), payment(PONS)],
    }
    load(tmp_path, **files)
    before = everything()
    again = load(tmp_path, now=LATER, **files)
    assert {name: tally(counts) for name, counts in again.items()} == dict.fromkeys(files, (0, 0, 0, 0))
    assert everything() == before


def everything():
    return [list(model.objects.order_by("pk").values_list()) for model in (Member, Affiliation, VitaleCard, Payment)]


def test_a_changed_member_is_replaced_and_keeps_the_rest(tmp_path):
    load(tmp_path, members=[member(), member(PONS)], payments=[payment()])
    key = find(Nir.parse(LAMY)).pk
    counts = load(tmp_path, now=LATER, members=[member(city="COLMAR"), member(PONS)])["members"]
    lamy, pons = find(Nir.parse(LAMY)), find(Nir.parse(PONS))
    assert tally(counts) == (0, 1, 0, 0)
    assert (lamy.pk, lamy.dossier["city"], lamy.updated_at, pons.updated_at) == (key, "COLMAR", LATER, NOW)
    assert lamy.payments.count() == 1


def test_a_member_not_named_stays(tmp_path):
    load(tmp_path, members=[member(), member(PONS)], affiliations=[affiliation(), affiliation(PONS)])
    load(tmp_path, members=[member(VIDAL)], affiliations=[affiliation(VIDAL)])
    assert Member.objects.count() == 3
    assert Affiliation.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "model", "row", "changes"),
    [
        ("affiliations", Affiliation, affiliation, {"until": "2026-01-01"}),
        ("affiliations", Affiliation, affiliation, {"health_cover": "0"}),
        ("vitale_cards", VitaleCard, card, {"revoked_on": "2026-01-01"}),
        ("vitale_cards", VitaleCard, card, {"serial": "99999999999"}),
        ("payments", Payment, payment, {"amount_cents": "2251"}),
    ],
)
def test_a_file_is_complete_for_the_members_it_names(tmp_path, name, model, row, changes):
    load(tmp_path, members=[member(), member(PONS)], **{name: [row(), row(PONS)]})
    kept = model.objects.get(member=find(Nir.parse(PONS))).pk
    counts = load(tmp_path, **{name: [row(**changes), row(PONS)]})[name]
    assert tally(counts) == (1, 0, 1, 0)
    assert model.objects.count() == 2
    assert model.objects.get(member=find(Nir.parse(PONS))).pk == kept


def test_two_equal_payments_are_two_payments(tmp_path):
    """Two refunds of one day look alike (document 004: 22,50 and 2,50 on one day)."""
    load(tmp_path, members=[member()], payments=[payment(), payment()])
    assert Payment.objects.count() == 2
    assert tally(load(tmp_path, payments=[payment()] * 3)["payments"]) == (1, 0, 0, 0)
    assert tally(load(tmp_path, payments=[payment()])["payments"]) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("name", "row"), [("affiliations", affiliation), ("vitale_cards", card), ("payments", payment)]
)
def test_a_row_of_nobody_is_rejected_and_the_others_are_loaded(tmp_path, name, row):
    counts = load(tmp_path, members=[member()], **{name: [row(PONS), row()]})[name]
    assert tally(counts) == (1, 0, 0, 1)
    assert rejected(tmp_path) == [(f"{name}.csv", 2, "nir", "unknown_member")]


def test_of_two_lines_about_one_member_the_first_stands(tmp_path):
    counts = load(tmp_path, members=[member(), member(PONS), member(city="COLMAR"), member(city="METZ")])["members"]
    assert tally(counts) == (2, 0, 0, 2)
    assert find(Nir.parse(LAMY)).dossier["city"] == "STRASBOURG"
    assert rejected(tmp_path) == [("members.csv", line, "nir", "duplicate") for line in (4, 5)]


@pytest.mark.parametrize(
    ("name", "row", "twin"),
    [("affiliations", affiliation, {"since": "2001-01-01"}), ("vitale_cards", card, {"issued_on": ""})],
)
def test_a_role_or_a_card_said_twice_is_rejected_the_second_time(tmp_path, name, row, twin):
    counts = load(tmp_path, members=[member()], **{name: [row(), row(**twin)]})[name]
    assert tally(counts) == (1, 0, 0, 1)
    assert rejected(tmp_path) == [(f"{name}.csv", 3, "nir", "duplicate")]


def test_a_first_load_leaves_out_what_is_wrong_and_numbers_its_lines(tmp_path):
    """R20: an empty table and a full one say the same of a line; the next load finds free keys."""
    rows = [affiliation(since=""), affiliation(PONS), affiliation(), affiliation(), affiliation(department="68")]
    counts = load(tmp_path, members=[member(city="X" * 101), member(), member(VIDAL), member()], affiliations=rows)
    assert tally(counts["members"]) == (2, 0, 0, 2)
    assert tally(counts["affiliations"]) == (2, 0, 0, 3)
    assert sorted(rejected(tmp_path)) == [
        ("affiliations.csv", 2, "since", "missing"),
        ("affiliations.csv", 3, "nir", "unknown_member"),
        ("affiliations.csv", 5, "nir", "duplicate"),
        ("members.csv", 2, "city", "too_long"),
        ("members.csv", 5, "nir", "duplicate"),
    ]
    again = load(tmp_path, members=[member(), member(PONS)], affiliations=[affiliation(PONS), affiliation(VIDAL)])
    assert tally(again["members"]) == (1, 0, 0, 0)
    assert tally(again["affiliations"]) == (2, 0, 0, 0)
    assert Entry.objects.filter(event="registry:imported").earliest("pk").detail["rejected"] == 2


def test_a_wrong_header_refuses_its_file_only(tmp_path):
    deliver(tmp_path, members=[member()], payments=[payment()])
    (tmp_path / "payments.csv").write_text("nir;department\n", encoding="utf-8")
    outcomes = {outcome.delivery.name: outcome for outcome in import_directory(tmp_path, now=NOW)}
    assert outcomes["payments"].refused == "wrong_header"
    assert not outcomes["vitale_cards"].present
    assert outcomes["members"].is_clean
    assert rejected(tmp_path) == [("payments.csv", 1, "", "wrong_header")]


def test_crlf_a_mark_and_line_breaks_in_quotes_are_read(tmp_path):
    deliver(tmp_path, members=[member(address="12 rue des Vignes,\nbâtiment B")])
    path = tmp_path / "members.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    list(import_directory(tmp_path, now=NOW))
    assert rejected(tmp_path) == []
    assert find(Nir.parse(LAMY)).dossier["address"] == "12 rue des Vignes, bâtiment B"


def test_the_rejects_say_where_and_why_and_nothing_of_the_person(tmp_path):
    deliver(tmp_path, members=[member(), member(PONS, birth_date="hier")], payments=[payment(VIDAL)])
    list(import_directory(tmp_path, now=NOW))
    told = (tmp_path / "rejects.csv").read_text(encoding="utf-8")
    assert told.splitlines()[0] == "file,line,column,code,reason"
    assert "la date n'est pas de la forme AAAA-MM-JJ" in told
    assert not any(value in told for value in (PONS, VIDAL, "LAMY", "hier"))


def test_the_rejects_of_an_earlier_run_are_gone(tmp_path):
    load(tmp_path, payments=[payment()])
    assert rejected(tmp_path)
    load(tmp_path, members=[member()])
    assert not (tmp_path / "rejects.csv").exists()


def test_a_failure_in_the_merge_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    load(tmp_path, members=[member()])
    before = everything()

    def fails(*args, **kwargs):
        raise RuntimeError("the journal is full")

    monkeypatch.setattr(run.journal, "record", fails)
    with pytest.raises(RuntimeError):
        load(tmp_path, members=[member(city="COLMAR"), member(PONS)])
    assert everything() == before


def test_each_file_has_its_line_in_the_journal(tmp_path):
    """R21: counts, in the transaction of the rows they count."""
    load(tmp_path, members=[member(), member()])
    entry = Entry.objects.get(event="registry:imported")
    assert entry.detail == {"file": "members", "added": 1, "changed": 0, "removed": 0, "rejected": 1}
    assert entry.at == NOW


def test_a_first_load_leaves_the_indexes_and_constraints_of_the_tables(tmp_path):
    before = constraints()
    load(tmp_path, members=[member()], affiliations=[affiliation()], vitale_cards=[card()], payments=[payment()])
    assert constraints() == before


def constraints():
    with connection.cursor() as cursor:
        return [
            {name: {**found, "definition": ""} for name, found in known.items() if not name.startswith("__")}
            for known in (
                connection.introspection.get_constraints(cursor, model._meta.db_table)
                for model in (Member, Affiliation, VitaleCard, Payment)
            )
        ]


def test_a_member_sealed_under_the_old_key_is_not_rewritten(tmp_path, settings):
    """R20: the digest is keyed by the index key, which a new sealing key leaves alone."""
    load(tmp_path, members=[member()])
    settings.SEALING_KEYS = {"k9": b"n" * 32, **settings.SEALING_KEYS}
    assert tally(load(tmp_path, members=[member()])["members"]) == (0, 0, 0, 0)
    assert find(Nir.parse(LAMY)).birth_name == "LAMY"
