"""References of requests, at the code desk (issue 5, Support desk 6)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Value
from django.urls import reverse

from accounts.support import code_desk
from accounts.support.code_desk import Asked, Finding
from accounts.support.roles import May, may
from accounts.support.wording import place
from accounts.templatetags.french import french_date
from enrolment.models import DepartmentRequest, RegistrationRequest


@code_desk.finder
def reference(asked: Asked) -> Iterable[Finding]:
    """« ACDE-FGHJ », of a request for a department or for an account."""
    plain = asked.plain
    if len(plain) != 8:
        return
    written = f"{plain[:4]}-{plain[4:]}"
    known = _lists_that_have(written)
    request = DepartmentRequest.objects.filter(reference=written).first() if "department" in known else None
    if request and asked.covers(request.department):
        yield Finding(
            "Référence d'une demande de département",
            f"Demande du {french_date(request.created_at)} pour {place(request.department)}.",
            _said(request),
            *_list_of(asked, May.DECIDE_DEPARTMENTS, "enrolment_departmentrequest", request.pk),
        )
    company = RegistrationRequest.objects.filter(reference=written).first() if "company" in known else None
    if company and asked.covers(company.department):
        said = {None: "La demande attend la réponse de la caisse.", True: "La demande est acceptée."}
        yield Finding(
            "Référence d'une demande d'inscription",
            f"Demande du {french_date(company.created_at)}, {place(company.department)}.",
            said.get(company.accepted, "La demande est refusée : la réponse dit pourquoi."),
            *_list_of(asked, May.DECIDE_COMPANIES, "enrolment_registrationrequest", company.pk),
        )


def _lists_that_have(written: str) -> set[str]:
    """Nearly no code is a reference: one question says so of both."""
    departments, companies = (
        model.objects.filter(reference=written).values_list(Value(slug, CharField()), flat=True)
        for model, slug in ((DepartmentRequest, "department"), (RegistrationRequest, "company"))
    )
    return set(departments.union(companies))


def _said(request: DepartmentRequest) -> str:
    if request.opened_at:
        return f"Le département est ouvert depuis le {french_date(request.opened_at)}."
    if request.accepted is None:
        return "La demande attend la réponse de la caisse." if not request.closed_at else "La demande est close."
    if request.accepted:
        return "La demande est acceptée : le code part par courrier. Le suivi est dans « Mon compte »."
    return f"La demande est refusée : {request.get_reason_display()}."


def _list_of(asked: Asked, what: May, name: str, key: Any) -> tuple[Any, ...]:
    if not may(asked.by, what):
        return ((),)
    return (), "Ouvrir la demande", reverse(f"admin:{name}_change", args=[key])
