"""Chapter 4: the identity questions with every branch (B15 to B21, R3 to R5)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.fields import AmountField, VitaleSerialField
from enrolment import journey, proofs
from enrolment.answers import Answers
from enrolment.models import Enrolment
from enrolment.steps.base import IDENTITY, Circumstances, Step

TITLE = "Vérification de votre identité"


def asks_questions(answers: Answers) -> bool:
    """Whether an identity question still has a meaning for this caller."""
    return not answers.asks_for_a_request and (answers.tries_left > 0 or answers.is_proven)


class HealthCover(Step):
    """« Êtes-vous affilié à la MSA pour votre santé ? » (B15)."""

    slug, title, chapter = "affiliation", TITLE, IDENTITY

    health_cover = forms.ChoiceField(
        label="Êtes-vous affilié à la MSA pour votre santé ?",
        help_text="(carte Vitale, remboursements maladie, indemnités journalières, ...)",
        choices=[("yes", "Oui"), ("no", "Non")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez « Oui » ou « Non »."},
    )

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return asks_questions(answers)


class CardKind(Step):
    """« Votre carte Vitale est... » (B17)."""

    slug, title, chapter = "carte-vitale", TITLE, IDENTITY

    card_kind = forms.ChoiceField(
        label="Votre carte Vitale est...",
        choices=[("photo", "avec photo"), ("no_photo", "sans photo"), ("none", "je n'ai pas de carte")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la ligne qui décrit votre carte."},
    )

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return asks_questions(answers) and answers.has_health_cover


class Proof(Step):
    """A question whose answer only the true person has. What is kept is the outcome, never the answer."""

    chapter = IDENTITY
    is_proof = True
    wrong = ""

    def fits(self, claim: proofs.Claim, around: Circumstances) -> bool:
        raise NotImplementedError

    def way_out(self) -> dict[str, Any] | None:
        """What is kept when the caller says that the question cannot be answered."""
        return None

    def submit(self, enrolment: Enrolment, around: Circumstances) -> None:
        if self.answers.is_proven:
            return
        if out := self.way_out():
            journey.record(enrolment, self.slug, out, now=around.now)
            return
        claim = proofs.claim_of(self.answers)
        left = proofs.attempt(enrolment, claim, lambda: self.fits(claim, around), now=around.now)
        if left is None:
            journey.record(enrolment, self.slug, {"proven": True}, now=around.now)
        elif left:
            raise ValidationError(self.wrong, code="wrong_answer", params={"left": tries_in_words(left)})


def tries_in_words(left: int) -> str:
    return "un essai" if left == 1 else f"{left} essais"


class CardSerial(Proof):
    """The serial number of the carte Vitale (B18 to B21, R3)."""

    slug, title = "numero-de-serie", TITLE
    wrong = (
        "Ce numéro ne correspond pas aux renseignements que vous avez donnés. Vérifiez le numéro, mais aussi votre nom "
        "et votre date de naissance. Il vous reste %(left)s, ensuite nous vous écrirons par courrier."
    )

    vitale_serial = VitaleSerialField(label="Numéro de série de votre carte Vitale")
    unreadable = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["vitale_serial"]
        assert isinstance(field, VitaleSerialField)
        field.kind, field.nir = proofs.printed_kind(self.answers.card_kind), self.answers.nir
        if self.data.get("unreadable"):
            field.required = False

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return asks_questions(answers) and answers.has_health_cover and answers.card_kind in ("photo", "no_photo")

    @classmethod
    def asked_again(cls, kept: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        if self.data.get("unreadable"):
            self.errors.pop("vitale_serial", None)
        return self.cleaned_data

    def way_out(self) -> dict[str, Any] | None:
        return {"unreadable": True} if self.cleaned_data.get("unreadable") else None

    def fits(self, claim: proofs.Claim, around: Circumstances) -> bool:
        return proofs.card_fits(claim, kind=self.answers.card_kind, serial=self.cleaned_data["vitale_serial"])


class PaymentAmount(Proof):
    """The amount of one payment of the last 6 months (B16, B19, R4)."""

    slug, title = "paiement", TITLE
    wrong = (
        "Ce montant ne correspond pas aux renseignements que vous avez donnés. Vérifiez le montant, mais aussi votre nom "
        "et votre date de naissance. Il vous reste %(left)s, ensuite nous vous écrirons par courrier."
    )

    amount = AmountField(
        label="Montant d'un paiement MSA (avec centimes) reçu au cours des 6 derniers mois (ex : complémentaire santé)",
        help_text="Regardez vos relevés de compte ou vos relevés MSA. Exemple : 124,50.",
    )
    cannot_answer = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("cannot_answer"):
            self.fields["amount"].required = False

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        no_card = answers.card_kind == "none" or answers.cannot_read_serial
        return asks_questions(answers) and (not answers.has_health_cover or no_card)

    @classmethod
    def asked_again(cls, kept: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        if self.data.get("cannot_answer"):
            self.errors.pop("amount", None)
        return self.cleaned_data

    def way_out(self) -> dict[str, Any] | None:
        return {"cannot_answer": True} if self.cleaned_data.get("cannot_answer") else None

    def fits(self, claim: proofs.Claim, around: Circumstances) -> bool:
        return proofs.payment_fits(claim, cents=self.cleaned_data["amount"], today=around.now.date())
