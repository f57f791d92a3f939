"""What the provider forgets, and when (R15, R16)."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from franceconnect import retention
from franceconnect.client import round_trips
from franceconnect.models import Consent, Grant, Interaction, RoundTrip
from tests.members import an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.visitor import Visitor, whole_flow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signing_keys")]


def purged(now: datetime) -> dict[str, int]:
    return {kind: count for kind, count in retention.purge(now=now).items() if count}


def test_a_request_nobody_finished_goes_an_hour_after_its_end():
    Visitor().bring(franceconnect().request())
    end = timezone.now() + settings.OIDC_INTERACTION_LIFE
    assert purged(end) == {}
    assert purged(end + timedelta(hours=1, minutes=1)) == {"service requests": 1}
    assert not Interaction.objects.exists()


def test_a_way_to_franceconnect_goes_an_hour_after_its_end_with_who_came_back_on_it():
    """FS 3, R16: nobody's claims wait longer than a NIR may take to be typed."""
    start = timezone.now()
    abandoned = round_trips.leave(RoundTrip.Purpose.SIGN_IN, browser=b"a browser", now=start)
    came = round_trips.leave(RoundTrip.Purpose.SIGN_IN, browser=b"another one", now=start)
    row = round_trips.come_back(came.state, browser=b"another one", now=start)
    row.arrival = {"claims": {"family_name": "LAMY"}, "id_token": "a.b.c"}
    row.save()
    assert abandoned.state != came.state
    end = start + settings.FRANCECONNECT_ROUND_TRIP_LIFE
    assert purged(end + timedelta(minutes=59)) == {}
    assert purged(end + timedelta(minutes=61)) == {"round trips": 2}
    assert not RoundTrip.objects.exists()


def test_a_sign_in_at_a_service_is_kept_six_months_and_the_consent_until_it_is_taken_back():
    """R16: federation traces; the request before the sign-in and after it are two rows."""
    an_account()
    whole_flow(standard(skip_authorization=False), Visitor())
    assert purged(timezone.now() + timedelta(days=182)) == {"service requests": 2}
    assert purged(timezone.now() + timedelta(days=184)) == {"service sign-ins": 1}
    assert not Grant.objects.exists()
    assert Consent.objects.exists()


def test_the_private_half_of_a_key_goes_when_nothing_is_signed_with_it_any_more(signing_keys):
    later = timezone.now() + timedelta(days=365)
    signing_keys["ES256"].retires_at = timezone.now()
    signing_keys["ES256"].forgotten_at = timezone.now()
    signing_keys["ES256"].save()
    retention.purge(now=later)
    signing_keys["ES256"].refresh_from_db()
    assert not signing_keys["ES256"].private
    assert signing_keys["ES256"].public
