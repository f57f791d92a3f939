"""Where somebody stands when a page is opened: the rows a visit needs, and the cookie that goes with them."""

from tests.browser.states.cookies import Cookies, leave_alone, opened_before, registering, session, signed_in, with_hint
from tests.browser.states.people import PASSWORD, account_of, member_of, persona, with_own_password
from tests.browser.states.registrations import Kept, answers_of, completed, enrolment_at, requested

__all__ = [
    "PASSWORD", "Cookies", "Kept", "account_of", "answers_of", "completed", "enrolment_at", "leave_alone", "member_of",
    "opened_before", "persona", "registering", "requested", "session", "signed_in", "with_hint", "with_own_password",
]  # fmt: skip
