"""The list of agents: added and sent away by a lead for their caisse, by the national support anywhere."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from accounts.identity.caisses import CAISSES
from accounts.models import Account, Agent, Role
from accounts.support import agents
from accounts.support.admin import RoleAdmin
from accounts.support.desk import site
from accounts.support.door.forms import ALREADY_HERE, NewAgentForm, RoleForm
from accounts.support.lists.filters import DepartmentFilter, State, StateFilter
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_datetime
from accounts.throttling import SUPPORT_ACT, TooManyAttempts, take

GONE = "Cette personne a quitté l'assistance entre-temps\u00a0: rien n'a été fait."
JUST_SENT = "Un lien vient de partir\u00a0: un seul e-mail suffit."
# In the address, for those whose caisse is none.
OF_NONE = "aucune"


class CaisseFilter(DepartmentFilter):
    """For whoever sees more than one; a lead's list is of one caisse."""

    title, parameter_name = "caisse", "caisse"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if not model_admin.scope(request).is_everywhere:
            return []
        return [(OF_NONE, "rôles nationaux"), *((code, each.name) for code, each in CAISSES.items())]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value()
        return queryset.filter(caisse="" if wanted == OF_NONE else wanted) if wanted else queryset


@admin.register(Agent, site=site)
class AgentAdmin(RoleAdmin[Agent]):
    """Found by role, caisse and presence: their name is sealed, and their address stands in no address of a page."""

    see = May.SEND_AGENT_LINK
    change = add = May.MANAGE_AGENTS
    list_title, add_title = "Conseillers", "Ajouter un conseiller"
    list_display = ("shown_name", "shown_role", "shown_caisse", "state")
    list_select_related = ("account",)
    list_filter = (StateFilter, "role", CaisseFilter)
    states: ClassVar[Mapping[str, State]] = {
        "present": State("présents", Q(left_at=None)),
        "left": State("partis", Q(left_at__isnull=False)),
    }
    nothing_done = "Rien n'a changé ici depuis que cette personne a été ajoutée."
    ordering = ("-created_at", "pk")
    add_form_template = change_form_template = "support/agent_form.html"

    def in_scope(self, rows: "models.QuerySet[Agent]", scope: Scope) -> "models.QuerySet[Agent]":
        return scope.within(rows.select_related("account"), caisse="caisse")

    # Columns ---------------------------------------------------------------------------------------------------------

    @admin.display(description="nom")
    def shown_name(self, agent: Agent) -> str:
        return agent.name

    @admin.display(description="rôle")
    def shown_role(self, agent: Agent) -> str:
        return agent.get_role_display()

    @admin.display(description="caisse")
    def shown_caisse(self, agent: Agent) -> str:
        return agent.caisse_name or "toutes"

    @admin.display(description="état")
    def state(self, agent: Agent) -> str:
        if not agent.is_present:
            return "parti"
        return "présent" if agent.account.has_usable_password() else "lien envoyé, pas encore connecté"

    @admin.display(description="adresse e-mail")
    def address(self, agent: Agent) -> str:
        return agent.account.email or ""

    @admin.display(description="dernière connexion")
    def last_seen(self, agent: Agent) -> str:
        return french_datetime(agent.account.last_login) or "jamais"

    # Forms -----------------------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        # A lead has one role and one caisse to give: there is nothing to change.
        return obj.is_present and self.scope(request).is_everywhere and agents.may_manage(by(request), obj)

    def get_form(self, request: HttpRequest, obj: Agent | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change, **kwargs)
        base = RoleForm if change else NewAgentForm
        return type(base.__name__, (base,), {"by": by(request)})

    def get_fields(self, request: HttpRequest, obj: Agent | None = None) -> Any:
        if obj is None:
            return ("name", "email", "role", "caisse")
        known = ("shown_name", "address", "state", "last_seen")
        return (
            *known,
            *(("role", "caisse") if self.has_change_permission(request, obj) else ("shown_role", "shown_caisse")),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> Any:
        return [name for name in self.get_fields(request, obj) if obj and name not in ("role", "caisse")]

    def save_model(self, request: HttpRequest, obj: Agent, form: Any, change: bool) -> None:
        given, now = form.cleaned_data, timezone.now()
        role, caisse = Role(given["role"]), given["caisse"]
        if change:
            agents.change_role(obj, role=role, caisse=caisse, by=by(request), now=now)
            return
        email, name = given["email"].address, given["name"]
        obj.account = agents.add(email=email, name=name, role=role, caisse=caisse, by=by(request), now=now).account

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        try:
            return super().add_view(request, form_url, {"title": "Ajouter un conseiller", **(extra_context or {})})
        except agents.AlreadyHere:
            # Two pressed at once; the form itself asks before that.
            self.message_user(request, ALREADY_HERE, messages.WARNING)
            return redirect("admin:accounts_agent_changelist")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().change_view(request, object_id, form_url, extra_context)
        except agents.Gone:
            self.message_user(request, GONE, messages.WARNING)
            return redirect("admin:accounts_agent_change", object_id)

    def response_add(self, request: HttpRequest, obj: Agent, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, "L'e-mail est parti\u00a0: son lien vaut 72 heures.", messages.SUCCESS)
        return redirect("admin:accounts_agent_change", obj.pk)

    def response_change(self, request: HttpRequest, obj: Agent) -> HttpResponse:
        self.message_user(request, "C'est enregistré, et vaut dès sa prochaine page.", messages.SUCCESS)
        return redirect("admin:accounts_agent_change", obj.pk)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        agent = context.get("original")
        # Nobody adds ten in a row; and the key of a row is no heading.
        context.update(show_save_and_add_another=False, show_save_and_continue=False, subtitle=None)
        if agent is not None:
            context["title"] = agent.name
            context["may_send_link"] = agents.may_send_link(by(request), agent)
            context["may_send_away"] = agent.is_present and agents.may_manage(by(request), agent)
        return super().render_change_form(request, context, *args, **kwargs)

    # Verbs -----------------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        return [
            self.verb("lien", "agent_link", May.SEND_AGENT_LINK, self.send_link),
            self.verb("depart", "agent_leave", May.MANAGE_AGENTS, self.send_away),
            *super().get_urls(),
        ]

    def send_link(self, request: HttpRequest, agent: Agent) -> HttpResponse:
        """« Envoyer un nouveau lien »."""
        if not agents.may_send_link(by(request), agent):
            raise Refused(Why.ROLE)
        now = timezone.now()
        try:
            with transaction.atomic():
                take((SUPPORT_ACT, f"link:{agent.pk}"), now=now)
                agents.send_link(agent, by=by(request), now=now)
        except TooManyAttempts:
            # The link of the first of two clicks is in the mailbox already: it stays the one that serves.
            self.message_user(request, JUST_SENT, messages.INFO)
        except agents.Gone:
            self.message_user(request, GONE, messages.WARNING)
        else:
            self.message_user(request, "Un nouveau lien est parti. L'ancien accès ne sert plus.", messages.SUCCESS)
        return redirect("admin:accounts_agent_change", agent.pk)

    def send_away(self, request: HttpRequest, agent: Agent) -> HttpResponse:
        """« Retirer l'accès »."""
        if not agents.may_manage(by(request), agent):
            raise Refused(Why.ROLE)
        if agents.leave(agent, by=by(request), now=timezone.now()):
            self.message_user(request, "Cette personne n'a plus accès à l'assistance.", messages.SUCCESS)
        else:
            self.message_user(request, GONE, messages.WARNING)
        return redirect("admin:accounts_agent_change", agent.pk)


def by(request: HttpRequest) -> Account:
    """Who asks: the door lets nobody else in here."""
    return cast(Account, request.user)
