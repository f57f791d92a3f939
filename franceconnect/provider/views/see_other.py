"""The redirect after a form."""

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """RFC 9700, 4.12: 303, so that no browser sends the form again to where it leads."""

    status_code = 303
