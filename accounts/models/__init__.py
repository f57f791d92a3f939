"""The member's tables."""

from accounts.models.account import Account, Channel, email_mark, login_of, login_of_nir, login_of_siret
from accounts.models.address_change import AddressChange
from accounts.models.agent import OF_A_CAISSE, Agent, Authenticator, Consultation, Role, login_of_agent
from accounts.models.browser import KnownBrowser
from accounts.models.code import Code
from accounts.models.company import Company
from accounts.models.correction import CorrectionRequest
from accounts.models.department import OpenDepartment
from accounts.models.entry import AppendOnly, Entry, Event, JournalSeal
from accounts.models.message import BadAddress, Email, Letter, LetterBatch
from accounts.models.news import Banner, News
from accounts.models.registry import (
    Affiliation,
    CardKind,
    Member,
    NirStatus,
    Payment,
    Profile,
    VitaleCard,
    birth_mark,
)
from accounts.models.throttle import ChangedLimit, Throttle

__all__ = [
    "OF_A_CAISSE",
    "Account",
    "AddressChange",
    "Affiliation",
    "Agent",
    "AppendOnly",
    "Authenticator",
    "BadAddress",
    "Banner",
    "CardKind",
    "ChangedLimit",
    "Channel",
    "Code",
    "Company",
    "Consultation",
    "CorrectionRequest",
    "Email",
    "Entry",
    "Event",
    "JournalSeal",
    "KnownBrowser",
    "Letter",
    "LetterBatch",
    "Member",
    "News",
    "NirStatus",
    "OpenDepartment",
    "Payment",
    "Profile",
    "Role",
    "Throttle",
    "VitaleCard",
    "birth_mark",
    "email_mark",
    "login_of",
    "login_of_agent",
    "login_of_nir",
    "login_of_siret",
]
