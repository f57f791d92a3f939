"""The support desk's pages about relying parties and signing keys."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from accounts.support import site
from accounts.support.admin import RoleAdmin
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_datetime
from franceconnect import member_file, registration
from franceconnect.client_form import ClientForm
from franceconnect.models import Client, SigningKey
from franceconnect.presets import PRESETS

# What the page of a member says of FranceConnect stands there once this is read.
assert member_file


@admin.register(Client, site=site)
class ClientAdmin(RoleAdmin[Client]):
    """Relying parties: added, changed, switched off; never removed, for consents and the journal speak of them."""

    see = change = add = May.MANAGE_CLIENTS
    list_title, row_title, add_title = "Services connectés", "Service connecté", "Ajouter un service connecté"
    nothing_done = "Rien n'a été changé ici\u00a0: ce service est tel qu'une commande l'a enregistré."
    form = ClientForm
    list_display = ("identifier", "name", "kind", "active")
    list_filter = ("kind",)
    search_fields = ("client_id", "name")
    search_help_text = "Identifiant ou nom du service"
    ordering = sortable_by = ("client_id",)
    add_form_template = change_form_template = "support/client_form.html"
    fieldsets = (
        ("Service", {"fields": ("client_id", "name", "is_active", "kind")}),
        ("Adresses", {"fields": ("redirect_uris", "post_logout_redirect_uris", "sector")}),
        ("Preuve de son identité", {"fields": ("auth_method", "pkce_required", "jwks", "jwks_uri")}),
        ("Accord de l'adhérent", {"fields": ("skip_authorization",)}),
        ("Réponses", {"fields": ("algorithm", "userinfo_format", "encryption_alg", "acr")}),
    )

    def in_scope(self, rows: "models.QuerySet[Client]", scope: Scope) -> "models.QuerySet[Client]":
        """No caisse has services of its own."""
        return rows

    @admin.display(description="identifiant", ordering="client_id")
    def identifier(self, client: Client) -> str:
        return client.client_id

    @admin.display(description="actif")
    def active(self, client: Client) -> str:
        return "oui" if client.is_active else "non"

    def get_readonly_fields(self, request: HttpRequest, obj: Client | None = None) -> tuple[str, ...]:
        """What a member's `sub`, a grant or the service itself hangs on does not change."""
        if obj is None:
            return ()
        return ("client_id", "kind", "sector") if obj.sector else ("client_id", "kind")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A preset, by its name; no link can fill in anything else."""
        preset = PRESETS.get(request.GET.get("preset", ""), {})
        return {name: " ".join(value) if isinstance(value, list) else value for name, value in preset.items()}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {"presets": PRESETS, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        if change:
            registration.change(obj, form.changed_data, by=request.user.pk, now=timezone.now())
        else:
            # Lives as long as this request: the answer shows it, nothing keeps it.
            vars(request)["new_secret"] = registration.admit(obj, by=request.user.pk, now=timezone.now())

    def response_add(self, request: HttpRequest, obj: Client, post_url_continue: str | None = None) -> HttpResponse:
        if obj.has_secret:
            return self.secret_page(request, obj, vars(request)["new_secret"])
        return super().response_add(request, obj, post_url_continue)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.verb("secret", "client_new_secret", May.MANAGE_CLIENTS, self.new_secret),
            self.verb("ancien-secret", "client_retire_secret", May.MANAGE_CLIENTS, self.retire_secret),
            *super().get_urls(),
        ]

    def new_secret(self, request: HttpRequest, client: Client) -> HttpResponseBase:
        """« Nouveau secret »."""
        try:
            secret = registration.rotate_secret(client, by=request.user.pk, now=timezone.now())
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
            return self._back_to(client)
        self.log_change(request, client, "Nouveau secret.")
        return self.secret_page(request, client, secret)

    def retire_secret(self, request: HttpRequest, client: Client) -> HttpResponseBase:
        """« Retirer l'ancien secret »."""
        if registration.retire_previous_secret(client, by=request.user.pk, now=timezone.now()):
            self.log_change(request, client, "Ancien secret retiré.")
            self.message_user(request, "L'ancien secret ne sert plus.", messages.SUCCESS)
        return self._back_to(client)

    def _back_to(self, client: Client) -> HttpResponse:
        return redirect(reverse("admin:franceconnect_client_change", args=[client.pk], current_app=site.name))

    def secret_page(self, request: HttpRequest, client: Client, secret: str) -> HttpResponse:
        """The answer itself, and not a message that would wait for the next page in the session's row."""
        known = {"title": "Secret du service", "client": client, "secret": secret, "opts": self.opts}
        return TemplateResponse(request, "support/secret.html", {**site.each_context(request), **known})


@admin.register(SigningKey, site=site)
class SigningKeyAdmin(RoleAdmin[SigningKey]):
    """Our own keys, to look at: `rotate_oidc_key` changes them. The private half is no column here."""

    see = May.SEE_KEYS
    list_title = "Clés de signature"
    list_display = fields = ("identifier", "algorithm", "made", "signs_from", "signs_until", "published_until")
    list_display_links = None
    ordering = ("-activates_at",)

    def in_scope(self, rows: "models.QuerySet[SigningKey]", scope: Scope) -> "models.QuerySet[SigningKey]":
        return rows

    @admin.display(description="identifiant (kid)")
    def identifier(self, key: SigningKey) -> str:
        return key.kid

    @admin.display(description="algorithme")
    def algorithm(self, key: SigningKey) -> str:
        return key.alg

    @admin.display(description="créée le", ordering="created_at")
    def made(self, key: SigningKey) -> str:
        return french_datetime(key.created_at)

    @admin.display(description="signe à partir du", ordering="activates_at")
    def signs_from(self, key: SigningKey) -> str:
        return french_datetime(key.activates_at)

    @admin.display(description="signe jusqu'au", ordering="retires_at")
    def signs_until(self, key: SigningKey) -> str:
        return french_datetime(key.retires_at) if key.retires_at else ""

    @admin.display(description="publiée jusqu'au", ordering="forgotten_at")
    def published_until(self, key: SigningKey) -> str:
        return french_datetime(key.forgotten_at) if key.forgotten_at else ""
