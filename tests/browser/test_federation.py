"""The way to a service in a real browser, which holds every redirect after a form to the page's policy.

J02, J03, I06 to I10, E06, R2, R14, R15, R22; libraries, 2.2 no. 6.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route, expect

from accounts.models import Account
from tests.browser import states
from tests.browser.chromium import carry, window
from tests.browser.journeys import Hand
from tests.browser.other_side import OtherSide, other_side
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty, Sent
from tests.signing import put_signing_keys
from tests.stories.signing_in import digits_in_mail_to

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture
def there() -> Iterator[OtherSide]:
    with other_side() as service:
        yield service


@pytest.fixture(params=["with script", "without script"])
def open_window(request: pytest.FixtureRequest, browser: Browser, portal: str, there: OtherSide) -> Iterator[Open]:
    """A window that may be led to the service, and to nowhere else."""
    put_signing_keys()
    context, page, faults = window(browser, portal, java_script_enabled=request.param == "with script")

    def make(account: Account | None = None) -> Page:
        if account:
            carry(context, portal, states.signed_in(account))
        return page

    yield make
    context.close()
    assert [fault for fault in faults.seen if not fault.startswith(f"asks {there.origin}/")] == []


def member(*, proven: bool = True) -> Account:
    account = settled(states.with_own_password("garcin", PASSWORD))
    if not proven:
        account.email_proven_at = None
        account.save()
    return account


def federation(there: OtherSide) -> RelyingParty:
    """FranceConnect's preset with a callback of this machine, as `add_oidc_client --redirect-uri` registers it."""
    back = {"redirect_uris": [there.callback], "post_logout_redirect_uris": [there.logout_callback]}
    return franceconnect(**back)


def service(there: OtherSide) -> RelyingParty:
    back = {"redirect_uris": [there.callback], "post_logout_redirect_uris": [there.logout_callback]}
    return standard(name="Météo agricole", skip_authorization=False, **back)


def follow(page: Page, party: RelyingParty) -> Sent:
    """The service's link. It names our public address; the test's server stands somewhere else."""
    sent = party.request()
    parts = urlsplit(sent.url)
    page.goto(f"{parts.path}?{parts.query}")
    return sent


def sign_in(page: Page, label: str = "Numéro de Sécurité Sociale MSA") -> None:
    hand = Hand(page)
    hand.type(label, states.persona("garcin").nir.number)
    hand.type("Mot de passe", PASSWORD)
    hand.press("Se connecter")


def has_arrived(page: Page, there: OtherSide) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes arrivé")
    assert page.url == f"{there.origin}/arrivee"
    assert [each.split()[0] for each in there.visits] == ["GET"] * len(there.visits), "a form was sent on to them"


def test_the_browser_follows_from_our_form_to_franceconnect(open_window: Open, there: OtherSide) -> None:
    """J02, FI 5: POST, 303, the callback at another origin, and on to FranceConnect's own page."""
    member()
    page, fc = open_window(), federation(there)
    sent = follow(page, fc)
    Hand(page).sees("Je me connecte avec mon compte msa.fr")
    sign_in(page)
    has_arrived(page, there)
    tokens = fc.redeem(fc.code(sent, there.brought), sent)
    assert fc.identity(tokens)["family_name"] == "GARCIN"
    page.goto("/mon-espace/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter à Mon espace privé")


def test_the_browser_goes_back_to_franceconnect(open_window: Open, there: OtherSide) -> None:
    """J03, FI 6: « Retourner sur FranceConnect », from the first page and from the page of conditions."""
    member(proven=False)
    page, fc = open_window(), federation(there)
    for is_signed_in in (False, True):
        sent = follow(page, fc)
        if is_signed_in:
            sign_in(page)
            Hand(page).sees("Votre compte MSA ne peut pas encore servir à FranceConnect")
        Hand(page).press("Retourner sur FranceConnect")
        has_arrived(page, there)
        assert fc.callback(sent, there.brought)["error"] == "access_denied"


def test_an_address_is_confirmed_on_the_way(open_window: Open, there: OtherSide) -> None:
    """E06, R2: three forms later the browser still arrives."""
    account = member(proven=False)
    page, fc = open_window(), federation(there)
    sent, hand = follow(page, fc), Hand(page)
    sign_in(page)
    hand.follow("Confirmer mon adresse email")
    hand.sees("Confirmation de vos coordonnées")
    hand.press("Je confirme mes coordonnées")
    hand.sees("Confirmation de votre adresse email", account.email)
    page.get_by_label("Code reçu par email").fill(digits_in_mail_to(account.email))
    hand.press("Valider")
    has_arrived(page, there)
    assert fc.code(sent, there.brought)


@pytest.mark.parametrize(("button", "answer"), [("Autoriser et continuer", "code"), ("Refuser", "error")])
def test_the_browser_brings_the_member_s_decision(
    open_window: Open, there: OtherSide, button: str, answer: str
) -> None:
    """I06 to I10: sign-in and consent at a service like any other."""
    member()
    page, party = open_window(), service(there)
    sent = follow(page, party)
    sign_in(page, "Identifiant")
    Hand(page).sees("Continuer vers Météo agricole\u00a0?", "Nous ne transmettons rien de personnel")
    Hand(page).press(button)
    has_arrived(page, there)
    assert answer in party.callback(sent, there.brought)


def test_the_browser_leaves_by_a_service_s_logout(open_window: Open, there: OtherSide) -> None:
    """FI 24: the member is asked, says yes, and is led back."""
    page, party = open_window(member()), service(there)
    asked = urlsplit(party.logout_url(client_id=party.client_id, post_logout_redirect_uri=there.logout_callback))
    page.goto(f"{asked.path}?{asked.query}")
    Hand(page).sees("Se déconnecter de votre compte MSA\u00a0?", "Météo agricole vous propose", "GARCIN LOÏC")
    Hand(page).press("Se déconnecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes parti")
    page.goto("/mon-espace/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter à Mon espace privé")


def test_without_the_client_in_the_policy_nobody_would_arrive(browser: Browser, portal: str, there: OtherSide) -> None:
    """So that the stories above mean something: the same page under the portal's own policy."""
    put_signing_keys()
    member()
    context, page, _faults = window(browser, portal)

    def forget_the_client(route: Route) -> None:
        response = route.fetch()
        policy = response.headers["content-security-policy"].replace(there.callback, "")
        route.fulfill(response=response, headers={**response.headers, "content-security-policy": policy})

    follow(page, federation(there))
    page.route("**/connexion/", lambda route: forget_the_client(route) if is_visit(route) else route.continue_())
    page.reload()
    with page.expect_event("console", lambda message: "form-action" in message.text):
        sign_in(page)
    assert there.visits == []
    context.close()


def is_visit(route: Route) -> bool:
    return route.request.method == "GET"


def test_the_portal_s_session_does_not_end_the_visit(browser: Browser, portal: str, there: OtherSide) -> None:
    """R14, R15: no warning on the way to FranceConnect, and no leading away when the portal's half hour is over."""
    context, page, faults = window(browser, portal)
    page.clock.install()
    carry(context, portal, states.signed_in(member()))
    follow(page, federation(there))
    page.wait_for_load_state("networkidle")
    here = page.url
    page.clock.fast_forward((settings.SESSION_IDLE + timedelta(minutes=1)).seconds * 1000)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == here
    assert faults.seen == []
    context.close()


def test_the_tools_of_every_page_are_here_as_well(browser: Browser, portal: str, there: OtherSide) -> None:
    """A06, R22: the skip link leads to the form, the text grows and stays so on the next page."""
    context, page, faults = window(browser, portal)
    follow(page, federation(there))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    usual = page.evaluate(size)
    page.get_by_role("button", name="A+").click()
    assert page.evaluate(size) > usual
    page.reload()
    page.wait_for_function(f"({size})() > {usual}")
    page.get_by_role("button", name="voir le mot de passe").click()
    expect(page.get_by_label("Mot de passe", exact=True)).to_have_attribute("type", "text")
    assert faults.seen == []
    context.close()
