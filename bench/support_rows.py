"""What a desk has after some years at this size: accounts, requests, letters, a long journal, news and banners."""

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from django.db import connection, models, transaction

from accounts.identity.caisses import CAISSES, DEPARTMENTS
from accounts.letters import addresses
from accounts.models import (
    Account,
    AddressChange,
    BadAddress,
    Banner,
    CorrectionRequest,
    Email,
    Entry,
    Event,
    Letter,
    LetterBatch,
    Member,
    News,
    email_mark,
)
from accounts.passwords import READABLE
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from enrolment.steps import STEPS
from franceconnect.models import LinkConflict

SEED = 1
# One member in fifty has been with us long enough to fill the lists; each left so many lines in the journal.
SHARE, LINES, BATCH = 50, 10, 2000
A_DAY = timedelta(days=1)
ADDRESS = {"address": "12 rue des Vignes", "postcode": "67000", "city": "Strasbourg"}
EVENTS = (Event.SIGN_IN_SUCCEEDED, Event.SIGN_IN_REFUSED, Event.SESSION_ENDED, Event.PASSWORD_CHANGED)
EMPTIED = (
    *(AddressChange, BadAddress, CorrectionRequest, Email, Letter, LetterBatch, News, Banner),
    *(DepartmentRequest, Enrolment, RegistrationRequest, LinkConflict),
)


def fill(members: int, *, now: datetime) -> None:
    """Fresh rows in every table that the desk lists; what another benchmark left there is removed."""
    for model in EMPTIED:
        models.QuerySet(model).all().delete()
    models.QuerySet(Entry).filter(seal=None).delete()
    rng = random.Random(SEED)
    Account.objects.filter(kind=Account.Kind.MEMBER).delete()
    for batch in in_batches(spread(members // SHARE)):
        of_members(batch, rng, now)
    told(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def spread(count: int) -> list[int]:
    """Every so many of them, from one end of the table to the other."""
    ends = Member.objects.aggregate(first=models.Min("pk"), last=models.Max("pk"))
    return list(range(ends["first"], ends["last"] + 1, max(1, (ends["last"] - ends["first"]) // count)))


def in_batches(keys: list[int]) -> Iterator[list[Member]]:
    rows = Member.objects.filter(account=None).prefetch_related("affiliations")
    for batch in batched(keys, BATCH):
        yield list(rows.filter(pk__in=batch))


def batched(keys: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


@transaction.atomic
def of_members(members: list[Member], rng: random.Random, now: datetime) -> None:
    accounts = [an_account(member, now) for member in members]
    Account.objects.bulk_create(accounts)
    lines = [a_line(account, rng, now) for account in accounts for _ in range(LINES)]
    models.QuerySet(Entry).bulk_create(lines, batch_size=BATCH)
    Email.objects.bulk_create(each(accounts, rng, now, an_email))
    Letter.objects.bulk_create(each(accounts, rng, now, a_letter))
    DepartmentRequest.objects.bulk_create(each(accounts, rng, now, a_department_request))
    AddressChange.objects.bulk_create(each(accounts, rng, now, an_address_change))
    some = accounts[::10]
    BadAddress.objects.bulk_create(each(some, rng, now, a_bad_address))
    CorrectionRequest.objects.bulk_create(each(some, rng, now, a_correction))
    RegistrationRequest.objects.bulk_create(each(some, rng, now, a_registration_request))
    Enrolment.objects.bulk_create(each(some, rng, now, an_enrolment))
    LinkConflict.objects.bulk_create(each(some, rng, now, a_conflict))


def each(accounts: list[Account], rng: random.Random, now: datetime, make: Callable[..., Any]) -> list[Any]:
    """One in four waits, nine in ten of the others were accepted."""
    rows = []
    for account in accounts:
        row = make(account, rng, now - A_DAY * rng.randint(1, 300))
        if hasattr(row, "decided_at") and rng.random() < 0.75:
            row.decided_at, row.decided_by = now, uuid.uuid4()
            if hasattr(row, "accepted"):
                row.accepted = rng.random() < 0.9
        rows.append(row)
    return rows


def an_account(member: Member, now: datetime) -> Account:
    account = Account(login_fingerprint=member.nir_fingerprint, member=member, created_at=now - A_DAY * 300)
    account.email = f"membre{member.pk}@example.org"
    account.email_fingerprint, account.email_proven_at = email_mark(account.email), now
    account.set_unusable_password()
    return account


def a_line(account: Account, rng: random.Random, now: datetime) -> Entry:
    at = now - timedelta(minutes=rng.randint(1, 500_000))
    return Entry(
        at=at, event=rng.choice(EVENTS), account=account.pk, request_id=uuid.uuid4().hex, detail={"how": "pwd"}
    )


def department_of(account: Account) -> str:
    assert account.member
    return next((each.department for each in account.member.affiliations.all()), "67")


def a_code(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(READABLE, k=length))


def an_email(account: Account, rng: random.Random, at: datetime) -> Email:
    told = {"kind": "password_changed", "public_code": a_code(rng, 10), "account": account}
    return Email(**told, created_at=at, due_at=at, expires_at=at + A_DAY, sent_at=at)


def a_letter(account: Account, rng: random.Random, at: datetime) -> Letter:
    department = department_of(account)
    kind = rng.choice((Letter.Kind.TEMPORARY_PASSWORD, Letter.Kind.REGISTRATION_CONFIRMATION))
    letter = Letter(kind=kind, member=account.member, account=account, public_code=a_code(rng, 10), created_at=at)
    letter.department, letter.caisse = department, DEPARTMENTS[department].caisse.code
    if rng.random() < 0.9:
        letter.printed_at = letter.posted_at = at + A_DAY
        letter.returned_at = at + 10 * A_DAY if rng.random() < 0.02 else None
    return letter


REFERENCES = product(READABLE, repeat=8)


def a_reference() -> str:
    """None twice."""
    code = "".join(next(REFERENCES))
    return f"{code[:4]}-{code[4:]}"


def a_department_request(account: Account, rng: random.Random, at: datetime) -> DepartmentRequest:
    row = DepartmentRequest(reference=a_reference(), account=account, department=rng.choice(sorted(DEPARTMENTS)))
    row.way, row.created_at = DepartmentRequest.Way.ELSEWHERE, at
    return row


def an_address_change(account: Account, rng: random.Random, at: datetime) -> AddressChange:
    row = AddressChange(account=account, department=department_of(account), created_at=at)
    row.address = ADDRESS
    return row


def a_bad_address(account: Account, rng: random.Random, at: datetime) -> BadAddress:
    assert account.member
    mark = addresses.mark(account.member.postal_address)
    return BadAddress(member=account.member, fingerprint=mark, since=at, cleared_at=at if rng.random() < 0.5 else None)


def a_correction(account: Account, rng: random.Random, at: datetime) -> CorrectionRequest:
    row = CorrectionRequest(member=account.member, department=department_of(account), asked_by=uuid.uuid4())
    row.subject, row.created_at, row.details = CorrectionRequest.Subject.NAME, at, {"note": "D'après l'acte"}
    return row


def a_registration_request(account: Account, rng: random.Random, at: datetime) -> RegistrationRequest:
    row = RegistrationRequest(reference=a_reference(), kind=RegistrationRequest.Kind.OTHER, created_at=at)
    row.department = department_of(account)
    row.details = {"name": "Exemple", "function": "gérant", "siret": "", "email": account.email, "phone": ""}
    return row


def an_enrolment(account: Account, rng: random.Random, at: datetime) -> Enrolment:
    row = Enrolment(step=STEPS[0].slug, tries_left=0, created_at=at, updated_at=at, expires_at=at + 400 * A_DAY)
    row.answers = {}
    return row


def a_conflict(account: Account, rng: random.Random, at: datetime) -> LinkConflict:
    return LinkConflict(account=account, kind=LinkConflict.Kind.OTHER_SUBJECT, reference=a_reference(), created_at=at)


def told(now: datetime) -> None:
    """Five pieces of news of each caisse and of the whole MSA over the year, a banner each week."""
    News.objects.bulk_create(
        News(caisse=caisse, title=f"Actualité {number}", body="À lire", published_at=now - A_DAY * 60 * number)
        for caisse in ("", *CAISSES)
        for number in range(1, 6)
    )
    starts = [now - 7 * A_DAY * number for number in range(1, 53)]
    Banner.objects.bulk_create(Banner(text="Travaux ce soir", starts_at=at, ends_at=at + A_DAY / 4) for at in starts)
