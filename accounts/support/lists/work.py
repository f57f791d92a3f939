"""What waits for an agent: lists of it, each decision a verb of the room that owns the thing (issue 5, no. 5).

One at a time. Accepting several requests at once would send codes to people whose file nobody has looked at; refusing
them would write to people for a reason that nobody has weighed; answering several corrections would close what the list
does not tell apart. What is done by ticking opens nothing and writes to nobody: addresses that the registry has
replaced (accounts.support.lists.address_lists), batches that the post has (accounts.support.lists.letter_batches).
"""

import uuid
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from accounts.fields.typography import spaced
from accounts.models import Account, Agent, Consultation, Member
from accounts.support.admin import RoleAdmin
from accounts.support.desk_form import PlainErrors
from accounts.support.file import consultations
from accounts.support.lists.filters import DepartmentFilter, OpenedFilter, State, StateFilter
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May, hold_rights
from accounts.support.wording import described, place
from accounts.templatetags.french import french_datetime, french_time

Row = TypeVar("Row", bound=models.Model)
ASKED_FOR = "rows_asked_for"
FORM_LOOK: dict[str, Any] = {"error_class": PlainErrors, "label_suffix": ""}


class Undecidable(Exception):
    """It cannot be decided so: the message says in French what to do instead."""


@dataclass(frozen=True)
class Decision:
    """A button on the page of a row. `act(row, by=, reason=, now=)` is False when somebody decided before."""

    slug: str
    label: str
    act: Callable[..., bool]
    # What came of it; told the row where it is not always the same.
    done: str | Callable[[Any], str]
    # Why, as codes and in words; one has to be chosen.
    reasons: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    # What has to be written down with it, and how the verb takes that.
    form: type[forms.Form] | None = None
    given: Callable[[Any], dict[str, Any]] = lambda form: {}

    def said(self, row: Any) -> str:
        return spaced(self.done if isinstance(self.done, str) else self.done(row))


class WorkList(RoleAdmin[Row]):
    """Rows that wait, a page for each with what is needed to decide, and a button for each decision.

    The list names nobody: fifty files would be looked at to open one. So does the page of a row, until its agent opens
    it: that is a consultation, which the member reads in « Qui a consulté mon dossier » (R16), and no link begins one.
    """

    decide: ClassVar[May]
    decisions: ClassVar[tuple[Decision, ...]] = ()
    states: ClassVar[Mapping[str, State]]
    # The way from a row to its member; none where it is nobody's file.
    member_path: ClassVar[str] = ""
    list_filter: ClassVar[Any] = (StateFilter, DepartmentFilter)
    change_form_template = "support/decision.html"

    def waits(self, row: Row) -> bool:
        """Whether it is still to be decided."""
        return getattr(row, "decided_at", None) is None

    def member_of(self, row: Row) -> Member | None:
        """Whose file this page shows."""
        return None

    def files(self, row: Row) -> list[Member]:
        """Whose files they are, when it shows more than one."""
        member = self.member_of(row)
        return [member] if member else []

    def decided(self, row: Row) -> str:
        """What became of it, who said so and when: for whoever comes second."""
        return ""

    def decided_by(self, by: uuid.UUID | None, at: datetime | None) -> str:
        agent = Agent.objects.filter(pk=by).first() if by else None
        who = f"par {agent.name}, " if agent else ""
        return f"{who}le {french_datetime(at)}"

    # Columns of several lists ----------------------------------------------------------------------------------------

    @admin.display(description="adhérent")
    def who(self, row: Row) -> str:
        member = self.member_of(row)
        return described(member) if member else ""

    @admin.display(description="département")
    def shown_department(self, row: Any) -> str:
        return place(row.department)

    # Whoever opens a row has it in hand: a colleague reads so, and it ends by itself ----------------------------------

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Row]":
        rows = super().get_queryset(request)
        if not self.member_path:
            return rows
        since = timezone.now() - settings.CONSULTATION_OPEN
        others = Consultation.objects.filter(member=OuterRef(self.member_path), at__gt=since)
        others = others.exclude(agent=cast(Account, request.user)).order_by("-at")
        told: Any = rows.annotate(in_hand_since=Subquery(others.values("at")[:1]))
        return cast("models.QuerySet[Row]", told)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.list_display, "in_hand") if self.member_path else self.list_display

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (*self.list_filter, OpenedFilter) if self.member_path else self.list_filter

    @admin.display(description="en cours")
    def in_hand(self, row: Row) -> str:
        since = row.in_hand_since  # type: ignore[attr-defined]
        return f"un autre conseiller, depuis {french_time(since)}" if since else ""

    # The page of a row -----------------------------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Row | None = None) -> Any:
        return self.fields or ()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        """Once for a page, which asks for its row twice."""
        asked = vars(request).setdefault(ASKED_FOR, {})
        key = (self.opts.label, object_id, from_field)
        if key not in asked:
            asked[key] = super().get_object(request, object_id, from_field)
        found: Row | None = asked[key]
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id, self.see)
        if not self._is_open(request, row):
            return self._before_it_is_open(request, row)
        known: dict[str, Any] = {
            "decisions": self.forms_on(request, row, typed=(extra_context or {}).get("typed", {})),
            "decided": "" if self.waits(row) else self.decided(row),
        }
        return super().change_view(request, object_id, form_url, {**known, **(extra_context or {})})

    def forms_on(self, request: HttpRequest, row: Row, *, typed: dict[str, Any]) -> list[dict[str, Any]]:
        """One for each decision, as long as it waits; with what was typed before."""
        waits = self.waits(row) and self.may(request, self.decide)
        return self._buttons(request, row, typed=typed) if waits else []

    def _is_open(self, request: HttpRequest, row: Row) -> bool:
        return consultations.are_open(self.files(row), by=cast(Account, request.user), now=timezone.now())

    def _before_it_is_open(self, request: HttpRequest, row: Row) -> HttpResponse:
        """What the list says of it, and a button."""
        if request.method == "POST":
            raise Refused(Why.ROLE)
        names = self.get_list_display(request)
        told = [(label_for_field(name, self.model, self), getattr(self, name)(row)) for name in names]
        known = {"told": told, "address": self._address(row, "open"), "opts": self.opts, "title": self.row_title}
        return TemplateResponse(request, "support/row_closed.html", {**self.admin_site.each_context(request), **known})

    def _open(self, request: HttpRequest, row: Row) -> HttpResponse:
        """Pressed twice, it is opened once."""
        for member in self.files(row):
            reason, by = Consultation.Reason.REQUEST, cast(Account, request.user)
            consultations.begin(member, reason, by=by, now=timezone.now())
        return redirect(self._address(row, "change"))

    def _buttons(self, request: HttpRequest, row: Row, *, typed: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "slug": each.slug,
                "label": spaced(each.label),
                "hint": spaced(each.hint),
                "reasons": {code: spaced(words) for code, words in each.reasons.items()},
                "address": self._address(row, each.slug),
                "form": typed.get(each.slug) or (each.form(**FORM_LOOK) if each.form else None),
            }
            for each in self.offered(request, row)
        ]

    def offered(self, request: HttpRequest, row: Row) -> tuple[Decision, ...]:
        """What this agent may say of this row."""
        return self.decisions

    def _named(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def _address(self, row: Row, what: str) -> str:
        return reverse(f"admin:{self._named(what)}", args=[row.pk])

    def get_urls(self) -> list[URLPattern]:
        verbs = [
            self.verb(each.slug, self._named(each.slug), self.decide, self._deciding(each)) for each in self.decisions
        ]
        opening = self.verb("ouvrir", self._named("open"), self.see, self._open)
        return [opening, *verbs, *super().get_urls()]

    def _again(self, request: HttpRequest, row: Row, typed: dict[str, Any]) -> HttpResponse:
        """The page of the row, with what was typed and what is to be corrected: Django's own would save something."""
        shown = copy(request)
        shown.method = "GET"
        # As it stands, not as it would have stood.
        vars(shown).pop(ASKED_FOR, None)
        return self.change_view(shown, str(row.pk), extra_context={"typed": typed, "errors": True})

    @transaction.atomic
    def _decide(self, request: HttpRequest, decision: Decision, row: Any, **given: Any) -> bool:
        by = cast(Account, request.user)
        hold_rights(by)
        done = decision.act(row, by=by, now=timezone.now(), **given)
        if done:
            self.log_change(request, row, decision.label)
        return done

    def _deciding(self, decision: Decision) -> Callable[[HttpRequest, Any], HttpResponse]:
        def act(request: HttpRequest, row: Any) -> HttpResponse:
            if decision not in self.offered(request, row):
                raise Refused(Why.SCOPE)
            if not self._is_open(request, row):
                self.message_user(request, spaced("Rien n'a été fait : ouvrez d'abord cette page."), messages.INFO)
                return redirect(self._address(row, "change"))
            reason = request.POST.get("reason", "")
            if reason and reason not in decision.reasons:
                raise Refused(Why.FILTER)
            form = decision.form(request.POST, **FORM_LOOK) if decision.form else None
            typed = {decision.slug: form} if form else {}
            if decision.reasons and not reason:
                self.message_user(request, "Choisissez un motif : il reste à faire.", messages.ERROR)
                return self._again(request, row, typed) if form else redirect(self._address(row, "change"))
            if form and not form.is_valid():
                return self._again(request, row, typed)
            given = decision.given(form) if form else {}
            try:
                done = self._decide(request, decision, row, reason=reason, **given)
            except Undecidable as why:
                self.message_user(request, spaced(str(why)), messages.ERROR)
                return self._again(request, row, typed) if form else redirect(self._address(row, "change"))
            if done:
                self.message_user(request, decision.said(row), messages.SUCCESS)
                return redirect(reverse(f"admin:{self._named('changelist')}"))
            row.refresh_from_db()
            told = f"Une autre personne a traité cette ligne avant vous. {self.decided(row)}"
            self.message_user(request, spaced(told), messages.WARNING)
            return redirect(self._address(row, "change"))

        return act
