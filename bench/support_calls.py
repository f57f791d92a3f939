"""What an agent does while somebody calls, and an auditor with a day of the journal (issue 5, R22)."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Consultation, Email, Entry, Event, Letter, Member, Throttle
from accounts.sign_in import How
from accounts.support import roles
from accounts.support.journal.export import lines_of
from accounts.support.journal.period import Period
from accounts.support.roles import May
from accounts.support.scope import Scope
from bench.memory import Watch, resident_kib
from bench.pages import expect
from bench.visit import Cost, Visitor
from enrolment import calling
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from franceconnect.models import LinkConflict
from tests.browser.states.cookies import signed_in

SAMPLE, NOBODY, FOUND = 200, "ACDEFGHJKM", "Adhérents trouvés"
SEARCH, CODES, TELEPHONE = "/support/adherents/", "/support/codes/", "/support/telephone/"
Taken = Iterator[tuple[str, str, Cost]]


@dataclass(frozen=True)
class Callers:
    """Members of this agent's scope who call, and what they read aloud."""

    members: list[Member]
    codes: dict[str, str]
    crowded: Member | None

    @classmethod
    def of(cls, agent: Account) -> "Callers":
        if not roles.may(agent, May.USE_CODE_DESK):
            return cls([], {}, None)
        scope = Scope.of(agent)
        rows = scope.members(Member.objects.filter(account__isnull=False)).select_related("account")
        members = list(rows.order_by("pk")[:SAMPLE])
        return cls(members, codes_of(members, agent), born_with_many(scope))


def codes_of(members: list[Member], agent: Account) -> dict[str, str]:
    """One of each kind that the code desk knows, all of them for this agent to know; one that nobody has."""
    accounts = [member.account.pk for member in members]
    sign_in = Entry.objects.filter(event=Event.FEDERATION_SIGN_IN, account__in=accounts).order_by("-at")[0]
    here = Scope.of(agent).within(RegistrationRequest.objects.order_by("pk"), department="department")
    found = {
        "identification": sign_in.detail["reference"],
        "page": sign_in.request_id,
        "email": Email.objects.filter(account__in=accounts).values_list("public_code", flat=True).first(),
        "letter": Letter.objects.filter(account__in=accounts)
        .exclude(public_code="")
        .values_list("public_code", flat=True)
        .first(),
        "department": DepartmentRequest.objects.filter(account__in=accounts)
        .values_list("reference", flat=True)
        .first(),
        "registration": here.values_list("reference", flat=True).first(),
        "conflict": LinkConflict.objects.filter(account__in=accounts).values_list("reference", flat=True).first(),
        "problem": "Y020024",
        "nobody's": NOBODY,
    }
    return {name: str(code) for name, code in found.items() if code}


def born_with_many(scope: Scope) -> Member:
    """Of the day on which most members of this scope were born."""
    members = scope.members(Member.objects.order_by("pk"))
    days = members.order_by().values("birth_fingerprint").annotate(count=Count("pk")).order_by("-count")
    return members.filter(birth_fingerprint=days[0]["birth_fingerprint"])[0]


def calls(agent: Account, callers: Callers, number: int) -> Taken:
    """One call in each way."""
    Throttle.objects.all().delete()
    visitor = Visitor(cookies=signed_in(agent, How.AGENT))
    if roles.may(agent, May.SEE_MEMBERS):
        yield from searches(visitor, callers, callers.members[number % len(callers.members)])
        yield from file(visitor, callers.members[number % len(callers.members)])
        yield from own_page()
    if roles.may(agent, May.USE_CODE_DESK):
        for name, code in callers.codes.items():
            visitor.visit(CODES)
            yield "code desk", f"?{name}", expect(200, visitor.press("Chercher", code=code))
    if roles.may(agent, May.ASSIST_CALLS):
        yield from telephone(visitor)


# A member -------------------------------------------------------------------------------------------------------------


def searches(visitor: Visitor, callers: Callers, member: Member) -> Taken:
    crowded = callers.crowded
    assert crowded
    born = {"birth_date": member.birth_date.typed}
    many = {"birth_date": crowded.birth_date.typed}
    ways: list[tuple[str, bool, dict[str, str]]] = [
        ("by number", True, {"nir": member.nir.number}),
        ("by number", False, {"nir": "1 99 12 99 999 998 87"}),
        ("by name and birth date", True, {"name": member.birth_name, **born}),
        ("by name and birth date", False, {"name": "Zzyzx", **born}),
        ("by name and the fullest day", True, {"name": crowded.birth_name, **many}),
        ("by e-mail", True, {"email": str(member.account.email)}),
        ("by e-mail", False, {"email": "personne@example.org"}),
        ("by code", True, {"code": callers.codes["email"]}),
        ("by code", False, {"code": NOBODY}),
    ]
    for what, finds, typed in ways:
        visitor.visit(SEARCH)
        cost = expect(200, visitor.press("Chercher", **typed))
        if (FOUND in cost.html) is not finds:
            raise RuntimeError(f"search {what}, {typed}: {visitor.page.text[:400]}")
        yield f"search {what}{'' if finds else ', nothing found'}", "", cost


def file(visitor: Visitor, member: Member) -> Taken:
    """For a reason, then all of it."""
    visitor.visit(SEARCH)
    expect(200, visitor.press("Chercher", nir=member.nir.number))
    [place] = [link for _, link in visitor.page.links if link.startswith(SEARCH) and link != SEARCH]
    yield "file, before a reason", "", expect(200, visitor.visit(place))
    if any("reason" in form.names for form in visitor.page.forms):
        yield "file, the reason sent", "", expect(302, visitor.press("Ouvrir le dossier", reason="call"))
    yield "file", "", expect(200, visitor.visit(place))
    yield "file, older lines", "", expect(200, visitor.visit(f"{place}?page=3"))


def own_page() -> Taken:
    """« Qui a consulté mon dossier », of the member whose file was opened most often."""
    looks = Consultation.objects.values("member").annotate(count=Count("pk")).order_by("-count")
    account = Account.objects.get(member=looks[0]["member"])
    visitor, place = Visitor(cookies=signed_in(account)), reverse("accounts:consultations")
    for query in ("", "?page=2", "?page=200"):
        yield "who has seen my file", query, expect(200, visitor.visit(place + query))


# Somebody who registers -----------------------------------------------------------------------------------------------


def telephone(visitor: Visitor) -> Taken:
    digits = calling.begin(Enrolment.objects.filter(completed_at=None).order_by("pk")[0], now=timezone.now())
    yield "telephone", "", expect(200, visitor.visit(TELEPHONE))
    yield "telephone, digits", "", expect(200, visitor.press("Voir où il en est", digits=digits))
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    yield "telephone, wrong digits", "", expect(200, visitor.press("Voir où il en est", digits=wrong))


# A day of the journal -------------------------------------------------------------------------------------------------


def export(members: int) -> dict[str, Any]:
    """The fullest day, line by line: how soon it begins, how fast it goes, how much it holds in memory."""
    day = timezone.localdate() - timedelta(days=3)
    before, started = resident_kib(os.getpid()), time.perf_counter()
    with Watch(os.getpid(), alone=True) as memory:
        lines = lines_of(Period(day, day))
        title, count = next(lines), next(lines, "").count("\r\n")
        first = time.perf_counter() - started
        count += sum(chunk.count("\r\n") for chunk in lines)
    seconds = time.perf_counter() - started
    assert title
    return {
        "what": f"auditor: export of {count:,} lines of one day",
        "members": f"{members:,}",
        "first lines ms": round(first * 1000),
        "lines/s": round(count / seconds),
        "grew by MiB": max(0, memory.peak_kib - before) // 1024,
    }
