"""An agent with a member's file before them: what the tests of the desk's member pages begin with."""

from typing import Any

from accounts.models import Account, Member, Role
from accounts.support.file import file_address
from tests.agents import an_agent, at_desk
from tests.members import NOBODY, a_member, affiliate
from tests.stories.caller import Caller

SEARCH = "/support/adherents/"


def place(member: Member, *rest: str) -> str:
    """`place(member, "actes", "suspendre")`."""
    return SEARCH + "/".join([file_address.of(member.pk), *rest, ""])


def elsewhere() -> Member:
    """Somebody of the MSA Provence-Azur."""
    member = a_member(NOBODY, birth_name="SANTUCCI", given_names="Lisandru")
    member.affiliations.all().delete()
    affiliate(member, "13")
    return member


def opened(member: Member, role: str = Role.AGENT, *, agent: Account | None = None, **columns: Any) -> Caller:
    """The file of this member, opened for a reason."""
    caller = at_desk(agent or an_agent(role, **columns))
    return caller.visit(place(member)).press("Ouvrir le dossier", reason="call")
