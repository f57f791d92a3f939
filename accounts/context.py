"""What every template knows of the signed-in member."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts import member_session
from accounts.duties import next_duty
from accounts.models import Account


def member(request: HttpRequest) -> dict[str, Any]:
    """The name in the header and the session's clocks, in seconds (F03, R14)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.kind == Account.Kind.AGENT:
        return {}
    is_company = user.kind == Account.Kind.COMPANY
    return {
        "member_name": user.company.name if is_company else user.member.display_name,
        "is_company": is_company,
        "has_duty": next_duty(user, member_session.how(request)) is not None,
        "session_seconds": int(settings.SESSION_IDLE.total_seconds()),
        "session_warning_seconds": int(settings.SESSION_WARNING.total_seconds()),
        "session_extend_url": reverse("accounts:extend_session"),
    }
