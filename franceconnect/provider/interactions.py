"""A client's request on its way through our pages: begun, signed in, finished once (R15)."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from accounts.models import Account
from accounts.sign_in import How, SignIn
from franceconnect.models import Interaction
from franceconnect.provider.authorization_request import AuthorizationRequest


def begin(request: AuthorizationRequest, *, browser: bytes, now: datetime) -> Interaction:
    """Keep the request for this browser until FranceConnect would not wait any longer."""
    interaction = Interaction(
        client=request.known_client, browser=browser, created_at=now, expires_at=now + settings.OIDC_INTERACTION_LIFE
    )
    interaction.parameters = dict(request.parameters)
    interaction.save(force_insert=True)
    return interaction


def find(interaction_id: uuid.UUID, *, browser: bytes, now: datetime) -> Interaction | None:
    """The request, if this very browser brought it and still waits: a link sent to somebody else opens nothing."""
    mine = Interaction.objects.filter(pk=interaction_id, browser=browser, finished_at=None, expires_at__gt=now)
    return mine.select_related("client", "account__member").first()


def request_of(interaction: Interaction) -> AuthorizationRequest:
    return replace(AuthorizationRequest(interaction.parameters), client=interaction.client)


def sign_in(interaction: Interaction, done: SignIn, *, weak: bool) -> None:
    """Who signed in on this request's own page; `weak` when the rule would refuse the password today (R2)."""
    interaction.account, interaction.how, interaction.signed_in_at = done.account, done.how, done.at
    interaction.weak_password = weak and done.how is How.PASSWORD
    interaction.session_hash = done.account.get_session_auth_hash()
    interaction.save(update_fields=["account", "how", "signed_in_at", "weak_password", "session_hash"])


def password_chosen(interaction: Interaction, account: Account) -> None:
    """The member has just chosen a password here: this request goes on, other sessions have ended."""
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
