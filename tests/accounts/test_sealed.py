"""Personal data at rest: what opens, what does not, and what a fingerprint tells (R20)."""

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Account, Member
from accounts.sealed import SealBroken, SealedField, fingerprint, key_id, same, seal, unseal
from tests.members import GARCIN, a_member

CONTEXT = b"table.column:1"
OLD, NEW = {"old": b"o" * 32}, {"new": b"n" * 32}


def test_what_was_sealed_opens_in_its_own_place_only() -> None:
    sealed = seal(b"un nom", context=CONTEXT)
    assert unseal(sealed, context=CONTEXT) == b"un nom"
    with pytest.raises(SealBroken):
        unseal(sealed, context=b"table.column:2")


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert seal(b"un nom", context=CONTEXT) != seal(b"un nom", context=CONTEXT)


@pytest.mark.parametrize("position", range(0, 45, 3))
def test_no_byte_can_be_altered(position: int) -> None:
    sealed = bytearray(seal(b"un nom", context=CONTEXT))
    sealed[position % len(sealed)] ^= 1
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), context=CONTEXT)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 6, 7, 12, 18, 20, 30])
def test_a_value_cut_short_is_broken_and_nothing_worse(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(b"un nom", context=CONTEXT)[:length], context=CONTEXT)


def test_an_older_key_of_the_ring_still_opens_and_the_first_one_seals(settings: Settings) -> None:
    settings.SEALING_KEYS = OLD
    before = seal(b"un nom", context=CONTEXT)
    settings.SEALING_KEYS = {**NEW, **OLD}
    assert unseal(before, context=CONTEXT) == b"un nom"
    assert key_id(seal(b"un nom", context=CONTEXT)) == "new"
    settings.SEALING_KEYS = NEW
    with pytest.raises(SealBroken):
        unseal(before, context=CONTEXT)


def test_a_fingerprint_of_one_purpose_says_nothing_about_another() -> None:
    number = "1630967482229"
    assert fingerprint("nir", number) == fingerprint("nir", number)
    assert len({fingerprint(purpose, number) for purpose in ("nir", "birth", "browser", "throttle:sign_in")}) == 4


def test_a_fingerprint_needs_the_index_key(settings: Settings) -> None:
    with_ours = fingerprint("a purpose asked once", "1")
    settings.FINGERPRINT_KEY = b"z" * 32
    assert fingerprint("another purpose", "1") != with_ours
    assert same(with_ours, with_ours)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_column_holds_neither_the_name_nor_the_number(member: Member) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossier FROM accounts_member")
        held = bytes(cursor.fetchone()[0])
    assert b"LAMY" not in held
    assert b"1630967482229" not in held


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_value_moved_to_another_row_does_not_open(member: Member) -> None:
    other = a_member(GARCIN, birth_name="GARCIN")
    raw = Member.objects.filter(pk=other.pk).values_list("dossier", flat=True).get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_member SET dossier = %s WHERE id = %s", [bytes(raw), member.pk])
    with pytest.raises(SealBroken):
        _ = Member.objects.get(pk=member.pk).birth_name


@pytest.mark.django_db
def test_a_value_moved_to_another_column_does_not_open(account: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET landline = mobile")
    moved = Account.objects.get(pk=account.pk)
    assert moved.mobile == "+33639981001"
    with pytest.raises(SealBroken):
        _ = moved.landline


@pytest.mark.django_db
def test_nothing_stays_nothing(account: Account) -> None:
    assert Account.objects.get(pk=account.pk).fax is None
    account.mobile = None
    account.save()
    assert Account.objects.filter(mobile=None).exists()


@pytest.mark.django_db
def test_a_deferred_column_is_read_when_it_is_asked_for(
    account: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lean = Account.objects.defer("email").get(pk=account.pk)
    with django_assert_num_queries(1):
        assert lean.email == "fritz.lamy@example.org"
    lean.refresh_from_db()
    assert lean.email == "fritz.lamy@example.org"


@pytest.mark.django_db
def test_a_value_that_was_not_read_is_written_back_as_it_was(account: Account) -> None:
    untouched = Account.objects.get(pk=account.pk)
    untouched.save()
    assert Account.objects.get(pk=account.pk).email == "fritz.lamy@example.org"


@pytest.mark.django_db
def test_a_plain_value_cannot_slip_into_the_column_by_an_update(account: Account) -> None:
    with pytest.raises(TypeError):
        Account.objects.filter(pk=account.pk).update(email="fritz.lamy@example.org")


def test_every_sealed_column_is_marked_as_personal() -> None:
    fields = [field for field in Account._meta.get_fields() if isinstance(field, SealedField)]
    assert {field.name for field in fields} == {"email", "mobile", "landline", "fax"}
    assert {field.db_comment for field in fields} == {"personal"}
