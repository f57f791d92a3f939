"""The demonstration's post office: each e-mail becomes a file of a folder, newest last by name."""

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Writes .eml files; a reader of the folder never meets half of one."""

    def __init__(self, *, folder: Path | None = None, fail_silently: bool = False, **kwargs: object) -> None:
        super().__init__(fail_silently=fail_silently)
        self.folder = folder or settings.VAR_DIR / "mail"

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        stem = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{_mark(message)}"
        partial = self.folder / f".{stem}.partial"
        partial.touch(mode=0o600)
        partial.write_bytes(message.message().as_bytes())
        os.replace(partial, self.folder / f"{stem}.eml")


def _mark(message: EmailMessage) -> str:
    """Two e-mails of one microsecond stay two files; the outbox's own identifier tells which is which."""
    identifier = message.extra_headers.get("Message-ID", "") or message.message()["Message-ID"]
    return re.sub(r"[^A-Za-z0-9-]", "", identifier.partition("@")[0])[:36]
