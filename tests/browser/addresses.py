"""Which addresses the portal has, so that a page missing from the catalogue is noticed."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, resolve

from accounts.support import site
from enrolment.steps import STEPS
from msa_portal import urls

# Nothing is deleted at the desk; a row's history is one template, looked at once.
NEVER_THERE = ("_delete", "_history", "jsi18n", "app_list")


def every_address() -> set[str]:
    """The name of each, and the slug of each step of the registration; the support desk's are below."""
    ours = {name for name in named(urls.urlpatterns) if not name.startswith("admin:")}
    return {*ours, *(step.slug for step in STEPS)}


def every_desk_address() -> set[str]:
    """The name of each page of the support desk; what Django adds and the desk closes is not among them."""
    return {name for name in named(site.get_urls()) if not name.endswith(NEVER_THERE)}


def desk_address_of(url: str) -> str:
    return resolve(urlsplit(url).path).url_name or ""


def named(patterns: Iterable[URLPattern | URLResolver], app: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from named(each.url_patterns, f"{each.app_name}:" if each.app_name else app)
        elif each.name:
            yield f"{app}{each.name}"


def address_of(url: str) -> set[str]:
    try:
        match = resolve(urlsplit(url).path)
    except Resolver404:
        return set()
    return {match.kwargs["slug"] if match.view_name == "enrolment:step" else match.view_name}
