"""A company whose request was accepted."""

from django.utils import timezone

from accounts.models import Account, login_of_siret
from enrolment import companies
from tests.agents import an_agent
from tests.browser.states.people import PASSWORD
from tests.companies import KNOWN, SIRET, a_request


def company() -> Account:
    """Its letter is on its way, unless it was there before."""
    if found := Account.objects.with_login(login_of_siret(SIRET)):
        return found
    request, now = a_request(), timezone.now()
    companies.accept(request, establishment=KNOWN, by=an_agent(), now=now)
    # Asked for a second time, by somebody else.
    again = a_request(reference="QRTW-XY34", name="Paul Weiss", email="paul.weiss@example.org")
    companies.refuse(again, reason="double", by=an_agent(), now=now)
    return Account.objects.get(pk=request.account_id)


def settled_company() -> Account:
    """Both duties done."""
    account = company()
    account.set_password(PASSWORD)
    account.email_proven_at = account.contact_confirmed_at = account.last_login = timezone.now()
    account.mobile = "+33639981007"
    account.save()
    return account
