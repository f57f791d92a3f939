"""A request is stored once with its acknowledgement, or not at all (R1, R23)."""

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import Email
from enrolment import journey, requests
from enrolment.models import Enrolment, RegistrationRequest
from tests.enrolment.threads import at_once

DETAILS = {
    "name": "Odile Vasseur",
    "function": "gérante",
    "siret": "73282932000074",
    "email": "odile.vasseur@example.org",
    "phone": "+33199001234",
    "department": "67",
}


def file(enrolment: Enrolment) -> None:
    requests.file(Enrolment.objects.get(pk=enrolment.pk), kind="company", details=DETAILS, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_three_clicks_at_once_file_one_request():
    """R1, R23."""
    enrolment = journey.start(now=timezone.now())
    at_once(*[lambda: file(enrolment)] * 3)
    assert RegistrationRequest.objects.count() == 1
    assert [email.kind for email in Email.objects.all()] == ["request_received"]


@pytest.mark.django_db(transaction=True)
def test_without_its_acknowledgement_no_request_is_stored():
    """R1, R23: the mail's table takes no row; the caller can press again."""
    enrolment = journey.start(now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_email ADD CONSTRAINT full_disk CHECK (id IS NULL) NOT VALID")
    try:
        with pytest.raises(DatabaseError):
            file(enrolment)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_email DROP CONSTRAINT full_disk")
    assert not RegistrationRequest.objects.exists()
    assert Enrolment.objects.get().completed_at is None
    file(enrolment)
    assert RegistrationRequest.objects.get().details == DETAILS


@pytest.mark.django_db
def test_the_reference_can_be_read_out_and_the_siret_is_found_by_its_fingerprint(held_clock):
    """R1, R20."""
    file(journey.start(now=timezone.now()))
    filed = RegistrationRequest.objects.get()
    assert len(filed.reference) == 9
    assert not set(filed.reference) & set("O0I1L")
    assert bytes(filed.siret_fingerprint) != b"73282932000074"
    assert len(bytes(filed.siret_fingerprint)) == 32
