"""Chapter 1 and 2: who registers, and under which number (B02 to B10)."""

from typing import Any

from django import forms

from accounts import journal
from accounts.fields import NirField
from accounts.models import Account, Event, login_of_nir
from accounts.throttling import REGISTRATION_NETWORK, take
from enrolment import journey
from enrolment.answers import Answers
from enrolment.models import Enrolment
from enrolment.steps.base import NUMBER, WHO, Circumstances, Step

PROFILES = [
    ("farmer", "Exploitant agricole"),
    ("company", "Entreprise"),
    (
        "individual",
        "Particulier (salarié, retraité, collaborateur, ayant-droit, demandeur d'emploi, sans emploi...)",
    ),
    ("gardener_employer", "Employeur de jardinier en tant que particulier"),
    ("solidarity_contributor", "Cotisant de solidarité"),
    ("other", "Autre ..."),
]


class WhoYouAre(Step):
    """The six profiles (B02)."""

    slug, title, chapter = "profil", "Créer mon espace privé", WHO

    profile = forms.ChoiceField(
        label="Vous êtes...",
        choices=PROFILES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez la ligne qui vous correspond.",
            "invalid_choice": "Choisissez une ligne.",
        },
    )


class Identifier(Step):
    """The NIR, with or without its key (B05 to B08); whether it has an account already (B09, R6)."""

    slug, title, chapter = "identifiant", "Votre identifiant", NUMBER

    nir = NirField(
        label="Numéro de Sécurité Sociale",
        help_text="13 caractères, inscrits sur votre carte Vitale. La clé de 2 chiffres est facultative.",
    )

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return not answers.asks_for_a_request

    @classmethod
    def asked_again(cls, kept: Any) -> dict[str, Any]:
        return {"nir": kept["nir"]} if "nir" in kept else {}

    def submit(self, enrolment: Enrolment, around: Circumstances) -> None:
        # R6: each answer here tells whether an account exists, so a network gets few of them.
        take((REGISTRATION_NETWORK, around.network), now=around.now)
        nir = self.cleaned_data["nir"]
        existing = Account.objects.is_told_to_exist(login_of_nir(nir.number))
        kept = {"nir": nir.number, "existing": True} if existing else {"nir": nir.number}
        journey.record(enrolment, self.slug, kept, now=around.now)
        if existing:
            journal.record(Event.REGISTRATION_EXISTING_SHOWN, enrolment=enrolment.pk, now=around.now)


class ExistingAccount(Step):
    """« Un compte existe déjà pour… » and the way to sign in (B09)."""

    slug, title, chapter = "compte-existant", "Un compte existe déjà", NUMBER
    is_end = True

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return not answers.asks_for_a_request and answers.has_account_already


class GetReady(Step):
    """« Munissez-vous »: what to have at hand (B10)."""

    slug, title, chapter = "munissez-vous", "Avant de continuer", NUMBER

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return not answers.asks_for_a_request
