"""What a service hears at its callback: a code, or an error; always with its state and who says so (facts B3, B5)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse

from franceconnect.simulator import clients, clock, settings, state, subject
from franceconnect.simulator.hub import interactions
from franceconnect.simulator.knobs import knobs

SOMEBODY_ELSE = "https://faux-franceconnect.example/api/v2"
# FranceConnect's words for a visitor who turns back (B5).
GAVE_UP = "User auth aborted"


def answer(session: state.Session, interaction: state.Interaction) -> HttpResponse:
    """A code for the service, which lives 30 s; once. Raises HubRefused."""
    signed_in = interaction.signed_in
    assert signed_in is not None, "nobody is signed in"
    client = clients.of(interaction.client_id)
    assert client is not None, "services come and go with the process"
    now = clock.now()
    sub = subject.of(signed_in.identity, client.entity_id)
    with state.lock:
        _answer_once(session, interaction)
        code = state.new_id()
        state.codes[code] = state.Grant(
            client_id=client.client_id,
            redirect_uri=interaction.parameters["redirect_uri"],
            nonce=interaction.parameters["nonce"],
            sub=sub,
            claims=told(signed_in, interaction.parameters["scope"].split()),
            session_id=session.id,
            auth_time=signed_in.at,
            expires_at=now + (-1 if knobs.spoil == "expired_code" else state.CODE_LIFE),
            scope=interaction.parameters["scope"],
        )
        session.services[client.client_id] = sub
    return _back(interaction, {} if knobs.spoil == "no_code" else {"code": code})


def refuse(session: state.Session, interaction: state.Interaction, error: str, description: str = "") -> HttpResponse:
    """The service learns an error of B5. Raises HubRefused when it was answered before."""
    with state.lock:
        _answer_once(session, interaction)
    return _back(interaction, {"error": error, **({"error_description": description} if description else {})})


def told(signed_in: state.SignedIn, scopes: list[str]) -> dict[str, object]:
    """The claims of userinfo that these scopes stand for; what is not known is left out, but for the birthplace."""
    names = {name for scope in scopes for name in clients.CLAIMS_OF.get(scope, ())}
    known: dict[str, object] = {**signed_in.identity, "idp_id": signed_in.provider}
    known["given_name_array"] = signed_in.identity["given_name"].split()
    return {name: value for name, value in known.items() if name in names and (value or name == "birthplace")}


def _answer_once(session: state.Session, interaction: state.Interaction) -> None:
    interactions.find(session, interaction.id)
    interaction.answered = True


def _back(interaction: state.Interaction, said: Mapping[str, str]) -> HttpResponse:
    """A GET at the top of the window, as the service's cookie has to come along."""
    parameters = dict(said)
    if not knobs.lose_state:
        parameters["state"] = interaction.parameters["state"]
    if knobs.spoil != "no_iss":
        parameters["iss"] = SOMEBODY_ELSE if knobs.spoil == "forged_iss" else settings.ISSUER
    there = f"{interaction.parameters['redirect_uri']}?{urlencode(parameters)}"
    return HttpResponse(status=303, headers={"Location": there})
