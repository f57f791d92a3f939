"""What the support desk's page of a member says of FranceConnect, and the act that takes the link away (I14, J04)."""

from datetime import date, datetime
from typing import Any

from accounts.models import Account, Member
from accounts.support.file import acts, reading
from accounts.support.file.acts import ASKED, SAFETY
from accounts.support.file.consultations import account_of
from accounts.support.roles import May
from franceconnect import eligibility
from franceconnect.client import linking
from franceconnect.models import Link


def link_of(account: Account | None) -> Link | None:
    """It comes with the account, in the same query."""
    return getattr(account, "franceconnect", None)


@reading.panel("support/franceconnect.html", place=10, joined=["account__franceconnect"])
def standing(member: Member, account: Account | None, today: date) -> dict[str, Any] | None:
    """Whether FranceConnect may be told who this is, and why not; whether it opens the account."""
    if account is None:
        return None
    return {"missing": eligibility.missing(account, how=None, today=today), "link": link_of(account)}


@acts.register(
    May.UNLINK,
    slug="dissocier-franceconnect",
    label="Dissocier de FranceConnect",
    will="FranceConnect n'ouvre plus ce compte. S'il n'a pas de mot de passe, envoyez-en un provisoire aussitôt après. "
    "L'adhérent pourra associer de nouveau son compte lui-même.",
    told="Nous avons dissocié votre compte MSA de FranceConnect. Pour vous connecter, utilisez votre numéro de "
    "Sécurité sociale et votre mot de passe.",
    past="Un conseiller a dissocié le compte de FranceConnect.",
    reasons={**ASKED, **SAFETY},
    suits=lambda member: link_of(account_of(member)) is not None,
)
def unlink(member: Member, *, by: Account, now: datetime) -> bool:
    account = account_of(member)
    return account is not None and linking.unlink_at_desk(account, now=now)
