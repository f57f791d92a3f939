"""Error pages: a sentence, a way on, a reference."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts import banners


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Ours: the reference and nothing else; asks neither database nor session."""
    told = {"request_id": getattr(request, "id", ""), "banners": banners.known(now=timezone.now())}
    page = loader.get_template("500.html").render(told)
    return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form token of yesterday: the same form as typed, nothing taken. From another site: a plain refusal."""
    if comes_from_here(request) and (view := shows_again(request)):
        return view(request)
    return render(request, "403_csrf.html", status=403)


def comes_from_here(request: HttpRequest) -> bool:
    """Browsers name the page a form was sent from; another site's form must not be filled in for anybody."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    if origin and urlsplit(origin).netloc != request.get_host():
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def shows_again(request: HttpRequest) -> Any:
    """The view of this address if it can show a form without taking it."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    view_class = getattr(match.func, "view_class", None)
    if view_class is None or not hasattr(view_class, "only_show"):
        return None
    given = {**getattr(match.func, "view_initkwargs", {}), "only_show": True}
    return lambda request: view_class.as_view(**given)(request, *match.args, **match.kwargs)
