"""A service's request at the door: AuthorizationRequest's rules in FranceConnect's order (facts B2, B5)."""

import json
from collections.abc import Callable, Mapping

from django.http import HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect

from franceconnect.simulator import clients
from franceconnect.simulator.clients import Service
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.hub import answers, interactions
from franceconnect.simulator.knobs import knobs
from franceconnect.simulator.middleware import HubRequest

MALFORMED = "Y030007"
UNKNOWN_CLIENT = "Y04EA6EF"
UNKNOWN_REDIRECT_URI = "Y04C013C"
AMR_NOT_GRANTED = "Y100009"

REQUIRED = ("client_id", "response_type", "redirect_uri", "scope", "state", "nonce", "acr_values")
KNOWN = frozenset({*REQUIRED, "prompt", "claims", "idp_hint", "ui_locales"})
SHORTEST_NONCE, LONGEST_ACR = 22, 64
PROMPTS = (["login"], ["consent"], ["login", "consent"], ["consent", "login"])
# FranceConnect+ gives these; this FranceConnect is the other one.
HIGHER_LEVELS = {"eidas2", "eidas3"}

Parameters = Mapping[str, str]


class ServiceRefused(Exception):
    """Told to the service at its callback, as OpenID Connect has it."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


def authorize(request: HubRequest) -> HttpResponse:
    """GET and POST alike; on to the choice of an identity provider, or past it when somebody is signed in (I17)."""
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    parameters = single(request.GET if request.method == "GET" else request.POST)
    for check in SHAPE:
        check(parameters)
    service = known_service(parameters)
    interaction = interactions.begin(request.hub, service.client_id, dict(parameters))
    try:
        for rule in RULES:
            rule(service, parameters)
    except ServiceRefused as refused:
        return answers.refuse(request.hub, interaction, refused.error, refused.description)
    if knobs.sso and request.hub.signed_in:
        interaction.signed_in, interaction.provider = request.hub.signed_in, request.hub.signed_in.provider
        return redirect(f"/api/v2/interaction/{interaction.id}/consent")
    return redirect(f"/api/v2/interaction/{interaction.id}")


def single(given: QueryDict) -> Parameters:
    """Each parameter once and known, or none is believed: PKCE's are not known (B2)."""
    if any(len(values) > 1 for _, values in given.lists()) or set(given) - KNOWN:
        raise HubRefused(MALFORMED)
    return {name: str(value) for name, value in given.items()}


def has_what_is_required(parameters: Parameters) -> None:
    if not all(parameters.get(name) for name in REQUIRED):
        raise HubRefused(MALFORMED)


def is_for_a_code(parameters: Parameters) -> None:
    if parameters["response_type"] != "code":
        raise HubRefused(MALFORMED)


def is_openid(parameters: Parameters) -> None:
    if "openid" not in parameters["scope"].split():
        raise HubRefused(MALFORMED)


def has_a_long_nonce(parameters: Parameters) -> None:
    """The state as well: 16 characters are refused, 22 are enough."""
    if min(len(parameters["nonce"]), len(parameters["state"])) < SHORTEST_NONCE:
        raise HubRefused(MALFORMED)


def has_a_short_acr(parameters: Parameters) -> None:
    if len(parameters["acr_values"]) > LONGEST_ACR:
        raise HubRefused(MALFORMED)


def has_a_prompt_we_know(parameters: Parameters) -> None:
    """`none` and `select_account` do not exist here."""
    if "prompt" in parameters and parameters["prompt"].split(" ") not in PROMPTS:
        raise HubRefused(MALFORMED)


def has_claims_that_can_be_read(parameters: Parameters) -> None:
    if "claims" in parameters and not isinstance(_claims(parameters), dict):
        raise HubRefused(MALFORMED)


SHAPE: tuple[Callable[[Parameters], None], ...] = (
    has_what_is_required,
    is_for_a_code,
    is_openid,
    has_a_long_nonce,
    has_a_short_acr,
    has_a_prompt_we_know,
    has_claims_that_can_be_read,
)


def known_service(parameters: Parameters) -> Service:
    """Until here an error leads nowhere else: the address might be anybody's."""
    service = clients.of(parameters["client_id"])
    if not service:
        raise HubRefused(UNKNOWN_CLIENT)
    if parameters["redirect_uri"] not in service.redirect_uris:
        raise HubRefused(UNKNOWN_REDIRECT_URI)
    if not service.may_ask_amr and "amr" in _asked_of_id_token(parameters):
        raise HubRefused(AMR_NOT_GRANTED)
    return service


def is_not_refused_by_a_knob(service: Service, parameters: Parameters) -> None:
    """B5: the error is used up by the first request it answers."""
    if error := knobs.error:
        knobs.error = ""
        raise ServiceRefused(error, knobs.error_description)


def asks_for_what_it_was_granted(service: Service, parameters: Parameters) -> None:
    """Unknown scopes are nothing; a known one that is not in the books is an error."""
    if beyond := (set(parameters["scope"].split()) & set(clients.CLAIMS_OF)) - service.scopes:
        raise ServiceRefused("invalid_scope", f"requested scope is not allowed: {' '.join(sorted(beyond))}")


def asks_for_a_level_we_have(service: Service, parameters: Parameters) -> None:
    """A level that nobody knows is read as eidas1."""
    asked = set(parameters["acr_values"].split())
    if asked and asked <= HIGHER_LEVELS:
        raise ServiceRefused("invalid_acr", "acr_value is not valid")


def hints_at_a_provider_it_may(service: Service, parameters: Parameters) -> None:
    if "idp_hint" in parameters and parameters["idp_hint"] not in service.idp_hints:
        raise ServiceRefused("invalid_idp_hint", "An idp_hint was provided but is not allowed")


RULES: tuple[Callable[[Service, Parameters], None], ...] = (
    is_not_refused_by_a_knob,
    asks_for_what_it_was_granted,
    asks_for_a_level_we_have,
    hints_at_a_provider_it_may,
)


def _claims(parameters: Parameters) -> object:
    try:
        return json.loads(parameters["claims"])
    except ValueError:
        return None


def _asked_of_id_token(parameters: Parameters) -> Mapping[str, object]:
    claims = _claims(parameters) if "claims" in parameters else {}
    wanted = claims.get("id_token") if isinstance(claims, dict) else None
    return wanted if isinstance(wanted, dict) else {}
