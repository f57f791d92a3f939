"""The redirect after a form, and the policy that lets a browser follow it."""

from typing import TypeVar
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict

# What every server in front of us takes in one line (deploy/).
LONGEST_ADDRESS = 7000
Response = TypeVar("Response", bound=HttpResponse)


class SeeOther(HttpResponseRedirect):
    """RFC 9700, 4.12: 303, so that no browser sends the form again to where it leads."""

    status_code = 303


def csp_source(uri: str) -> list[str]:
    """An address of a client as a source of the policy: no query, nothing that would end the list."""
    return [quote(uri.partition("?")[0], safe=":/[]@%.~-_")]


def lets_forms_lead_to_franceconnect(response: Response) -> Response:
    """Chromium holds the redirect after a form to the page's policy as well: it may lead there, beside where it may."""
    said = vars(response).setdefault("_csp_update", {})
    where = urlsplit(settings.FRANCECONNECT_ISSUER)
    if where.netloc:
        said["form-action"] = [*said.get("form-action", []), f"{where.scheme}://{where.netloc}"]
    return response


def as_get(address: str, form: QueryDict) -> SeeOther | None:
    """The same request by GET, which brings this site's cookies along; None when it is too long for an address."""
    target = f"{address}?{form.urlencode()}"
    return SeeOther(target) if len(target) <= LONGEST_ADDRESS else None
