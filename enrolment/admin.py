"""This room at the support desk: what is asked of a caisse, registrations that fail (issue 5, Support desk 5 to 7)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import Company, Entry, Event, Member
from accounts.support import code_desk, site, work
from accounts.support.admin import RoleAdmin
from accounts.support.code_desk import Asked, Finding
from accounts.support.roles import May, may
from accounts.support.scope import Scope
from accounts.support.work import Decision, State, Undecidable, WorkList, up_to_a_hundred
from accounts.support.work_lists import described, place
from accounts.templatetags.french import french_date, french_datetime
from enrolment import calling, companies, telephone
from enrolment.company_form import EstablishmentForm
from enrolment.departments import deciding, member_file
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest

__all__ = ["member_file", "telephone"]
WAITING = Q(decided_at=None, closed_at=None, opened_at=None)

# Departments ----------------------------------------------------------------------------------------------------------


@admin.register(DepartmentRequest, site=site)
class DepartmentRequestAdmin(WorkList[DepartmentRequest]):
    """« Complément d'inscription » (H01 to H09, R11). What has waited too long comes first.

    Nothing is accepted by ticking: each yes posts a code, so somebody has looked at that file.
    """

    see = decide = May.DECIDE_DEPARTMENTS
    list_title, row_title = "Demandes de départements", "Demande de département"
    list_display = ("shown_reference", "asked", "shown_department", "shown_way", "late", "state")
    fields = (
        "shown_reference",
        "who",
        "asked",
        "shown_department",
        "shown_way",
        "known_in",
        "address",
        "late",
        "state",
    )
    ordering = (F("alerted_at").asc(nulls_last=True), "created_at")
    search_fields = ("reference",)
    search_help_text = "Référence de la demande"
    states = {
        "waiting": State("à traiter", WAITING),
        "on_its_way": State("acceptées, pas encore ouvertes", Q(accepted=True, opened_at=None, closed_at=None)),
        "accepted": State("acceptées", Q(accepted=True)),
        "refused": State("refusées", Q(accepted=False)),
    }
    decisions = (
        Decision(
            "accepter",
            "Accepter",
            deciding.accept,
            "C'est accepté : un courrier avec le code part à l'adresse du référentiel.",
            hint="Vérifiez que la caisse connaît cette personne dans ce département, et que l'adresse est la bonne.",
        ),
        Decision(
            "refuser",
            "Refuser",
            deciding.refuse,
            "C'est refusé : l'adhérent lit pourquoi, et qui appeler.",
            dict(DepartmentRequest.Reason.choices),
        ),
    )

    def in_scope(
        self, rows: "models.QuerySet[DepartmentRequest]", scope: Scope
    ) -> "models.QuerySet[DepartmentRequest]":
        return scope.within(rows, department="department")

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[DepartmentRequest]":
        return super().get_queryset(request).select_related("account__member")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        typed = search_term.strip().upper()
        return (queryset.filter(reference=typed) if typed else queryset), False

    def waits(self, row: DepartmentRequest) -> bool:
        return row.decided_at is None and row.closed_at is None and row.opened_at is None

    def member_of(self, row: DepartmentRequest) -> Member | None:
        return row.account.member

    def decided(self, row: DepartmentRequest) -> str:
        if row.decided_at is None:
            return "Le référentiel a été plus rapide : rien n'est à décider."
        what = "Acceptée" if row.accepted else f"Refusée ({row.get_reason_display()})"
        return f"{what} {self.decided_by(row.decided_by, row.decided_at)}."

    @admin.display(description="référence")
    def shown_reference(self, row: DepartmentRequest) -> str:
        return row.reference

    @admin.display(description="adhérent")
    def who(self, row: DepartmentRequest) -> str:
        return described(row.account.member) if row.account.member else ""

    @admin.display(description="demandée le")
    def asked(self, row: DepartmentRequest) -> str:
        return french_date(row.created_at)

    @admin.display(description="département demandé")
    def shown_department(self, row: DepartmentRequest) -> str:
        return place(row.department)

    @admin.display(description="pour")
    def shown_way(self, row: DepartmentRequest) -> str:
        return str(DepartmentRequest.Way(row.way).label)

    @admin.display(description="alerte")
    def late(self, row: DepartmentRequest) -> str:
        return f"en retard depuis le {french_date(row.alerted_at)}" if row.alerted_at and not row.opened_at else ""

    @admin.display(description="connu du référentiel dans")
    def known_in(self, row: DepartmentRequest) -> str:
        member = row.account.member
        rows = member.affiliations.order_by("since", "pk") if member else []
        told = [f"{place(each.department)} ({each.get_profile_display()}{_ended(each.until)})" for each in rows]
        return ", ".join(told) or "aucun département"

    @admin.display(description="adresse du référentiel")
    def address(self, row: DepartmentRequest) -> str:
        lines = row.account.member.postal_address if row.account.member else []
        return ", ".join(lines[1:]) or "aucune\u00a0: le code ne peut pas partir"

    @admin.display(description="état")
    def state(self, row: DepartmentRequest) -> str:
        if row.opened_at:
            return "ouverte"
        if row.closed_at:
            return "refusée" if row.accepted is False else "close"
        return "acceptée" if row.accepted else "à traiter"


def _ended(until: Any) -> str:
    return f", jusqu'au {french_date(until)}" if until else ""


work.count(
    "department_requests",
    "Demandes de départements",
    lambda scope: up_to_a_hundred(scope.within(DepartmentRequest.objects.filter(WAITING), department="department")),
    "enrolment_departmentrequest_changelist",
    what=May.DECIDE_DEPARTMENTS,
)

# Companies and « Autre » ----------------------------------------------------------------------------------------------


def accept_company(row: RegistrationRequest, **given: Any) -> bool:
    try:
        return companies.accept(row, **given)
    except companies.AlreadyOpen:
        told = "Cette entreprise a déjà son espace : refusez la demande avec ce motif. Son code est perdu ? Une fois "
        told += "la demande refusée, cette page permet de lui en envoyer un autre."
        raise Undecidable(told) from None


def send_another(row: RegistrationRequest, **given: Any) -> bool:
    company = companies.company_of(row)
    if company is None or not companies.send_another(company, **given):
        told = "Aucun courrier n'est parti. Si le dernier est revenu de cette adresse, tapez celle que vous avez "
        told += "vérifiée. Sinon, attendez : il en part un par 24 heures, et quatre en 30 jours."
        raise Undecidable(told)
    return True


ACCEPT_COMPANY = Decision(
    "accepter",
    "Accepter",
    accept_company,
    "C'est accepté : un courrier avec le code part à cette adresse.",
    hint="Tapez le nom et l'adresse du dossier de la caisse, jamais ceux de la demande : n'importe qui a pu la faire.",
    form=EstablishmentForm,
    given=lambda form: {"establishment": form.establishment()},
)
ACCEPT_OTHER = Decision(
    "accepter-autre",
    "Accepter : nous rappelons",
    companies.accept,
    "C'est accepté : le demandeur sait que vous l'appelez.",
)
REFUSE = Decision(
    "refuser",
    "Refuser",
    companies.refuse,
    "C'est refusé : le demandeur lit pourquoi, et qui appeler.",
    dict(RegistrationRequest.Reason.choices),
)
SEND_ANOTHER = Decision(
    "autre-code",
    "Envoyer un autre code",
    send_another,
    "C'est fait : un courrier avec un autre code part à cette adresse.",
    {"not_received": "le courrier n'est pas arrivé", "returned": "le courrier est revenu", "lost": "le code est perdu"},
    hint="Vérifiez d'abord le nom et l'adresse dans le dossier de la caisse.",
    form=EstablishmentForm,
    given=lambda form: {"establishment": form.establishment()},
)


@admin.register(RegistrationRequest, site=site)
class RegistrationRequestAdmin(WorkList[RegistrationRequest]):
    """A company or another declarant asks for an account (R1)."""

    see = decide = May.DECIDE_COMPANIES
    list_title, row_title = "Demandes d'inscription", "Demande d'inscription"
    list_display = ("shown_reference", "asked", "shown_kind", "shown_department", "state")
    fields = (
        "shown_reference",
        "asked",
        "shown_kind",
        "shown_department",
        "who",
        "siret",
        "email",
        "phone",
        "space",
        "state",
    )
    ordering = ("created_at",)
    search_fields = ("reference",)
    search_help_text = "Référence de la demande"
    states = {
        "waiting": State("à traiter", Q(decided_at=None)),
        "accepted": State("acceptées", Q(accepted=True)),
        "refused": State("refusées", Q(accepted=False)),
    }
    decisions = (ACCEPT_COMPANY, ACCEPT_OTHER, REFUSE, SEND_ANOTHER)

    def offered(self, request: HttpRequest, row: RegistrationRequest) -> tuple[Decision, ...]:
        is_company = row.kind == RegistrationRequest.Kind.COMPANY
        another = (SEND_ANOTHER,) if self.reachable(request, row) else ()
        return (ACCEPT_COMPANY if is_company else ACCEPT_OTHER, REFUSE, *another)

    def reachable(self, request: HttpRequest, row: RegistrationRequest) -> Company | None:
        """The company to which this agent may have another code sent: of their caisse, whoever asked in its name."""
        if self.waits(row):
            return None
        company = companies.company_of(row)
        is_theirs = company and company.account.is_active and self.scope(request).covers(company.department)
        return company if is_theirs else None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id, self.see)
        known: dict[str, Any] = {}
        if self.may(request, self.decide) and (company := self.reachable(request, row)):
            form = EstablishmentForm(initial=company.details, **work.FORM_LOOK)
            typed = {SEND_ANOTHER.slug: form, **(extra_context or {}).get("typed", {})}
            known["decisions"] = self._buttons(request, row, typed=typed)[-1:]
        return super().change_view(request, object_id, form_url, {**known, **(extra_context or {})})

    def in_scope(
        self, rows: "models.QuerySet[RegistrationRequest]", scope: Scope
    ) -> "models.QuerySet[RegistrationRequest]":
        return scope.within(rows, department="department")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        typed = search_term.strip().upper()
        return (queryset.filter(reference=typed) if typed else queryset), False

    def decided(self, row: RegistrationRequest) -> str:
        what = "Acceptée" if row.accepted else f"Refusée ({row.get_reason_display()})"
        return f"{what} {self.decided_by(row.decided_by, row.decided_at)}."

    @admin.display(description="référence")
    def shown_reference(self, row: RegistrationRequest) -> str:
        return row.reference

    @admin.display(description="demandée le")
    def asked(self, row: RegistrationRequest) -> str:
        return french_date(row.created_at)

    @admin.display(description="pour")
    def shown_kind(self, row: RegistrationRequest) -> str:
        return str(RegistrationRequest.Kind(row.kind).label)

    @admin.display(description="département")
    def shown_department(self, row: RegistrationRequest) -> str:
        return place(row.department)

    @admin.display(description="demandeur")
    def who(self, row: RegistrationRequest) -> str:
        return f"{row.details['name']}, {row.details['function']}"

    @admin.display(description="SIRET")
    def siret(self, row: RegistrationRequest) -> str:
        return row.details["siret"] or "aucun"

    @admin.display(description="adresse e-mail")
    def email(self, row: RegistrationRequest) -> str:
        return str(row.details["email"])

    @admin.display(description="espace de cette entreprise")
    def space(self, row: RegistrationRequest) -> str:
        company = companies.company_of(row)
        return f"ouvert le {french_date(company.created_at)}" if company else "aucun"

    @admin.display(description="téléphone")
    def phone(self, row: RegistrationRequest) -> str:
        return str(row.details["phone"])

    @admin.display(description="état")
    def state(self, row: RegistrationRequest) -> str:
        return {None: "à traiter", True: "acceptée", False: "refusée"}[row.accepted]


work.count(
    "registration_requests",
    "Demandes d'inscription",
    lambda scope: up_to_a_hundred(
        scope.within(RegistrationRequest.objects.filter(decided_at=None), department="department")
    ),
    "enrolment_registrationrequest_changelist",
    what=May.DECIDE_COMPANIES,
)

# Registrations that fail ----------------------------------------------------------------------------------------------

LAST_DAYS, MOST_REFUSED = timedelta(days=7), 50
# Why a registration came to nothing, in the words of the desk.
REFUSED_BECAUSE = {
    "no_address": "aucune adresse postale où écrire",
    "account_exists": "un compte existe déjà",
    "unknown": "numéro inconnu du référentiel",
    "name_differs": "nom ou prénom différent du référentiel",
    "birth_date_differs": "date de naissance différente du référentiel",
    "deceased": "décès noté au référentiel",
}


def failing(rows: "models.QuerySet[Enrolment]") -> "models.QuerySet[Enrolment]":
    return rows.filter(tries_left=0, completed_at=None, expires_at__gt=timezone.now())


@admin.register(Enrolment, site=site)
class EnrolmentAdmin(RoleAdmin[Enrolment]):
    """Journeys of which no identity question is left. Nobody's: a row names no member and no caisse, shows no answer.

    So every caisse sees the same list; who it is, only the caller can say (enrolment.telephone).
    """

    see = May.SEE_REGISTRATIONS
    list_title, row_title = "Inscriptions qui n'aboutissent pas", "Inscription en cours"
    list_display = fields = ("begun", "since", "step_title", "shown_tries", "until")
    ordering = ("expires_at",)
    change_list_template = "support/registrations.html"

    def in_scope(self, rows: "models.QuerySet[Enrolment]", scope: Scope) -> "models.QuerySet[Enrolment]":
        return failing(rows)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        known = {"refused": self.refused(now=timezone.now()), **(extra_context or {})}
        return super().changelist_view(request, known)

    def refused(self, *, now: datetime) -> list[dict[str, str]]:
        """The last ones that ended without an account, as the journal has them: why, and nothing else."""
        rows = Entry.objects.filter(event=Event.REGISTRATION_REFUSED, at__gt=now - LAST_DAYS)
        return [
            {"at": french_datetime(each.at), "why": REFUSED_BECAUSE.get(reason := _reason(each), reason)}
            for each in rows.order_by("-at")[:MOST_REFUSED]
        ]

    @admin.display(description="commencée le")
    def begun(self, row: Enrolment) -> str:
        return french_datetime(row.created_at)

    @admin.display(description="à cette étape depuis")
    def since(self, row: Enrolment) -> str:
        return french_datetime(row.updated_at)

    @admin.display(description="étape")
    def step_title(self, row: Enrolment) -> str:
        return calling.standing(row).title

    @admin.display(description="essais restants")
    def shown_tries(self, row: Enrolment) -> str:
        return str(row.tries_left)

    @admin.display(description="gardée jusqu'au")
    def until(self, row: Enrolment) -> str:
        return french_datetime(row.expires_at)


work.count(
    "registrations",
    "Inscriptions qui n'aboutissent pas",
    lambda scope: up_to_a_hundred(failing(Enrolment.objects.all())),
    "enrolment_enrolment_changelist",
    what=May.SEE_REGISTRATIONS,
)


def _reason(entry: Entry) -> str:
    return str(entry.detail.get("reason", ""))


# References, at the code desk -----------------------------------------------------------------------------------------


@code_desk.finder
def reference(asked: Asked) -> Iterable[Finding]:
    """« ACDE-FGHJ », of a request for a department or for an account."""
    plain = asked.plain
    if len(plain) != 8:
        return
    written = f"{plain[:4]}-{plain[4:]}"
    request = DepartmentRequest.objects.filter(reference=written).first()
    if request and asked.covers(request.department):
        yield Finding(
            "Référence d'une demande de département",
            f"Demande du {french_date(request.created_at)} pour {place(request.department)}.",
            _said(request),
            *_list_of(asked, May.DECIDE_DEPARTMENTS, "enrolment_departmentrequest", request.pk),
        )
    company = RegistrationRequest.objects.filter(reference=written).first()
    if company and asked.covers(company.department):
        said = {None: "La demande attend la réponse de la caisse.", True: "La demande est acceptée."}
        yield Finding(
            "Référence d'une demande d'inscription",
            f"Demande du {french_date(company.created_at)}, {place(company.department)}.",
            said.get(company.accepted, "La demande est refusée : la réponse dit pourquoi."),
            *_list_of(asked, May.DECIDE_COMPANIES, "enrolment_registrationrequest", company.pk),
        )


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
