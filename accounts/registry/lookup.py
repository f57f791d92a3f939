"""Finds a member by number: one query, on the fingerprint."""

from accounts.identity.nir import Nir
from accounts.models import Member
from accounts.sealed import fingerprint


def find(nir: Nir) -> Member | None:
    """R20: the number itself is in no column; who holds the index key can ask for it."""
    try:
        return Member.objects.get(nir_fingerprint=fingerprint("nir", nir.number))
    except Member.DoesNotExist:
        return None
