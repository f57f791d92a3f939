"""What an agent types to find a member, and why they open a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.fields import BirthDateField, EmailAddressField, FamilyNameField, GivenNamesField, NirField
from accounts.forms.access import PlainForm
from accounts.models import Consultation
from accounts.support.file.search import Wanted

WHY = "Choisissez un motif."
ONE_WAY = "Cherchez d'une seule façon à la fois\u00a0: effacez ce qui ne sert pas."


class SearchForm(PlainForm):
    """One way at a time; nothing of it stands in an address."""

    nir = NirField(label="Numéro de Sécurité sociale", required=False)
    name = FamilyNameField(label="Nom de naissance ou d'usage", required=False)
    given_names = GivenNamesField(label="Prénom (facultatif)", required=False)
    birth_date = BirthDateField(label="Date de naissance", required=False, help_text="Par exemple 08/09/1963")
    email = EmailAddressField(label="Adresse e-mail", required=False)
    code = forms.CharField(
        label="Code du message",
        required=False,
        max_length=40,
        help_text="Code d'identification d'un avis de connexion, ou code au bas d'un e-mail ou d'un courrier",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"max_length": "Ce code est trop long\u00a0: tapez ses lettres et ses chiffres."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # It is the caller's, never the agent's own.
            field.widget.attrs["autocomplete"] = "off"
            field.error_messages = {
                code: str(text).replace("votre carte Vitale", "la carte Vitale")
                for code, text in field.error_messages.items()
            }

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.errors:
            return given
        ways = self.wanted.ways
        if not ways:
            raise ValidationError("Tapez au moins une des réponses de l'adhérent.", code="empty")
        if len(ways) > 1:
            raise ValidationError(ONE_WAY, code="two_ways")
        name, given_names, birth_date = given["name"], given["given_names"], given["birth_date"]
        if (name or given_names) and not birth_date:
            told = "Ajoutez la date de naissance\u00a0: un nom seul désigne trop de personnes."
            self.add_error("birth_date", ValidationError(told, code="no_birth_date"))
        if (birth_date or given_names) and not name:
            self.add_error("name", ValidationError("Ajoutez le nom de famille.", code="no_name"))
        return given

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)


def reason_field(choices: Any) -> forms.ChoiceField:
    """The why, once; none is ticked beforehand."""
    return forms.ChoiceField(
        label="Motif",
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": WHY, "invalid_choice": WHY},
    )


class OpenForm(PlainForm):
    """Why the file is opened."""

    reason = reason_field(Consultation.Reason.choices)


NIR_REASONS = {
    "identity": "vérifier l'identité de l'adhérent",
    "business": "le retrouver dans une autre application de la MSA",
    "partner": "échanger avec un autre organisme",
}


class ShowNirForm(PlainForm):
    """Why the whole number is shown."""

    reason = reason_field(NIR_REASONS.items())
