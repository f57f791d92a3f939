"""« Ce n'est pas moi »: the page behind the link in the notice of a sign-in (J16, R13)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts import codes, member_session
from accounts.models import Code
from accounts.passwords import grouped
from franceconnect import dispute
from franceconnect.dispute import Disputed


class NotMe(View):
    """A page with one button: mail scanners follow links, they press nothing (R13)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except codes.CodeRefused as refused:
            context = {"reason": refused.reason, "kind": Code.Purpose.NOT_ME}
            return render(request, "accounts/link_refused.html", context, status=410)

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        return self.page(dispute.find(secret, now=timezone.now()), done=False)

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        now = timezone.now()
        disputed = dispute.dispute(secret, now=now)
        if request.user == disputed.account:
            member_session.close_session(request, reason="disputed", now=now)
        return self.page(disputed, done=True)

    def page(self, disputed: Disputed, *, done: bool) -> HttpResponse:
        context = {"disputed": disputed, "reference": grouped(disputed.reference), "done": done}
        return render(self.request, "franceconnect/not_me.html", context)
