"""Chapter 3: who the caller is and how to reach them (B11 to B14)."""

from typing import Any

from accounts.fields import BirthDateField, EmailAddressField, FamilyNameField, GivenNamesField, PhoneField
from accounts.identity.birth_date import BirthDate
from accounts.identity.phone import Phone, PhoneKind
from enrolment.answers import Answers
from enrolment.steps.base import CONTACT, IDENTITY, Step


class ContactDetails(Step):
    """Name, birth date, e-mail, mobile (B11)."""

    slug, title, chapter = "coordonnees", "Vos coordonnées", CONTACT

    birth_name = FamilyNameField(label="Nom", help_text="Votre nom de naissance ou votre nom d'usage.")
    given_names = GivenNamesField(
        label="Prénom", help_text="Un ou plusieurs prénoms, comme sur votre carte d'identité."
    )
    birth_date = BirthDateField(label="Date de naissance", help_text="Jour, mois, année. Exemple : 08/09/1963.")
    email = EmailAddressField(
        label="Adresse email",
        help_text="Nous y enverrons votre mot de passe provisoire. Pas d'adresse email ? "
        "Appelez-nous au 09 69 36 37 03.",
    )
    mobile = PhoneField(label="Numéro de téléphone mobile", kind=PhoneKind.MOBILE, required=False)

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return not answers.asks_for_a_request

    @classmethod
    def asked_again(cls, kept: Any) -> dict[str, Any]:
        shown = dict(kept)
        if kept.get("birth_date"):
            shown["birth_date"] = BirthDate.from_iso(kept["birth_date"])
        if kept.get("mobile"):
            shown["mobile"] = Phone.parse(kept["mobile"])
        return shown

    def kept(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "birth_name": given["birth_name"],
            "given_names": given["given_names"],
            "birth_date": given["birth_date"].iso,
            "email": given["email"].address,
            "mobile": given["mobile"].e164 if given["mobile"] else "",
        }


class IdentityAnnouncement(Step):
    """Says that a question comes, and why (B13, B14)."""

    slug, title, chapter = "verification", "Une question pour vérifier votre identité", IDENTITY

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return answers.asks_questions
