"""Every limit of the portal, to look at: the numbers stand in the settings (R12, R13)."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from accounts.support.desk import site
from accounts.support.roles import May
from accounts.views.pages import duration

WORDS = {
    "sign_in": "Connexion, par identifiant et réseau",
    "sign_in_day": "Connexion, par identifiant, en un jour",
    "sign_in_network": "Connexion, par réseau",
    "sign_in_everywhere": "Connexion, tous réseaux ensemble",
    "franceconnect_nir": "Numéro demandé au retour de FranceConnect",
    "franceconnect_nir_day": "Numéro demandé au retour de FranceConnect, en un jour",
    "franceconnect_network": "Départs vers FranceConnect, par réseau",
    "password_again": "Mot de passe demandé de nouveau",
    "agent_password": "Mot de passe d'un conseiller",
    "agent_password_day": "Mot de passe d'un conseiller, en un jour",
    "agent_network": "Connexion des conseillers, par réseau",
    "agent_code": "Code du téléphone d'un conseiller",
    "agent_code_day": "Code du téléphone d'un conseiller, en un jour",
    "agent_calls": "Code lu au téléphone, par conseiller",
    "agent_calls_day": "Code lu au téléphone, par conseiller, en un jour",
    "code_desk": "Codes cherchés, par conseiller",
    "journal_checks": "Vérification du journal",
    "identity_answers": "Réponses d'identité, par numéro, en un jour",
    "registration_start": "Inscriptions commencées, par réseau",
    "registration_network": "Inscriptions, par réseau",
    "requests_network": "Demandes d'entreprises, par réseau",
    "password_reset": "Mot de passe oublié, par navigateur",
    "password_reset_nir": "Mot de passe oublié, par numéro",
    "password_reset_network": "Mot de passe oublié, par réseau",
    "email_proof": "Codes pour prouver une adresse e-mail",
    "service_requests": "Demandes de services connectés, par réseau",
    "strength_checks": "Mesure d'un mot de passe, par réseau",
    "message_checks": "Vérification d'un message, par réseau",
    "department_asks": "Demandes de départements, par compte, en un jour",
    "department_code": "Code d'un département",
    "support_search": "Recherches d'adhérents, par conseiller",
    "support_search_day": "Recherches d'adhérents, par conseiller, en un jour",
    "support_act": "Même intervention sur le même adhérent",
    "secret_letter_day": "Courrier avec un secret, par adhérent, en un jour",
    "secret_letter_month": "Courrier avec un secret, par adhérent, en 30 jours",
}


@dataclass(frozen=True)
class Shown:
    """One limit in words."""

    name: str
    words: str
    tries: int
    period: str
    wait: str
    longest_wait: str


def shown() -> list[Shown]:
    return [
        Shown(name, WORDS.get(name, name), tries, *map(duration, spans))
        for name, (tries, *spans) in settings.THROTTLES.items()
    ]


@site.page("limites/", name="limits", what=May.SEE_LIMITS, title="Limites")
@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    known = {**site.each_context(request), "title": "Limites", "limits": shown()}
    return TemplateResponse(request, "support/limits.html", known)
