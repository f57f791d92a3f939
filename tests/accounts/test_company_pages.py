"""A company at every address of the portal: its own pages, the public ones, and never a fault (R1, D01, J04)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from accounts.duties import Duty, next_duty
from accounts.models import Account, Channel
from accounts.sign_in import How
from accounts.views.pages import MembersOnly
from tests.accounts.test_duties import NAMES, path_of
from tests.companies import SIRET, a_company
from tests.members import A_MOMENT, OWN_PASSWORD
from tests.stories.caller import Caller
from tests.stories.pages import Page
from tests.stories.signing_in import temporary_password

pytestmark = [pytest.mark.django_db]
DOOR = "/connexion/entreprise/"
# Everybody may go.
LEAVING = {"accounts:sign_out", "admin:logout", "support:sign_out", "provider:confirm_logout"}


def view_class(name: str) -> Any:
    return getattr(resolve(path_of(name)).func, "view_class", None)


def is_a_member_s(name: str) -> bool:
    found = view_class(name)
    is_theirs = isinstance(found, type) and issubclass(found, MembersOnly)
    # The pages on the way to a service have their own test: without a request there is none.
    return is_theirs and not name.startswith("provider:") and Account.Kind.COMPANY not in found.open_to


@pytest.fixture
def client(db: None) -> Client:
    a_company()
    caller = Caller().visit(DOOR).press("Se connecter", login_id=SIRET, password=OWN_PASSWORD)
    assert caller.path == "/mon-entreprise/"
    return caller.client


def token_of(client: Client) -> str:
    """From the form that signs out, which every page has."""
    page = Page(client.get("/mon-entreprise/").content.decode())
    return page.forms[0].values["csrfmiddlewaretoken"]


def test_there_are_pages_of_members_in_every_room() -> None:
    rooms = {name.partition(":")[0] for name in NAMES if is_a_member_s(name)}
    assert rooms == {"accounts", "departments", "franceconnect"}


@pytest.mark.parametrize("name", [name for name in NAMES if is_a_member_s(name)])
def test_a_page_of_members_leads_to_the_company_s_own(name: str, client: Client) -> None:
    """R1: neither its content nor a fault, whatever the method."""
    own = reverse(f"accounts:{view_class(name).company_page}")
    for method in ("get", "head", "options"):
        answer = getattr(client, method)(path_of(name))
        assert (answer.status_code, answer.headers.get("Location")) == (302, own), method
    for method in ("post", "put"):
        assert getattr(client, method)(path_of(name)).status_code in (302, 403), method
    token = token_of(client)
    assert client.post(path_of(name), {"csrfmiddlewaretoken": token}).headers.get("Location") == own


def test_no_address_is_a_fault(client: Client) -> None:
    """R1: all of them, with and without a form's token."""
    token = token_of(client)
    for name in sorted(set(NAMES) - LEAVING):
        path = path_of(name)
        answers = [client.get(path), client.post(path), client.post(path, {"csrfmiddlewaretoken": token})]
        assert name == "readyz" or all(answer.status_code < 500 for answer in answers), name
        assert client.get("/mon-entreprise/").status_code == 200, name


def test_a_redirect_ends_somewhere(client: Client) -> None:
    """No page sends a company round in a circle."""
    for name in sorted(set(NAMES) - LEAVING):
        if name.startswith("admin:"):
            continue
        path = path_of(name)
        for _ in range(6):
            answer = client.get(path)
            if answer.status_code != 302 or not answer["Location"].startswith("/"):
                break
            path = answer["Location"]
        assert answer.status_code != 302 or not answer["Location"].startswith("/"), name


def test_a_company_s_pages_are_closed_to_strangers() -> None:
    for name in ("company_space", "company_account", "company_email", "company_password", "company_telephones"):
        path = reverse(f"accounts:{name}")
        assert Client().get(path)["Location"] == f"/connexion/?suite={path}"


@pytest.mark.parametrize("duty", Duty)
def test_a_company_has_a_member_s_duties(duty: Duty) -> None:
    """D01, E01: no page is reached around them."""
    account = a_company(contact_confirmed_at=None)
    password = temporary_password(account, Channel.POST) if duty is Duty.PERSONALISE else OWN_PASSWORD
    client = Caller().visit(DOOR).press("Se connecter", login_id=SIRET, password=password).client
    for name in NAMES:
        if not duty.allows(name):
            assert client.get(path_of(name)).headers.get("Location") == reverse(duty.page), name


def test_its_duties_one_after_the_other() -> None:
    account = a_company(contact_confirmed_at=None)
    assert next_duty(account, How.TEMPORARY_PASSWORD) is Duty.PERSONALISE
    assert next_duty(account, How.PASSWORD) is Duty.CONFIRM
    account.contact_confirmed_at = A_MOMENT
    assert next_duty(account, How.PASSWORD) is None
