"""Personal data at rest: sealed columns (AES-256-GCM) and keyed fingerprints (HMAC-SHA-256) to look them up (R20).

A sealed value is `version 1 | key id length | key id | 96-bit nonce | ciphertext and tag`. The column's name and the
row's identity are authenticated with it, so a value copied to another row or column does not open.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSION = b"\x01"
NONCE_SIZE = 12


class SealBroken(Exception):
    """A sealed value was altered, moved, or sealed with a key that is no longer in the ring."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(plain: bytes, *, context: bytes) -> bytes:
    """`plain` sealed with the current key; `context` has to be given again to open it."""
    key_id, key = next(iter(settings.SEALING_KEYS.items()))
    nonce = os.urandom(NONCE_SIZE)
    name = key_id.encode()
    return VERSION + bytes([len(name)]) + name + nonce + _cipher(key).encrypt(nonce, plain, context)


def unseal(sealed: bytes, *, context: bytes) -> bytes:
    """The plain bytes. Raises SealBroken."""
    key = settings.SEALING_KEYS.get(key_id(sealed))
    if sealed[:1] != VERSION or key is None:
        raise SealBroken("unknown version or key")
    body = sealed[2 + sealed[1] :]
    try:
        return _cipher(key).decrypt(body[:NONCE_SIZE], body[NONCE_SIZE:], context)
    except (InvalidTag, ValueError):
        raise SealBroken("altered or moved") from None


def key_id(sealed: bytes) -> str:
    """Which key of the ring sealed this value."""
    return sealed[2 : 2 + sealed[1]].decode(errors="replace") if len(sealed) > 2 else ""


def fingerprint(purpose: str, value: str) -> bytes:
    """32 bytes that only the holder of the index key can compute; one purpose says nothing about another."""
    mark = _keyed(purpose).copy()
    mark.update(value.encode())
    return mark.digest()


@lru_cache(maxsize=64)
def _keyed(purpose: str) -> hmac.HMAC:
    """Keyed once: a copy is twice as quick, and an import asks for twenty million."""
    key = hmac.digest(settings.FINGERPRINT_KEY, purpose.encode(), hashlib.sha256)
    return hmac.new(key, digestmod=hashlib.sha256)


def same(left: bytes, right: bytes) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(left, right)


class _Sealed(bytes):
    """A value as it lies in the database, not opened yet."""


class SealedField(models.BinaryField):
    """Any JSON value, sealed in the column and opened when first read from the instance.

    `bound_to` names the attribute that identifies the row: it must be known before the row is written.
    """

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, bound_to: str = "pk", **kwargs: Any) -> None:
        self.bound_to = bound_to
        kwargs.setdefault("db_comment", "personal")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.bound_to != "pk":
            kwargs["bound_to"] = self.bound_to
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opener(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> _Sealed | None:
        return None if value is None else _Sealed(value)

    def context(self, instance: models.Model) -> bytes:
        return sealing_context(self.model, self.attname, getattr(instance, self.bound_to))

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, _Sealed):
            return value
        return seal(json.dumps(value, ensure_ascii=False).encode(), context=self.context(model_instance))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, bytes | memoryview):
            raise TypeError(f"{self.name} is sealed per row: assign it to an instance and save that.")
        return super().get_db_prep_value(value, connection, prepared)


class _Opener:
    """Opens a sealed column on first access."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, _Sealed):
            value = json.loads(unseal(value, context=self.field.context(instance)))
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


def sealing_context(model: type[models.Model], column: str, row: Any) -> bytes:
    """What a sealed value is bound to: `table.column:row`."""
    identity = bytes(row).hex() if isinstance(row, bytes | memoryview) else str(row)
    return f"{model._meta.db_table}.{column}:{identity}".encode()
