"""What one process knows of the key ring, so that nothing asks the database for a key each time (issue 3, no. 8).

The ring is known for a minute before it is read again; a parsed key is known for ever, for its `kid` is the thumbprint
of what it holds (RFC 7638), and loading an RSA key takes 28 ms.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from math import inf
from threading import Lock
from time import monotonic

from django.db import DatabaseError
from jwcrypto.jwk import JWK

from franceconnect.models import SigningKey

logger = logging.getLogger(__name__)

KNOWN_FOR = 60.0
# Anybody can send tokens of unknown keys: they make the ring read again no more often than this.
READ_AGAIN_AFTER = 5.0


@dataclass(frozen=True)
class LoadedKey:
    """A private key, ready to sign."""

    kid: str
    alg: str
    jwk: JWK


@dataclass(frozen=True)
class Place:
    """A key's place in the ring: from when until when it signs, and until when it is published."""

    kid: str
    alg: str
    public: dict[str, str]
    activates_at: datetime
    retires_at: datetime | None
    forgotten_at: datetime | None

    def is_waiting(self, *, now: datetime) -> bool:
        return now < self.activates_at

    def is_retired(self, *, now: datetime) -> bool:
        return self.retires_at is not None and self.retires_at <= now

    def is_published(self, *, now: datetime) -> bool:
        return self.forgotten_at is None or now < self.forgotten_at

    @property
    def is_withdrawn(self) -> bool:
        """It leaked: what it signed is not believed, not even for a while."""
        return self.forgotten_at is not None and self.forgotten_at == self.retires_at


class Ring:
    """The places by kid, as last read, and the keys that were parsed."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._read_at = -inf
        self.reading = Lock()
        self._private: dict[str, LoadedKey] = {}
        self._public: dict[str, JWK] = {}

    def places(self, *, known_for: float = KNOWN_FOR) -> dict[str, Place]:
        """Read again when known for longer. Who comes while another thread reads makes do with what is known."""
        if monotonic() - self._read_at >= known_for and self.reading.acquire(blocking=self._read_at == -inf):
            try:
                if monotonic() - self._read_at >= known_for:
                    self._read()
            finally:
                self.reading.release()
        return self._places

    def _read(self) -> None:
        columns = ("kid", "alg", "public", "activates_at", "retires_at", "forgotten_at")
        try:
            rows = list(SigningKey.objects.values_list(*columns))
        except DatabaseError:
            # The public keys can be told without a database, for as long as it takes.
            if not self._places:
                raise
            logger.warning("the signing keys could not be read again: those known stay in use")
        else:
            self._places = {row[0]: Place(*row) for row in rows}
        self._read_at = monotonic()

    def forget(self) -> None:
        self._places, self._read_at = {}, -inf

    def private(self, place: Place) -> LoadedKey:
        if place.kid not in self._private:
            key = SigningKey.objects.only("private").get(pk=place.kid)
            self._private[place.kid] = LoadedKey(place.kid, place.alg, JWK(**key.private))
        return self._private[place.kid]

    def public(self, place: Place) -> JWK:
        if place.kid not in self._public:
            self._public[place.kid] = JWK(**place.public)
        return self._public[place.kid]
