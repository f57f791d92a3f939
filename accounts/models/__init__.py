"""The member's tables."""

from accounts.models.account import Account, Channel, login_of_nir
from accounts.models.address_change import AddressChange
from accounts.models.browser import KnownBrowser
from accounts.models.code import Code
from accounts.models.entry import AppendOnly, Entry, Event, JournalSeal
from accounts.models.message import Email, Letter, LetterBatch
from accounts.models.registry import Affiliation, CardKind, Member, NirStatus, Payment, Profile, VitaleCard
from accounts.models.throttle import Throttle

__all__ = [
    "Account",
    "AddressChange",
    "Affiliation",
    "AppendOnly",
    "CardKind",
    "Channel",
    "Code",
    "Email",
    "Entry",
    "Event",
    "JournalSeal",
    "KnownBrowser",
    "Letter",
    "LetterBatch",
    "Member",
    "NirStatus",
    "Payment",
    "Profile",
    "Throttle",
    "VitaleCard",
    "login_of_nir",
]
