"""FranceConnect explained to everybody: what it is, and which account opens it (I16 to I23, K01 to K11, L08, M)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from franceconnect.identity_providers import HISTORIC, OFFERED, Verdict, judge


def about(request: HttpRequest) -> HttpResponse:
    """C09: « Qu'est-ce que FranceConnect ? »."""
    return render(request, "franceconnect/about.html", {"offered": OFFERED, "historic": HISTORIC})


def which_account(request: HttpRequest) -> HttpResponse:
    """K01 to K11. By GET: oui or non, nobody's name; Back, a bookmark and an adviser's link find the answers again."""
    opinions = judge(request.GET.dict())
    context = {
        "asked": "resultat" in request.GET,
        "answered": any(question.answer for opinion in opinions for question in opinion.questions),
        "offered": [each for each in opinions if each.provider.is_offered],
        "historic": [each for each in opinions if not each.provider.is_offered],
        **{verdict.value: [each for each in opinions if each.verdict is verdict] for verdict in Verdict},
    }
    return render(request, "franceconnect/which_account.html", context)
