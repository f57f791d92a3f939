"""The journal at the desk, attacked first (issue 5, Support desk 8; R16, R20, R21)."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import journal, tasks
from accounts.circumstance import Circumstance, circumstance
from accounts.models import Account, Entry, Event, Role
from accounts.support.journal import export
from tests.agents import ELSEWHERE, an_agent, at_desk
from tests.members import an_account
from tests.stories.caller import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]
LIST, EXPORT, CHECK = "/support/accounts/entry/", "/support/journal/export/", "/support/journal/verification/"


@pytest.fixture
def auditor() -> Caller:
    return at_desk(an_agent(Role.AUDITOR))


def write(number: int, *, ago: timedelta = timedelta(hours=1), event: Event = Event.CONTACT_CHANGED) -> None:
    for each in range(number):
        journal.record(event, detail={"number": each}, now=timezone.now() - ago)


def exported(caller: Caller, first: str, last: str) -> list[list[str]]:
    caller.client.handler.enforce_csrf_checks = False
    answer = caller.client.post(EXPORT, {"du": first, "au": last})
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


# Attacks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [each for each in Role if each != Role.AUDITOR])
def test_it_is_the_auditor_s_alone(role):
    """Issue 5, Support desk 2: who acts does not watch."""
    write(1)
    caller = at_desk(an_agent(role))
    for place in (LIST, EXPORT, f"{LIST}{Entry.objects.all()[0].pk}/change/"):
        assert caller.client.get(place).status_code == 404
    caller.client.handler.enforce_csrf_checks = False
    for place in (EXPORT, CHECK):
        assert caller.client.post(place, {"du": "2026-03-01", "au": "2026-03-02"}).status_code == 404
    assert not Entry.objects.filter(event__startswith="journal:").exists()


def test_nobody_changes_a_line(auditor):
    """R21: there is no form for it, and a forged one is refused."""
    write(1)
    entry = Entry.objects.get(event=Event.CONTACT_CHANGED)
    page = f"{LIST}{entry.pk}/change/"
    auditor.visit(page).sees("coordonnées modifiées", "number = 0")
    assert not auditor.offers("Enregistrer")
    auditor.client.handler.enforce_csrf_checks = False
    for place in (page, f"{LIST}add/", f"{LIST}{entry.pk}/delete/"):
        assert auditor.client.post(place, {"event": "x"}).status_code in (403, 404), place
    fields = {"action": "delete_selected", "_selected_action": [str(entry.pk)], "index": "0"}
    auditor.client.post(LIST, fields)
    assert Entry.objects.filter(pk=entry.pk, event=Event.CONTACT_CHANGED).exists()


@pytest.mark.parametrize(
    "query",
    ["event=x", "caisse=x", "avant=0", "avant=x", "avant=99999999999999999999", "p=2", "detail__by=x", "account=1"],
)
def test_what_no_filter_offers_is_refused(auditor, query):
    write(1)
    assert auditor.client.get(f"{LIST}?{query}").status_code == 404
    assert Entry.objects.filter(event=Event.SUPPORT_REFUSED).count() == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-01", "2026-03-02"),
        ("2026-03-02", "2026-03-01"),
        ("", "2026-03-01"),
        ("x", "y"),
        ("0001-01-01", "0001-01-02"),
    ],
)
def test_an_export_beyond_the_period_is_refused(auditor, first, last):
    """R16: 31 days at a time, told in words; nothing leaves and nothing is noted."""
    write(1)
    auditor.client.handler.enforce_csrf_checks = False
    answer = auditor.client.post(EXPORT, {"du": first, "au": last})
    assert answer.status_code == 400
    assert "31 jours au plus" in answer.content.decode()
    assert not Entry.objects.filter(event=Event.JOURNAL_EXPORTED).exists()


def test_an_export_holds_no_formula(auditor):
    """A spreadsheet that opens it runs nothing: what our proxy names a request may begin with a hyphen."""
    token = circumstance.set(Circumstance("-2+3cmd", ""))
    journal.record(Event.SIGN_IN_REFUSED, detail={"said": "=1+1"})
    circumstance.reset(token)
    Entry.objects.bulk_create([Entry(at=timezone.now(), event="=HYPERLINK(1)", network="@x", detail={})])
    rows = exported(auditor, "2026-03-01", "2026-03-02")
    cells = [cell for row in rows[1:] for cell in row]
    assert "'-2+3cmd" in cells
    assert "'=HYPERLINK(1)" in cells
    assert "'@x" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_a_check_and_an_export_need_a_form_of_ours(auditor):
    assert auditor.client.post(EXPORT, {"du": "2026-03-01", "au": "2026-03-02"}).status_code == 403
    assert auditor.client.post(CHECK).status_code == 403
    assert auditor.client.get(CHECK).status_code == 405


# Reading --------------------------------------------------------------------------------------------------------------


def test_lines_are_read_newest_first_without_anybody_s_name(auditor):
    account = an_account()
    journal.record(Event.PASSWORD_CHANGED, account=account, now=timezone.now() - timedelta(days=2))
    journal.record(Event.CONTACT_CHANGED, account=account, detail={"fields": ["mobile"]})
    auditor.visit(LIST).sees("coordonnées modifiées", "mot de passe modifié", str(account.pk), "02/03/2026 09:30:00")
    text = auditor.text.partition("Détail")[2]
    assert text.index("coordonnées modifiées") < text.index("mot de passe modifié")
    auditor.does_not_see("LAMY", "fritz", "Fritz")


def test_a_page_begins_where_the_one_before_ended(auditor, django_assert_max_num_queries):
    """Issue 5, 10: no count, no offset; lines of one moment are neither lost nor told twice."""
    write(120)
    seen: list[str] = []
    auditor.visit(f"{LIST}?event=contact:changed")
    while True:
        seen += [href for _, href in auditor.page.links if href.endswith("/change/") or "/change/?" in href]
        if not auditor.offers("Page suivante"):
            break
        with django_assert_max_num_queries(10) as asked:
            auditor.follow("Page suivante")
        assert not [each["sql"] for each in asked if "COUNT(" in each["sql"] or "OFFSET" in each["sql"]]
    numbers = [href.split("/change/")[0].rpartition("/")[2] for href in seen]
    assert len(numbers) == len(set(numbers)) == 120


def test_events_and_days_are_chosen(auditor):
    write(1, ago=timedelta(days=20))
    write(1, ago=timedelta(days=3), event=Event.PASSWORD_CHANGED)
    auditor.visit(f"{LIST}?event=contact:changed").sees("Rien à afficher")
    auditor.visit(f"{LIST}?event=contact:changed&du=2026-02-08&au=2026-02-14").does_not_see("Rien à afficher")
    auditor.visit(f"{LIST}?du=2026-02-20&au=2026-02-28&event=password:changed").does_not_see("Rien à afficher")
    auditor.visit(LIST).press("Voir", event="password:changed").sees("mot de passe modifié")
    auditor.press("Voir", event="", caisse="68").sees("Rien à afficher")
    auditor.visit(f"{LIST}?du=2026-01-01&au=2026-02-28").sees("31 jours au plus", "Voici les 7 derniers")


@pytest.mark.parametrize("blank", ["%20", "%00", "+%09"])
def test_who_looks_for_nothing_reads_the_period(auditor, blank):
    write(1, ago=timedelta(days=300))
    html = auditor.visit(f"{LIST}?q={blank}").response.content.decode()
    assert f">{(timezone.localtime() - timedelta(days=300)):%d/%m/%Y}" not in html


def test_a_day_is_a_day_of_paris(auditor):
    """23 h 30 on the 28th is 22 h 30 elsewhere."""
    journal.record(Event.CONTACT_CHANGED, now=datetime(2026, 2, 28, 22, 30, tzinfo=UTC))
    assert len(exported(auditor, "2026-02-28", "2026-02-28")) == 2
    assert len(exported(auditor, "2026-03-01", "2026-03-01")) == 1


def test_a_caisse_is_its_agents(auditor):
    """What they did to members and what was refused to them; whose caisse a member is is no line's to say."""
    ours, theirs, member = an_agent(), an_agent(caisse=ELSEWHERE), an_account()
    journal.record(Event.ADDRESS_CLEARED, account=member, detail={"by": ours.pk.hex})
    journal.record(Event.ADDRESS_CLEARED, account=member, detail={"by": theirs.pk.hex, "other": "x"})
    journal.record(Event.SUPPORT_REFUSED, account=ours, detail={"why": "scope"})
    journal.record(Event.CONTACT_CHANGED, account=member)
    auditor.visit(f"{LIST}?caisse=68").sees(ours.pk.hex, "page de l'assistance refusée")
    auditor.does_not_see(theirs.pk.hex, "other = x")


@pytest.mark.parametrize("what", ["account", "request", "line"])
def test_one_account_page_or_line_is_found_whatever_its_age(auditor, what):
    account = an_account()
    token = circumstance.set(Circumstance("00aa00aa00aa00aa", ""))
    journal.record(Event.CONTACT_CHANGED, account=account, now=timezone.now() - timedelta(days=200))
    circumstance.reset(token)
    number = Entry.objects.get(event=Event.CONTACT_CHANGED).pk
    typed = {"account": str(account.pk), "request": "00aa00aa00aa00aa", "line": str(number)}[what]
    auditor.visit(f"{LIST}?q={typed}").sees("00aa00aa00aa00aa", "toutes les dates")
    auditor.visit(f"{LIST}?q={typed[:-1]}z").sees("Rien à afficher")


def test_what_the_journal_s_pages_ask_has_an_index():
    """Issue 5, 10: at 60 million lines a year; the planner is told that a scan of the table costs the earth."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's planner")
    write(200)
    questions = {
        "journal_by_event": Entry.objects.filter(event=Event.CONTACT_CHANGED, at__gt=timezone.now()).order_by("-at"),
        "journal_of_a_request": Entry.objects.filter(request_id="abc").exclude(request_id=""),
        "journal_of_an_agent": Entry.objects.filter(detail__has_key="by", detail__by="abc"),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for index, question in questions.items():
        assert index in question.explain(), index


# Export and verification ----------------------------------------------------------------------------------------------


def test_an_export_is_whole_in_order_and_noted(auditor, monkeypatch):
    """In chunks of a few lines here, of thousands there."""
    monkeypatch.setattr(export, "CHUNK", 7)
    write(30)
    write(5, ago=timedelta(days=40))
    rows = exported(auditor, "2026-02-20", "2026-03-02")
    lines = [row for row in rows[1:] if row[2] == "contact:changed"]
    recent = Entry.objects.filter(event=Event.CONTACT_CHANGED, at__gt=timezone.now() - timedelta(days=30))
    assert [int(row[0]) for row in lines] == sorted(recent.values_list("pk", flat=True))
    assert rows[0][:3] == ["ligne", "moment", "evenement"]
    [noted] = Entry.objects.filter(event=Event.JOURNAL_EXPORTED)
    assert noted.detail == {"from": "2026-02-20", "until": "2026-03-02"}


def test_the_last_verification_is_shown(auditor, held_clock):
    """R21: the walk itself is no page's work."""
    write(3, ago=timedelta(hours=2))
    journal.seal(now=timezone.now())
    auditor.visit(LIST).sees("n'a pas encore été vérifié")
    auditor.press("Vérifier le journal").sees("La vérification a commencé", "Une vérification est en cours")
    auditor.press("Vérifier le journal").sees("vient d'être demandée")
    assert Entry.objects.filter(event=Event.JOURNAL_CHECK_ASKED).count() == 1
    held_clock.shift(timedelta(seconds=5))
    assert tasks.check_journal()
    auditor.visit(LIST).sees("la chaîne tient, 3 lignes lues").does_not_see("est en cours")


def test_a_check_that_no_worker_hears_of_is_not_under_way(auditor, monkeypatch):
    """The queue of tasks is gone: nothing has begun, and who asks again in a minute is not told to wait."""

    def gone() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(tasks.check_journal, "delay", gone)
    for _ in range(2):
        auditor.visit(LIST).press("Vérifier le journal").sees("La file des tâches ne répond pas : rien n'est fait")
        auditor.visit(LIST).does_not_see("Une vérification est en cours")
    assert not Entry.objects.filter(event=Event.JOURNAL_CHECK_ASKED).exists()
    monkeypatch.undo()
    auditor.press("Vérifier le journal").sees("La vérification a commencé")


def test_a_chain_that_does_not_hold_is_told(auditor):
    write(3, ago=timedelta(hours=2))
    journal.seal(now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_entry SET event = 'x:y' WHERE event = 'contact:changed'")
    assert not tasks.check_journal()
    auditor.visit(LIST).sees("la chaîne ne tient pas, au scellé n° 1", "Prévenez l'exploitant")
    assert Entry.objects.get(event=Event.JOURNAL_CHECKED).detail == {"holds": False, "seal": 1}


def test_an_account_stays_a_number(auditor):
    """R20: no look-up from a line to a person stands behind any link of these pages."""
    account: Account = an_account()
    journal.record(Event.CONTACT_CHANGED, account=account)
    auditor.visit(LIST)
    assert not [href for _, href in auditor.page.links if "adherents" in href]
