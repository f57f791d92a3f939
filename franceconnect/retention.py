"""How long things are kept (R15, R16), for the tables of this room."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from franceconnect import keys
from franceconnect.models import Grant, Interaction, RoundTrip
from franceconnect.provider import client_assertion

# Nobody is told « this request is over » later than that.
OVER_FOR = timedelta(hours=1)


def purge(*, now: datetime) -> dict[str, int]:
    """Apply the rules; returns how many rows went, by kind. Private halves of keys that sign no more go as well."""
    keys.erase_private_halves(now=now)
    # Who came back and typed no number in time: the row may still say « too late », its claims serve nothing (FS 23).
    RoundTrip.objects.filter(expires_at__lt=now, arrival__isnull=False).update(arrival=None)
    return {
        "service requests": Interaction.objects.filter(
            Q(expires_at__lt=now - OVER_FOR) | Q(finished_at__lt=now - OVER_FOR)
        ).delete()[0],
        "service sign-ins": Grant.objects.filter(created__lt=now - settings.FEDERATION_TRACE_LIFE).delete()[0],
        # Who never came back, and who did: by then both have had their answer.
        "round trips": RoundTrip.objects.filter(expires_at__lt=now - OVER_FOR).delete()[0],
        "client assertions": client_assertion.forget(now=now),
    }
