"""What a desk has after some years at this size: one caisse with ten times the rows, and nearly all of them decided."""

import functools
import random
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.identity.caisses import CAISSES, DEPARTMENTS
from accounts.letters import addresses
from accounts.models import (
    Account,
    AddressChange,
    Affiliation,
    Agent,
    BadAddress,
    Banner,
    Consultation,
    CorrectionRequest,
    Email,
    Entry,
    Letter,
    LetterBatch,
    Member,
    News,
    Role,
    email_mark,
    login_of_agent,
)
from accounts.passwords import READABLE
from bench import support_lines
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from enrolment.steps import STEPS
from franceconnect.models import LinkConflict
from tests.members import OWN_PASSWORD

SEED = 1
# One member in fifty has been with us long enough to fill the lists; a quarter of them are of one caisse.
SHARE, BATCH, LARGE_SHARE = 50, 2000, 0.25
LARGE = "68"
# Of each kind of request so many still wait; nine in ten of the others were accepted.
WAITS, ACCEPTED = 0.04, 0.9
AGENTS, AGENTS_LARGE, LOOKS = 30, 300, 5000
A_DAY = timedelta(days=1)
PHONE = "+33639980102"
ADDRESS = {"address": "12 rue des Vignes", "postcode": "67000", "city": "Strasbourg"}
EMPTIED = (
    *(AddressChange, BadAddress, CorrectionRequest, Email, Letter, LetterBatch, News, Banner, Consultation),
    *(DepartmentRequest, Enrolment, RegistrationRequest, LinkConflict, Entry),
)


def fill(members: int, *, now: datetime) -> None:
    """Fresh rows in every table that the desk lists; what another benchmark left there is removed."""
    support_lines.empty(EMPTIED)
    forget_members()
    rng = random.Random(SEED)
    agents = of_caisses(now)
    batches(members // SHARE, now)
    for batch in in_batches(spread(members // SHARE)):
        of_members(batch, agents, rng, now)
    looked_at_often(agents, now)
    told(now)
    support_lines.older_letters(now)
    support_lines.journal(agents, now)
    support_lines.settle()


def forget_members() -> None:
    """A few at a time: what hangs on them is asked for by their keys."""
    members = Account.objects.filter(kind=Account.Kind.MEMBER)
    while keys := list(members.values_list("pk", flat=True)[: 10 * BATCH]):
        Account.objects.filter(pk__in=keys).delete()


def large() -> list[str]:
    """The departments of the caisse that has ten times the rows of another."""
    return [each.code for each in DEPARTMENTS.values() if each.caisse.code == LARGE]


def spread(count: int) -> list[int]:
    """Every so many members, from one end of the table to the other; a quarter are of the large caisse."""
    of_large = Affiliation.objects.filter(department__in=large()).order_by("member")
    theirs = every(list(of_large.values_list("member", flat=True).distinct()), int(count * LARGE_SHARE))
    ends = Member.objects.aggregate(first=models.Min("pk"), last=models.Max("pk"))
    everybody = range(ends["first"], ends["last"] + 1)
    return sorted({*theirs, *every(everybody, count - len(theirs))})


def every(keys: Any, count: int) -> list[int]:
    return list(keys[:: max(1, len(keys) // max(1, count))])


def of_caisses(now: datetime) -> list[Account]:
    """Agents of each caisse, a tenth of them gone."""
    wanted = [caisse for caisse in CAISSES for _ in range(AGENTS_LARGE if caisse == LARGE else AGENTS)]
    accounts = [an_agent(f"conseiller{number}@msa.example", now) for number in range(len(wanted))]
    known = Account.objects.filter(login_fingerprint__in=[account.login_fingerprint for account in accounts])
    if found := list(known.filter(agent__isnull=False)):
        return found
    Account.objects.bulk_create(accounts)
    rows = [
        Agent(account=account, role=Role.AGENT, caisse=caisse, created_at=now, left_at=None if number % 10 else now)
        for number, (account, caisse) in enumerate(zip(accounts, wanted, strict=True))
    ]
    for row in rows:
        row.details = {"name": "Camille Dupré"}
    Agent.objects.bulk_create(rows)
    return accounts


def batches(letters: int, now: datetime) -> None:
    """As many as make files of a thousand; the last ten of each caisse are not yet at the post office."""
    batches_of.cache_clear()
    shares = {caisse: LARGE_SHARE if caisse == LARGE else 1 / len(CAISSES) for caisse in CAISSES}
    counts = {caisse: int(letters * share * (support_lines.OLDER + 1) / 1000) + 11 for caisse, share in shares.items()}
    LetterBatch.objects.bulk_create(
        LetterBatch(
            caisse=caisse, created_at=(at := now - A_DAY * number), printed_at=at, posted_at=at if number > 10 else None
        )
        for caisse, count in counts.items()
        for number in range(count)
    )


def an_agent(address: str, now: datetime) -> Account:
    account = Account(kind=Account.Kind.AGENT, created_at=now, login_fingerprint=login_of_agent(address))
    account.email, account.email_fingerprint = address, email_mark(address)
    account.set_unusable_password()
    return account


def in_batches(keys: list[int]) -> Iterator[list[Member]]:
    rows = Member.objects.filter(account=None).prefetch_related("affiliations")
    for batch in batched(keys, BATCH):
        yield list(rows.filter(pk__in=batch))


def batched(keys: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


@transaction.atomic
def of_members(members: list[Member], agents: list[Account], rng: random.Random, now: datetime) -> None:
    accounts = [an_account(member, now) for member in members]
    Account.objects.bulk_create(accounts)
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
    Consultation.objects.bulk_create(a_look(account, rng.choice(agents), now) for account in some)


def each(accounts: list[Account], rng: random.Random, now: datetime, make: Callable[..., Any]) -> list[Any]:
    """Over three years, the newest first to wait: what is old is decided."""
    rows = []
    for account in accounts:
        row = make(account, rng, now - A_DAY * rng.randint(1, 1000))
        if hasattr(row, "decided_at") and rng.random() >= WAITS:
            decide(row, accepted=rng.random() < ACCEPTED)
        rows.append(row)
    return rows


def decide(row: Any, *, accepted: bool) -> None:
    """The next day; a code that opened nothing within its time is closed."""
    row.decided_at, row.decided_by = row.created_at + A_DAY, uuid.uuid4()
    if isinstance(row, LinkConflict):
        row.outcome = LinkConflict.Outcome.KEPT if accepted else LinkConflict.Outcome.UNLINKED
    elif isinstance(row, CorrectionRequest):
        row.answer = CorrectionRequest.Answer.DONE if accepted else CorrectionRequest.Answer.NOTHING
    else:
        row.accepted = accepted
    if isinstance(row, DepartmentRequest):
        end, ended = "opened_at" if accepted else "closed_at", row.created_at + 10 * A_DAY
        setattr(row, end, None if accepted and row.account.pk.int % 50 == 0 else ended)


def an_account(member: Member, now: datetime) -> Account:
    account = Account(login_fingerprint=member.nir_fingerprint, member=member, created_at=now - A_DAY * 300)
    account.email = f"membre{member.pk}@example.org"
    account.email_fingerprint, account.email_proven_at = email_mark(account.email), now
    account.set_unusable_password()
    return account


def department_of(account: Account) -> str:
    assert account.member
    return next((each.department for each in account.member.affiliations.all()), "67")


def a_code(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(READABLE, k=length))


def an_email(account: Account, rng: random.Random, at: datetime) -> Email:
    told = {"kind": "password_changed", "public_code": a_code(rng, 10), "account": account}
    return Email(**told, created_at=at, due_at=at, expires_at=at + A_DAY, sent_at=at)


def a_letter(account: Account, rng: random.Random, at: datetime) -> Letter:
    """Nearly all of them are posted; the others wait, were set aside, or lie at the printer's."""
    department = department_of(account)
    kind = rng.choice((Letter.Kind.TEMPORARY_PASSWORD, Letter.Kind.REGISTRATION_CONFIRMATION))
    letter = Letter(kind=kind, member=account.member, account=account, public_code=a_code(rng, 10), created_at=at)
    letter.department, letter.caisse = department, DEPARTMENTS[department].caisse.code
    drawn = rng.random()
    if drawn < WAITS:
        letter.set_aside = "no_address" if drawn < WAITS / 10 else ""
        return letter
    letter.batch, letter.printed_at = rng.choice(batches_of(letter.caisse)), at + A_DAY
    if drawn > 2 * WAITS:
        letter.posted_at = at + 2 * A_DAY
        letter.returned_at = at + 10 * A_DAY if rng.random() < 0.02 else None
    return letter


@functools.cache
def batches_of(caisse: str) -> list[LetterBatch]:
    """Of a thousand letters each."""
    return list(LetterBatch.objects.filter(caisse=caisse))


REFERENCES = product(READABLE, repeat=8)


def a_reference(between: str = "-") -> str:
    """None twice."""
    code = "".join(next(REFERENCES))
    return f"{code[:4]}{between}{code[4:]}"


def a_department_request(account: Account, rng: random.Random, at: datetime) -> DepartmentRequest:
    row = DepartmentRequest(reference=a_reference(), account=account, department=department_of(account))
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
    row.details = {"name": "Exemple", "function": "gérant", "siret": "", "email": account.email, "phone": PHONE}
    return row


def an_enrolment(account: Account, rng: random.Random, at: datetime) -> Enrolment:
    """It lives a day, so all of them are of today; a few have no question left, and none ends while we look."""
    row = Enrolment(step=STEPS[0].slug, tries_left=0 if rng.random() < WAITS else 3, answers={})
    row.created_at = row.updated_at = at
    row.expires_at = timezone.now() + (1 + rng.random()) * A_DAY / 2
    return row


def a_conflict(account: Account, rng: random.Random, at: datetime) -> LinkConflict:
    kind, reference = LinkConflict.Kind.OTHER_SUBJECT, a_reference("")
    return LinkConflict(account=account, kind=kind, reference=reference, created_at=at)


def a_look(account: Account, agent: Account, at: datetime) -> Consultation:
    row = Consultation(agent=agent, caisse=LARGE, member=account.member, reason=Consultation.Reason.CALL)
    row.at, row.until = at - A_DAY, at - A_DAY
    return row


def looked_at_often(agents: list[Account], now: datetime) -> None:
    """One member whose file was opened more often than any in 36 months; they have done all that is asked of them."""
    account = Account.objects.filter(kind=Account.Kind.MEMBER).order_by("pk")[0]
    account.set_password(OWN_PASSWORD)
    account.contact_confirmed_at = now
    account.save()
    Consultation.objects.bulk_create(
        a_look(account, agents[number % len(agents)], now - number * A_DAY / 5) for number in range(LOOKS)
    )


def told(now: datetime) -> None:
    """Five pieces of news of each caisse and of the whole MSA over the year, a banner each week."""
    News.objects.bulk_create(
        News(caisse=caisse, title=f"Actualité {number}", body="À lire", published_at=now - A_DAY * 60 * number)
        for caisse in ("", *CAISSES)
        for number in range(1, 6)
    )
    starts = [now - 7 * A_DAY * number for number in range(1, 53)]
    Banner.objects.bulk_create(Banner(text="Travaux ce soir", starts_at=at, ends_at=at + A_DAY / 4) for at in starts)
