"""The redirect after a form, and the policy that lets a browser follow it."""

from urllib.parse import quote

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """RFC 9700, 4.12: 303, so that no browser sends the form again to where it leads."""

    status_code = 303


def csp_source(uri: str) -> list[str]:
    """An address of a client as a source of the policy: no query, nothing that would end the list."""
    return [quote(uri.partition("?")[0], safe=":/[]@%.~-_")]
