"""Owns which claims of a member a relying party gets, and their values (facts A5, B3; Core, 5.1, 5.4, 5.5)."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from accounts.identity.birth_date import BirthDate
from accounts.identity.pivot import FRANCE, PivotIdentity
from accounts.models import Account, Member
from franceconnect import subject
from franceconnect.claim_words import LABELS, Shown, shown_as
from franceconnect.models import Client

PIVOT = ("given_name", "family_name", "gender", "birthdate", "birthplace", "birthcountry")
BY_SCOPE: Mapping[str, tuple[str, ...]] = {
    "profile": ("name", "given_name", "family_name", "gender", "birthdate", "preferred_username"),
    "birth": ("birthplace", "birthcountry"),
    "identite_pivot": PIVOT,
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "address": ("address",),
    **{name: (name,) for name in (*PIVOT, "preferred_username")},
}
# Telephone and postal address left FranceConnect's processing by the arrêté of 15 June 2022.
TO_THE_FEDERATION = frozenset({*PIVOT, "preferred_username", "email"})
TO_OTHERS = frozenset(name for names in BY_SCOPE.values() for name in names)
# What FranceConnect asks for (facts A2).
FEDERATION_SCOPES = frozenset({"openid", "profile", "email", "birth"})


def userinfo(account: Account, client: Client, *, scopes: frozenset[str], requested: dict[str, Any]) -> dict[str, Any]:
    """`sub`, then what the scopes and the `claims` parameter ask for; what we do not know is left out (Core, 5.3.2).

    Never null and never empty but for `birthplace`: an empty string is its documented value for a birth abroad.
    """
    names = asked(scopes, requested, federation=client.is_federation)
    return {"sub": subject.of(account, client), **told(account, names, federation=client.is_federation)}


def asked(scopes: Iterable[str], requested: Iterable[str], *, federation: bool) -> frozenset[str]:
    """The claims that these scopes and single names stand for; unknown ones stand for nothing."""
    names = frozenset(requested).union(*(BY_SCOPE.get(scope, ()) for scope in scopes))
    return names & (TO_THE_FEDERATION if federation else TO_OTHERS)


def told(account: Account, names: Container[str], *, federation: bool) -> dict[str, Any]:
    """What we know of these."""
    return {name: value for name, value in _known(account, federation=federation).items() if name in names}


def pivot_identity(account: Account) -> PivotIdentity:
    """Raises IdentityRefused when what FranceConnect demands is not all there."""
    assert account.member is not None
    return PivotIdentity(
        **_civil_status(account.member),
        email=_proven_email(account),
        preferred_username=one_spaced(account.member.usage_name) or None,
    )


def described(client: Client, *, scopes: Iterable[str], requested: Iterable[str]) -> tuple[str, ...]:
    """The French names of what is asked for, whoever the member (I09)."""
    names = asked(scopes, requested, federation=client.is_federation)
    return tuple(label for name, label in LABELS.items() if name in names)


def shown(account: Account, client: Client, *, scopes: Iterable[str], requested: Iterable[str]) -> tuple[Shown, ...]:
    """What this client would be told, as the member reads it (I07 to I09)."""
    return _in_order(
        told(account, asked(scopes, requested, federation=client.is_federation), federation=client.is_federation)
    )


def dry_run(account: Account) -> tuple[Shown, ...]:
    """What FranceConnect would be told; nothing is sent."""
    return _in_order(told(account, asked(FEDERATION_SCOPES, (), federation=True), federation=True))


def _in_order(values: Mapping[str, Any]) -> tuple[Shown, ...]:
    return tuple(shown_as(name, values[name]) for name in LABELS if name in values)


def _known(account: Account, *, federation: bool) -> dict[str, Any]:
    member = account.member
    assert member is not None
    civil = _civil_status(member)
    known: dict[str, Any] = {
        **civil,
        "preferred_username": one_spaced(member.usage_name),
        "email": _proven_email(account),
    }
    if not federation:
        known |= _standard(account, member, civil)
    born_abroad = civil["birthcountry"] not in ("", FRANCE)
    return {
        name: value
        for name, value in known.items()
        if value or value is False or (name == "birthplace" and born_abroad)
    }


def _civil_status(member: Member) -> dict[str, str]:
    """As the registry of births has it: the birth name, never the usage name; all given names, hyphens kept."""
    country = member.dossier["birth_country"]
    return {
        "given_name": one_spaced(member.given_names),
        "family_name": one_spaced(member.birth_name),
        "birthdate": member.birth_date.iso,
        "gender": member.gender,
        "birthplace": member.dossier["birth_place"] if country == FRANCE else "",
        "birthcountry": country,
    }


def _standard(account: Account, member: Member, civil: Mapping[str, str]) -> dict[str, Any]:
    """What Core defines and the federation does not take, or takes in another form."""
    telephone = account.mobile or account.landline
    said: dict[str, Any] = {
        "name": f"{civil['given_name']} {one_spaced(member.usage_name) or civil['family_name']}",
        "birthdate": standard_birth_date(member.birth_date),
    }
    if telephone:
        said |= {"phone_number": telephone, "phone_number_verified": False}
    if _proven_email(account):
        said["email_verified"] = True
    if envelope := member.postal_address:
        said["address"] = {"formatted": "\n".join(envelope[1:])}
    return said


def standard_birth_date(born: BirthDate) -> str:
    """Core, 5.1: a whole date, or the year alone; 00 is FranceConnect's way."""
    return born.iso if born.is_complete else f"{born.year:04d}"


def one_spaced(names: str) -> str:
    return " ".join(names.split())


def _proven_email(account: Account) -> str:
    """R8: an address that nobody has proven is nobody's."""
    return (account.email or "") if account.email_proven_at else ""
