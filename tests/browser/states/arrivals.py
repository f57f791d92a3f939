"""Whom FranceConnect has named in this browser, and accounts that it opens."""

import secrets

from django.conf import settings
from django.utils import timezone

from accounts.models import Account, Member
from accounts.sealed import fingerprint
from franceconnect.client import arrival, linking, round_trips
from franceconnect.client.identity import FederationIdentity
from franceconnect.client.relying_party import Arrival
from franceconnect.client.views.round_trip import KEPT
from franceconnect.models import Link, RoundTrip
from franceconnect.simulator import citizens
from tests.browser.states.cookies import Cookies, session
from tests.browser.states.people import PASSWORD, account_of, with_own_password
from tests.browser.states.requests import BROWSER, in_this_browser


def identity(who: str) -> FederationIdentity:
    """Another sub each time: limits count the tries of a person."""
    told = {**citizens.find(who).claims, "sub": f"{secrets.token_hex(32)}v1"}
    return FederationIdentity.from_claims(told, issuer=settings.FRANCECONNECT_ISSUER)


def arrived(who: str, *, member: Member | None = None) -> Cookies:
    """Back from FranceConnect, with the number still to be typed, or with a registration to finish."""
    now, browser = timezone.now(), fingerprint("browser", BROWSER)
    left = round_trips.leave(RoundTrip.Purpose.SIGN_IN, browser=browser, now=now)
    round_trip = round_trips.come_back(left.state, browser=browser, now=now)
    arrival.keep(Arrival(round_trip, identity(who), "an id_token", now))
    RoundTrip.objects.filter(pk=round_trip.pk).update(member=member)
    return {**in_this_browser(), **session(**{KEPT: str(round_trip.pk)})}


def linked(who: str, *, password: bool = True) -> Account:
    """An account that FranceConnect opens, both duties done; with a password of its own, or without."""
    account = with_own_password(who, PASSWORD) if password else account_of(who)
    if not password:
        account.set_unusable_password()
    account.contact_confirmed_at = account.email_proven_at = timezone.now()
    account.save()
    Link.objects.filter(account=account).delete()
    linking.link(account, identity(who), by="account", now=timezone.now())
    return account
