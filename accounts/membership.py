"""Where a member is at home today: departments, caisse, bouquet of services (F01, F02, R11)."""

from dataclasses import dataclass
from datetime import date

from accounts.identity.caisses import Caisse, Department, department
from accounts.models import Account, Member, OpenDepartment, Profile


@dataclass(frozen=True)
class Membership:
    """Where a member is known, the main department first, and the services that go with it."""

    departments: tuple[Department, ...]
    bundles: tuple[Profile, ...]

    @property
    def caisse(self) -> Caisse | None:
        return self.departments[0].caisse if self.departments else None

    @property
    def caisses(self) -> tuple[Caisse, ...]:
        return tuple(dict.fromkeys(each.caisse for each in self.departments))

    @property
    def by_caisse(self) -> tuple[tuple[Department, ...], ...]:
        """The departments of each caisse together."""
        return tuple(tuple(each for each in self.departments if each.caisse == caisse) for caisse in self.caisses)

    def department(self, code: str) -> Department | None:
        """The member's department of this code."""
        return next((each for each in self.departments if each.code == code), None)


def of(member: Member, *, on: date) -> Membership:
    """The membership of this day; one query, or none when the affiliations were fetched with the member."""
    active = (row for row in member.affiliations.all() if row.is_active(on=on))
    rows = sorted(active, key=lambda row: (not row.health_cover, row.since, row.pk))
    codes = dict.fromkeys(row.department for row in rows)
    # The individual bouquet is everybody's; the others come with the role (F01).
    bundles = dict.fromkeys([Profile.INDIVIDUAL, *(Profile(row.profile) for row in rows)])
    return Membership(tuple(department(code) for code in codes), tuple(bundles))


def of_account(account: Account, *, on: date) -> Membership:
    """The same, with the departments that a code has opened, after the others; one query more (R11)."""
    assert account.member is not None
    known = of(account.member, on=on)
    opened = OpenDepartment.objects.filter(account=account, origin=OpenDepartment.Origin.CODE, closed_at=None)
    codes = opened.order_by("opened_at", "pk").values_list("department", flat=True)
    return Membership(tuple(dict.fromkeys([*known.departments, *map(department, codes)])), known.bundles)
