"""Slows down guessing: every limit stands here, each try is counted by one conditional statement (R12).

A try is counted before the answer is looked at and given back when it was right, so that a hundred tries at once pass
no further than a hundred in a row. The statement is the same on PostgreSQL and SQLite.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import F

from accounts import changed_limits
from accounts.models import Throttle
from accounts.sealed import fingerprint

# As long as the longest period of any limit, or the purge would undo it.
MEMORY = 31 * 86400


@dataclass(frozen=True)
class Limit:
    """`tries` within `period` seconds, then a wait that doubles from `wait` to `longest_wait` seconds.

    The numbers stand in the setting THROTTLES under this name; an operator may decide another one of tries.
    """

    name: str

    @property
    def tries(self) -> int:
        return changed_limits.tries(self.name)

    @property
    def period(self) -> int:
        return settings.THROTTLES[self.name][1]

    @property
    def wait(self) -> int:
        return settings.THROTTLES[self.name][2]

    @property
    def longest_wait(self) -> int:
        return settings.THROTTLES[self.name][3]

    def key(self, subject: str) -> bytes:
        return fingerprint(f"throttle:{self.name}", subject)


SIGN_IN = Limit("sign_in")
SIGN_IN_DAY = Limit("sign_in_day")
SIGN_IN_NETWORK = Limit("sign_in_network")
SIGN_IN_EVERYWHERE = Limit("sign_in_everywhere")
PASSWORD_AGAIN = Limit("password_again")
AGENT_PASSWORD = Limit("agent_password")
AGENT_PASSWORD_DAY = Limit("agent_password_day")
AGENT_NETWORK = Limit("agent_network")
AGENT_CODE = Limit("agent_code")
AGENT_CODE_DAY = Limit("agent_code_day")
AGENT_CALLS = Limit("agent_calls")
AGENT_CALLS_DAY = Limit("agent_calls_day")
CODE_DESK = Limit("code_desk")
JOURNAL_CHECKS = Limit("journal_checks")
IDENTITY_ANSWERS = Limit("identity_answers")
FRANCECONNECT_NIR = Limit("franceconnect_nir")
FRANCECONNECT_NIR_DAY = Limit("franceconnect_nir_day")
FRANCECONNECT_NETWORK = Limit("franceconnect_network")
REGISTRATION_START = Limit("registration_start")
REGISTRATION_NETWORK = Limit("registration_network")
REQUESTS_NETWORK = Limit("requests_network")
PASSWORD_RESET = Limit("password_reset")
PASSWORD_RESET_NIR = Limit("password_reset_nir")
PASSWORD_RESET_NETWORK = Limit("password_reset_network")
EMAIL_PROOF = Limit("email_proof")
STRENGTH_CHECKS = Limit("strength_checks")
MESSAGE_CHECKS = Limit("message_checks")
DEPARTMENT_ASKS = Limit("department_asks")
DEPARTMENT_CODE = Limit("department_code")
SUPPORT_SEARCH = Limit("support_search")
SUPPORT_SEARCH_DAY = Limit("support_search_day")
SUPPORT_ACT = Limit("support_act")
SUPPORT_REFUSED = Limit("support_refused")
SECRET_LETTER_DAY = Limit("secret_letter_day")
SECRET_LETTER_MONTH = Limit("secret_letter_month")


class TooManyAttempts(Exception):
    """A limit is reached; `retry_after` seconds have to pass."""

    def __init__(self, limit: Limit, retry_after: int) -> None:
        super().__init__(limit.name)
        self.limit, self.retry_after = limit, max(1, retry_after)


Subject = tuple[Limit, str]


def whose(login: bytes, generation: int) -> str:
    """Under what the tries for one identifier are counted.

    An agent who unlocks an account leaves all its counters behind, whatever networks and browsers they stand under
    (Account.limits_generation). To a stranger an unlocked account is one that nobody has tried yet.
    """
    return f"{login.hex()}.{generation}" if generation else login.hex()


# A window lasts `period` from its first try, or from the end of the last wait if that came later.
_OVER = """(CASE WHEN held.blocked_until > held.since THEN held.blocked_until ELSE held.since END)
         + %(period)s < excluded.since"""
_TAKE = f"""
INSERT INTO accounts_throttle AS held (key, tries, since, blocked_until) VALUES (%(key)s, 1, %(now)s, %(first)s)
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN {_OVER} THEN 1 ELSE held.tries + 1 END,
  since = CASE WHEN {_OVER} THEN excluded.since ELSE held.since END,
  blocked_until = CASE
    WHEN {_OVER} THEN excluded.blocked_until
    WHEN held.tries + 1 < %(tries)s THEN 0
    WHEN held.tries + 1 - %(tries)s >= 16 THEN %(now)s + %(longest)s
    WHEN (%(wait)s << (held.tries + 1 - %(tries)s)) > %(longest)s THEN %(now)s + %(longest)s
    ELSE %(now)s + (%(wait)s << (held.tries + 1 - %(tries)s)) END
WHERE held.blocked_until <= %(now)s
RETURNING tries
"""


def take(*subjects: Subject, now: datetime) -> int:
    """Count one try against each limit; returns how many are left before the first wait. Raises TooManyAttempts."""
    left = []
    for limit, subject in subjects:
        tries = _take(limit, limit.key(subject), int(now.timestamp()))
        if tries is None:
            raise TooManyAttempts(limit, wait_of((limit, subject), now=now))
        left.append(max(0, limit.tries - tries))
    return min(left, default=0)


def _take(limit: Limit, key: bytes, now: int) -> int | None:
    values: dict[str, bytes | int] = {
        "key": key,
        "now": now,
        "first": now + limit.wait if limit.tries <= 1 else 0,
        "period": limit.period,
        "tries": limit.tries,
        "wait": limit.wait,
        "longest": limit.longest_wait,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()
    return row[0] if row else None


def wait_of(*subjects: Subject, now: datetime) -> int:
    """Seconds until every one of these may be tried again; 0 when they may now."""
    keys = [limit.key(subject) for limit, subject in subjects]
    ends = Throttle.objects.filter(key__in=keys).values_list("blocked_until", flat=True)
    return max(0, max(ends, default=0) - int(now.timestamp()))


def forgive(*subjects: Subject) -> None:
    """The answer was right: start again from nothing."""
    Throttle.objects.filter(key__in=[limit.key(subject) for limit, subject in subjects]).delete()


def give_back(*subjects: Subject) -> None:
    """The answer was right: this one try does not count."""
    keys: Sequence[bytes] = [limit.key(subject) for limit, subject in subjects]
    Throttle.objects.filter(key__in=keys, tries__gt=0).update(tries=F("tries") - 1, blocked_until=0)


def forget(*, now: datetime) -> int:
    """Remove counters that no limit remembers any more."""
    past = int(now.timestamp()) - MEMORY
    return Throttle.objects.filter(since__lt=past, blocked_until__lt=past).delete()[0]
