"""What is open to a member already, and what may be asked for (F01, F02, H05, H06)."""

from dataclasses import dataclass
from datetime import date

from accounts import membership
from accounts.identity.caisses import Caisse, Department, departments
from accounts.membership import Membership
from accounts.models import Account, Affiliation, Profile
from enrolment.models import DepartmentRequest

HERE, ELSEWHERE = DepartmentRequest.Way.HERE, DepartmentRequest.Way.ELSEWHERE


@dataclass(frozen=True)
class Known:
    """Where an account stands: what is open, what waits, what may still be asked for."""

    membership: Membership
    # Requests that are neither refused nor over; those of the way « here » stay when they were opened.
    requests: tuple[DepartmentRequest, ...]
    # The departments in which the registry knows an exploitant.
    farms: frozenset[str]

    @property
    def caisse(self) -> Caisse | None:
        """« la MSA 68 » of the member's main department (H05)."""
        return self.membership.caisse

    def request(self, department: Department, way: str) -> DepartmentRequest | None:
        """What was asked for this department in this way and is not over."""
        same = (each for each in self.requests if each.department == department.code and each.way == way)
        return next(same, None)

    @property
    def elsewhere(self) -> tuple[Department, ...]:
        """Every department that is neither open nor asked for (H06)."""
        closed = (each for each in departments() if self.membership.department(each.code) is None)
        waiting = {each.department for each in self.requests if each.way == ELSEWHERE and each.opened_at is None}
        return tuple(each for each in closed if each.code not in waiting)

    @property
    def may_ask_here(self) -> bool:
        return bool(self._farms_here)

    @property
    def here(self) -> tuple[Department, ...]:
        """The member's own departments whose services for farms may be asked for (H05)."""
        return tuple(each for each in self._farms_here if self.request(each, HERE) is None)

    @property
    def _farms_here(self) -> tuple[Department, ...]:
        return tuple(
            each for each in self.membership.departments if each.caisse == self.caisse and each.code in self.farms
        )


def of(account: Account, *, on: date) -> Known:
    asked = DepartmentRequest.objects.filter(account=account, closed_at=None).select_related("letter")
    return Known(
        membership.of_account(account, on=on),
        tuple(asked.order_by("created_at", "pk")),
        farms_of(account, on=on),
    )


def farms_of(account: Account, *, on: date) -> frozenset[str]:
    rows = Affiliation.objects.filter(member=account.member, profile=Profile.FARMER)
    return frozenset(row.department for row in rows if row.is_active(on=on))
