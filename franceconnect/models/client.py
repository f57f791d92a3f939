"""A relying party: who may ask us who somebody is, and in which form it gets the answer."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from oauth2_provider.models import AbstractApplication

from franceconnect import client_rules


class Client(AbstractApplication):
    """django-oauth-toolkit's application, with what FranceConnect and the standards let a client choose."""

    class Kind(models.TextChoices):
        FEDERATION = "federation", "FranceConnect"
        STANDARD = "standard", "service ordinaire"

    class AuthMethod(models.TextChoices):
        BASIC = "client_secret_basic", "client_secret_basic"
        POST = "client_secret_post", "client_secret_post"
        PRIVATE_KEY_JWT = "private_key_jwt", "private_key_jwt"

    class SigningAlg(models.TextChoices):
        ES256 = "ES256", "ES256"
        RS256 = "RS256", "RS256"

    class UserinfoFormat(models.TextChoices):
        JSON = "json", "JSON"
        JWT = "jwt", "JWT signé"

    class EncryptionAlg(models.TextChoices):
        NONE = "", "aucun chiffrement"
        RSA_OAEP_256 = "RSA-OAEP-256", "RSA-OAEP-256"
        ECDH_ES = "ECDH-ES", "ECDH-ES"

    # The federation's rules are not anybody else's: a session of its own, eligibility, a notice at each sign-in (R15).
    kind = models.CharField("sorte", max_length=10, choices=Kind, default=Kind.STANDARD)
    auth_method = models.CharField("authentification", max_length=20, choices=AuthMethod, default=AuthMethod.BASIC)
    algorithm = models.CharField("signature", max_length=5, choices=SigningAlg, default=SigningAlg.ES256)
    userinfo_format = models.CharField("userinfo", max_length=4, choices=UserinfoFormat, default=UserinfoFormat.JSON)
    encryption_alg = models.CharField("chiffrement", max_length=12, choices=EncryptionAlg, default="", blank=True)
    pkce_required = models.BooleanField("PKCE exigé", default=True)
    # The public keys of the client: for what we encrypt to it and for what it signs.
    jwks = models.JSONField("clés publiques (JWKS)", null=True, blank=True)
    jwks_uri = models.URLField("adresse des clés publiques", max_length=500, blank=True)
    # Clients of one sector are told the same `sub` of a member; others cannot compare theirs (Core, 8.1).
    sector = models.CharField("secteur", max_length=253, blank=True)
    acr = models.CharField("niveaux eIDAS admis", max_length=64, default="eidas1")
    # While a secret is replaced both serve, until this moment.
    previous_secret = models.CharField(max_length=255, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField("actif", default=True)

    class Meta:
        verbose_name = "service connecté"
        verbose_name_plural = "services connectés"

    def clean(self) -> None:
        """Our rules in place of the toolkit's, which know neither our keys nor our language and have no codes."""
        if errors := client_rules.broken(self):
            raise ValidationError(errors)

    def unique_error_message(self, model_class: Any, unique_check: Any) -> ValidationError:
        if tuple(unique_check) != ("client_id",):
            return super().unique_error_message(model_class, unique_check)
        words = f"Un service connecté porte déjà l'identifiant «\u00a0{self.client_id}\u00a0»."
        return ValidationError(words, code="unique")

    @property
    def signs_its_requests(self) -> bool:
        return self.auth_method == self.AuthMethod.PRIVATE_KEY_JWT

    @property
    def has_secret(self) -> bool:
        return not self.signs_its_requests

    @property
    def is_federation(self) -> bool:
        return self.kind == self.Kind.FEDERATION

    @property
    def asks_consent(self) -> bool:
        return not self.skip_authorization

    @cached_property
    def acr_allowed(self) -> tuple[str, ...]:
        """The levels this client may receive, in the order it prefers."""
        return tuple(self.acr.split())

    @property
    def subject_sector(self) -> str:
        """The host by which `sub` is told apart: the declared sector, else that of the first redirect URI."""
        return self.sector or urlsplit(self.redirect_uris.split()[0]).netloc

    # Exact strings (RFC 9700, section 2.1): the toolkit compares by parts and lets a loopback port vary.
    def redirect_uri_allowed(self, uri: str) -> bool:
        return uri in self.redirect_uris.split()

    def post_logout_redirect_uri_allowed(self, uri: str) -> bool:
        return uri in self.post_logout_redirect_uris.split()

    def is_usable(self, request: object) -> bool:
        return self.is_active
