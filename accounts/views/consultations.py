"""« Qui a consulté mon dossier »: each time an agent opened it, whose agent and why (issue 5, R16)."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Consultation
from accounts.support.file import consultations
from accounts.views.pages import MembersOnly
from accounts.views.space import private_context

PAGE = 20


@dataclass(frozen=True)
class Look:
    """One line: the agent's name is no business of the page's."""

    at: datetime
    who: str
    why: str
    nir_shown: bool


class Consultations(MembersOnly):
    """The newest first, twenty a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(consultations.of_member(self.member), PAGE).get_page(request.GET.get("page"))
        looks = [look(each) for each in page]
        context = {"page": page, "looks": looks, **private_context(self)}
        return render(request, "accounts/consultations.html", context)


# The desk's words, turned to the person whom they are about.
WHY = {
    Consultation.Reason.CALL: "vous aviez appelé",
    Consultation.Reason.COUNTER: "vous étiez à l'accueil",
    Consultation.Reason.WRITTEN: "vous aviez écrit",
    Consultation.Reason.REQUEST: "une démarche était à traiter dans votre dossier",
    Consultation.Reason.SAFETY: "une vérification de sécurité était à faire",
}


def look(each: Consultation) -> Look:
    return Look(each.at, consultations.who(each.caisse), why(each), each.nir_shown_at is not None)


def why(consultation: Consultation) -> str:
    return WHY[Consultation.Reason(consultation.reason)]
