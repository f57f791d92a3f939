"""Under which address a member's file stands: one that tells nothing and that nobody can count up (R20)."""

import uuid

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from accounts.sealed import fingerprint

WIDTH = 16
LARGEST = 2**63


def of(member_id: int) -> str:
    """The same for everybody and for ever, so that a page can be found again; the scope says who may open it."""
    encryptor = _cipher().encryptor()
    return str(uuid.UUID(bytes=encryptor.update(member_id.to_bytes(WIDTH, "big")) + encryptor.finalize()))


def member_id(address: str) -> int | None:
    """The member's number, or nothing: of 2^128 addresses nearly all are nobody's."""
    try:
        block = uuid.UUID(address)
    except ValueError:
        return None
    decryptor = _cipher().decryptor()
    number = int.from_bytes(decryptor.update(block.bytes) + decryptor.finalize(), "big")
    return number if 0 < number < LARGEST and str(block) == address else None


def _cipher() -> Cipher[modes.ECB]:
    # One block, never two, and equal numbers are meant to look equal: a permutation is what is wanted.
    return Cipher(algorithms.AES(fingerprint("file_address", "")), modes.ECB())  # nosec B305
