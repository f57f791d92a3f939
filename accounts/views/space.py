"""Mon espace privé: last payments, all payments, news, by department or all at once (F02, F03, F05 to F07, F09)."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import membership, news
from accounts.identity.caisses import Department
from accounts.membership import Membership
from accounts.models import Payment
from accounts.models.registry import PaymentQuerySet
from accounts.views.pages import MembersOnly

LAST, PAGE = 3, 20
CHOICE = "departement"


class Private(MembersOnly):
    """A page that shows one of the member's departments, or all (F02)."""

    @property
    def known(self) -> Membership:
        return membership.of_account(self.account, on=timezone.localdate(self.now))

    def chosen(self, known: Membership) -> Department | None:
        """The one that the address names, if it is open to this member; else all."""
        return known.department(self.request.GET.get(CHOICE, ""))

    def payments(self, chosen: Department | None) -> PaymentQuerySet:
        mine = Payment.objects.filter(member=self.member).latest_first()
        return mine.filter(department=chosen.code) if chosen else mine

    def show(self, template: str, known: Membership, chosen: Department | None, **context: Any) -> HttpResponse:
        caisse = chosen.caisse if chosen else known.caisse
        around = {"membership": known, "chosen": chosen, "caisse": caisse}
        return render(self.request, template, {**around, **context})


class Space(Private):
    """« Mon espace privé : particulier »."""

    def get(self, request: HttpRequest) -> HttpResponse:
        known = self.known
        chosen = self.chosen(known)
        caisses = (chosen.caisse,) if chosen else known.caisses
        return self.show(
            "accounts/space.html",
            known,
            chosen,
            payments=self.payments(chosen)[:LAST],
            news=news.of(caisses, now=self.now),
        )


class Payments(Private):
    """« Tous mes paiements », twenty a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        known = self.known
        chosen = self.chosen(known)
        page = Paginator(self.payments(chosen), PAGE).get_page(request.GET.get("page"))
        keep = urlencode({CHOICE: chosen.code}) if chosen else ""
        return self.show("accounts/payments.html", known, chosen, page=page, keep=keep)


def private_context(view: MembersOnly) -> dict[str, Any]:
    """What every private page shows: where the member is at home, and the caisse in the header (F03)."""
    known = membership.of_account(view.account, on=timezone.localdate(view.now))
    return {"membership": known, "caisse": known.caisse}
