"""What every page of the support desk shares: permissions from the table of roles, rows from the agent's scope."""

import json
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters, ShowFacets
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from accounts.models import Account
from accounts.support.desk_form import DeskForm
from accounts.support.listing import OnwardList, refuse_other_values, refuse_unreadable
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May, may
from accounts.support.scope import Scope

Row = TypeVar("Row", bound=models.Model)
# Told the request and the row, which is in the agent's scope; answers with a page.
Verb = Callable[[HttpRequest, Any], HttpResponseBase]


class TickedForm(ActionForm):
    """What is done with the rows that were ticked."""

    action = forms.ChoiceField(label="Pour les lignes cochées\u00a0:")


class RoleAdmin(admin.ModelAdmin, Generic[Row]):
    """Nobody adds, changes or removes unless the subclass says by which right; verbs have addresses of their own.

    Whatever is not allowed or not in scope is refused in one way: « not found », and a line in the journal
    (accounts.support.refusals). A subclass says `see`, `in_scope`, and what else it lets be done.
    """

    see: ClassVar[May]
    change: ClassVar[May | None] = None
    add: ClassVar[May | None] = None
    # French, at the head of the list.
    list_title: ClassVar[str]
    # At the head of a row, and of an empty form; Django's own would be no French.
    row_title: ClassVar[str] = ""
    add_title: ClassVar[str] = ""
    # On the history page of a row that nobody has changed; Django's log says nothing of decisions.
    # Whether somebody may ever have changed it.
    has_history: ClassVar[bool] = True
    nothing_done: ClassVar[str] = "Rien n'a été changé ici. Ce qui a été décidé se lit sur la page elle-même."
    form = DeskForm
    action_form = TickedForm
    actions: Any = None
    # A column is sorted by where an index serves: the subclass names it.
    sortable_by: ClassVar[tuple[str, ...]] = ()
    change_list_template = "support/change_list.html"
    add_form_template = change_form_template = "support/change_form.html"
    object_history_template = "support/history.html"
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    # It counts by a script.
    actions_selection_counter = False
    list_per_page = 50
    view_on_site = False

    @property
    def media(self) -> forms.Media:
        """None of Django's scripts: every page works without, and they weigh twice what a page may (R22)."""
        return forms.Media()

    @admin.display(description="cocher")
    def action_checkbox(self, obj: Row) -> Any:
        """Row by row: Django's « all of them » needs a script."""
        return format_html('<label class="tick">{}</label>', super().action_checkbox(obj))

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> list[tuple[str, str]]:
        return super().get_action_choices(request, [("", "Choisissez")])

    def may(self, request: HttpRequest, what: May | None) -> bool:
        return what is not None and isinstance(request.user, Account) and may(request.user, what)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.see)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.see)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.add)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # What is in scope ------------------------------------------------------------------------------------------------

    def scope(self, request: HttpRequest) -> Scope:
        return Scope.of(request.user)  # type: ignore[arg-type]

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Row]":
        """What is not in scope does not exist: lists, filters, searches and addresses typed by hand alike."""
        return self.in_scope(super().get_queryset(request), self.scope(request))

    def in_scope(self, rows: "models.QuerySet[Row]", scope: Scope) -> "models.QuerySet[Row]":
        raise NotImplementedError

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        """PostgreSQL takes no NUL: nothing has such a key."""
        found: Row | None = None if "\0" in object_id else super().get_object(request, object_id, from_field)
        return found

    def row(self, request: HttpRequest, object_id: str, what: May) -> Row:
        """The row on which this agent may do that. Raises Refused."""
        if not self.may(request, what):
            raise Refused(Why.ROLE)
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Refused(Why.SCOPE)
        return found

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """Django would go to the home page and say that the object « was perhaps deleted »."""
        raise Refused(Why.SCOPE)

    # Verbs -----------------------------------------------------------------------------------------------------------

    def verb(self, slug: str, name: str, what: May, act: Verb) -> URLPattern:
        """`<row>/<slug>/`, POST only, for whom the table allows it, on a row of their scope."""

        def on_row(request: HttpRequest, object_id: str) -> HttpResponseBase:
            return act(request, self.row(request, object_id, what))

        view: Any = self.admin_site.admin_view(require_POST(on_row))
        return path(f"<path:object_id>/{slug}/", view, name=name)

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any) -> Any:
        """What was ticked on the page, never « all the others too », which nobody has seen."""
        action, keys = request.POST.get("action", ""), request.POST.getlist(ACTION_CHECKBOX_NAME)
        is_offered = not action or action in self.get_actions(request)
        if request.POST.get("select_across", "0") != "0" or not is_offered or len(keys) > self.list_per_page:
            raise Refused(Why.FILTER)
        self._refuse_foreign(request, keys)
        return super().response_action(request, queryset)

    def _refuse_foreign(self, request: HttpRequest, keys: list[str]) -> None:
        """One row that is not in scope, and none of them is touched."""
        try:
            ticked = {self.opts.pk.to_python(key) for key in keys if "\0" not in key}
        except ValidationError:
            raise Refused(Why.SCOPE) from None
        if len(ticked) < len(set(keys)) or self.get_queryset(request).filter(pk__in=ticked).count() < len(ticked):
            raise Refused(Why.SCOPE)

    # Lists -----------------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        told = {"title": self.list_title, "add_title": self.add_title or "Ajouter"}
        return super().changelist_view(request, {**told, **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        title = self.row_title if object_id else self.add_title
        told: dict[str, Any] = {"title": title, "subtitle": None} if title else {}
        # One button that keeps what was typed: Django's other two only go on to another page.
        told |= {"has_history": self.has_history, "show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, {**told, **(extra_context or {})})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        told = {"title": "Historique", "nothing_done": self.nothing_done}
        response: Any = super().history_view(request, object_id, {**told, **(extra_context or {})})
        # Whose name stands beside each line is asked once, not line by line.
        page = response.context_data["action_list"]
        page.object_list = page.object_list.select_related("user__agent")
        return response

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[OnwardList]:
        return OnwardList

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """By what the filters offer, and by no column that somebody names in the address: Django would take any."""
        offered: Any = self.get_list_filter(request)
        return lookup in {f"{each}__exact" if isinstance(each, str) else each.parameter_name for each in offered}

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        refuse_unreadable(request)
        try:
            listed = super().get_changelist_instance(request)
        except IncorrectLookupParameters:
            raise Refused(Why.FILTER) from None
        refuse_other_values(request, listed, self.scope(request))
        return listed

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        raise ImproperlyConfigured(f"{db_field}: a form at the desk offers no whole table to choose from")

    formfield_for_manytomany = formfield_for_foreignkey

    # Django's own log, read on the history page: the key of a row, never what somebody wrote in it -----------------

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self._log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self._log(request, obj, CHANGE, message)

    def _log(self, request: HttpRequest, obj: Any, flag: int, message: Any) -> LogEntry:
        return LogEntry.objects.create(
            user_id=str(request.user.pk),
            content_type=ContentType.objects.get_for_model(obj, for_concrete_model=False),
            object_id=str(obj.pk),
            object_repr=str(obj.pk),
            action_flag=flag,
            change_message=json.dumps(message) if isinstance(message, list) else message,
        )
