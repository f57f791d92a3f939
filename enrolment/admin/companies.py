"""Requests of companies and other declarants at the desk (issue 5, Support desk 5; R1)."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from accounts.identity.phone import Phone
from accounts.identity.siret import Siret
from accounts.models import Company
from accounts.support import site
from accounts.support.lists import counts, work
from accounts.support.lists.filters import State
from accounts.support.lists.work import Decision, Undecidable, WorkList
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_date
from enrolment import companies
from enrolment.companies import Sending
from enrolment.company_form import EstablishmentForm
from enrolment.models import RegistrationRequest


def accept_company(row: RegistrationRequest, **given: Any) -> bool:
    try:
        return companies.accept(row, **given)
    except companies.AlreadyOpen:
        told = "Cette entreprise a déjà son espace : refusez la demande avec ce motif. Son code est perdu ? Une fois "
        told += "la demande refusée, cette page permet de lui en envoyer un autre."
        raise Undecidable(told) from None


NO_LETTER = {
    Sending.CAME_BACK: "Un courrier est revenu de cette adresse : tapez celle que vous avez vérifiée.",
    Sending.TOO_SOON: "Un courrier avec un code est déjà parti : il en part un par 24 heures, et quatre en 30 jours.",
}


def send_another(row: RegistrationRequest, **given: Any) -> bool:
    company = companies.company_of(row)
    assert company is not None  # offered to no other row
    sending = companies.send_another(company, **given)
    if sending is not Sending.SENT:
        raise Undecidable(f"Aucun courrier n'est parti. {NO_LETTER[sending]} Rien n'est enregistré.")
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
    companies.ANOTHER,
    hint="Vérifiez d'abord le nom et l'adresse dans le dossier de la caisse.",
    form=EstablishmentForm,
    given=lambda form: {"establishment": form.establishment()},
)


def known_company(row: RegistrationRequest) -> Company | None:
    """Asked for once, however often the page wants it."""
    kept = vars(row)
    if "known_company" not in kept:
        kept["known_company"] = companies.company_of(row)
    found: Company | None = kept["known_company"]
    return found


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
        company = known_company(row)
        is_theirs = company and company.account.is_active and self.scope(request).covers(company.department)
        return company if is_theirs else None

    def forms_on(
        self, request: HttpRequest, row: RegistrationRequest, *, typed: dict[str, Any]
    ) -> list[dict[str, Any]]:
        company = self.reachable(request, row) if self.may(request, self.decide) else None
        if company is None:
            return super().forms_on(request, row, typed=typed)
        form = EstablishmentForm(initial=company.details, **work.FORM_LOOK)
        return self._buttons(request, row, typed={SEND_ANOTHER.slug: form, **typed})[-1:]

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

    @admin.display(description="demandeur")
    def who(self, row: RegistrationRequest) -> str:
        return f"{row.details['name']}, {row.details['function']}"

    @admin.display(description="SIRET")
    def siret(self, row: RegistrationRequest) -> str:
        typed = str(row.details["siret"])
        return Siret(typed).grouped if typed else "aucun"

    @admin.display(description="adresse e-mail")
    def email(self, row: RegistrationRequest) -> str:
        return str(row.details["email"])

    @admin.display(description="espace de cette entreprise")
    def space(self, row: RegistrationRequest) -> str:
        company = known_company(row)
        return f"ouvert le {french_date(company.created_at)}" if company else "aucun"

    @admin.display(description="téléphone")
    def phone(self, row: RegistrationRequest) -> str:
        return Phone(str(row.details["phone"])).grouped

    @admin.display(description="état")
    def state(self, row: RegistrationRequest) -> str:
        return {None: "à traiter", True: "acceptée", False: "refusée"}[row.accepted]


counts.count(
    "registration_requests",
    "Demandes d'inscription",
    lambda scope: scope.within(RegistrationRequest.objects.filter(decided_at=None), department="department"),
    "enrolment_registrationrequest_changelist",
    what=May.DECIDE_COMPANIES,
)
