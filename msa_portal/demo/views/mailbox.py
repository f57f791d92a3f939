"""The pages that show what was sent."""

from csp.decorators import csp_exempt
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from msa_portal.demo import mailbox
from msa_portal.demo.mailbox import Item

ITEMS_ON_A_PAGE = 20


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    page = Paginator(mailbox.items(), ITEMS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "dev/mailbox.html", {"page": page})


@require_safe
def email(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "dev/email.html", {"item": _found(name)})


@require_safe
@csp_exempt()  # type: ignore[arg-type]  # the browser's own reader shows the file, and some obey our policy
def letter(request: HttpRequest, name: str) -> HttpResponseBase:
    return FileResponse(_found(name).path.open("rb"), content_type="application/pdf")


def _found(name: str) -> Item:
    item = mailbox.find(name)
    if item is None:
        raise Http404
    return item
