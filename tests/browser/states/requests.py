"""Services' requests that wait in this browser, and how far their member has come."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Account
from accounts.sealed import fingerprint
from accounts.sign_in import How
from franceconnect import registration
from franceconnect.models import Client, Interaction
from tests.browser.states.cookies import Cookies, signed_in

BROWSER = "b" * 43
SERVICE = "Mon estimation retraite"
FEDERATION_SCOPE = "openid profile email birth"


def franceconnect() -> Client:
    return registered("franceconnect-essai", preset="franceconnect-integration")


def service() -> Client:
    callbacks = {"redirect_uris": ["https://retraite.example/retour"]}
    leaving = {"post_logout_redirect_uris": ["https://retraite.example/au-revoir"]}
    return registered("retraite-essai", preset="standard", name=SERVICE, **callbacks, **leaving)


def registered(client_id: str, **columns: object) -> Client:
    """Places are come to more than once."""
    found = Client.objects.filter(client_id=client_id).first()
    return found or registration.register(client_id, now=timezone.now(), **columns).client


def asked_by(client: Client, scope: str, **signed_in_here: Any) -> Interaction:
    """The request as it stands in its row, and who signed in on its own page."""
    now = timezone.now()
    until = now + settings.OIDC_INTERACTION_LIFE
    browser = fingerprint("browser", BROWSER)
    interaction = Interaction(client=client, browser=browser, created_at=now, expires_at=until, **signed_in_here)
    interaction.parameters = {
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uris.split()[0],
        "response_type": "code",
        "scope": scope,
        "state": "0123456789abcdef" * 4,
    }
    interaction.save(force_insert=True)
    return interaction


def at_franceconnect(
    account: Account | None = None, how: How = How.PASSWORD, **columns: Any
) -> tuple[Interaction, Cookies]:
    """On the way to FranceConnect: who signed in stands in the request, and in no session (R15)."""
    if account:
        columns |= {"account": account, "how": how, "signed_in_at": timezone.now()}
        columns["session_hash"] = account.get_session_auth_hash()
    return asked_by(franceconnect(), FEDERATION_SCOPE, **columns), in_this_browser()


def at_a_service(account: Account | None = None, *, scope: str = "openid") -> tuple[Interaction, Cookies]:
    """On the way to a service like any other, which shares the portal's session."""
    return asked_by(service(), scope), {**in_this_browser(), **(signed_in(account) if account else {})}


def in_this_browser() -> Cookies:
    return {settings.BROWSER_COOKIE_NAME: BROWSER}
