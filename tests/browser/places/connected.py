"""« Services connectés », and « Ce n'est pas moi » behind the notice of a sign-in."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts import codes
from accounts.models import Account, Code
from franceconnect import consents, registration
from franceconnect.models import Client
from franceconnect.provider import grants
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.grants import Authentication
from tests.browser import states
from tests.browser.places.place import Place, Visit, at, fill, inside
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, signed_in

SERVICES = "/mon-compte/services/"


def connected() -> Iterator[Place]:
    yield Place("services-connectes-aucun", inside(SERVICES))
    yield Place("services-connectes", with_services)
    yield Place("services-connectes-confirmer", with_services, lambda page: page.locator("summary").first.click())
    yield Place("ce-n-est-pas-moi", notice_link)
    yield Place("ce-n-est-pas-moi-fait", notice_link, fill({}, "Protéger mon compte"))
    yield Place("ce-n-est-pas-moi-par-courrier", link_of_the_old_address, fill({}, "Protéger mon compte"))
    yield Place("ce-n-est-pas-moi-refuse", at("/franceconnect/ce-n-est-pas-moi/inconnu/"))
    yield Place("ce-n-est-pas-moi-trop-tard", notice_link_of_last_month)


def with_services() -> Visit:
    """One service that may know much and one that only recognises the member, and FranceConnect."""
    account = settled(states.with_own_password("hoarau", PASSWORD))
    now, names = timezone.now(), {"meteo": "Météo agricole", "retraite": "Mon estimation de retraite complémentaire"}
    for number, (client_id, name) in enumerate(names.items()):
        client = registered(client_id, preset="standard", name=name, redirect_uris=[f"https://{client_id}.example/"])
        scopes = "openid" if number else "openid profile email birth phone address"
        consents.give(account, client, frozenset(scopes.split()), now=now - timedelta(days=40 * (number + 1)))
        if not number:
            sign_in_at(client, account)
    sign_in_at(registered("franceconnect", preset="franceconnect-integration"), account)
    return Visit(SERVICES, signed_in(account))


def registered(client_id: str, **columns: object) -> Client:
    """These places are come to more than once."""
    found = Client.objects.filter(client_id=client_id).first()
    return found or registration.register(client_id, now=timezone.now(), **columns).client


def sign_in_at(client: Client, account: Account) -> None:
    asked = AuthorizationRequest({"redirect_uri": client.redirect_uris.split()[0], "scope": "openid"}, client=client)
    grants.issue(asked, Authentication(account, timezone.now()), now=timezone.now())


def notice_link() -> Visit:
    return link(sent_to=states.account_of("kervadec").email)


def link_of_the_old_address() -> Visit:
    return link(sent_to="kervadec.avant@example.org")


def notice_link_of_last_month() -> Visit:
    return link(sent_to="kervadec@example.org", days_ago=30)


def link(*, sent_to: str, days_ago: int = 0) -> Visit:
    account = states.with_own_password("kervadec", PASSWORD)
    account.email_proven_at = at_that_time = timezone.now() - timedelta(days=days_ago)
    account.save()
    secret = codes.issue_link(
        account,
        Code.Purpose.NOT_ME,
        life=settings.NOT_ME_LIFE,
        subject={
            "reference": "K7WQ3TXA",
            "family": "Samsung Internet",
            "at": at_that_time.isoformat(),
            "sent_to": sent_to,
        },
        now=at_that_time,
    )
    return Visit(f"/franceconnect/ce-n-est-pas-moi/{secret}/", {})
