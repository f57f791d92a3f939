"""Letters at the desk: that one exists and where it is, never what it says (issue 5; R20)."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from accounts import letters, public_codes
from accounts.fields.typography import spaced
from accounts.letters.states import why_set_aside
from accounts.models import Account, Letter
from accounts.passwords import as_typed
from accounts.support.desk import site
from accounts.support.lists.filters import DepartmentFilter, State, StateFilter
from accounts.support.lists.work import Decision, WorkList
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_date


def return_letter(row: Letter, *, by: Account, reason: str, now: datetime) -> bool:
    return letters.mark_returned(row, by=by, now=now)


@admin.register(Letter, site=site)
class LetterAdmin(WorkList[Letter]):
    """That a letter exists and where it is; never what it says, which is sealed and forgotten once printed (R20)."""

    see = decide = May.HANDLE_LETTERS
    list_title, row_title = "Courriers", "Courrier"
    change_list_template = "support/letters.html"
    list_display = ("written", "shown_kind", "shown_department", "code", "state")
    fields = ("written", "shown_kind", "shown_department", "code", "state", "printed", "posted", "returned")
    ordering = ("-created_at",)
    list_filter = (StateFilter, DepartmentFilter)
    search_fields = ("public_code",)
    search_help_text = "Code de vérification, en bas du courrier"
    states = {
        "all": State("tous", Q()),
        "queued": State("en attente d'impression", Q(batch=None, printed_at=None, set_aside="")),
        "set_aside": State("mis de côté", ~Q(set_aside="")),
        "printed": State("imprimés, pas encore postés", Q(printed_at__isnull=False, posted_at=None)),
        "returned": State("revenus", Q(returned_at__isnull=False)),
    }
    decisions = (
        Decision(
            "revenu",
            "Ce courrier est revenu",
            return_letter,
            "C'est noté : son code ne sert plus, et aucun autre ne part à cette adresse.",
            {"returned": "non distribué par La Poste"},
        ),
    )

    def in_scope(self, rows: "models.QuerySet[Letter]", scope: Scope) -> "models.QuerySet[Letter]":
        return scope.within(rows, caisse="caisse")

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Letter]":
        return super().get_queryset(request).defer("content")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Exactly: a part of a code finds nothing."""
        typed = as_typed(search_term)
        return (queryset.filter(public_code=typed) if typed else queryset), False

    def waits(self, row: Letter) -> bool:
        return bool(row.printed_at) and row.returned_at is None

    def decided(self, row: Letter) -> str:
        return f"Revenu le {french_date(row.returned_at)}." if row.returned_at else ""

    @admin.display(description="écrit le")
    def written(self, row: Letter) -> str:
        return french_date(row.created_at)

    @admin.display(description="sujet")
    def shown_kind(self, row: Letter) -> str:
        return str(Letter.Kind(row.kind).label)

    @admin.display(description="code de vérification")
    def code(self, row: Letter) -> str:
        return public_codes.shown(row.public_code)

    @admin.display(description="état")
    def state(self, row: Letter) -> str:
        label = letters.state(row).label
        return spaced(f"{label} : {why_set_aside(row.set_aside)}") if row.set_aside else label

    @admin.display(description="imprimé le")
    def printed(self, row: Letter) -> str:
        return french_date(row.printed_at) or "pas encore"

    @admin.display(description="posté le")
    def posted(self, row: Letter) -> str:
        return french_date(row.posted_at) or "pas encore"

    @admin.display(description="revenu le")
    def returned(self, row: Letter) -> str:
        return french_date(row.returned_at) or "non"
