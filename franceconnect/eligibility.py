"""Owns who may use the federation: one reason for each condition that is missing (R2, J04 to J10, J15)."""

from datetime import date
from enum import StrEnum

from django.conf import settings

from accounts.identity.nir import NirKind
from accounts.identity.pivot import IdentityRefused
from accounts.models import Account, Member, NirStatus
from accounts.sign_in import How
from franceconnect import claims


class Missing(StrEnum):
    """A condition that is not met: first what members mend themselves, then what their caisse does.

    Their French words and the way to mend each stand in templates/franceconnect/missing.html.
    """

    EMAIL = "email_missing"
    EMAIL_PROOF = "email_not_proven"
    OWN_PASSWORD = "password_temporary"
    PASSWORD_RULE = "password_rule"
    BIRTH_DATE = "birth_date_unknown"
    IDENTITY = "identity_incomplete"
    CERTIFICATION = "nir_not_certified"
    NIR_PREFIX = "nir_prefix"
    PROFILE = "profile"
    ACCOUNT = "account_inactive"
    DECEASED = "deceased"


# For the others the member calls the caisse, or somebody else does.
MENDED_BY_THE_MEMBER = frozenset({Missing.EMAIL, Missing.EMAIL_PROOF, Missing.OWN_PASSWORD, Missing.PASSWORD_RULE})


def missing(account: Account, *, how: How | None, today: date, weak_password: bool = False) -> tuple[Missing, ...]:
    """Nothing when this member may be told to FranceConnect; one query at most, for the affiliations.

    `how` is None outside a sign-in. An own password was held to the whole rule when it was chosen; whoever sees one
    typed holds it to D06 again (passwords.meets_rule) and tells by `weak_password`.
    """
    member = account.member
    if member is None:
        return (Missing.PROFILE,)
    refused = set(incomplete(account))
    owes_one = how is How.TEMPORARY_PASSWORD or account.password_due_at is not None
    has_own_password = account.has_usable_password() and not owes_one
    met = {
        Missing.EMAIL: "email" not in refused or _waits_for_proof(account),
        Missing.EMAIL_PROOF: not _waits_for_proof(account),
        Missing.OWN_PASSWORD: has_own_password,
        Missing.PASSWORD_RULE: not (has_own_password and weak_password),
        Missing.BIRTH_DATE: member.birth_date.is_complete or settings.FEDERATION_PARTIAL_BIRTH_DATES,
        Missing.IDENTITY: refused <= {"email"},
        Missing.CERTIFICATION: member.nir_status == NirStatus.CERTIFIED,
        Missing.NIR_PREFIX: member.nir.kind is NirKind.NORMAL,
        Missing.PROFILE: _has_a_profile(member, today),
        Missing.ACCOUNT: account.is_active,
        Missing.DECEASED: not member.deceased,
    }
    return tuple(condition for condition, holds in met.items() if not holds)


def incomplete(account: Account) -> tuple[str, ...]:
    """J15: the claims that FranceConnect demands and that we do not have in its form."""
    try:
        claims.pivot_identity(account)
    except IdentityRefused as refused:
        return refused.fields
    return ()


def _waits_for_proof(account: Account) -> bool:
    return bool(account.email) and account.email_proven_at is None


def _has_a_profile(member: Member, today: date) -> bool:
    """J04, J05. The affiliations themselves: everybody's bouquet is the individual's, nobody's right to this is."""
    return any(
        row.profile in settings.FEDERATION_PROFILES and row.is_active(on=today) for row in member.affiliations.all()
    )
