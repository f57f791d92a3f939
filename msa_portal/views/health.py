"""Whether the portal lives, is ready, and how it fares."""

import hmac

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from accounts.models import Email, Letter
from franceconnect import keys


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database and the cache answer too, and tokens can be signed: 503 with the name of what does not hold."""
    checks = {"database": _database_answers, "cache": _cache_answers, "signing_keys": _keys_are_there}
    state = {name: check() for name, check in checks.items()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.get("readyz")
    except Exception:  # noqa: BLE001  whatever the client library raises, the answer is no
        return False
    return True


def _keys_are_there() -> bool:
    """`manage.py rotate_oidc_key --ensure` makes them."""
    try:
        return not keys.is_empty()
    except DatabaseError:
        return False


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text: what waits to be sent. Only for whom has the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    waiting = Email.objects.filter(sent_at=None, given_up_at=None).aggregate(
        count=Count("pk"), oldest=Min("created_at")
    )
    age = (timezone.now() - waiting["oldest"]).total_seconds() if waiting["oldest"] else 0
    letters = Letter.objects.filter(printed_at=None, set_aside="").count()
    lines = [
        "# TYPE msa_emails_waiting gauge",
        f"msa_emails_waiting {waiting['count']}",
        "# TYPE msa_oldest_waiting_email_seconds gauge",
        f"msa_oldest_waiting_email_seconds {age:.0f}",
        "# TYPE msa_letters_waiting gauge",
        f"msa_letters_waiting {letters}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
