"""The redirect after a form, and the policy that lets a browser follow it."""

from urllib.parse import quote

from django.http import HttpResponseRedirect, QueryDict

# What every server in front of us takes in one line (deploy/).
LONGEST_ADDRESS = 7000


class SeeOther(HttpResponseRedirect):
    """RFC 9700, 4.12: 303, so that no browser sends the form again to where it leads."""

    status_code = 303


def csp_source(uri: str) -> list[str]:
    """An address of a client as a source of the policy: no query, nothing that would end the list."""
    return [quote(uri.partition("?")[0], safe=":/[]@%.~-_")]


def as_get(address: str, form: QueryDict) -> SeeOther | None:
    """The same request by GET, which brings this site's cookies along; None when it is too long for an address."""
    target = f"{address}?{form.urlencode()}"
    return SeeOther(target) if len(target) <= LONGEST_ADDRESS else None
