"""The support desk in a real browser: it runs under the portal's own policy, on a phone as on a desktop (R22)."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import Account
from accounts.sealed import fingerprint
from franceconnect import keys
from franceconnect.models import Client
from franceconnect.registration import register, rotate_secret, secret_fits
from tests.browser.audit import axe, breakable, sideways
from tests.browser.chromium import DESKTOP, PHONE, carry, window
from tests.browser.conftest import NewWindow
from tests.browser.states import Cookies, signed_in
from tests.members import A_MOMENT

pytestmark = pytest.mark.browser
CLIENTS = "/support/franceconnect/client/"


@pytest.fixture
def agent() -> Cookies:
    """The session of an agent who may do everything with services."""
    account = Account(
        kind="agent",
        is_staff=True,
        created_at=A_MOMENT,
        login_fingerprint=fingerprint("agent", str(uuid.uuid4())),
    )
    account.set_unusable_password()
    account.save(force_insert=True)
    account.user_permissions.set(Permission.objects.filter(content_type__app_label="franceconnect"))
    return signed_in(account)


def places() -> list[str]:
    """Every page of the desk, with something on it."""
    now = timezone.now()
    keys.ensure(now=now)
    client = register("franceconnect", preset="franceconnect-integration", now=now).client
    rotate_secret(client, now=now)
    return [
        "/support/",
        CLIENTS,
        f"{CLIENTS}?q=france&kind__exact=federation",
        f"{CLIENTS}add/",
        f"{CLIENTS}{client.pk}/change/",
        f"{CLIENTS}{client.pk}/history/",
        "/support/franceconnect/signingkey/",
    ]


def fill_in(page: Page) -> None:
    """A mistake, then a service: errors, and a secret."""
    page.goto(f"{CLIENTS}add/")
    page.get_by_label("Identifiant (client_id)").fill("service")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Indiquez au moins une adresse de retour.")).to_be_visible()


def correct(page: Page) -> str:
    page.locator("[name=redirect_uris]").fill("https://service.example.org/retour")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Copiez ce secret maintenant")).to_be_visible()
    return page.get_by_label("client_secret").input_value()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_of_the_desk_is_stopped_by_the_portal_s_policy(
    new_window: NewWindow, portal: str, agent: Cookies, width: int
) -> None:
    """Issue 3, 9: strict CSP; new_window fails when a script or a style was refused, or asked another origin."""
    context, page, _faults = new_window(width=width)
    carry(context, portal, agent)
    for place in places():
        answer = page.goto(place)
        assert answer is not None
        assert answer.status == 200
        assert not sideways(page, width), place
    fill_in(page)
    secret = correct(page)
    assert secret_fits(Client.objects.get(client_id="service"), secret, timezone.now())
    assert not sideways(page, width)
    page.get_by_role("link", name="Revenir au service").click()
    page.get_by_role("button", name="Nouveau secret").click()
    expect(page.get_by_text("L'ancien secret vaut encore")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    assert page.goto("/support/").status == 404  # type: ignore[union-attr]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_is_for_agents_with_any_eyes_and_hands(
    browser: Browser, portal: str, agent: Cookies, scheme: str
) -> None:
    """RGAA: axe finds nothing. It copies Django's @import into a style, which is refused: hence a window unwatched."""
    context, page, _faults = window(browser, portal)
    carry(context, portal, agent)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = []
    for place in places():
        page.goto(place)
        found += [*axe(page), *breakable(page)]
    fill_in(page)
    found += axe(page)
    correct(page)
    found += [*axe(page), *breakable(page)]
    context.close()
    assert found == []
