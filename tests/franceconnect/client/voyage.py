"""A browser's way to FranceConnect and back, without the portal's pages: what the protocol's tests stand on."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from django.http import QueryDict
from django.utils import timezone

from accounts.models import Entry, Event
from accounts.sealed import fingerprint
from franceconnect.client import relying_party
from franceconnect.client.relying_party import Arrival, ReturnedWithProblem
from franceconnect.models import RoundTrip

HERE = fingerprint("browser", "this one")
ELSEWHERE = fingerprint("browser", "another one")
# By then FranceConnect's keys may be asked for again.
LATER = timedelta(seconds=10)


def leave(**asked) -> str:
    """The address that begin() gives to this browser."""
    known = {"browser": HERE, "network": "192.0.2.7", "now": timezone.now(), **asked}
    return relying_party.begin(RoundTrip.Purpose.SIGN_IN, **known)


def query_of(address: str) -> QueryDict:
    return QueryDict(urlsplit(address).query)


def asked_in(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def come_back(callback: str, **here) -> Arrival:
    """What finish() makes of the address that FranceConnect sent this browser to."""
    return relying_party.finish(query_of(callback), **{"browser": HERE, "now": timezone.now(), **here})


def problem_of(callback: str, **here) -> ReturnedWithProblem:
    """The problem with which this return ends."""
    try:
        come_back(callback, **here)
    except ReturnedWithProblem as problem:
        return problem
    raise AssertionError("somebody arrived")


def journaled() -> list[dict[str, str]]:
    """What the journal tells of returns that brought nobody."""
    entries = Entry.objects.filter(event=Event.FRANCECONNECT_RETURNED).order_by("pk")
    return list(entries.values_list("detail", flat=True))
