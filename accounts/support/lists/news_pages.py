"""What agents tell on the portal: news of a caisse or of all (F09), banners while something does not work."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts import banners, journal
from accounts.fields.typography import spaced
from accounts.identity.caisses import CAISSES
from accounts.models import Account, Banner, Event, News
from accounts.support.admin import RoleAdmin
from accounts.support.agents import caisses_to_give
from accounts.support.desk import site
from accounts.support.desk_form import DeskForm
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_datetime
from accounts.throttling import SUPPORT_ACT, TooManyAttempts, take

LONGEST_BANNER = timedelta(days=31)
EVERYBODY = "Toutes les caisses"
# What PostgreSQL keeps and Python cannot read again would close the list to agents, and their space to members.
YEARS = range(2000, 3000)


class Moment(forms.DateTimeInput):
    """A day and an hour, as the browser asks for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TellingForm(DeskForm):
    """Its moments are of our time."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        told = f"Tapez une date entre {YEARS[0]} et {YEARS[-1]}."
        for name in [name for name, value in given.items() if isinstance(value, datetime) and value.year not in YEARS]:
            self.add_error(name, ValidationError(told, code="year"))
        return given


class NewsForm(TellingForm):
    """Plain text: what is typed is shown as it is typed."""

    by: ClassVar[Account]

    class Meta:
        model = News
        fields = ("caisse", "title", "body", "published_at", "until")
        widgets: ClassVar[dict[str, Any]] = {"published_at": Moment(), "until": Moment()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = Scope.of(self.by).is_everywhere
        offered = [(code, CAISSES[code].name) for code in caisses_to_give(self.by)]
        offered = [("", EVERYBODY), *offered] if everywhere else offered
        sent = self.data.get(self.add_prefix("caisse")) if self.is_bound else None
        if sent is not None and sent not in [code for code, _ in offered]:
            raise Refused(Why.SCOPE)
        self.fields["caisse"] = forms.ChoiceField(label="Caisse", choices=offered, required=not everywhere)
        if not everywhere:
            self.initial["caisse"] = offered[0][0]
        self.fields["until"].help_text = spaced("Facultatif : sans date, elle reste jusqu'à la suivante.")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("published_at") and given.get("until") and given["until"] <= given["published_at"]:
            self.add_error("until", ValidationError("La fin vient après la parution.", code="ends_before"))
        return given


class BannerForm(TellingForm):
    """One sentence, from a moment to another."""

    class Meta:
        model = Banner
        fields = ("text", "starts_at", "ends_at")
        widgets: ClassVar[dict[str, Any]] = {
            "text": forms.Textarea(attrs={"rows": 3, "maxlength": 240}),
            "starts_at": Moment(),
            "ends_at": Moment(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = "Une phrase ou deux : ce qui ne marche pas, jusqu'à quand, que faire. 240 caractères au plus."
        self.fields["text"].help_text = spaced(told)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        start, end = given.get("starts_at"), given.get("ends_at")
        if start and end and not timedelta(0) < end - start <= LONGEST_BANNER:
            told = "La fin vient après le début, et 31 jours plus tard au plus."
            self.add_error("ends_at", ValidationError(told, code="ends_before"))
        return given


class TellingAdmin(RoleAdmin[Any]):
    """Written and changed, never removed: what has ended is shown to nobody."""

    changed: ClassVar[Event]
    said: ClassVar[str]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        try:
            return super().add_view(request, form_url, extra_context)
        except TooManyAttempts:
            self.message_user(request, spaced("C'est déjà enregistré : une seule fois suffit."), messages.INFO)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = cast(Account, request.user)
        if not change:
            # Of two clicks one tells it: nothing here can be removed again.
            told = repr(sorted(form.cleaned_data.items()))
            take((SUPPORT_ACT, f"{self.opts.label}:{by.pk.hex}:{told}"), now=timezone.now())
        super().save_model(request, obj, form, change)
        detail = {"row": str(obj.pk), "new": not change, "by": by.pk.hex, "caisse": getattr(obj, "caisse", "")}
        journal.record(self.changed, account=by, detail=detail)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, spaced(self.said), messages.SUCCESS)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.response_add(request, obj)


def phase(start: datetime, end: datetime | None) -> str:
    now = timezone.now()
    if end is not None and end <= now:
        return "terminé"
    return "à venir" if start > now else "en ligne"


@admin.register(News, site=site)
class NewsAdmin(TellingAdmin):
    """A lead's own caisse; the national support for any, and for all (F09)."""

    see = change = add = May.EDIT_NEWS
    changed, said = Event.NEWS_CHANGED, "C'est enregistré : les adhérents la lisent dans leur espace."
    list_title, row_title, add_title = "Actualités", "Actualité", "Nouvelle actualité"
    list_display = ("title", "shown_caisse", "from_when", "state")
    ordering = ("-published_at",)

    def in_scope(self, rows: "models.QuerySet[News]", scope: Scope) -> "models.QuerySet[News]":
        return scope.within(rows, caisse="caisse")

    def get_form(self, request: HttpRequest, obj: News | None = None, change: bool = False, **kwargs: Any) -> Any:
        return type("NewsForm", (NewsForm,), {"by": request.user})

    def get_fields(self, request: HttpRequest, obj: News | None = None) -> Any:
        return NewsForm.Meta.fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing from the address."""
        return {"published_at": timezone.now()}

    @admin.display(description="caisse")
    def shown_caisse(self, row: News) -> str:
        return CAISSES[row.caisse].name if row.caisse in CAISSES else EVERYBODY

    @admin.display(description="paraît le")
    def from_when(self, row: News) -> str:
        return french_datetime(row.published_at)

    @admin.display(description="état")
    def state(self, row: News) -> str:
        return phase(row.published_at, row.until)


@admin.register(Banner, site=site)
class BannerAdmin(TellingAdmin):
    """For everybody, on every page: the national support's and the operator's."""

    see = change = add = May.EDIT_BANNERS
    changed = Event.BANNER_CHANGED
    said = "C'est enregistré : toutes les pages le montrent dans la minute, tant qu'il dure."
    list_title, row_title, add_title = "Bandeaux", "Bandeau", "Nouveau bandeau"
    list_display = ("text", "from_when", "until_when", "state")
    ordering = ("-starts_at",)

    def in_scope(self, rows: "models.QuerySet[Banner]", scope: Scope) -> "models.QuerySet[Banner]":
        return rows

    def get_form(self, request: HttpRequest, obj: Banner | None = None, change: bool = False, **kwargs: Any) -> Any:
        return BannerForm

    def get_fields(self, request: HttpRequest, obj: Banner | None = None) -> Any:
        return BannerForm.Meta.fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(hours=2)}

    def save_model(self, request: HttpRequest, obj: Banner, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        banners.forget_cache()

    @admin.display(description="début")
    def from_when(self, row: Banner) -> str:
        return french_datetime(row.starts_at)

    @admin.display(description="fin")
    def until_when(self, row: Banner) -> str:
        return french_datetime(row.ends_at)

    @admin.display(description="état")
    def state(self, row: Banner) -> str:
        return phase(row.starts_at, row.ends_at)
