"""The work list of identities to be corrected in the registry (issue 5, Support desk 4 and 5)."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from accounts.models import Account, CorrectionRequest, Member
from accounts.support.desk import site
from accounts.support.file import corrections
from accounts.support.lists import counts
from accounts.support.lists.filters import State
from accounts.support.lists.work import Decision, WorkList
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_date

Rows = models.QuerySet[CorrectionRequest]


def answer(row: CorrectionRequest, *, by: Account, reason: str, now: Any) -> bool:
    return corrections.decide(row, CorrectionRequest.Answer(reason), by=by, now=now)


@admin.register(CorrectionRequest, site=site)
class CorrectionRequestAdmin(WorkList[CorrectionRequest]):
    """The registry is corrected where it is kept: the answer says that it was, the next import brings it."""

    see = decide = May.ASK_CORRECTION
    member_path = "member"
    list_title, row_title = "Corrections d'identité", "Correction d'identité"
    list_display = ("asked", "shown_department", "shown_subject", "state")
    fields = ("who", "asked", "shown_department", "shown_subject", "shown_note", "state")
    ordering = ("created_at",)
    states = {
        "waiting": State("à traiter", Q(decided_at=None)),
        "decided": State("traitées", Q(decided_at__isnull=False)),
    }
    decisions = (
        Decision(
            "repondre",
            "Répondre",
            answer,
            "C'est noté.",
            dict(CorrectionRequest.Answer.choices),
            "Corrigez d'abord le référentiel, d'après les pièces\u00a0: le dossier suit avec le prochain envoi.",
        ),
    )

    def in_scope(
        self, rows: "models.QuerySet[CorrectionRequest]", scope: Scope
    ) -> "models.QuerySet[CorrectionRequest]":
        return scope.within(rows, department="department")

    def get_queryset(self, request: HttpRequest) -> "Rows":
        return super().get_queryset(request).select_related("member__account")

    def member_of(self, row: CorrectionRequest) -> Member | None:
        return row.member

    def decided(self, row: CorrectionRequest) -> str:
        return f"{row.get_answer_display().capitalize()}, {self.decided_by(row.decided_by, row.decided_at)}."

    @admin.display(description="demandée le")
    def asked(self, row: CorrectionRequest) -> str:
        return french_date(row.created_at)

    @admin.display(description="à corriger")
    def shown_subject(self, row: CorrectionRequest) -> str:
        return row.get_subject_display()

    @admin.display(description="ce que disent les pièces")
    def shown_note(self, row: CorrectionRequest) -> str:
        return row.note

    @admin.display(description="état")
    def state(self, row: CorrectionRequest) -> str:
        return row.get_answer_display() or "à traiter"


counts.count(
    "corrections",
    "Corrections d'identité",
    lambda scope: scope.within(CorrectionRequest.objects.filter(decided_at=None), department="department"),
    "accounts_correctionrequest_changelist",
    what=May.ASK_CORRECTION,
)
