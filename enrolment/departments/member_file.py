"""What the support desk's page of a member says of their requests for departments, by their states (H01 to H09)."""

from datetime import date
from typing import Any

from accounts import letters
from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Member
from accounts.support.file import reading
from enrolment.models import DepartmentRequest

MOST = 10


@reading.panel("support/departments.html", place=20)
def departments(member: Member, account: Account | None, today: date) -> dict[str, Any] | None:
    """One question, on the index of the account's requests; of a letter only how far it is."""
    if account is None:
        return None
    asked = DepartmentRequest.objects.filter(account=account).select_related("letter").defer("letter__content")
    return {
        "asked": [
            {
                "row": each,
                "department": DEPARTMENTS.get(each.department),
                "letter": letters.state(each.letter).label if each.letter else "",
            }
            for each in asked.order_by("-created_at")[:MOST]
        ]
    }
