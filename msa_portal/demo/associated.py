"""The demonstration's member whose account FranceConnect opens already, under the sub that it will tell (I12)."""

from dataclasses import asdict
from datetime import datetime

from django.conf import settings

from accounts.identity.nir import Nir
from accounts.models import Account, Entry, Event, login_of_nir
from franceconnect.client import linking
from franceconnect.models import Link
from franceconnect.simulator import citizens, rnipp, subject

SLUG = "orsini"


def associate(*, now: datetime) -> bool:
    """Returns whether anything had to be written. Who dissociated her is not contradicted at the next start."""
    citizen = citizens.find(SLUG)
    assert citizen is not None
    account = Account.objects.with_login(login_of_nir(Nir.parse(citizen.member_nir).number))
    if account is None or not settings.FRANCECONNECT_ISSUER:
        return False
    told = subject.of(asdict(rnipp.ask(citizen.claims)), subject.PORTAL_ENTITY)
    mark = linking.mark(settings.FRANCECONNECT_ISSUER, told)
    link = Link.objects.filter(account=account).first()
    if link is None and Entry.objects.filter(event=Event.FRANCECONNECT_UNLINKED, account=account.pk).exists():
        return False
    if link and (bytes(link.subject_fingerprint) == mark or link.issuer == settings.FRANCECONNECT_ISSUER):
        return False
    # Made anew where the simulator now stands: its port is in its issuer.
    link = link or Link(account=account, created_at=now, last_used_at=now)
    link.issuer, link.subject, link.subject_fingerprint = settings.FRANCECONNECT_ISSUER, told, mark
    link.save()
    return True
