"""The journal at the desk: read, searched, exported, verified; never changed (issue 5, Support desk 8; R16, R21).

Newest first by moment, then by number: the moment has an index, periods are told in it, and a line that is written
beside a request bears the moment of its cause. A page begins where the one before ended: nothing is counted or skipped.
"""

import json
import uuid
from datetime import timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value
from django.http import HttpRequest
from django.utils import timezone

from accounts.compiled import planned_anew
from accounts.identity.caisses import CAISSES
from accounts.models import Agent, Entry, Event
from accounts.support.admin import RoleAdmin
from accounts.support.desk import site
from accounts.support.journal.period import FROM, MOST_DAYS, TO, USUAL_DAYS, Period, PeriodRefused, Rows
from accounts.support.journal.verification import last_check
from accounts.support.listing import OnwardList
from accounts.support.lists.filters import Chosen
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May
from accounts.support.scope import Scope

BEFORE = "avant"


class EventFilter(Chosen):
    """One kind of line."""

    title, parameter_name = "événement", "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((event.value, str(event.label)) for event in Event), key=lambda each: each[1])

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(event=self.value()) if self.value() else queryset


class CaisseFilter(Chosen):
    """What the agents of a caisse did, were refused, or had done to them.

    That is what a line says for ever. Of which caisse a member is changes with each import, and one may be of several:
    a filter by it would tell today's caisse of yesterday's line, and walk through all lines to find a few.
    """

    title, parameter_name = "caisse du conseiller", "caisse"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, caisse.name) for code, caisse in CAISSES.items()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if not self.value():
            return queryset
        agents = list(Agent.objects.filter(caisse=self.value()).values_list("pk", flat=True))
        theirs = Q(detail__has_key="by", detail__by__in=[each.hex for each in agents])
        return queryset.filter(Q(account__in=agents) | theirs)


class JournalList(OnwardList):
    """Onward from a line, within a period; the last line of a page stands in the address of the next."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.today = timezone.localdate()
        # What is only blanks, or nothing that a form takes, looks for nothing: the period holds.
        self.searched = bool(request.GET.get(SEARCH_VAR, "").strip(" \0\t\r\n"))
        try:
            self.period = Period.of(request.GET.dict(), today=self.today)
        except PeriodRefused:
            self.period = Period.of({}, today=self.today)
            told = f"Choisissez deux jours dans l'ordre, {MOST_DAYS} jours au plus. Voici les {USUAL_DAYS} derniers."
            messages.warning(request, told)
        super().__init__(request, *args)

    def get_filters_params(self, params: Any = None) -> Any:
        asked = super().get_filters_params(params)
        return {name: value for name, value in asked.items() if name not in (FROM, TO, BEFORE)}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Rows:
        rows = cast(Rows, super().get_queryset(request, exclude_parameters))
        # Who looks for one account or one page wants to see all of it.
        return rows if self.searched else self.period.within(rows)

    def get_ordering(self, request: HttpRequest, queryset: Rows) -> Any:
        """A kind of event that agents hardly ever cause is not looked for along all of its lines.

        By a moment that stands in no index PostgreSQL cannot hope to meet a page of them soon: it takes the lines of
        these agents, or those of this event, whichever are fewer.
        """
        if all(request.GET.get(each.parameter_name) for each in (EventFilter, CaisseFilter)):
            moment = ExpressionWrapper(F("at") + Value(timedelta()), output_field=DateTimeField())
            return [moment.desc(), "-pk"]
        return super().get_ordering(request, queryset)

    def get_results(self, request: HttpRequest) -> None:
        if self.page_num != 1:
            raise Refused(Why.FILTER)
        if self.params.get(BEFORE):
            self.queryset = self._after(self.params[BEFORE])
        # Kinds of events differ by a million in number: the plan that serves for any of them serves for none.
        with planned_anew():
            super().get_results(request)

    def _after(self, typed: str) -> Rows:
        known = typed.isascii() and typed.isdigit() and len(typed) < 19
        last = Entry.objects.filter(pk=int(typed)).first() if known else None
        if last is None:
            raise Refused(Why.FILTER)
        earlier = Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)
        return cast(Rows, self.queryset.filter(earlier, at__lte=last.at))

    @property
    def next_page(self) -> str:
        return self.get_query_string({BEFORE: self.result_list[-1].pk}) if self.has_next else ""

    @property
    def previous_page(self) -> str:
        """The newest ones: further back than one page a reader goes by the browser's own button."""
        return self.get_query_string(remove=[BEFORE]) if self.params.get(BEFORE) else ""


def label_of(event: str) -> str:
    return str(Event(event).label) if event in Event.values else event


def details_of(entry: Entry) -> str:
    """Codes and counts, as they stand there."""
    told = entry.detail.items() if isinstance(entry.detail, dict) else []
    return ", ".join(f"{name} = {json.dumps(value, ensure_ascii=False).strip(chr(34))}" for name, value in told)


@admin.register(Entry, site=site)
class EntryAdmin(RoleAdmin[Entry]):
    """Accounts by their identifier: neither a name nor a number of anybody is here or could be looked up (R20)."""

    see = May.SEE_JOURNAL
    list_title, row_title = "Journal", "Ligne du journal"
    has_history = False
    list_display = ("moment", "shown_event", "shown_account", "shown_detail", "shown_request")
    fields = (
        "number",
        "moment",
        "shown_event",
        "code",
        "shown_account",
        "shown_enrolment",
        "shown_request",
        "shown_network",
        "details",
    )
    list_filter = (EventFilter, CaisseFilter)
    ordering = ("-at", "-pk")
    search_fields = ("account",)
    search_help_text = "Identifiant d'un compte, référence d'une page ou numéro de ligne"
    change_list_template = "support/journal.html"

    def in_scope(self, rows: Rows, scope: Scope) -> Rows:
        """No caisse has a journal of its own."""
        return rows if scope.is_everywhere else rows.none()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[OnwardList]:
        return JournalList

    def get_search_results(self, request: HttpRequest, queryset: Rows, search_term: str) -> tuple[Rows, bool]:
        """Exactly, on an index each."""
        typed = search_term.strip()
        if not typed:
            return queryset, False
        if typed.isascii() and typed.isdigit() and len(typed) < 16:
            return queryset.filter(pk=int(typed)), False
        try:
            return queryset.filter(account=uuid.UUID(typed)), False
        except ValueError:
            return queryset.filter(request_id=typed[:32]).exclude(request_id=""), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        known = {"check": last_check(), "most_days": MOST_DAYS, **(extra_context or {})}
        return super().changelist_view(request, known)

    @admin.display(description="ligne")
    def number(self, row: Entry) -> int:
        return int(row.pk)

    @admin.display(description="moment")
    def moment(self, row: Entry) -> str:
        return f"{timezone.localtime(row.at):%d/%m/%Y %H:%M:%S}"

    @admin.display(description="événement")
    def shown_event(self, row: Entry) -> str:
        return label_of(row.event)

    @admin.display(description="code de l'événement")
    def code(self, row: Entry) -> str:
        return row.event

    @admin.display(description="compte")
    def shown_account(self, row: Entry) -> str:
        return str(row.account or "")

    @admin.display(description="inscription")
    def shown_enrolment(self, row: Entry) -> str:
        return str(row.enrolment or "")

    @admin.display(description="référence de la page")
    def shown_request(self, row: Entry) -> str:
        return row.request_id

    @admin.display(description="marque du réseau")
    def shown_network(self, row: Entry) -> str:
        return row.network

    @admin.display(description="détail")
    def shown_detail(self, row: Entry) -> str:
        return details_of(row)

    @admin.display(description="détail")
    def details(self, row: Entry) -> str:
        sealed = f"scellée, n° {row.seal_id}" if row.seal_id else "pas encore scellée"
        return f"{details_of(row) or 'rien'} ({sealed})"
