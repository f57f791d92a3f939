"""Every limit of the portal: looked at, and its number of tries changed for a while (issue 5, operator; R12, R13)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import changed_limits
from accounts.changed_limits import ChangedMeanwhile, Reason
from accounts.fields.typography import spaced
from accounts.forms.access import EMPTY, PlainForm
from accounts.models import Account, Agent, ChangedLimit
from accounts.support.desk import site
from accounts.support.desk_form import PlainErrors
from accounts.support.file.forms import reason_field
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May, may
from accounts.views.pages import duration

AGAIN = "Quelqu'un vient de changer cette limite : regardez son nombre, puis décidez de nouveau."

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
    "support_refused": "Pages refusées et notées au journal, par compte",
    "secret_letter_day": "Courrier avec un secret, par adhérent, en un jour",
    "secret_letter_month": "Courrier avec un secret, par adhérent, en 30 jours",
}


@dataclass(frozen=True)
class Shown:
    """One limit in words."""

    name: str
    words: str
    # Those in force; those of the settings.
    tries: int
    setting: int
    period: str
    wait: str
    longest_wait: str
    changed_at: datetime | None = None
    changed_by: str = ""

    @property
    def is_changed(self) -> bool:
        return self.changed_at is not None


def shown() -> list[Shown]:
    """All of them, as the database says: what a process knows may be ten seconds old."""
    changed = changed_limits.standing()
    agents = Agent.objects.in_bulk([each.changed_by for each in changed.values()])
    return [_shown(name, changed.get(name), agents) for name in settings.THROTTLES]


def _shown(name: str, row: ChangedLimit | None, agents: dict[Any, Agent]) -> Shown:
    setting, *spans = settings.THROTTLES[name]
    period, wait, longest = map(span, spans)
    told = Shown(name, WORDS.get(name, name), changed_limits.in_force(name, row), setting, period, wait, longest)
    if row is None:
        return told
    by = agents[row.changed_by].name if row.changed_by in agents else ""
    return replace(told, changed_at=row.changed_at, changed_by=by)


def span(seconds: int) -> str:
    """« 30 jours » rather than « 720 heures »."""
    days, rest = divmod(seconds, 86400)
    return f"{days}\u00a0jours" if days > 1 and not rest else duration(seconds)


@site.page("limites/", name="limits", what=May.SEE_LIMITS, title="Limites")
@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    rows = shown()
    known = {"limits": rows, "changed": sum(each.is_changed for each in rows)}
    known["may_change"] = may(by(request), May.CHANGE_LIMITS)
    return page(request, "support/limits.html", "Limites", **known)


# One of them ----------------------------------------------------------------------------------------------------------


class LimitForm(PlainForm):
    """Another number of tries, and why."""

    tries = forms.IntegerField(label="Nombre d'essais")
    reason = reason_field(Reason.choices)
    # What stood there when the operator decided.
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, limit: Shown, **kwargs: Any) -> None:
        super().__init__(*args, **{"error_class": PlainErrors, **kwargs})
        fewest, most = changed_limits.bounds(limit.name)
        asked = f"Tapez un nombre de {fewest} à {most}."
        field = forms.IntegerField(
            label="Nombre d'essais",
            min_value=fewest,
            max_value=most,
            help_text=bounds_in_words(limit.name, fewest, most),
            error_messages={"required": EMPTY, "invalid": asked, "min_value": asked, "max_value": asked},
        )
        field.widget.attrs |= {"autocomplete": "off", "class": "short"}
        self.fields["tries"] = field


def bounds_in_words(name: str, fewest: int, most: int) -> str:
    told = f"De {fewest} à {most} : "
    if name in changed_limits.MAY_RISE:
        return spaced(f"{told}dix fois moins ou dix fois plus que le réglage, au plus.")
    return spaced(f"{told}ce nombre protège chaque personne, il peut baisser mais ne dépasse jamais le réglage.")


@site.page("limites/<str:name>/", name="limit", what=May.CHANGE_LIMITS)
@require_http_methods(["GET", "POST"])
def limit(request: HttpRequest, name: str) -> HttpResponse:
    told = one(name)
    form = LimitForm(request.POST or None, limit=told, initial={"tries": told.tries, "seen": told.tries})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        decided: dict[str, Any] = {"tries": given["tries"], "seen": given["seen"], "reason": Reason(given["reason"])}
        try:
            is_new = changed_limits.change(name, **decided, by=by(request), now=timezone.now())
        except ChangedMeanwhile:
            form.add_error(None, ValidationError(spaced(AGAIN), code="changed_meanwhile"))
            told = one(name)
        else:
            return decided_on(request, is_new=is_new)
    fewest, most = changed_limits.bounds(name)
    known = {"limit": told, "form": form, "is_fixed": fewest == most}
    return page(request, "support/limit.html", told.words, **known)


@site.page("limites/<str:name>/reglage/", name="limit_restore", what=May.CHANGE_LIMITS)
@require_POST
def restore(request: HttpRequest, name: str) -> HttpResponse:
    """« Revenir au réglage »."""
    one(name)
    try:
        seen = int(request.POST.get("seen", ""))
    except ValueError:
        raise Refused(Why.FILTER) from None
    try:
        is_new = changed_limits.restore(name, seen=seen, by=by(request), now=timezone.now())
    except ChangedMeanwhile:
        messages.warning(request, spaced(AGAIN))
        return redirect("admin:limit", name)
    return decided_on(request, is_new=is_new)


def one(name: str) -> Shown:
    """Raises Refused."""
    if name not in settings.THROTTLES:
        raise Refused(Why.SCOPE)
    return next(each for each in shown() if each.name == name)


def decided_on(request: HttpRequest, *, is_new: bool) -> HttpResponse:
    said = "C'est enregistré : tous les serveurs l'appliquent dans les 10 secondes."
    messages.success(request, spaced(said if is_new else "Rien n'a changé : c'était déjà ce nombre."))
    return redirect("admin:limits")


def by(request: HttpRequest) -> Account:
    """Who asks: the door lets nobody else in here."""
    return cast(Account, request.user)


def page(request: HttpRequest, template: str, title: str, **known: Any) -> HttpResponse:
    return TemplateResponse(request, template, {**site.each_context(request), "title": title, **known})
