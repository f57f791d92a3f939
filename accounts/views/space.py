"""Mon espace privé, first form: last payments, all payments (F03, F05 to F07)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import membership
from accounts.models import Payment
from accounts.views.pages import MembersOnly

LAST, PAGE = 3, 20


class Space(MembersOnly):
    """« Mon espace privé : particulier »."""

    def get(self, request: HttpRequest) -> HttpResponse:
        payments = Payment.objects.filter(member=self.member).latest_first()[:LAST]
        return render(request, "accounts/space.html", {"payments": payments, **private_context(self)})


class Payments(MembersOnly):
    """« Tous mes paiements », twenty a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Payment.objects.filter(member=self.member).latest_first()
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        return render(request, "accounts/payments.html", {"page": page, **private_context(self)})


def private_context(view: MembersOnly) -> dict[str, Any]:
    """What every private page shows: where the member is known, and the caisse in the header (F03)."""
    known = membership.of(view.member, on=timezone.localdate(view.now))
    return {"membership": known, "caisse": known.caisse}
