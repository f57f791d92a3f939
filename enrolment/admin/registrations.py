"""Registrations that come to nothing, at the desk (issue 5, Support desk 5)."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Entry, Event
from accounts.support import site
from accounts.support.admin import RoleAdmin
from accounts.support.lists import counts
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_datetime
from enrolment import calling
from enrolment.models import Enrolment

LAST_DAYS, MOST_REFUSED = timedelta(days=7), 50
# Why a registration came to nothing, in the words of the desk.
REFUSED_BECAUSE = {
    "no_address": "aucune adresse postale où écrire",
    "account_exists": "un compte existe déjà",
    "unknown": "numéro inconnu du référentiel",
    "name_differs": "nom ou prénom différent du référentiel",
    "birth_date_differs": "date de naissance différente du référentiel",
    "deceased": "décès noté au référentiel",
}


def failing(rows: "models.QuerySet[Enrolment]") -> "models.QuerySet[Enrolment]":
    return rows.filter(tries_left=0, completed_at=None, expires_at__gt=timezone.now())


@admin.register(Enrolment, site=site)
class EnrolmentAdmin(RoleAdmin[Enrolment]):
    """Journeys of which no identity question is left. Nobody's: a row names no member and no caisse, shows no answer.

    So every caisse sees the same list; who it is, only the caller can say (enrolment.telephone).
    """

    see = May.SEE_REGISTRATIONS
    list_title, row_title = "Inscriptions qui n'aboutissent pas", "Inscription en cours"
    list_display = fields = ("begun", "since", "step_title", "shown_tries", "until")
    ordering = ("expires_at",)
    change_list_template = "support/registrations.html"

    def in_scope(self, rows: "models.QuerySet[Enrolment]", scope: Scope) -> "models.QuerySet[Enrolment]":
        return failing(rows)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        known = {"refused": self.refused(now=timezone.now()), **(extra_context or {})}
        return super().changelist_view(request, known)

    def refused(self, *, now: datetime) -> list[dict[str, str]]:
        """The last ones that ended without an account, as the journal has them: why, and nothing else."""
        rows = Entry.objects.filter(event=Event.REGISTRATION_REFUSED, at__gt=now - LAST_DAYS)
        return [
            {"at": french_datetime(each.at), "why": REFUSED_BECAUSE.get(reason := _reason(each), reason)}
            for each in rows.order_by("-at")[:MOST_REFUSED]
        ]

    @admin.display(description="commencée le")
    def begun(self, row: Enrolment) -> str:
        return french_datetime(row.created_at)

    @admin.display(description="à cette étape depuis")
    def since(self, row: Enrolment) -> str:
        return french_datetime(row.updated_at)

    @admin.display(description="étape")
    def step_title(self, row: Enrolment) -> str:
        return calling.standing(row).title

    @admin.display(description="essais restants")
    def shown_tries(self, row: Enrolment) -> str:
        return str(row.tries_left)

    @admin.display(description="gardée jusqu'au")
    def until(self, row: Enrolment) -> str:
        return french_datetime(row.expires_at)


counts.count(
    "registrations",
    "Inscriptions qui n'aboutissent pas",
    lambda scope: failing(Enrolment.objects.all()),
    "enrolment_enrolment_changelist",
    what=May.SEE_REGISTRATIONS,
)


def _reason(entry: Entry) -> str:
    return str(entry.detail.get("reason", ""))
