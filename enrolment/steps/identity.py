"""Chapter 4: the identity questions with every branch (B15 to B21, R3 to R5)."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.fields import AmountField, VitaleSerialField
from accounts.fields.typography import counted
from enrolment import journey, proofs
from enrolment.answers import Answers
from enrolment.models import Enrolment
from enrolment.steps.base import IDENTITY, Circumstances, Step

TITLE = "Vérification de votre identité"
YES_OR_NO = "Choisissez «\u00a0Oui\u00a0» ou «\u00a0Non\u00a0»."
WHAT_TO_TYPE = {
    "photo": "Tapez la 2e partie du numéro de série\u00a0: les 11 chiffres qui suivent le début déjà rempli.",
    "no_photo": "Tapez le numéro en entier\u00a0: 8 à 13 chiffres.",
}
WHICH_CARD = "Choisissez la ligne qui décrit votre carte."


class HealthCover(Step):
    """« Êtes-vous affilié à la MSA pour votre santé ? » (B15)."""

    slug, title, chapter = "affiliation", TITLE, IDENTITY

    health_cover = forms.ChoiceField(
        label="Êtes-vous affilié à la MSA pour votre santé\u00a0?",
        help_text="(carte Vitale, remboursements maladie, indemnités journalières, ...)",
        choices=[("yes", "Oui"), ("no", "Non")],
        widget=forms.RadioSelect,
        error_messages={"required": YES_OR_NO, "invalid_choice": YES_OR_NO},
    )

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return answers.asks_questions


class CardKind(Step):
    """« Votre carte Vitale est... » (B17)."""

    slug, title, chapter = "carte-vitale", TITLE, IDENTITY

    card_kind = forms.ChoiceField(
        label="Votre carte Vitale est...",
        choices=[("photo", "avec photo"), ("no_photo", "sans photo"), ("none", "je n'ai pas de carte")],
        widget=forms.RadioSelect,
        error_messages={"required": WHICH_CARD, "invalid_choice": WHICH_CARD},
    )

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return answers.asks_questions and answers.has_health_cover


class Proof(Step):
    """A question whose answer only the true person has. What is kept is the outcome, never the answer."""

    chapter = IDENTITY
    # The field that asks, the field that says « I cannot answer ».
    asks: ClassVar[str]
    way_out: ClassVar[str]
    wrong: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.asks].required = not self.needs_no_answer

    @classmethod
    def asked_again(cls, kept: Any) -> dict[str, Any]:
        return {}

    @property
    def needs_no_answer(self) -> bool:
        return self.answers.is_proven or self.gives_up

    @property
    def gives_up(self) -> bool:
        return bool(self.fields[self.way_out].to_python(self.data.get(self.way_out)))

    def clean(self) -> dict[str, Any]:
        if self.needs_no_answer:
            self.errors.clear()
        return self.cleaned_data

    def fits(self, claim: proofs.Claim, around: Circumstances) -> bool:
        raise NotImplementedError

    def submit(self, enrolment: Enrolment, around: Circumstances) -> None:
        if self.answers.is_proven:
            return
        if self.gives_up:
            journey.record(enrolment, self.slug, {self.way_out: True}, now=around.now)
            return
        claim = proofs.claim_of(self.answers)
        left = proofs.attempt(enrolment, claim, lambda: self.fits(claim, around), now=around.now)
        if left is None:
            kept = proofs.outcome(claim, now=around.now)
            journey.record(enrolment, self.slug, kept, rests_on=self.answers, now=around.now)
        elif left:
            raise ValidationError(self.wrong, code="wrong_answer", params={"left": counted(left, "essai")})


class CardSerial(Proof):
    """The serial number of the carte Vitale (B18 to B21, R3)."""

    slug, title, asks, way_out = "numero-de-serie", TITLE, "vitale_serial", "unreadable"
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
        field.help_text = WHAT_TO_TYPE[field.kind]

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return answers.asks_questions and answers.has_health_cover and answers.card_kind in ("photo", "no_photo")

    def fits(self, claim: proofs.Claim, around: Circumstances) -> bool:
        return proofs.card_fits(claim, kind=self.answers.card_kind, serial=self.cleaned_data["vitale_serial"])


class PaymentAmount(Proof):
    """The amount of one payment of the last 6 months (B16, B19, R4)."""

    slug, title, asks, way_out = "paiement", TITLE, "amount", "cannot_answer"
    wrong = (
        "Ce montant ne correspond pas aux renseignements que vous avez donnés. Vérifiez le montant, mais aussi votre "
        "nom et votre date de naissance. Il vous reste %(left)s, ensuite nous vous écrirons par courrier."
    )

    amount = AmountField(
        label="Montant d'un paiement MSA (avec centimes) reçu au cours des 6 derniers mois (ex : complémentaire santé)",
        help_text="Regardez vos relevés de compte ou vos relevés MSA. Exemple : 124,50.",
    )
    cannot_answer = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        no_card = answers.card_kind == "none" or answers.cannot_read_serial
        return answers.asks_questions and (not answers.has_health_cover or no_card)

    def fits(self, claim: proofs.Claim, around: Circumstances) -> bool:
        return proofs.payment_fits(claim, cents=self.cleaned_data["amount"], today=timezone.localdate(around.now))
