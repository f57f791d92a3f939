"""Owns `sub`: who somebody is to one sector of relying parties, and to no other (Core, 8.1)."""

from accounts.models import Account
from accounts.sealed import fingerprint
from franceconnect.models import Client


def of(account: Account, client: Client) -> str:
    """64 hexadecimal figures for life: from the account's own key, never from the number or a name (J01, R20)."""
    return fingerprint(f"subject.{client.subject_sector}", str(account.pk)).hex()
