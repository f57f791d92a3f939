"""How the desk names a member and a place."""

from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Member


def described(member: Member) -> str:
    """Who it is, as an agent compares it with what the caller says: never the whole number."""
    return f"{member.display_name}, {member.birth_date.french}, {member.nir.masked}"


def place(code: str) -> str:
    known = DEPARTMENTS.get(code)
    return known.label if known else "inconnu"
