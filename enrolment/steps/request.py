"""Companies and « Autre »: a request to the caisse instead of a registration (R1)."""

from typing import Any

from django import forms

from accounts.fields import DepartmentChoiceField, EmailAddressField, FamilyNameField, LineField, PhoneField, SiretField
from accounts.identity.phone import PhoneKind
from accounts.throttling import REQUESTS_NETWORK, take
from enrolment import requests
from enrolment.answers import Answers
from enrolment.models import Enrolment
from enrolment.steps.base import WHO, Circumstances, Step


class RequestToCaisse(Step):
    """Name, function, SIRET, e-mail, telephone, department: what an agent needs to call back."""

    slug, title, chapter = "demande", "Votre demande d'inscription", WHO

    name = FamilyNameField(label="Vos nom et prénom", error_messages={"required": "Tapez vos nom et prénom."})
    function = LineField(
        label="Votre fonction",
        help_text="Par exemple : gérant, comptable, tiers déclarant.",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": "Tapez votre fonction, par exemple : gérant."},
    )
    siret = SiretField(label="Numéro SIRET", help_text="14 chiffres, inscrits sur une facture ou un bulletin de paie.")
    email = EmailAddressField(label="Adresse email")
    phone = PhoneField(label="Numéro de téléphone", kind=PhoneKind.ANY)
    department = DepartmentChoiceField(label="Département")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A third-party declarant may speak for many companies.
        self.fields["siret"].required = self.answers.profile == "company"

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return answers.asks_for_a_request

    def kept(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "name": given["name"],
            "function": given["function"],
            "siret": given["siret"].number if given["siret"] else "",
            "email": given["email"].address,
            "phone": given["phone"].e164,
            "department": given["department"].code,
        }

    def submit(self, enrolment: Enrolment, around: Circumstances) -> None:
        take((REQUESTS_NETWORK, around.network), now=around.now)
        requests.file(enrolment, kind=self.answers.profile, details=self.kept(), now=around.now)
