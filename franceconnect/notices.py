"""Tells a member of a sign-in through FranceConnect, never of the service behind it (J14, J16, I16)."""

import re
import uuid
from datetime import datetime

from django.conf import settings

from accounts import codes, journal, notifications, outbox
from accounts.models import Account, Code, Event
from accounts.passwords import readable

REFERENCE_LENGTH = 8
UNKNOWN = "un navigateur"
# The first that fits: most call themselves Chrome or Safari as well.
FAMILIES = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/\d")),
    ("Opera", re.compile(r"\b(?:OPR|OPT|OPX|Opera)/\d")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/\d")),
    ("DuckDuckGo", re.compile(r"\b(?:DuckDuckGo|Ddg)/\d")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS|Focus)/\d")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS)/\d")),
    ("Safari", re.compile(r"\bVersion/\d.* Safari/\d")),
    ("Internet Explorer", re.compile(r"\b(?:MSIE \d|Trident/\d)")),
)
READ = 512


def browser_family(user_agent: str) -> str:
    """A name from our own list; nothing that a browser says of itself goes into a mail."""
    said = user_agent[:READ]
    return next((name for name, sign in FAMILIES if sign.search(said)), UNKNOWN)


def signed_in(account: Account, *, family: str, now: datetime, client: str = "") -> None:
    """J16: in the transaction of the sign-in, one line in the journal and one message to write beside the request.

    `client` is which of FranceConnect's platforms asked; the service behind it is unknown to us (FI 27).
    """
    reference = readable(REFERENCE_LENGTH)
    journal.record(
        Event.FEDERATION_SIGN_IN, account=account, detail={"client": client, "reference": reference}, now=now
    )
    content = {"account": account.pk.hex, "reference": reference, "family": family, "at": now.isoformat()}
    outbox.put("federation_notice", account=account, content=content, now=now)


@outbox.answers("federation_notice")
def federation_notice(content: dict[str, str], *, now: datetime) -> None:
    """Writes the message, with a link that serves once, for ten days (R13, R23)."""
    account = Account.objects.select_related("member").filter(pk=uuid.UUID(content["account"])).first()
    if account is None or not account.email_proven_at:
        return
    sign_in = {name: content[name] for name in ("reference", "family", "at")}
    # Which mailbox holds the link counts: it may be another one when the link is used.
    secret = codes.issue_link(
        account,
        Code.Purpose.NOT_ME,
        life=settings.NOT_ME_LIFE,
        subject={**sign_in, "sent_to": account.email},
        now=now,
        replaces=False,
    )
    notifications.federation_sign_in(
        account,
        secret,
        reference=content["reference"],
        family=content["family"],
        at=datetime.fromisoformat(content["at"]),
        now=now,
    )
