"""« Actualités »: what the MSA and a member's caisses tell today (F09). They are written at the support desk."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.identity.caisses import Caisse
from accounts.models import News

NEWEST = 3


def of(caisses: Iterable[Caisse], *, now: datetime) -> QuerySet[News]:
    """The newest three of these caisses and of the whole MSA."""
    told_by = ["", *(caisse.code for caisse in caisses)]
    shown = News.objects.filter(Q(until=None) | Q(until__gt=now), caisse__in=told_by, published_at__lte=now)
    return shown.order_by("-published_at", "pk")[:NEWEST]
