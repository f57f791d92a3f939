"""What every step of the journey is: a form that says what it asks, when it applies and what it keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from enrolment import journey
from enrolment.answers import Answers
from enrolment.models import Enrolment


@dataclass(frozen=True)
class Chapter:
    """What the stepper counts: « Étape 2 sur 6 · Vos coordonnées »."""

    number: int
    title: str


WHO = Chapter(1, "Votre situation")
NUMBER = Chapter(2, "Votre identifiant")
CONTACT = Chapter(3, "Vos coordonnées")
IDENTITY = Chapter(4, "Vérification de votre identité")
PASSWORD = Chapter(5, "Votre mot de passe")
TERMS = Chapter(6, "Conditions d'utilisation")
CHAPTERS = (WHO, NUMBER, CONTACT, IDENTITY, PASSWORD, TERMS)


@dataclass(frozen=True)
class Circumstances:
    """When and from which network an answer came."""

    now: datetime
    network: str


class Step(forms.Form):
    """One page, one question. A subclass states its slug, its title, its fields."""

    slug: ClassVar[str]
    title: ClassVar[str]
    chapter: ClassVar[Chapter]
    # An end can be reached but not passed.
    is_end: ClassVar[bool] = False

    def __init__(self, *args: Any, answers: Answers, **kwargs: Any) -> None:
        self.answers = answers
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        """Whether this step is part of the caller's way."""
        return True

    @classmethod
    def asked_again(cls, kept: Any) -> dict[str, Any]:
        """What the form shows to somebody who comes back."""
        return dict(kept)

    def kept(self) -> dict[str, Any]:
        """What the journey remembers, JSON values only."""
        return dict(self.cleaned_data)

    def submit(self, enrolment: Enrolment, around: Circumstances) -> None:
        """Take a valid answer. Raises ValidationError or TooManyAttempts when it cannot be taken."""
        journey.record(enrolment, self.slug, self.kept(), now=around.now)
