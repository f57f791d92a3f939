"""What the demonstration has sent, as it lies in its two folders: e-mails and letters, newest first."""

import email.policy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import Letter

STAMP = "%Y%m%dT%H%M%S.%fZ"
EMAIL, LETTER = ".eml", ".pdf"


@dataclass(frozen=True, slots=True)
class Item:
    """One file; it is opened when a page asks for what is in it."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_email(self) -> bool:
        return self.path.suffix == EMAIL

    @property
    def sent_at(self) -> datetime | None:
        """Both post offices begin a name with the moment."""
        try:
            return datetime.strptime(self.name.partition("-")[0], STAMP).replace(tzinfo=UTC)
        except ValueError:
            return None

    @property
    def subject(self) -> str:
        return str(self.email["Subject"]).strip() if self.is_email else _kind_of_letter(self.path.with_suffix(".json"))

    @property
    def to(self) -> str:
        return str(self.email["To"]) if self.is_email else ""

    @property
    def text(self) -> str:
        body = self.email.get_body(("plain",))
        return body.get_content() if body else ""

    @property
    def email(self) -> EmailMessage:
        message: Any = email.message_from_bytes(self.path.read_bytes(), policy=email.policy.default)
        return message


def items() -> list[Item]:
    """All of them, newest first."""
    return sorted(_files(), key=lambda item: item.name, reverse=True)


def find(name: str) -> Item | None:
    """By its name among those that are there: no path is ever made of what a request says."""
    return next((item for item in _files() if item.name == name), None)


def _files() -> Iterator[Item]:
    for folder, suffix in (("mail", EMAIL), ("letters", LETTER)):
        for path in (settings.VAR_DIR / folder).glob(f"[!.]*{suffix}"):
            if path.is_file() and not path.is_symlink():
                yield Item(path)


def _kind_of_letter(about: Path) -> str:
    try:
        kind = json.loads(about.read_text(encoding="utf-8"))["kind"]
        return str(Letter.Kind(kind).label).capitalize()
    except (OSError, ValueError, KeyError, TypeError):
        return "Courrier"
