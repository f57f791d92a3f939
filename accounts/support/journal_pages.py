"""The journal at the desk: read, searched, exported, verified; never changed (issue 5, Support desk 8; R16, R21).

Newest first by moment, then by number: the moment has an index, periods are told in it, and a line that is written
beside a request bears the moment of its cause. A page begins where the one before ended: nothing is counted or skipped.
"""

import csv
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from accounts import journal, tasks, throttling
from accounts.fields.typography import spaced
from accounts.identity.caisses import CAISSES
from accounts.models import Agent, Entry, Event
from accounts.support.admin import RoleAdmin
from accounts.support.desk import site
from accounts.support.listing import OnwardList
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.support.work import Chosen
from accounts.templatetags.french import french_datetime
from accounts.throttling import TooManyAttempts
from accounts.views.pages import duration

FROM, TO, BEFORE = "du", "au", "avant"
USUAL_DAYS, MOST_DAYS = 7, 31
CHUNK = 2000
Rows = models.QuerySet[Entry]


# Periods --------------------------------------------------------------------------------------------------------------


class PeriodRefused(Exception):
    """Not two days, or not in this order, or more than a month."""


@dataclass(frozen=True)
class Period:
    """Whole days of Paris, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, sent: Mapping[str, str], *, today: date) -> "Period":
        """What was asked for, or the last days. Raises PeriodRefused."""
        last = _day(sent.get(TO)) or today
        first = _day(sent.get(FROM)) or last - timedelta(days=USUAL_DAYS - 1)
        if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            raise PeriodRefused
        return cls(first, last)

    def within(self, rows: Rows) -> Rows:
        zone = timezone.get_default_timezone()
        start = datetime.combine(self.first, datetime.min.time(), zone)
        end = datetime.combine(self.last + timedelta(days=1), datetime.min.time(), zone)
        return rows.filter(at__gte=start, at__lt=end)


def _day(typed: str | None) -> date | None:
    if not typed:
        return None
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        raise PeriodRefused from None
    if not 2000 <= found.year <= 2999:
        raise PeriodRefused
    return found


# The list -------------------------------------------------------------------------------------------------------------


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
        self.searched = bool(request.GET.get(SEARCH_VAR))
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

    def get_results(self, request: HttpRequest) -> None:
        if self.page_num != 1:
            raise Refused(Why.FILTER)
        if self.params.get(BEFORE):
            self.queryset = self._after(self.params[BEFORE])
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

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """By what the filters offer, and by no column that somebody names in the address."""
        return lookup in {each.parameter_name for each in self.list_filter}

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


# Export ---------------------------------------------------------------------------------------------------------------

COLUMNS = ("ligne", "moment", "evenement", "compte", "inscription", "reference", "reseau", "detail", "scelle")
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


class _Echo:
    """What is written to it is what it gives."""

    def write(self, text: str) -> str:
        return text


def lines_of(period: Period) -> Iterator[str]:
    """A few thousand at a time, each after the last one: no cursor stays open, no list grows."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(COLUMNS)
    rows = period.within(Entry.objects.order_by("at", "pk"))
    chunk = list(rows[:CHUNK])
    while chunk:
        yield "".join(writer.writerow([harmless(each) for each in _cells(entry)]) for entry in chunk)
        last = chunk[-1]
        later = Q(at__gt=last.at) | Q(at=last.at, pk__gt=last.pk)
        chunk = list(rows.filter(later, at__gte=last.at)[:CHUNK])


def _cells(entry: Entry) -> list[Any]:
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
    told = [entry.pk, entry.at.isoformat(), entry.event, entry.account, entry.enrolment, entry.request_id]
    return [*told, entry.network, detail, entry.seal_id]


@site.page("journal/export/", name="journal_export", what=May.EXPORT_JOURNAL, title="Exporter le journal")
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> Any:
    """The export is itself a line, written before the first one leaves."""
    known = {**site.each_context(request), "title": "Exporter le journal", "most_days": MOST_DAYS}
    now = timezone.now()
    today = timezone.localdate(now)
    known["period"] = Period.of({}, today=today)
    if request.method != "POST":
        return TemplateResponse(request, "support/journal_export.html", known)
    try:
        if not (request.POST.get(FROM) and request.POST.get(TO)):
            raise PeriodRefused
        period = Period.of(request.POST.dict(), today=today)
    except PeriodRefused:
        known["refused"] = f"Choisissez deux jours dans l'ordre, {MOST_DAYS} jours au plus."
        return TemplateResponse(request, "support/journal_export.html", known, status=400)
    detail = {"from": period.first.isoformat(), "until": period.last.isoformat()}
    journal.record(Event.JOURNAL_EXPORTED, account=request.user.pk, detail=detail, now=now)
    answer = StreamingHttpResponse(lines_of(period), content_type="text/csv; charset=utf-8")
    name = f"journal-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# Verification ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """What the last walk along the chain has found."""

    says: str
    holds: bool | None
    is_running: bool


def last_check() -> Check:
    asked, done = (
        Entry.objects.filter(event=event).order_by("-at", "-pk").first()
        for event in (Event.JOURNAL_CHECK_ASKED, Event.JOURNAL_CHECKED)
    )
    is_running = asked is not None and (done is None or done.pk < asked.pk)
    if done is None:
        return Check("Le journal n'a pas encore été vérifié d'ici.", None, is_running)
    when = french_datetime(done.at)
    if done.detail.get("holds"):
        return Check(f"Vérifié le {when}\u00a0: la chaîne tient, {done.detail['count']} lignes lues.", True, is_running)
    seal = done.detail.get("seal")
    where = f"au scellé n° {seal}" if seal else "dans les lignes qui attendent leur scellé"
    told = f"Vérifié le {when}\u00a0: la chaîne ne tient pas, {where}. Prévenez l'exploitant."
    return Check(told, False, is_running)


@site.page("journal/verification/", name="journal_check", what=May.SEE_JOURNAL)
@require_http_methods(["POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Beside the request: the whole journal is read. One walk in ten minutes, whoever asks."""
    now = timezone.now()
    try:
        with transaction.atomic():
            throttling.take((throttling.JOURNAL_CHECKS, "all"), now=now)
            journal.record(Event.JOURNAL_CHECK_ASKED, account=request.user.pk, now=now)
    except TooManyAttempts as limit:
        told = f"Une vérification vient d'être demandée. Attendez {duration(limit.retry_after)} pour la suivante."
        messages.info(request, told)
        return redirect("admin:accounts_entry_changelist")
    try:
        tasks.check_journal.delay()
    except (OperationalError, OSError):
        messages.error(request, spaced("La file des tâches ne répond pas : prévenez l'exploitant."))
    else:
        told = "La vérification a commencé. Son résultat est ici : rouvrez cette page dans quelques minutes."
        messages.success(request, spaced(told))
    return redirect("admin:accounts_entry_changelist")
