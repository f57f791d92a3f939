"""Letters in the queue whose secret opens nothing any more: set aside, for a dead code on paper only misleads (R13)."""

from datetime import datetime

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.letters.text import Reason
from accounts.models import Code, Letter

# What stands in a letter of this kind opens nothing any more once the letter lies on somebody else's table.
SECRETS = {
    Letter.Kind.TEMPORARY_PASSWORD: Code.Purpose.TEMPORARY_PASSWORD,
    Letter.Kind.DEPARTMENT_CODE: Code.Purpose.DEPARTMENT,
    Letter.Kind.COMPANY_CODE: Code.Purpose.TEMPORARY_PASSWORD,
}
_PURPOSE = Case(
    *(When(kind=kind, then=Value(str(purpose))) for kind, purpose in SECRETS.items()), output_field=CharField()
)


def set_aside(letters: QuerySet[Letter], *, now: datetime) -> int:
    """Those whose code was replaced, taken back or used, or has lived its life. One statement; returns how many.

    A code is issued in the moment of its letter, for the account of its member or company.
    """
    issued = Code.objects.filter(purpose=OuterRef("purpose"), created_at=OuterRef("created_at"))
    dead = issued.filter(Q(used_at__isnull=False) | Q(expires_at__lte=now))
    of_a_member = Exists(dead.filter(account__member=OuterRef("member")))
    of_a_company = Exists(dead.filter(account=OuterRef("account")))
    with_a_secret = letters.filter(kind__in=SECRETS).annotate(purpose=_PURPOSE)
    spent = with_a_secret.filter(of_a_member | of_a_company)
    return Letter.objects.filter(pk__in=spent.values("pk")).update(set_aside=Reason.SPENT, content=None)
