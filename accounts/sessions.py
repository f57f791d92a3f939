"""Sessions in the database, under a hash of their key: who reads the table can open none of them (R14)."""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.compiled import Compiled, Given

_LIVE: Compiled[Session] = Compiled(
    lambda: Session.objects.filter(
        session_key=Given("key", models.CharField()), expire_date__gt=Given("now", models.DateTimeField())
    )
)


class SessionStore(db.SessionStore):
    """Django's database sessions; only the browser knows the key."""

    def _get_session_from_db(self) -> Any:
        row = _LIVE.first(key=row_key(self.session_key or ""), now=timezone.now())
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=row_key(session_key)).exists()

    def _get_new_session_key(self) -> str:
        # 32 characters by chance: nobody has them yet, and if somebody had, the INSERT would refuse.
        return get_random_string(32, VALID_KEY_CHARS)

    def cycle_key(self) -> None:
        """The row under the new key is written once, with the answer, and not empty first and again then."""
        self.items()  # read while its key is known
        old, self._session_key = self.session_key, None
        self.modified = True
        if old:
            self.delete(old)

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session = super().create_model_instance(data)
        session.session_key = row_key(session.session_key)
        return session

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=row_key(key)).delete()


def row_key(session_key: str) -> str:
    """40 hex characters of SHA-256: what the column holds."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]
