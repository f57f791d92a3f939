"""Companies that have asked, and companies that have their space: what the tests of both begin with."""

from typing import Any

from accounts import codes
from accounts.models import Account
from accounts.opening import Establishment
from accounts.sealed import fingerprint
from enrolment import companies
from enrolment.models import RegistrationRequest
from tests.agents import an_agent
from tests.members import A_MOMENT, OWN_PASSWORD

SIRET, OTHER_SIRET = "73282932000074", "55210055400013"
COMPANY = "SCEA des Trois Sources"
KNOWN = Establishment(COMPANY, "4 chemin du Moulin", "67320", "Drulingen")
DETAILS = {
    "name": "Odile Vasseur",
    "function": "gérante",
    "siret": SIRET,
    "email": "odile.vasseur@example.org",
    "phone": "+33199001234",
    "department": "67",
}


def a_request(kind: str = "company", *, reference: str = "ACDE-FGHJ", **details: str) -> RegistrationRequest:
    told = DETAILS | details
    request = RegistrationRequest(
        reference=reference,
        kind=kind,
        department=told["department"],
        created_at=A_MOMENT,
        siret_fingerprint=fingerprint("siret", told["siret"]) if told["siret"] else None,
    )
    request.details = told
    request.save(force_insert=True)
    return request


def a_company(password: str | None = OWN_PASSWORD, **columns: Any) -> Account:
    """A company as it stands after a whole first sign-in; `password` None is one whose letter is on its way."""
    request = a_request()
    assert companies.accept(request, establishment=KNOWN, by=an_agent(), now=A_MOMENT)
    account = Account.objects.get(pk=request.account_id)
    if password:
        account.set_password(password)
        done = {"contact_confirmed_at": A_MOMENT, "last_login": A_MOMENT, "terms_version": "2026-11"}
        for name, value in {"email_proven_at": A_MOMENT, **done, **columns}.items():
            setattr(account, name, value)
        account.save()
        codes.spend_temporary_passwords(account, now=A_MOMENT)
    return account
