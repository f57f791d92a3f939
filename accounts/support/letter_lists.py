"""Letters and their batches at the desk: that one exists and where it is, never what it says (issue 5; R20)."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from accounts import letters, public_codes
from accounts.identity.caisses import CAISSES
from accounts.models import Account, Letter, LetterBatch
from accounts.passwords import as_typed
from accounts.support.admin import RoleAdmin
from accounts.support.desk import site
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.support.wording import place
from accounts.support.work import Decision, DepartmentFilter, State, StateFilter, WorkList
from accounts.templatetags.french import french_date


def return_letter(row: Letter, *, by: Account, reason: str, now: datetime) -> bool:
    return letters.mark_returned(row, by=by, now=now)


@admin.register(Letter, site=site)
class LetterAdmin(WorkList[Letter]):
    """That a letter exists and where it is; never what it says, which is sealed and forgotten once printed (R20)."""

    see = decide = May.HANDLE_LETTERS
    list_title, row_title = "Courriers", "Courrier"
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

    @admin.display(description="département")
    def shown_department(self, row: Letter) -> str:
        return place(row.department)

    @admin.display(description="code de vérification")
    def code(self, row: Letter) -> str:
        return public_codes.shown(row.public_code)

    @admin.display(description="état")
    def state(self, row: Letter) -> str:
        return letters.state(row).label

    @admin.display(description="imprimé le")
    def printed(self, row: Letter) -> str:
        return french_date(row.printed_at) or "pas encore"

    @admin.display(description="posté le")
    def posted(self, row: Letter) -> str:
        return french_date(row.posted_at) or "pas encore"

    @admin.display(description="revenu le")
    def returned(self, row: Letter) -> str:
        return french_date(row.returned_at) or "non"


@admin.register(LetterBatch, site=site)
class LetterBatchAdmin(RoleAdmin[LetterBatch]):
    """What the print shop has, and whether it has posted it."""

    see = May.PRINT_LETTERS
    list_title, row_title = "Lots de courriers", "Lot de courriers"
    list_display = fields = ("made", "shown_caisse", "printed", "posted", "handed_again")
    ordering = ("-created_at",)
    change_form_template = "support/letter_batch.html"

    def in_scope(self, rows: "models.QuerySet[LetterBatch]", scope: Scope) -> "models.QuerySet[LetterBatch]":
        return scope.within(rows, caisse="caisse")

    @admin.display(description="composé le")
    def made(self, row: LetterBatch) -> str:
        return french_date(row.created_at)

    @admin.display(description="caisse")
    def shown_caisse(self, row: LetterBatch) -> str:
        return CAISSES[row.caisse].name if row.caisse in CAISSES else row.caisse

    @admin.display(description="imprimé le")
    def printed(self, row: LetterBatch) -> str:
        return french_date(row.printed_at) or "pas encore"

    @admin.display(description="posté le")
    def posted(self, row: LetterBatch) -> str:
        return french_date(row.posted_at) or "pas encore"

    @admin.display(description="remis de nouveau")
    def handed_again(self, row: LetterBatch) -> str:
        return f"{row.reprints} fois" if row.reprints else "jamais"

    def get_urls(self) -> list[URLPattern]:
        return [self.verb("poste", "letter_batch_posted", May.PRINT_LETTERS, self.mark_posted), *super().get_urls()]

    def mark_posted(self, request: HttpRequest, batch: LetterBatch) -> HttpResponse:
        """« La Poste l'a »: pressed twice, it was posted once."""
        if letters.mark_posted(batch, now=timezone.now()):
            self.log_change(request, batch, "Lot posté.")
            self.message_user(request, "C'est noté : ce lot est posté.".replace(" :", "\u00a0:"), messages.SUCCESS)
        else:
            told = "Ce lot était déjà posté, ou il n'est pas encore imprimé."
            self.message_user(request, told, messages.WARNING)
        return redirect("admin:accounts_letterbatch_change", batch.pk)
