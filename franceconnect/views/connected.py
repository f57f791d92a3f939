"""« Services connectés »: what services may know of a member, and taking it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.views.pages import MembersOnly
from accounts.views.space import private_context
from franceconnect import consents

PAGE = 10


class Services(MembersOnly):
    """Ten services a page; what is sent names the one with which nothing is to be shared any more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(consents.of(self.account), PAGE).get_page(request.GET.get("page"))
        last, with_franceconnect = consents.last_sign_ins(self.account)
        context = {
            "page": page,
            "services": consents.connected(page.object_list, last),
            "with_franceconnect": with_franceconnect,
            **private_context(self),
        }
        return render(request, "franceconnect/services.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = request.POST.get("service")
        # Among the member's own: nobody else's can be named.
        mine = (each.client for each in consents.of(self.account) if each.client.client_id == asked)
        client = next(mine, None)
        if client and consents.withdraw(self.account, client, now=self.now):
            messages.success(request, f"Vous ne partagez plus rien avec {client.name}.")
        else:
            messages.info(request, "Vous ne partagiez déjà plus rien avec ce service.")
        return redirect("franceconnect:services")
