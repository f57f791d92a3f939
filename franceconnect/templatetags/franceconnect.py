"""What templates show of FranceConnect as a way in."""

from typing import Any

from django.template import Library

from accounts.models import Account
from franceconnect.client import availability, linking

register = Library()


@register.inclusion_tag("components/franceconnect-button.html")
def franceconnect_button(next_page: str = "") -> dict[str, Any]:
    """I02, C08, C09: the button, or an honest sentence where it would lead nowhere. It stands below our own form."""
    configured = availability.is_configured()
    return {"next_page": next_page, "configured": configured, "down": configured and availability.is_down()}


@register.inclusion_tag("franceconnect/client/account.html")
def franceconnect_account(account: Account) -> dict[str, Any]:
    """G05: the block of Mon compte."""
    return {"linked": linking.is_linked(account), "configured": availability.is_configured()}
