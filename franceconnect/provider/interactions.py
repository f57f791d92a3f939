"""A client's request on its way through our pages: begun, signed in, answered once (R15)."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from accounts import backends, sealed
from accounts.compiled import Compiled, Given
from accounts.models import Account
from accounts.sign_in import How
from accounts.throttling import Limit, take
from franceconnect import clients
from franceconnect.models import Interaction
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.way import SignedIn

SERVICE_REQUESTS = Limit("service_requests")
_BY_KEY: Compiled[Interaction] = Compiled(lambda: Interaction.objects.filter(pk=Given("pk", models.UUIDField())))


def begin(request: AuthorizationRequest, *, browser: bytes, network: str, now: datetime) -> Interaction:
    """Keep the request for this browser until FranceConnect would not wait any longer. Raises TooManyAttempts."""
    take((SERVICE_REQUESTS, network), now=now)
    interaction = Interaction(
        client=request.known_client, browser=browser, created_at=now, expires_at=now + settings.OIDC_INTERACTION_LIFE
    )
    interaction.parameters = dict(request.parameters)
    interaction.save(force_insert=True)
    return interaction


def find(interaction_id: uuid.UUID, *, browser: bytes) -> Interaction | None:
    """The request, if this very browser brought it and it waits: a link sent to somebody else opens nothing.

    It may have expired: whoever asks tells the client so. Nobody is there any more once sessions were ended elsewhere.
    """
    found = _BY_KEY.first(pk=interaction_id)
    if found is None or found.finished_at or not sealed.same(bytes(found.browser), browser):
        return None
    client = clients.of(found.client_id)
    if client is None:
        return None
    found.client = client
    if found.account_id:
        found.account = backends.account_with_member(found.account_id)
    return found


def request_of(interaction: Interaction) -> AuthorizationRequest:
    return replace(AuthorizationRequest(interaction.parameters), client=interaction.client)


@transaction.atomic
def sign_in(interaction: Interaction, someone: SignedIn) -> Interaction | None:
    """The request goes on under a new number, which only who signed in has seen; None if it was answered meanwhile.

    Whoever knew the old one, and the browser's token, would otherwise be signed in as well (session fixation).
    """
    if not finish(interaction, now=someone.who.at):
        return None
    account = someone.who.account
    going_on = Interaction(
        client=interaction.client,
        browser=interaction.browser,
        created_at=interaction.created_at,
        expires_at=interaction.expires_at,
        account=account,
        how=someone.how or "",
        weak_password=someone.weak,
        signed_in_at=someone.who.at,
        session_hash=account.get_session_auth_hash(),
    )
    going_on.parameters = interaction.parameters
    going_on.save(force_insert=True)
    return going_on


def password_chosen(interaction: Interaction, account: Account) -> None:
    """The member has just chosen a password here: this request goes on, other sessions have ended."""
    if interaction.account_id != account.pk:
        return  # who came with the portal's session has not signed in here
    interaction.account = account
    interaction.how, interaction.weak_password = How.PASSWORD, False
    interaction.session_hash = account.get_session_auth_hash()
    interaction.save(update_fields=["how", "weak_password", "session_hash"])


def member_of(interaction: Interaction) -> Account | None:
    """Who signed in here, as long as nothing has ended their sessions since."""
    account = interaction.account
    if account is None or not account.is_active or account.get_session_auth_hash() != interaction.session_hash:
        return None
    return account


def finish(interaction: Interaction, *, now: datetime) -> bool:
    """One answer to one request. False if it was given already."""
    return bool(Interaction.objects.filter(pk=interaction.pk, finished_at=None).update(finished_at=now))
