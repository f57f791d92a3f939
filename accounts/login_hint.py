"""Carries an identifier from one page to the sign-in form, sealed in the session: never in an address (B09)."""

import base64
from typing import Any

from accounts.identity.nir import Nir
from accounts.sealed import SealBroken, seal, unseal

KEY, CONTEXT = "login_hint", b"session.login_hint"


def keep(session: Any, nir: Nir) -> None:
    session[KEY] = base64.b64encode(seal(nir.number.encode(), context=CONTEXT)).decode()


def read(session: Any) -> str:
    """The number to show in the identifier field, or nothing."""
    try:
        return unseal(base64.b64decode(session.get(KEY, "")), context=CONTEXT).decode()
    except (SealBroken, ValueError, IndexError):
        return ""
