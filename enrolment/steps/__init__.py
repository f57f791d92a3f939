"""The registration, in order: this list is the product."""

from enrolment.steps.base import CHAPTERS, Chapter, Circumstances, Step
from enrolment.steps.contact import ContactDetails, IdentityAnnouncement
from enrolment.steps.ending import PasswordDelivery, Terms
from enrolment.steps.identity import CardKind, CardSerial, HealthCover, PaymentAmount
from enrolment.steps.request import RequestToCaisse
from enrolment.steps.who import ExistingAccount, GetReady, Identifier, WhoYouAre

STEPS: tuple[type[Step], ...] = (
    WhoYouAre,
    RequestToCaisse,  # companies and « Autre »: files the request and ends
    Identifier,
    ExistingAccount,  # an end: the way is to sign in
    GetReady,
    ContactDetails,
    IdentityAnnouncement,
    HealthCover,
    CardKind,
    CardSerial,  # proves the identity, or costs a try
    PaymentAmount,  # proves the identity, or costs a try
    PasswordDelivery,
    Terms,  # creates the account, sends the password by e-mail or by post
)

__all__ = ["CHAPTERS", "STEPS", "Chapter", "Circumstances", "Step"]
