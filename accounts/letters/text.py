"""What a letter says: the member's address, the words of its template, the secret to be copied."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import public_codes
from accounts.identity.caisses import CAISSES, Caisse
from accounts.models import Letter
from accounts.sealed import SealBroken

# For a letter whose caisse is unknown: the national assistance (L01).
THE_MSA = Caisse(
    code="",
    name="MSA",
    site="",
    phone="09 69 36 37 03",
    email="assistanceinternet@umsage.msa.fr",
    opening="du lundi au vendredi",
    post_only=False,
)


class Reason(StrEnum):
    """Why a letter cannot be printed."""

    NO_ADDRESS = "no_address"
    NO_CONTENT = "no_content"
    UNREADABLE = "unreadable"
    # Another letter came back from there meanwhile.
    BAD_ADDRESS = "bad_address"
    # Its code was replaced, taken back, used or too old before it was printed.
    SPENT = "spent"


class CannotBePrinted(Exception):
    """This letter is set aside; the others of its batch go on."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter ready to be drawn. One of the paragraphs is the secret, when there is one."""

    caisse: Caisse
    written_on: date
    subject: str
    address: tuple[str, ...] = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)
    secret: str = field(default="", repr=False)
    # « Pour vérifier ce message », at the foot of each page.
    proof: str = ""


def compose(letter: Letter) -> LetterText:
    """The first line of the template is the subject; blank lines part the paragraphs."""
    content = _content(letter)
    caisse = sender(letter.caisse)
    written_on = timezone.localtime(letter.created_at, timezone.get_default_timezone()).date()
    known = {"caisse": caisse, "date": written_on, "home": settings.BASE_URL, **_details(content)}
    subject, _, body = render_to_string(f"letters/{letter.kind}.txt", known).strip().partition("\n")
    return LetterText(
        caisse=caisse,
        written_on=written_on,
        subject=subject,
        address=tuple(line for line in content["address"] if line),
        paragraphs=tuple(body.strip().split("\n\n")),
        secret=content.get("password") or content.get("code") or "",
        proof=_proof(letter.public_code),
    )


def _proof(public_code: str) -> str:
    if not public_code:
        return ""
    page = settings.BASE_URL + reverse("accounts:verify_message")
    return f"Pour vérifier ce message\u00a0: {page} code\u00a0{public_codes.shown(public_code)}"


def sender(code: str) -> Caisse:
    """The caisse that writes, or the MSA as a whole."""
    return CAISSES.get(code, THE_MSA)


def _content(letter: Letter) -> dict[str, Any]:
    try:
        content = letter.content
    except SealBroken:
        raise CannotBePrinted(Reason.UNREADABLE) from None
    if not content:
        raise CannotBePrinted(Reason.NO_CONTENT)
    if not any(content.get("address") or ()):
        raise CannotBePrinted(Reason.NO_ADDRESS)
    return content


def _details(content: dict[str, Any]) -> dict[str, Any]:
    """A sealed value is JSON: a moment comes back as text."""
    until = content.get("until")
    return {**content, "until": datetime.fromisoformat(until) if until else None}
