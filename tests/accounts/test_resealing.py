"""Every sealed column moves to the current key, at any pace (R20)."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts import resealing
from accounts.identity.nir import Nir
from accounts.management.commands.rotate_nir_key import next_id
from accounts.models import Account, Member
from accounts.registry import find, import_directory
from accounts.resealing import reseal, sealed_columns
from accounts.sealed import key_id
from msa_portal.environment import key_ring
from tests.accounts.registry.files import LAMY, PONS, VIDAL, deliver, member

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def _sealed_under_the_old_key(tmp_path, settings):
    settings.SEALING_KEYS = {"k1": OLD}
    list(import_directory(deliver(tmp_path, members=[member(), member(PONS), member(VIDAL)]), now=NOW))
    lamy = find(Nir.parse(LAMY))
    Account.objects.create(
        member=lamy, login_fingerprint=lamy.nir_fingerprint, email="fritz@example.org", created_at=NOW
    )
    settings.SEALING_KEYS = {"k2": NEW, "k1": OLD}


def keys_in_use() -> set[str]:
    return {
        key_id(bytes(value))
        for model, field in sealed_columns()
        for value in model.objects.exclude(**{field.name: None}).values_list(field.name, flat=True)
    }


def test_every_value_is_sealed_again_and_the_old_key_may_go(settings, capsys):
    call_command("rotate_nir_key", "--reseal")
    assert "accounts_member.dossier: 3 sealed again, 0 could not be opened" in capsys.readouterr().out
    assert keys_in_use() == {"k2"}
    settings.SEALING_KEYS = {"k2": NEW}
    assert find(Nir.parse(LAMY)).birth_name == "LAMY"
    assert Account.objects.get().email == "fritz@example.org"


def test_what_was_moved_is_not_moved_again():
    field = Member._meta.get_field("dossier")
    assert reseal(Member, field) == (3, 0)
    moved = list(Member.objects.order_by("pk").values_list("dossier", flat=True))
    assert reseal(Member, field) == (0, 0)
    assert list(Member.objects.order_by("pk").values_list("dossier", flat=True)) == moved


def test_a_run_that_was_stopped_is_taken_up_where_it_was(monkeypatch):
    """One batch of one row, then the process ends: the row stays moved."""
    monkeypatch.setattr(resealing, "BATCH", 1)
    field = Member._meta.get_field("dossier")

    def stop(label, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal(Member, field, progress=stop)
    assert sorted(key_id(bytes(value)) for value in Member.objects.values_list("dossier", flat=True)) == [
        "k1",
        "k1",
        "k2",
    ]
    assert reseal(Member, field) == (2, 0)


def test_a_value_whose_key_is_gone_is_counted_and_left(settings):
    settings.SEALING_KEYS = {"k2": NEW}
    before = set(Member.objects.values_list("dossier", flat=True))
    with pytest.raises(CommandError, match="keep every old key"):
        call_command("rotate_nir_key", "--reseal", verbosity=0)
    assert set(Member.objects.values_list("dossier", flat=True)) == before


def test_a_value_written_meanwhile_stands(monkeypatch):
    """The update is conditional on what was read."""
    real = resealing.seal

    def saved_in_between(plain, *, context):
        Member.objects.filter(nir_fingerprint=find(Nir.parse(LAMY)).nir_fingerprint).update(dossier=b"newer")
        return real(plain, context=context)

    monkeypatch.setattr(resealing, "seal", saved_in_between)
    monkeypatch.setattr(resealing, "BATCH", 1)
    reseal(Member, Member._meta.get_field("dossier"))
    assert Member.objects.filter(dossier=b"newer").count() == 1


def test_the_new_ring_keeps_the_old_keys_behind_a_fresh_one(capsys):
    call_command("rotate_nir_key")
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("NIR_KEYS="))
    ring = key_ring(line.removeprefix("NIR_KEYS="), name="NIR_KEYS")
    assert list(ring) == ["k3", "k2", "k1"]
    assert (ring["k2"], ring["k1"]) == (NEW, OLD)
    assert ring["k3"] not in (NEW, OLD)


@pytest.mark.parametrize(
    ("ids", "expected"), [(["k1"], "k2"), (["k9", "k10"], "k11"), (["test"], "k1"), (["k2", "old"], "k3")]
)
def test_the_next_key_has_the_next_number(ids, expected):
    assert next_id(ids) == expected
