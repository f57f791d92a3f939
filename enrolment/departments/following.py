"""The registry has changed: departments open and close by themselves, and their member is told (F02)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import journal
from accounts.models import Account, Affiliation, Event, OpenDepartment, Profile
from accounts.registry import afterwards
from accounts.registry.importing.progress import Progress, silent
from enrolment.departments import answering, known, posting
from enrolment.departments.answering import Changes
from enrolment.models import DepartmentRequest

ORIGIN = OpenDepartment.Origin
# So many accounts are looked at in one transaction: a second at the most, and flat memory.
SLICE = 5000


@afterwards.import_registry
def follow_registry(*, now: datetime, progress: Progress = silent) -> int:
    """Compare what is open with what the registry says today. Returns how many accounts have changed.

    Two statements a slice tell the differences: where nothing changed nothing is read, locked or written.
    """
    today, changed = timezone.localdate(now), 0
    # Millions are not counted for nobody.
    total = 0 if progress is silent else _members().count()
    for number, between in enumerate(_slices()):
        progress("departments", max(0, min(number * SLICE, total - 1)), total)
        changed += _follow(between, today=today, now=now)
    _end_farms(today=today, now=now)
    progress("departments", total, total)
    return changed


@transaction.atomic
def _end_farms(*, today: date, now: datetime) -> None:
    """H05: the services of a farm end with it, also where its farmer stays known to the department as somebody else."""
    farm = {"member": OuterRef("account__member"), "department": OuterRef("department"), "profile": Profile.FARMER}
    opened = DepartmentRequest.objects.filter(way=known.HERE, opened_at__isnull=False, closed_at=None)
    for request in opened.filter(~Exists(Affiliation.objects.filter(_active(today), **farm))):
        if opened.filter(pk=request.pk).update(closed_at=now):
            detail = {"department": request.department, "reference": request.reference, "by": str(ORIGIN.REGISTRY)}
            journal.record(Event.DEPARTMENT_CLOSED, account=request.account_id, detail=detail, now=now)


def _members() -> QuerySet[Account]:
    return Account.objects.filter(kind=Account.Kind.MEMBER)


def _slices() -> Iterator[Q]:
    """Ranges of accounts, in the order of their keys."""
    last: uuid.UUID | None = None
    members = _members().order_by("pk")
    while True:
        rest = members if last is None else members.filter(pk__gt=last)
        end = rest.values_list("pk", flat=True)[SLICE - 1 : SLICE].first()
        yield Q(**({"pk__gt": last} if last else {}), **({"pk__lte": end} if end else {}))
        if end is None:
            return
        last = end


@transaction.atomic
def _follow(between: Q, *, today: date, now: datetime) -> int:
    accounts = _members().filter(between)
    appeared, ended = _differences(accounts, today=today)
    taken_over = _taken_over(accounts, today=today).exists()
    if not (appeared or ended or taken_over):
        return 0
    # Asked again under a lock: of an import and the periodic task at once, one opens and tells.
    touched = list({*appeared, *ended})
    held = {each.pk: each for each in _held(touched)}
    mine = Account.objects.filter(pk__in=touched)
    _taken_over(accounts, today=today).update(origin=ORIGIN.REGISTRY)
    appeared, ended = _differences(mine, today=today)
    newcomers = _newcomers(appeared)
    _open(appeared, now=now)
    _close(ended, now=now)
    answered = answering.answer(appeared, now=now)
    for account in {*appeared, *ended}:
        # What a newcomer sees is what they registered with, and no news: but for what they had asked for.
        opened = answered[account] if account in newcomers else appeared[account]
        if opened or ended[account]:
            changes = {"opened": opened, "closed": ended[account], "answered": answered[account]}
            _tell(held[account], **changes, now=now)
    return len({*appeared, *ended})


def _held(accounts: list[uuid.UUID]) -> QuerySet[Account]:
    rows = Account.objects.filter(pk__in=accounts).order_by("pk")
    # Not their keys: an agent who accepts meanwhile names the account, and must not wait for us while we wait for them.
    return rows.select_for_update(of=("self",), no_key=True).select_related("member")


def _active(today: date) -> Q:
    return Q(since__lte=today) & (Q(until=None) | Q(until__gte=today))


def _differences(accounts: QuerySet[Account], *, today: date) -> tuple[Changes, Changes]:
    """Known but not open, open by the registry but known no more; by account."""
    is_open = OpenDepartment.objects.filter(
        account=OuterRef("member__account"), department=OuterRef("department"), closed_at=None
    )
    there = Affiliation.objects.filter(_active(today), member__account__in=accounts)
    appeared = there.filter(~Exists(is_open)).values_list("member__account", "department")
    opened = OpenDepartment.objects.filter(account__in=accounts, origin=ORIGIN.REGISTRY, closed_at=None)
    ended = opened.filter(~Exists(_still_known(today))).values_list("account", "department")
    return _by_account(appeared), _by_account(ended)


def _still_known(today: date) -> QuerySet[Affiliation]:
    return Affiliation.objects.filter(
        _active(today), member=OuterRef("account__member"), department=OuterRef("department")
    )


def _taken_over(accounts: QuerySet[Account], *, today: date) -> QuerySet[OpenDepartment]:
    """Opened by a code, and known to the registry since: from now on the registry's, and its end too. No news."""
    opened = OpenDepartment.objects.filter(account__in=accounts, origin=ORIGIN.CODE, closed_at=None)
    return opened.filter(Exists(_still_known(today)))


def _by_account(rows: Iterable[tuple[uuid.UUID, str]]) -> Changes:
    found: Changes = defaultdict(set)
    for account, department in rows:
        found[account].add(department)
    return found


def _newcomers(appeared: Changes) -> set[uuid.UUID]:
    """Accounts that were never followed."""
    followed = OpenDepartment.objects.filter(account__in=list(appeared), origin=ORIGIN.REGISTRY)
    return set(appeared) - set(followed.values_list("account", flat=True).distinct())


def _open(appeared: Changes, *, now: datetime) -> None:
    rows = [
        OpenDepartment(account_id=account, department=department, origin=ORIGIN.REGISTRY, opened_at=now)
        for account, departments in appeared.items()
        for department in departments
    ]
    OpenDepartment.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _close(ended: Changes, *, now: datetime) -> None:
    """The code of a letter that is on its way opens nothing any more."""
    rows = OpenDepartment.objects.filter(account__in=list(ended), origin=ORIGIN.REGISTRY, closed_at=None)
    over = [row.pk for row in rows if row.department in ended[row.account_id]]
    OpenDepartment.objects.filter(pk__in=over).update(closed_at=now)
    for request in answering.among(DepartmentRequest.objects.filter(closed_at=None), ended):
        posting.supersede(request, now=now)
        decided = {} if request.decided_at else {"decided_at": now}
        DepartmentRequest.objects.filter(pk=request.pk, closed_at=None).update(closed_at=now, **decided)


def _tell(
    account: Account, *, opened: Iterable[str], closed: Iterable[str], answered: Iterable[str], now: datetime
) -> None:
    answering.note_opened(account, opened, now=now)
    for department in sorted(closed):
        detail = {"department": department, "by": str(ORIGIN.REGISTRY)}
        journal.record(Event.DEPARTMENT_CLOSED, account=account, detail=detail, now=now)
    answering.tell(account, opened=opened, closed=closed, answered=answered, now=now)
