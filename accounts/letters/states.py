"""Where a letter is on its way, read from its row alone."""

from enum import StrEnum

from accounts.letters.text import Reason
from accounts.models import Letter


class State(StrEnum):
    """queued → in batch → printed → posted → returned; what cannot be printed is set aside."""

    QUEUED = "queued"
    SET_ASIDE = "set_aside"
    IN_BATCH = "in_batch"
    PRINTED = "printed"
    POSTED = "posted"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    State.QUEUED: "en attente d'impression",
    State.SET_ASIDE: "mis de côté",
    State.IN_BATCH: "chez l'imprimeur",
    State.PRINTED: "imprimé",
    State.POSTED: "posté",
    State.RETURNED: "revenu",
}


WHY_SET_ASIDE = {
    Reason.NO_ADDRESS: "pas d'adresse postale au référentiel",
    Reason.NO_CONTENT: "texte déjà effacé",
    Reason.UNREADABLE: "texte illisible, à signaler à l'exploitant",
    Reason.BAD_ADDRESS: "un autre courrier est revenu de cette adresse",
    Reason.SPENT: "son code ne sert plus, remplacé, annulé ou trop ancien",
}


def why_set_aside(reason: str) -> str:
    """For an agent, on the page of the letter and of its batch."""
    return WHY_SET_ASIDE[Reason(reason)]


def state(letter: Letter) -> State:
    """The farthest station that the row knows of."""
    if letter.returned_at:
        return State.RETURNED
    if letter.posted_at:
        return State.POSTED
    if letter.printed_at:
        return State.PRINTED
    if letter.set_aside:
        return State.SET_ASIDE
    return State.IN_BATCH if letter.batch_id else State.QUEUED
