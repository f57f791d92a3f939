"""The short code at the foot of each message, and what it tells whoever doubts that we sent it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils import timezone

from accounts.compiled import insert_unless_taken
from accounts.models import Channel, Email, Letter
from accounts.passwords import as_typed, readable

LENGTH, GROUP = 10, 5
Written = TypeVar("Written")

# What an e-mail of each kind is about, for somebody who has it in front of them.
ABOUT = {
    "temporary_password": "mot de passe provisoire",
    "password_reset_link": "choix d'un nouveau mot de passe",
    "password_changed": "changement de mot de passe",
    "email_proof_code": "code pour confirmer une adresse e-mail",
    "email_change_link": "confirmation d'une nouvelle adresse e-mail",
    "email_changed": "changement d'adresse e-mail",
    "contact_changed": "changement de numéro de téléphone",
    "address_change_received": "demande de changement d'adresse postale",
    "address_change_decided": "réponse à une demande de changement d'adresse postale",
    "federation_sign_in": "connexion avec FranceConnect",
    "sign_in_disputed": "connexion signalée par « Ce n'est pas moi »",
    "franceconnect_registered": "inscription avec FranceConnect",
    "franceconnect_linked": "compte associé à FranceConnect",
    "franceconnect_unlinked": "compte dissocié de FranceConnect",
    "franceconnect_conflict_decided": "association à FranceConnect, réponse d'un conseiller",
    "agent_setup": "accès d'un conseiller à l'assistance",
    "agent_recovered": "code de secours d'un conseiller",
    "agent_access_changed": "changement de l'accès d'un conseiller",
    "support_act": "intervention d'un conseiller sur votre compte",
    "request_received": "demande d'inscription",
    "request_accepted": "demande d'inscription acceptée",
    "request_refused": "réponse à une demande d'inscription",
    "department_request_received": "demande pour un département",
    "department_accepted": "demande acceptée pour un département",
    "department_refused": "réponse à une demande pour un département",
    "department_opened": "ouverture d'un département",
    "department_reminder": "code pour un département non utilisé",
    "departments_changed": "départements ouverts ou fermés",
}
SOMETHING_ELSE = "Mon espace privé"


class Taken(Exception):
    """Another message has this code."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What we say of a message: how and when it left and what it is about, never to whom."""

    channel: Channel
    on: date
    about: str


def write_with_a_code(write: Callable[[str], Written]) -> Written:
    """Ten readable characters; among millions of messages two may draw the same, and the second draws again."""
    while True:
        try:
            return write(readable(LENGTH))
        except Taken:
            continue


def insert(row: Email | Letter) -> None:
    """Write the row of a message. Raises Taken and leaves the caller's transaction as it was."""
    if not insert_unless_taken(row):
        raise Taken


def shown(code: str) -> str:
    """« ACDEF-GHJK3 »."""
    return f"{code[:GROUP]}-{code[GROUP:]}" if code else ""


def find(typed: str) -> Sent | None:
    """The message that bears this code, while its row is kept."""
    code = as_typed(typed)
    if len(code) != LENGTH:
        return None
    if email := Email.objects.filter(public_code=code).only("kind", "created_at").first():
        return Sent(Channel.EMAIL, _day(email), ABOUT.get(email.kind, SOMETHING_ELSE))
    if letter := Letter.objects.filter(public_code=code).only("kind", "created_at").first():
        return Sent(Channel.POST, _day(letter), str(Letter.Kind(letter.kind).label))
    return None


def _day(row: Email | Letter) -> date:
    """As a letter is dated, and within minutes of an e-mail's own date."""
    return timezone.localtime(row.created_at, timezone.get_default_timezone()).date()
