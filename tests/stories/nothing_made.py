"""What stands in the database for a member, counted before and after: a refusal adds nothing to it (FS 6)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import outbox
from accounts.models import Account, Email, Entry, Letter
from franceconnect.models import Link, RoundTrip
from tests.stories.caller import Caller

REFERENCE = re.compile(r"donnez cette référence : ([0-9a-f]+)")


def made() -> dict[str, int]:
    """Whatever is decided beside the requests has had its turn."""
    outbox.sweep(now=timezone.now())
    return {
        "accounts": Account.objects.count(),
        "links": Link.objects.count(),
        "sessions of members": sum(SESSION_KEY in each.get_decoded() for each in Session.objects.all()),
        "e-mails": Email.objects.count(),
        "letters": Letter.objects.count(),
        "identities that wait": RoundTrip.objects.filter(finished_at=None, arrival__isnull=False).count(),
    }


@contextmanager
def nothing_is_made(*, waiting: int = 0) -> Iterator[None]:
    """`waiting` identities may wait for their number, sealed, for half an hour (I11)."""
    before = made()
    yield
    assert made() == {**before, "identities that wait": before["identities that wait"] + waiting}


def told_of(caller: Caller) -> Entry:
    """The line of the journal that the reference on the page finds."""
    found = REFERENCE.search(caller.text)
    assert found, f"{caller.path} gives no reference: {caller.text[:1500]}"
    return Entry.objects.get(request_id=found[1])
