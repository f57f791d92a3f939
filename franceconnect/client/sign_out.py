"""What is needed to sign out of FranceConnect as well: its id_token, sealed in the member's session (FS 17, FS 18)."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts import member_session
from accounts.sealed import SealBroken, seal, unseal
from franceconnect.client import relying_party

KEY, CONTEXT = "franceconnect_id_token", b"session.franceconnect_id_token"


def keep(session: Any, id_token: str) -> None:
    session[KEY] = base64.b64encode(seal(id_token.encode(), context=CONTEXT)).decode()


def take_out(session: Any, *, browser: bytes, next_page: str = "", now: datetime) -> str:
    """The session here goes on; the address that ends FranceConnect's, or nothing (FS 18)."""
    id_token = _read(session)
    session.pop(KEY, None)
    return relying_party.begin_sign_out(id_token, browser=browser, next_page=next_page, now=now) if id_token else ""


@member_session.also_ends
def sign_out(held: Mapping[str, Any], *, browser: bytes, now: datetime) -> str:
    """The session here is over; where FranceConnect's ends, or where the member reads that it may still be open."""
    id_token = _read(held)
    if not id_token:
        return ""
    address = relying_party.begin_sign_out(id_token, browser=browser, now=now)
    return address or reverse("franceconnect:sign_out_callback")


def _read(held: Mapping[str, Any]) -> str:
    try:
        return unseal(base64.b64decode(held.get(KEY, "")), context=CONTEXT).decode()
    except (SealBroken, ValueError, IndexError):
        return ""
