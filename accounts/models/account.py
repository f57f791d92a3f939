"""What lets a member sign in: their password, their contact details, their choices."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from accounts.compiled import Compiled, Given
from accounts.identity.nir import Nir
from accounts.identity.siret import Siret
from accounts.models.registry import Member
from accounts.sealed import SealedField, fingerprint


class Channel(models.TextChoices):
    """How something reaches a member."""

    EMAIL = "email", "par email"
    POST = "post", "par courrier"


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by what was typed at sign-in."""

    def with_login(self, login: bytes) -> "Account | None":
        """With its member, in one query."""
        return _BY_LOGIN.first(login=login)

    def is_told_to_exist(self, login: bytes) -> bool:
        """Whether B09 may say so: an account that waits for its letter is told to no stranger (R5, R6)."""
        return self.filter(login_fingerprint=login).exclude(opened_by=Channel.POST, last_login=None).exists()


class Account(AbstractBaseUser, PermissionsMixin):
    """A member's, a company's or an agent's access: the login is the fingerprint of NIR, SIRET or e-mail."""

    class Kind(models.TextChoices):
        MEMBER = "member", "adhérent"
        AGENT = "agent", "conseiller"
        COMPANY = "company", "entreprise"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.MEMBER)
    login_fingerprint = models.BinaryField(max_length=32, unique=True, editable=False)
    member = models.OneToOneField(Member, null=True, on_delete=models.PROTECT, related_name="account")

    email = SealedField(null=True)
    # For agents who look for a member by an address that was read to them.
    email_fingerprint = models.BinaryField(max_length=32, null=True, db_index=True, editable=False)
    mobile = SealedField(null=True)
    landline = SealedField(null=True)
    fax = SealedField(null=True)
    email_proven_at = models.DateTimeField(null=True)
    contact_confirmed_at = models.DateTimeField(null=True)

    # An account that only a letter opened is nobody's until the letter's password was used (R5).
    opened_by = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)

    # R11: a department's code was typed, and no password of one's own chosen since, whatever opened the session.
    password_due_at = models.DateTimeField(null=True)

    documents_by = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    news_by = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    terms_version = models.CharField(max_length=16, blank=True)
    terms_accepted_at = models.DateTimeField(null=True)

    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    # One more ends every session that was opened before.
    session_generation = models.PositiveIntegerField(default=0)
    # One more, and no wait that failed sign-ins have earned before holds any longer.
    limits_generation = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()

    objects = AccountManager()

    USERNAME_FIELD = "login_fingerprint"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "compte"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="member") | Q(member__isnull=False), name="a_member_account_has_a_member"
            ),
        ]

    def __str__(self) -> str:
        return f"compte {self.pk}"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """The fingerprint of the address follows the address."""
        if update_fields is None or "email" in update_fields:
            self.email_fingerprint = email_mark(self.email) if self.email else None
            update_fields = update_fields and {*update_fields, "email_fingerprint"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """What the back end says (accounts.backends); no column of this row makes anybody more than their role."""
        return any(backend.has_perm(self, perm, obj) for backend in get_backends())

    def has_module_perms(self, app_label: str) -> bool:
        return any(each.startswith(f"{app_label}.") for each in self.get_all_permissions())

    @property
    def waits_for_its_letter(self) -> bool:
        return self.opened_by == Channel.POST and self.last_login is None

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with the generation: sessions opened before then end."""
        said = f"{self.password}:{self.session_generation}"
        return salted_hmac("accounts.session", said, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return iter(())


_BY_LOGIN: Compiled[Account] = Compiled(
    lambda: Account.objects.filter(login_fingerprint=Given("login", models.BinaryField())).select_related("member")
)


def email_mark(address: str) -> bytes:
    """By which an address is found, however its capitals were typed."""
    return fingerprint("email", address.strip().lower())


def login_of_nir(number: str) -> bytes:
    """The login fingerprint of a member: the same as the registry's fingerprint of that NIR."""
    return fingerprint("nir", number)


def login_of_siret(number: str) -> bytes:
    """The login fingerprint of a company (R1)."""
    return fingerprint("siret", number)


def login_of(identifier: Nir | Siret) -> bytes:
    """The login fingerprint of whoever types this."""
    if isinstance(identifier, Siret):
        return login_of_siret(identifier.number)
    return login_of_nir(identifier.number)
