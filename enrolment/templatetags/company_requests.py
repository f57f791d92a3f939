"""What the space of a company shows of its requests."""

from typing import Any

from django.template import Library

from accounts.models import Company
from enrolment.models import RegistrationRequest

register = Library()
# The newest; an old one is nobody's question.
SHOWN = 10


@register.inclusion_tag("enrolment/company_requests.html")
def company_requests(company: Company) -> dict[str, Any]:
    """R1: what was asked for this SIRET, by whomever, and what became of it."""
    asked = RegistrationRequest.objects.filter(account=company.account_id).order_by("-created_at")
    return {"requests": asked[:SHOWN]}
