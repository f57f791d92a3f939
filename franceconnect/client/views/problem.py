"""The page that says why FranceConnect brought nobody, and the other way in (facts B5, FS 6)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from franceconnect.client import problems

# What of the last one is said besides its words: it stands in no address.
LAST = "franceconnect_problem"


def lead_to(request: HttpRequest, slug: str, code: str = "", reference: str = "") -> HttpResponse:
    """To the page of this problem; a member reads its reference out, the journal's or a conflict's."""
    request.session[LAST] = {"slug": slug, "code": code, "reference": reference or getattr(request, "id", "")}
    return redirect("franceconnect:problem", slug)


def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever comes here without a problem of their own reads the same words, without reference."""
    try:
        found = problems.of(slug)
    except KeyError:
        raise Http404 from None
    last = request.session.get(LAST, {})
    told = last if last.get("slug") == slug else {}
    context = {"problem": found, "code": told.get("code"), "reference": told.get("reference")}
    return render(request, "franceconnect/client/problem.html", context)
