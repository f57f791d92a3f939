"""What the last walk along the chain found, and the button for another (issue 5, Support desk 8; R21)."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from accounts import journal, tasks, throttling
from accounts.fields.typography import spaced
from accounts.models import Entry, Event
from accounts.support.desk import site
from accounts.support.roles import May
from accounts.templatetags.french import french_datetime
from accounts.throttling import TooManyAttempts
from accounts.views.pages import duration


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
            # Last: what the queue of tasks did not take was not asked for, and may be asked for again.
            tasks.check_journal.delay()
    except TooManyAttempts as limit:
        told = f"Une vérification vient d'être demandée. Attendez {duration(limit.retry_after)} pour la suivante."
        messages.info(request, told)
    except (OperationalError, OSError):
        messages.error(request, spaced("La file des tâches ne répond pas : rien n'est fait. Prévenez l'exploitant."))
    else:
        told = "La vérification a commencé. Son résultat est ici : rouvrez cette page dans quelques minutes."
        messages.success(request, spaced(told))
    return redirect("admin:accounts_entry_changelist")
