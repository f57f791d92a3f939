"""Chapters 5 and 6: where the password goes, and the final click (B22 to B26, R5)."""

from enrolment import completion
from enrolment.answers import Answers
from enrolment.models import Enrolment
from enrolment.steps.base import PASSWORD, TERMS, Circumstances, Step


class PasswordDelivery(Step):
    """Tells where the provisional password goes: the e-mail address, or by post (B22, R5)."""

    slug, title, chapter = "mot-de-passe", "Recevoir votre mot de passe", PASSWORD

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return not answers.asks_for_a_request


class Terms(Step):
    """The finishing button accepts the terms: there is no box to tick (B23, B24)."""

    slug, title, chapter = "conditions", "Accepter les conditions générales d'utilisation", TERMS

    @classmethod
    def applies(cls, answers: Answers) -> bool:
        return not answers.asks_for_a_request

    def submit(self, enrolment: Enrolment, around: Circumstances) -> None:
        completion.complete(enrolment, now=around.now)
