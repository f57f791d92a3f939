"""Companies and « Autre » ask their caisse: stored, acknowledged on screen and by mail, never a dead end (R1, B02)."""

import pytest
from django.db import connection

from accounts.models import Email, Event
from enrolment.models import Enrolment, RegistrationRequest
from tests.stories.caller import last_mail_to
from tests.stories.registering import COMPANY, Registrant
from tests.stories.traces import happened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

TYPED = COMPANY | {"profile": "company", "email": "odile.vasseur@example.org"}


@pytest.mark.sqlite
def test_a_company_s_request_is_acknowledged_on_screen_and_by_mail():
    """R1: name, function, SIRET, e-mail, phone, department."""
    odile = Registrant(TYPED)
    odile.until("demande").sees("un conseiller vous répond").answer()
    request = RegistrationRequest.objects.get()
    odile.sees("Votre demande a bien été prise en compte.", request.reference, "MSA Alsace", "67-Bas-Rhin")
    assert request.reference in last_mail_to("odile.vasseur@example.org")
    assert (request.kind, request.department) == ("company", "67")
    assert request.details == {
        "name": "Odile Vasseur",
        "function": "gérante",
        "siret": "73282932000074",
        "email": "odile.vasseur@example.org",
        "phone": "+33199001234",
        "department": "67",
    }
    assert happened(Event.REQUEST_RECEIVED)[0].detail == {"kind": "company", "department": "67"}


def test_a_declarant_needs_no_siret():
    """R1: « Autre » may speak for many companies."""
    odile = Registrant(TYPED | {"profile": "other", "siret": ""})
    odile.finish().sees("Votre demande a bien été prise en compte.")
    assert RegistrationRequest.objects.get().siret_fingerprint is None


def test_a_company_without_siret_is_told_what_to_type():
    """R1: the rest stays as it was typed."""
    odile = Registrant(TYPED | {"siret": ""})
    odile.until("demande").answer()
    assert odile.page.errors == {"siret": "Tapez le numéro SIRET de l'établissement : 14 chiffres."}
    shown = odile.page.forms[-1].values
    assert (shown["name"], shown["function"], shown["department"]) == ("Odile Vasseur", "gérante", "67")


def test_what_a_request_says_is_sealed_in_the_database():
    """R1, R20: neither the column nor the journey holds a readable name, number or address."""
    Registrant(TYPED).finish()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT details FROM enrolment_registrationrequest UNION ALL SELECT answers FROM enrolment_enrolment"
        )
        columns = [bytes(row[0]) for row in cursor.fetchall()]
    assert len(columns) == 2
    for word in (b"Vasseur", b"odile", b"73282932000074", b"199001234"):
        assert not any(word in column for column in columns)


def test_a_request_is_filed_once_whatever_is_pressed():
    """R1, R23: reload and back lead to the acknowledgement."""
    odile = Registrant(TYPED).until("demande")
    tab = Registrant(TYPED)
    tab.client = odile.client
    tab.visit("/inscription/demande/")
    odile.answer().sees("Accusé de réception")
    tab.answer().sees("Accusé de réception")
    odile.visit("/inscription/terminee/").sees("Accusé de réception")
    assert RegistrationRequest.objects.count() == Email.objects.count() == 1


def test_a_company_may_turn_back_and_register_as_a_person():
    """B02: the way follows the profile."""
    odile = Registrant(TYPED)
    odile.until("demande").follow("Précédent").answer(profile="farmer")
    assert odile.slug == "identifiant"
    assert not RegistrationRequest.objects.exists()
    assert odile.visit("/inscription/demande/").slug == "identifiant"


def test_many_requests_from_one_network_have_to_wait():
    """R12: ten an hour; the form keeps what was typed."""
    for _ in range(10):
        Registrant(TYPED).finish().sees("Accusé de réception")
    odile = Registrant(TYPED).until("demande").answer()
    assert odile.response.status_code == 429
    assert int(odile.response["Retry-After"]) > 0
    odile.sees("Trop de demandes sont venues de votre connexion internet.")
    assert odile.page.forms[-1].values["name"] == "Odile Vasseur"
    assert RegistrationRequest.objects.count() == 10
    assert Enrolment.objects.filter(completed_at=None).count() == 1
    Registrant(TYPED, address="198.51.100.7").finish().sees("Accusé de réception")
