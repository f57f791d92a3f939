"""An agent decides what a company or « Autre » has asked; of two at once, one has decided (R1).

A company accepted has an account and its code by post, to where its caisse knows it to be: what the request says was
typed by a stranger. « Autre » has no self-service: accepted means that the caisse calls. Whether the agent may is their
caller's question.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from accounts import access, journal, notifications
from accounts.identity.caisses import DEPARTMENTS
from accounts.identity.siret import Siret
from accounts.letters import addresses
from accounts.models import Account, Channel, Company, Event
from accounts.opening import Establishment, open_company
from accounts.support.file import acts
from enrolment.models import RegistrationRequest

Kind, Reason = RegistrationRequest.Kind, RegistrationRequest.Reason


TOLD = "Nous vous avons envoyé un nouveau code par courrier. Le mot de passe actuel continue de fonctionner."
# Why another code leaves.
ANOTHER = {
    "not_received": "le courrier n'est pas arrivé",
    "returned": "le courrier est revenu",
    "lost": "le code est perdu",
}


class AlreadyOpen(Exception):
    """The company of this SIRET has its space: the agent refuses (Reason.DOUBLE) or sends another code."""


class AddressUnknown(Exception):
    """No letter without the address at which the caisse knows the company."""


@transaction.atomic
def accept(
    request: RegistrationRequest,
    *,
    establishment: Establishment | None = None,
    by: Account,
    reason: str = "",
    now: datetime,
) -> bool:
    """False when it was decided before. Raises AlreadyOpen, AddressUnknown: then it still waits."""
    if not _decide(request, accepted=True, by=by, reason=reason, now=now):
        return False
    if request.kind == Kind.COMPANY:
        _open(request, establishment, now=now)
    _note(Event.REQUEST_ACCEPTED, request, by=by, now=now)
    notifications.request_accepted(
        to=request.details["email"],
        reference=request.reference,
        caisse=DEPARTMENTS[request.department].caisse,
        kind=request.kind,
        now=now,
    )
    return True


def _open(request: RegistrationRequest, establishment: Establishment | None, *, now: datetime) -> None:
    if establishment is None:
        raise AddressUnknown
    asked = {**request.details, "reference": request.reference}
    siret = Siret(request.details["siret"])
    account = open_company(siret, establishment, department=request.department, asked=asked, now=now)
    if account is None:
        raise AlreadyOpen
    _belongs_to(account, request)
    access.send_temporary_password(account, channel=Channel.POST, registering=True, now=now)


@transaction.atomic
def refuse(request: RegistrationRequest, *, by: Account, reason: str, now: datetime) -> bool:
    """Who asked reads why and whom to call. False when it was decided before."""
    why = Reason(reason)
    if not _decide(request, accepted=False, by=by, reason=why, now=now):
        return False
    # The company reads in its own space that somebody asked in its name.
    if (company := company_of(request)) is not None:
        _belongs_to(company.account, request)
    _note(Event.REQUEST_REFUSED, request, by=by, now=now)
    notifications.request_refused(
        to=request.details["email"],
        reference=request.reference,
        caisse=DEPARTMENTS[request.department].caisse,
        reason=str(why.label),
        now=now,
    )
    return True


class Sending(StrEnum):
    """What came of another code; nothing is kept or written down unless one left."""

    SENT = "sent"
    CAME_BACK = "came_back"  # a letter came back from this address
    TOO_SOON = "too_soon"  # R13


class _NoLetter(Exception):
    """Nothing happened."""

    def __init__(self, why: Sending) -> None:
        super().__init__(why)
        self.why = why


def send_another(
    company: Company, *, establishment: Establishment | None = None, by: Account, reason: str = "lost", now: datetime
) -> Sending:
    """The letter was lost or came back: another code, to the address that the agent has verified."""
    before = company.details
    try:
        with transaction.atomic():
            _send_another(company, establishment, by=by, reason=reason, now=now)
    except _NoLetter as none:
        company.details = before
        return none.why
    return Sending.SENT


def _send_another(
    company: Company, establishment: Establishment | None, *, by: Account, reason: str, now: datetime
) -> None:
    account = company.account
    if establishment is not None:
        company.details = {**company.details, **vars(establishment)}
        company.save(update_fields=["details"])
    if addresses.came_back(account, company.postal_address):
        raise _NoLetter(Sending.CAME_BACK)
    if not access.send_temporary_password(account, channel=Channel.POST, now=now):
        raise _NoLetter(Sending.TOO_SOON)
    detail = {"act": "send_password", "reason": reason, "by": by.pk.hex}
    journal.record(Event.SUPPORT_ACT, account=account, detail=detail, now=now)
    # To its proven address, or to none: the letter itself tells the others.
    notifications.support_act(account, TOLD, who=acts.whose(by, ANOTHER[reason]), now=now)


def company_of(request: RegistrationRequest) -> Company | None:
    """The company that has its space by this SIRET already: the agent sees it before they decide."""
    if request.siret_fingerprint is None:
        return None
    login = bytes(request.siret_fingerprint)
    return Company.objects.filter(account__login_fingerprint=login).select_related("account").first()


def _decide(request: RegistrationRequest, *, accepted: bool, by: Account, reason: str, now: datetime) -> bool:
    waiting = RegistrationRequest.objects.filter(pk=request.pk, decided_at=None)
    if not waiting.update(decided_at=now, accepted=accepted, decided_by=by.pk, reason=reason):
        return False
    request.refresh_from_db()
    return True


def _belongs_to(account: Account, request: RegistrationRequest) -> None:
    request.account = account
    request.save(update_fields=["account"])


def _note(event: Event, request: RegistrationRequest, *, by: Account, now: datetime) -> None:
    told = {"kind": request.kind, "department": request.department, "reference": request.reference}
    detail = {**told, "by": by.pk.hex, "reason": request.reason}
    journal.record(event, account=request.account_id, detail=detail, now=now)
