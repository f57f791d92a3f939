"""Requests for departments at the desk (issue 5, Support desk 5; H01 to H09, R11)."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest

from accounts import letters
from accounts.models import Member
from accounts.support import site
from accounts.support.lists import counts
from accounts.support.lists.filters import State
from accounts.support.lists.work import Decision, WorkList
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.support.wording import place
from accounts.templatetags.french import french_date
from enrolment.departments import deciding
from enrolment.models import DepartmentRequest

LEAVES = "C'est accepté : un courrier avec le code part à l'adresse du référentiel."
CLOSED = "C'est accepté. Le compte est suspendu : le courrier avec le code partira quand il sera réactivé."
NOWHERE = "C'est accepté, mais le code ne peut pas partir : l'adresse postale est à vérifier. Il partira ensuite seul."
LATER = "C'est accepté. Un courrier confidentiel est parti il y a peu : celui avec le code partira plus tard, seul."
WAITING = Q(decided_at=None, closed_at=None, opened_at=None)


def accepted(row: DepartmentRequest) -> str:
    """What becomes of the code (R11, R13): the agent says it to the member who is on the telephone."""
    if row.letter_id is not None:
        return LEAVES
    if not row.account.is_active:
        return CLOSED
    member = row.account.member
    return LATER if member and letters.can_be_posted_to(member) else NOWHERE


@admin.register(DepartmentRequest, site=site)
class DepartmentRequestAdmin(WorkList[DepartmentRequest]):
    """« Complément d'inscription » (H01 to H09, R11). What has waited too long comes first.

    Nothing is accepted by ticking: each yes posts a code, so somebody has looked at that file.
    """

    see = decide = May.DECIDE_DEPARTMENTS
    member_path = "account__member"
    list_title, row_title = "Demandes de départements", "Demande de département"
    list_display = ("shown_reference", "asked", "shown_department", "shown_way", "late", "state")
    fields = (
        "shown_reference",
        "who",
        "asked",
        "shown_department",
        "shown_way",
        "known_in",
        "address",
        "late",
        "state",
    )
    ordering = (F("alerted_at").asc(nulls_last=True), "created_at")
    search_fields = ("reference",)
    search_help_text = "Référence de la demande"
    states = {
        "waiting": State("à traiter", WAITING),
        "on_its_way": State("acceptées, pas encore ouvertes", Q(accepted=True, opened_at=None, closed_at=None)),
        "accepted": State("acceptées", Q(accepted=True)),
        "refused": State("refusées", Q(accepted=False)),
    }
    decisions = (
        Decision(
            "accepter",
            "Accepter",
            deciding.accept,
            accepted,
            hint="Vérifiez que la caisse connaît cette personne dans ce département, et que l'adresse est la bonne.",
        ),
        Decision(
            "refuser",
            "Refuser",
            deciding.refuse,
            "C'est refusé : l'adhérent lit pourquoi, et qui appeler.",
            dict(DepartmentRequest.Reason.choices),
        ),
    )

    def in_scope(
        self, rows: "models.QuerySet[DepartmentRequest]", scope: Scope
    ) -> "models.QuerySet[DepartmentRequest]":
        return scope.within(rows, department="department")

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[DepartmentRequest]":
        return super().get_queryset(request).select_related("account__member")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        typed = search_term.strip().upper()
        return (queryset.filter(reference=typed) if typed else queryset), False

    def waits(self, row: DepartmentRequest) -> bool:
        return row.decided_at is None and row.closed_at is None and row.opened_at is None

    def member_of(self, row: DepartmentRequest) -> Member | None:
        return row.account.member

    def decided(self, row: DepartmentRequest) -> str:
        if row.decided_at is None:
            return "Le référentiel a été plus rapide : rien n'est à décider."
        what = "Acceptée" if row.accepted else f"Refusée ({row.get_reason_display()})"
        return f"{what} {self.decided_by(row.decided_by, row.decided_at)}."

    @admin.display(description="référence")
    def shown_reference(self, row: DepartmentRequest) -> str:
        return row.reference

    @admin.display(description="demandée le")
    def asked(self, row: DepartmentRequest) -> str:
        return french_date(row.created_at)

    @admin.display(description="département demandé")
    def shown_department(self, row: DepartmentRequest) -> str:
        return place(row.department)

    @admin.display(description="pour")
    def shown_way(self, row: DepartmentRequest) -> str:
        return str(DepartmentRequest.Way(row.way).label)

    @admin.display(description="alerte")
    def late(self, row: DepartmentRequest) -> str:
        is_late = row.alerted_at and not row.opened_at
        return f"en retard depuis le {french_date(row.alerted_at)}" if is_late else "aucune"

    @admin.display(description="connu du référentiel dans")
    def known_in(self, row: DepartmentRequest) -> str:
        member = row.account.member
        rows = member.affiliations.order_by("since", "pk") if member else []
        told = [f"{place(each.department)} ({each.get_profile_display()}{_ended(each.until)})" for each in rows]
        return ", ".join(told) or "aucun département"

    @admin.display(description="adresse du référentiel")
    def address(self, row: DepartmentRequest) -> str:
        lines = row.account.member.postal_address if row.account.member else []
        return ", ".join(lines[1:]) or "aucune\u00a0: le code ne peut pas partir"

    @admin.display(description="état")
    def state(self, row: DepartmentRequest) -> str:
        if row.opened_at:
            return "ouverte"
        if row.closed_at:
            return "refusée" if row.accepted is False else "close"
        return "acceptée" if row.accepted else "à traiter"


def _ended(until: Any) -> str:
    return f", jusqu'au {french_date(until)}" if until else ""


counts.count(
    "department_requests",
    "Demandes de départements",
    lambda scope: scope.within(DepartmentRequest.objects.filter(WAITING), department="department"),
    "enrolment_departmentrequest_changelist",
    what=May.DECIDE_DEPARTMENTS,
)
