"""What we send: e-mails and letters, written in the transaction of their cause and sent after it (R23)."""

import uuid

from django.db import models

from accounts.models.account import Account
from accounts.models.registry import Member
from accounts.sealed import SealedField


class Email(models.Model):
    """One e-mail, its text sealed until the mail server has taken it, then forgotten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    # Printed at its foot: whoever doubts asks us whether we sent it.
    public_code = models.CharField(max_length=10, blank=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="emails")
    # to, subject, text, html; or what is to be answered beside the requests (accounts.outbox.answers).
    content = SealedField(null=True)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Also the lease of the worker that is sending it: nobody else takes it before.
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "e-mail"
        indexes = [
            models.Index(
                fields=["due_at"],
                name="emails_to_send",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["public_code"], condition=~models.Q(public_code=""), name="one_email_by_public_code"
            )
        ]

    def __str__(self) -> str:
        return f"e-mail {self.kind}"


class Letter(models.Model):
    """One letter in the queue of a caisse; its text and any secret in it are forgotten once printed."""

    class Kind(models.TextChoices):
        TEMPORARY_PASSWORD = "temporary_password", "mot de passe provisoire"
        REGISTRATION_CONFIRMATION = "registration_confirmation", "confirmation d'inscription"
        DEPARTMENT_CODE = "department_code", "code pour un département"
        DEPARTMENT_OPENED = "department_opened", "département ouvert par un code"
        DEPARTMENT_REFUSED = "department_refused", "réponse à une demande de département"
        COMPANY_CODE = "company_code", "code d'une entreprise"
        ADDRESS_DECIDED = "address_decided", "réponse à un changement d'adresse"
        SUPPORT_ACT = "support_act", "intervention d'un conseiller"
        FRANCECONNECT_LINKED = "franceconnect_linked", "compte associé à FranceConnect"
        FRANCECONNECT_UNLINKED = "franceconnect_unlinked", "compte dissocié de FranceConnect"
        FRANCECONNECT_CONFLICT = "franceconnect_conflict", "réponse sur une association à FranceConnect"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32, choices=Kind)
    # Nobody's when it goes to a company, which is known by its account if it has one yet.
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="letters")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    public_code = models.CharField(max_length=10, blank=True)
    department = models.CharField(max_length=3)
    caisse = models.CharField(max_length=3)
    # address lines and what the template needs
    content = SealedField(null=True)
    # What is left of the address once the content is forgotten: enough to know it again when the letter comes back.
    address_fingerprint = models.BinaryField(max_length=32, default=b"", editable=False)
    created_at = models.DateTimeField()
    # Why it could not be printed (accounts.letters.text.Reason); nothing for all the others.
    set_aside = models.CharField(max_length=12, blank=True)
    batch = models.ForeignKey("LetterBatch", null=True, on_delete=models.PROTECT, related_name="letters")
    printed_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "courrier"
        verbose_name_plural = "courriers"
        indexes = [
            models.Index(
                fields=["caisse", "created_at"], name="letters_to_print", condition=models.Q(batch__isnull=True)
            ),
            models.Index(fields=["member", "kind", "-created_at"], name="letters_of_a_member"),
            # What the desk lists, newest first.
            models.Index(fields=["-created_at"], name="letters_newest_first"),
            models.Index(
                fields=["-created_at"], name="letters_returned", condition=models.Q(returned_at__isnull=False)
            ),
            models.Index(fields=["-created_at"], name="letters_set_aside", condition=~models.Q(set_aside="")),
            models.Index(
                fields=["-created_at"],
                name="letters_not_posted",
                condition=models.Q(printed_at__isnull=False, posted_at__isnull=True),
            ),
            models.Index(fields=["caisse", "-created_at"], name="letters_of_a_caisse"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["public_code"], condition=~models.Q(public_code=""), name="one_letter_by_public_code"
            )
        ]

    def __str__(self) -> str:
        return f"courrier {self.kind}"


class LetterBatch(models.Model):
    """Letters of one caisse printed together in one file, then handed to the post."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    caisse = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    # How many times its file was handed out again.
    reprints = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "lot de courriers"
        verbose_name_plural = "lots de courriers"

    def __str__(self) -> str:
        return f"lot {self.caisse}"


class BadAddress(models.Model):
    """An address from which a letter came back: no code goes there until there is another, or an agent clears it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="bad_addresses")
    fingerprint = models.BinaryField(max_length=32, editable=False)
    since = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "adresse à vérifier"
        verbose_name_plural = "adresses à vérifier"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fingerprint"],
                condition=models.Q(cleared_at__isnull=True),
                name="an_address_is_bad_once",
            )
        ]
        indexes = [
            models.Index(fields=["since"], name="addresses_to_check", condition=models.Q(cleared_at__isnull=True)),
            models.Index(fields=["since"], name="addresses_checked", condition=models.Q(cleared_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"adresse à vérifier {self.pk}"
