"""What a signed-in member has to do before anything else: choose a password (D01), then confirm contacts (E01)."""

from enum import Enum

from accounts.models import Account
from accounts.sign_in import How


class Duty(Enum):
    """Each duty's page, and the pages that belong to it."""

    PERSONALISE = ("accounts:personalise_password", frozenset({"accounts:personalise_password"}))
    CONFIRM = (
        "accounts:confirm_contact",
        frozenset(
            {
                "accounts:confirm_contact",
                "accounts:confirm_email",
                "accounts:password_personalised",
            }
        ),
    )

    @property
    def page(self) -> str:
        return self.value[0]

    def allows(self, view_name: str) -> bool:
        return view_name in self.value[1] or view_name in ALWAYS_OPEN or view_name.startswith(WITH_ITS_OWN_DUTIES)


# Leaving, asking for help and reading the rules are nobody's privilege.
ALWAYS_OPEN = frozenset(
    {
        "accounts:sign_out",
        "accounts:extend_session",
        "accounts:password_strength",
        "accounts:verify_message",
        "franceconnect:not_me",
        "help",
        "terms",
        "legal",
        "privacy",
        "accessibility",
        "healthz",
        "readyz",
    }
)


# A service's request leads through the same duties and on to its end, on pages of its own.
WITH_ITS_OWN_DUTIES = "provider:"


def next_duty(account: Account, how: How | None) -> Duty | None:
    """The first duty that is not done."""
    if account.kind == Account.Kind.AGENT:
        return None
    # I12: FranceConnect says who it is, a password may come later or never (facts B7).
    has_its_way_in = how is How.FRANCECONNECT or account.has_usable_password()
    # R11: what a department's code demands is owed by the account, whatever opened this session.
    if how is How.TEMPORARY_PASSWORD or account.password_due_at or not has_its_way_in:
        return Duty.PERSONALISE
    if account.contact_confirmed_at is None:
        return Duty.CONFIRM
    return None
