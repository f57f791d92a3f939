"""What anybody may ask for from anywhere fills no table and shuts nobody out (R12, FS 3)."""

import pytest
from django.contrib.sessions.models import Session

from accounts.models import Entry
from franceconnect.models import RoundTrip
from tests.franceconnect.client.traveller import START, Traveller
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
CALLBACK = "/franceconnect/retour/"
ISSUER = "https://franceconnect.example/api/v2"


@pytest.mark.parametrize("query", ["?a=1&a=2", "?state=1&state=2", "?state=" + "0" * 64])
def test_returns_that_nobody_left_with_are_counted_however_they_are_written(settings, query):
    """R12: neither the journal nor the table of sessions grows for as long as somebody likes."""
    settings.FRANCECONNECT_ISSUER = ISSUER
    settings.THROTTLES = {**settings.THROTTLES, "franceconnect_network": (3, 600, 60, 600)}
    answers = [Caller().client.get(CALLBACK + query).status_code for _ in range(6)]
    assert answers == [302] * 3 + [429] * 3
    assert Entry.objects.count() <= 3
    assert Session.objects.count() <= 3


@pytest.mark.parametrize(
    "seen_as",
    [
        {"HTTP_SEC_FETCH_DEST": "image"},
        {"HTTP_SEC_FETCH_DEST": "iframe"},
        {"HTTP_SEC_FETCH_DEST": "empty", "HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_FETCH_DEST": "document", "HTTP_SEC_PURPOSE": "prefetch;prerender"},
    ],
    ids=["image", "frame", "prefetch", "prerender"],
)
def test_a_picture_on_somebody_s_page_begins_nothing(simulator, seen_as):
    """R12: six hundred of them would keep a whole network from FranceConnect."""
    caller = Traveller(simulator)
    answer = caller.client.get(START, **seen_as)
    assert answer.status_code == 400
    assert not RoundTrip.objects.exists()
    assert caller.client.get(START, HTTP_SEC_FETCH_DEST="document").status_code == 302
