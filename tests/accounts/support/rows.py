"""A row of each list of the desk, of one caisse or of none: what the table of permissions is tried on.

A list that comes to the desk comes here with it, or tests/accounts/support/test_permissions.py fails.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import models
from django.utils import timezone

from accounts import journal
from accounts.models import (
    Account,
    AddressChange,
    Affiliation,
    Agent,
    BadAddress,
    Banner,
    CorrectionRequest,
    Entry,
    Event,
    Letter,
    LetterBatch,
    Member,
    News,
    login_of_nir,
)
from enrolment import journey
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from franceconnect import keys
from franceconnect.models import Client, LinkConflict, SigningKey
from franceconnect.registration import register
from tests.agents import ALSACE, an_agent
from tests.members import GARCIN, LAMY, NOBODY, a_member, affiliate, an_account


def a_correction(caisse: str) -> models.Model:
    """Asked for a member of this caisse's, in the department that the caisse is called after or has."""
    nir, department = (LAMY, "67") if caisse == ALSACE else (NOBODY, caisse)
    member = Member.objects.filter(nir_fingerprint=login_of_nir(nir)).first() or a_member(nir)
    if waiting := CorrectionRequest.objects.filter(member=member, decided_at=None).first():
        return waiting  # one of a kind, as one may ask
    row = CorrectionRequest(member=member, department=department, subject="name", asked_by=uuid.uuid4())
    row.created_at = timezone.now()
    row.details = {"note": "LAMI et non LAMY, d'après l'acte de naissance"}
    row.save(force_insert=True)
    return row


def a_department_of(caisse: str) -> str:
    return "67" if caisse == ALSACE else caisse


def a_member_of(caisse: str) -> Account:
    """With an account, and known in the departments of this caisse alone."""
    nir = LAMY if caisse == ALSACE else GARCIN
    known = Account.objects.filter(login_fingerprint=login_of_nir(nir)).first()
    if known is None:
        known = an_account(Member.objects.filter(nir_fingerprint=login_of_nir(nir)).first() or a_member(nir))
        assert known.member is not None
        Affiliation.objects.filter(member=known.member).delete()
        affiliate(known.member, a_department_of(caisse), health_cover=True)
    return known


def an_address_change(caisse: str) -> models.Model:
    account = a_member_of(caisse)
    row = AddressChange(account=account, department=a_department_of(caisse), created_at=timezone.now())
    if AddressChange.objects.filter(account=account, decided_at=None).exists():
        row.decided_at, row.accepted = timezone.now(), True
    row.address = {"address": "3 impasse du Moulin", "postcode": "67100", "city": "Strasbourg"}
    row.save(force_insert=True)
    return row


def a_bad_address(caisse: str) -> models.Model:
    mark = uuid.uuid4().bytes * 2
    return BadAddress.objects.create(member=a_member_of(caisse).member, fingerprint=mark, since=timezone.now())


def a_letter(caisse: str) -> models.Model:
    told = {"department": a_department_of(caisse), "caisse": caisse, "created_at": timezone.now()}
    return Letter.objects.create(kind="temporary_password", member=a_member_of(caisse).member, **told)


def a_batch(caisse: str) -> models.Model:
    return LetterBatch.objects.create(caisse=caisse, created_at=timezone.now(), printed_at=timezone.now())


def a_department_request(caisse: str) -> models.Model:
    told = {"department": a_department_of(caisse), "way": "elsewhere", "created_at": timezone.now()}
    account, reference = a_member_of(caisse), uuid.uuid4().hex[:9]
    # One waits, as one may; the others are over.
    over = DepartmentRequest.objects.filter(account=account, closed_at=None).exists()
    closed = {"closed_at": timezone.now()} if over else {}
    return DepartmentRequest.objects.create(account=account, reference=reference, **told, **closed)


def a_registration_request(caisse: str) -> models.Model:
    told = {"kind": "company", "department": a_department_of(caisse), "created_at": timezone.now()}
    row = RegistrationRequest(reference=uuid.uuid4().hex[:9], **told)
    row.details = {
        "name": "Odile Vasseur",
        "function": "gérante",
        "siret": "73282932000074",
        "email": "odile@example.org",
        "phone": "+33199001234",
        "department": a_department_of(caisse),
    }
    row.save(force_insert=True)
    return row


def a_conflict(caisse: str) -> models.Model:
    account, reference = a_member_of(caisse), uuid.uuid4().hex[:8]
    over = LinkConflict.objects.filter(account=account, decided_at=None).exists()
    told = {"kind": "other_subject", "created_at": timezone.now(), "decided_at": timezone.now() if over else None}
    return LinkConflict.objects.create(account=account, reference=reference, **told)


def an_enrolment() -> models.Model:
    row = journey.start(now=timezone.now())
    type(row).objects.filter(pk=row.pk).update(tries_left=0)
    return row


def some_news(caisse: str) -> models.Model:
    return News.objects.create(caisse=caisse, title="Guichet", body="Fermé le 24.", published_at=timezone.now())


def a_banner() -> models.Model:
    ends = timezone.now() + timedelta(hours=1)
    return Banner.objects.create(text="Paiements arrêtés.", starts_at=timezone.now(), ends_at=ends)


def a_line() -> models.Model:
    journal.record(Event.CONTACT_CHANGED)
    return Entry.objects.latest("pk")


# Given a caisse, a row of it.
OF_A_CAISSE: dict[type[models.Model], Callable[[str], models.Model]] = {
    Agent: lambda caisse: an_agent(caisse=caisse).agent,
    CorrectionRequest: a_correction,
    AddressChange: an_address_change,
    BadAddress: a_bad_address,
    Letter: a_letter,
    LetterBatch: a_batch,
    DepartmentRequest: a_department_request,
    RegistrationRequest: a_registration_request,
    LinkConflict: a_conflict,
    News: some_news,
}


def a_client() -> models.Model:
    told = {"preset": "standard", "redirect_uris": ["https://service.example.org/retour"]}
    before = Client.objects.filter(client_id="service").first()
    return before or register("service", now=timezone.now(), **told).client  # type: ignore[arg-type]


def a_key() -> models.Model:
    keys.ensure(now=timezone.now())
    return SigningKey.objects.all()[0]


# The same for everybody: no caisse has any of its own.
OF_NO_CAISSE: dict[type[models.Model], Callable[[], models.Model]] = {
    Client: a_client,
    SigningKey: a_key,
    Enrolment: an_enrolment,
    Entry: a_line,
    Banner: a_banner,
}


def row_of(model: type[models.Model], caisse: str) -> models.Model:
    """Of this caisse, if a row of it has one."""
    assert model in OF_A_CAISSE or model in OF_NO_CAISSE, f"tests/accounts/support/rows.py has no row of {model}"
    return OF_A_CAISSE[model](caisse) if model in OF_A_CAISSE else OF_NO_CAISSE[model]()
