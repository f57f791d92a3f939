"""From a provider's word to somebody whom FranceConnect vouches for: level, register, session (facts A6, A7)."""

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect

from franceconnect.simulator import clock, providers, rnipp, state
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.providers import LEVELS, Provider
from franceconnect.simulator.state import Interaction, Session, SignedIn

# FranceConnect has no other level, whatever the provider's (A6).
ASKED_BY_DEFAULT = LEVELS[0]


def identify(
    session: Session, interaction: Interaction, *, provider: str, claims: Mapping[str, str], acr: str, id_token: str
) -> HttpResponse:
    """The claims have passed the identity check (A5). Raises HubRefused."""
    vouching = providers.find(provider)
    if not vouching:
        raise HubRefused("Y020019")
    check_level(vouching, acr, asked=asked_level(interaction))
    if providers.is_too_low_when_suspicious(acr):
        return back_to_picker(interaction, f"{vouching.name} ne suffit pas\u00a0: votre connexion semble inhabituelle.")
    try:
        known = rnipp.ask(claims)
    except rnipp.RnippRefused as refused:
        interaction.refusal = refused.code
        return HttpResponseRedirect(f"{address(interaction)}/refus")
    told = {name: claims[name] for name in ("email", "preferred_username") if claims.get(name)}
    identity = {**known.claims, **told, "idp_birthdate": claims["birthdate"]}
    with state.lock:
        session.signed_in = SignedIn(vouching.slug, identity, at=clock.now(), provider_id_token=id_token)
        interaction.signed_in, interaction.provider, interaction.banner = session.signed_in, vouching.slug, ""
    return HttpResponseRedirect(f"{address(interaction)}/consent")


def check_level(provider: Provider, acr: str, *, asked: str) -> None:
    """In FranceConnect's order. Raises HubRefused."""
    if not acr:
        raise HubRefused("Y100002")
    if providers.level(acr) < providers.level(asked):
        raise HubRefused("Y100001", 403)
    if acr not in provider.allowed_acr:
        raise HubRefused("Y100018", 403)


def asked_level(interaction: Interaction) -> str:
    asked = interaction.parameters.get("acr_values", "")
    return asked if asked in LEVELS else ASKED_BY_DEFAULT


def back_to_picker(interaction: Interaction, banner: str) -> HttpResponse:
    """A8: whatever went wrong at a provider, the visitor may take another one; the service hears nothing."""
    interaction.banner = banner
    return HttpResponseRedirect(address(interaction))


def address(interaction: Interaction) -> str:
    return f"/api/v2/interaction/{interaction.id}"
