"""Owns e-mail addresses: one spelling each, a mask for the screen, a hint when a French provider is misspelt."""

import re
from dataclasses import dataclass
from typing import Self

from accounts.identity.email_providers import nearest_provider
from accounts.identity.masked import Masked
from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import plain, short_enough

LONGEST, LONGEST_LOCAL = 254, 64  # RFC 5321 section 4.5.3.1
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True, repr=False)
class Email(Masked):
    """An address that can be written to; its domain is lower-case ASCII, its local part as typed."""

    address: str

    @classmethod
    def parse(cls, text: str) -> Self:
        typed = as_typed(text)
        local, at, domain = typed.rpartition("@")
        if not at:
            raise ValueRefused("no_at")
        if not local:
            raise ValueRefused("no_name")
        if len(local) > LONGEST_LOCAL:
            raise ValueRefused("too_long", {"limit": LONGEST})
        if not LOCAL.fullmatch(local):
            raise ValueRefused("bad_character")
        email = cls(f"{local}@{ascii_domain(domain)}")
        short_enough(email.address, LONGEST)
        email.refuse_cut_ending()
        return email

    @property
    def local(self) -> str:
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def masked(self) -> str:
        return f"{self.local[0]}•••@{self.domain}"

    @property
    def suggestion(self) -> str | None:
        """The address probably meant; a hint to show, never a refusal."""
        provider = nearest_provider(self.domain)
        return f"{self.local}@{provider}" if provider else None

    def refuse_cut_ending(self) -> None:
        """No domain ends in one letter: `orange.f` reaches nobody, so the true name is offered instead."""
        if len(self.domain.rpartition(".")[2]) > 1:
            return
        provider = nearest_provider(self.domain)
        raise ValueRefused("cut_domain", {"provider": provider}) if provider else ValueRefused("no_domain")


def as_typed(text: str) -> str:
    typed = plain(text, form="NFC", longest=LONGEST + 2)
    if not typed:
        raise ValueRefused("empty")
    return typed


def ascii_domain(domain: str) -> str:
    """IDNA, so that `@château.fr` and its punycode are one address."""
    if re.search(r"[\s,;:<>()\[\]\"\\/@]", domain):
        raise ValueRefused("bad_character")
    if "." not in domain.strip("."):
        raise ValueRefused("no_domain")
    try:
        name = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueRefused("bad_character" if domain.isprintable() and ".." not in domain else "no_domain") from None
    labels = name.split(".")
    if not all(labels) or labels[-1].isdigit():
        raise ValueRefused("no_domain")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise ValueRefused("bad_character")
    return name
