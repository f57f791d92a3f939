"""The journal as a file for auditors, line by line and journaled itself (issue 5, Support desk 8; R21)."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import journal
from accounts.models import Entry, Event
from accounts.support.desk import site
from accounts.support.journal.period import FROM, MOST_DAYS, TO, Period, PeriodRefused
from accounts.support.roles import May

CHUNK = 2000
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
