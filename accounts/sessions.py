"""Sessions in the database, under a hash of their key: who reads the table can open none of them (R14)."""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone


class SessionStore(db.SessionStore):
    """Django's database sessions; only the browser knows the key."""

    def _get_session_from_db(self) -> Any:
        row = self.model.objects.filter(
            session_key=row_key(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=row_key(session_key)).exists()

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
