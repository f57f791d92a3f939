"""Conflicts of FranceConnect links at the desk, and what this room knows of codes (issue 5, Support desk 5 and 6)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Account, Member
from accounts.passwords import as_typed, grouped
from accounts.support import code_desk, site
from accounts.support.code_desk import Asked, Finding
from accounts.support.lists import counts
from accounts.support.lists.filters import State, StateFilter
from accounts.support.lists.work import Decision, WorkList
from accounts.support.roles import May, may
from accounts.support.scope import Scope
from accounts.support.wording import described
from accounts.templatetags.french import french_date
from franceconnect.client import conflicts, problems
from franceconnect.models import Link, LinkConflict

REASONS = dict(LinkConflict.Reason.choices)
KEEP = Decision(
    "garder",
    "Garder l'association actuelle",
    conflicts.keep,
    "C'est noté : l'association reste comme elle est.",
    REASONS,
)
UNLINK = Decision(
    "retirer",
    "Retirer l'association actuelle",
    conflicts.unlink,
    "C'est fait : l'adhérent peut associer de nouveau son compte, lui-même.",
    REASONS,
    "Vérifiez l'identité de l'appelant. Personne n'est associé à la main : l'adhérent passe de nouveau par "
    "FranceConnect.",
)


def mine(rows: "models.QuerySet[LinkConflict]", scope: Scope) -> "models.QuerySet[LinkConflict]":
    return scope.members(rows, path="account__member")


def shown_holder(row: LinkConflict) -> Account | None:
    """The other account, where the agent who opens this row may see it."""
    found: Account | None = vars(row).get("shown_holder")
    return found


@admin.register(LinkConflict, site=site)
class LinkConflictAdmin(WorkList[LinkConflict]):
    """FS 13: never linked again silently."""

    see = decide = May.DECIDE_CONFLICTS
    member_path = "account__member"
    list_title, row_title = "Conflits d'association FranceConnect", "Conflit d'association"
    list_display = ("shown_reference", "noted", "shown_kind", "state")
    fields = ("shown_reference", "noted", "shown_kind", "who", "other", "present_link", "state")
    list_filter = (StateFilter,)
    ordering = ("created_at",)
    search_fields = ("reference",)
    search_help_text = "Référence lue par l'adhérent"
    states = {
        "waiting": State("à traiter", Q(decided_at=None)),
        "kept": State("association gardée", Q(outcome=LinkConflict.Outcome.KEPT)),
        "unlinked": State("association retirée", Q(outcome=LinkConflict.Outcome.UNLINKED)),
    }
    decisions = (KEEP, UNLINK)

    def in_scope(self, rows: "models.QuerySet[LinkConflict]", scope: Scope) -> "models.QuerySet[LinkConflict]":
        return mine(rows, scope)

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[LinkConflict]":
        return super().get_queryset(request).select_related("account__member", "holder__member")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        typed = as_typed(search_term)
        return (queryset.filter(reference=typed) if typed else queryset), False

    def offered(self, request: HttpRequest, row: LinkConflict) -> tuple[Decision, ...]:
        """Another caisse's member keeps their link: the national support may take it away."""
        holder = conflicts.holder_of(row)
        return (KEEP, UNLINK) if holder and self._is_ours(request, holder) else (KEEP,)

    def _is_ours(self, request: HttpRequest, account: Account) -> bool:
        scope = self.scope(request)
        return scope.is_everywhere or scope.members(Account.objects.filter(pk=account.pk), path="member").exists()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> LinkConflict | None:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            other = row.holder if row.holder != row.account else None
            vars(row)["shown_holder"] = other if other and self._is_ours(request, other) else None
        return row

    def member_of(self, row: LinkConflict) -> Member | None:
        return row.account.member

    def files(self, row: LinkConflict) -> list[Member]:
        """Two files are compared: both members see who has looked."""
        holder = shown_holder(row)
        both = (row.account.member, holder.member if holder else None)
        return [each for each in both if each]

    def decided(self, row: LinkConflict) -> str:
        told = f"{row.get_outcome_display()} ({row.get_reason_display()})"
        return f"{told[0].upper()}{told[1:]} {self.decided_by(row.decided_by, row.decided_at)}."

    @admin.display(description="référence")
    def shown_reference(self, row: LinkConflict) -> str:
        """As the member reads it on the page of the conflict."""
        return grouped(row.reference)

    @admin.display(description="constaté le")
    def noted(self, row: LinkConflict) -> str:
        return french_date(row.created_at)

    @admin.display(description="ce qui s'oppose")
    def shown_kind(self, row: LinkConflict) -> str:
        return str(LinkConflict.Kind(row.kind).label)

    @admin.display(description="compte associé aujourd'hui")
    def other(self, row: LinkConflict) -> str:
        if row.kind == LinkConflict.Kind.OTHER_SUBJECT:
            return "celui de cet adhérent"
        shown = shown_holder(row)
        if shown and shown.member:
            return described(shown.member)
        return "celui d'un adhérent d'une autre caisse" if row.holder else "inconnu"

    @admin.display(description="association actuelle")
    def present_link(self, row: LinkConflict) -> str:
        link = Link.objects.filter(account=conflicts.holder_of(row)).first()
        if link is None:
            return "aucune"
        return f"depuis le {french_date(link.created_at)}, utilisée le {french_date(link.last_used_at)}"

    @admin.display(description="état")
    def state(self, row: LinkConflict) -> str:
        return row.get_outcome_display() or "à traiter"


counts.count(
    "link_conflicts",
    "Conflits d'association FranceConnect",
    lambda scope: mine(LinkConflict.objects.filter(decided_at=None), scope),
    "franceconnect_linkconflict_changelist",
    what=May.DECIDE_CONFLICTS,
)

# Codes ----------------------------------------------------------------------------------------------------------------


@code_desk.finder
def franceconnect_code(asked: Asked) -> Iterable[Finding]:
    """FranceConnect's own (Y…, E…) and the errors of OpenID Connect (facts B5)."""
    if problem := problems.find(asked.typed):
        tell = f"{problem.what_happened} {problem.what_to_do}"
        yield Finding(f"Code de FranceConnect : {problem.title}", problem.for_agents, tell)


@code_desk.finder
def conflict_reference(asked: Asked) -> Iterable[Finding]:
    """FS 13: what the page of a conflict shows."""
    row = LinkConflict.objects.filter(reference=asked.plain).first() if len(asked.plain) == 8 else None
    if row is None or not asked.sees(row.account_id):
        return
    state = row.get_outcome_display() or "un responsable doit décider"
    link = (
        ("Ouvrir le conflit", reverse("admin:franceconnect_linkconflict_change", args=[row.pk]))
        if may(asked.by, May.DECIDE_CONFLICTS)
        else ("", "")
    )
    yield Finding(
        "Référence d'un conflit d'association",
        f"Le {french_date(row.created_at)} : {LinkConflict.Kind(row.kind).label}. État : {state}.",
        "Rien n'a changé sur le compte. L'adhérent se connecte avec son numéro de Sécurité sociale en attendant.",
        (),
        *link,
    )
