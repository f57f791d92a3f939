"""What script adds: comfort only, and it works (C04, D04, D05, R14, R22)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.sign_in import How
from enrolment.models import Enrolment
from tests.browser import states
from tests.browser.chromium import carry
from tests.browser.conftest import NewWindow
from tests.browser.states import PASSWORD
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def opened(visitor: Visitor, path: str, cookies: states.Cookies | None = None) -> Page:
    carry(visitor.context, visitor.portal, cookies or {})
    visitor.page.goto(path)
    return visitor.page


def personalising(visitor: Visitor) -> Page:
    cookies = states.signed_in(states.account_of("lamy"), How.TEMPORARY_PASSWORD)
    return opened(visitor, "/mot-de-passe/personnaliser/", cookies)


def test_voir_shows_and_hides_the_password(visitor: Visitor) -> None:
    """C04, D04: the word, the pressed state and the field change together."""
    page = opened(visitor, "/connexion/")
    field = page.get_by_label("Mot de passe", exact=True)
    field.fill("secret")
    page.get_by_role("button", name="voir le mot de passe").click()
    expect(field).to_have_attribute("type", "text")
    shown = page.get_by_role("button", name="masquer le mot de passe")
    expect(shown).to_have_attribute("aria-pressed", "true")
    shown.click()
    expect(field).to_have_attribute("type", "password")


def test_without_script_there_is_no_button_that_does_nothing(new_window: NewWindow) -> None:
    """R22: « voir » and the text size come with script only."""
    _context, page, _faults = new_window(java_script_enabled=False)
    page.goto("/connexion/")
    expect(page.get_by_text("voir", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="A+")).to_be_hidden()


def test_the_gauge_says_faible_moyen_fort_while_typing(visitor: Visitor) -> None:
    """D05: the word changes and is told; the rules tick."""
    page = personalising(visitor)
    field, rule = page.get_by_label("Votre nouveau mot de passe", exact=True), page.locator("[data-rule=digit]")
    for password, level in (("soleil", "faible"), ("Moulin-84", "moyen"), ("Trois-chèvres-7-bleues", "fort")):
        field.fill(password)
        expect(page.locator(".strength__word")).to_have_text(level)
    expect(rule).to_have_attribute("data-met", "true")
    field.fill("soleil")
    expect(rule).to_have_attribute("data-met", "false")
    expect(page.locator("[data-advice]")).not_to_be_empty()


def test_the_gauge_judges_what_was_typed_before_it_came(visitor: Visitor) -> None:
    """D05: a weak signal brings the module late; the word comes all the same."""
    late: list[Route] = []
    visitor.page.route("**/strength.js", lambda route: late.append(route))
    with visitor.page.expect_request("**/strength.js"):
        page = personalising(visitor)
    page.get_by_label("Votre nouveau mot de passe", exact=True).fill("soleil")
    expect(page.locator(".strength__word")).to_have_text("à mesurer")
    late[0].continue_()
    expect(page.locator(".strength__word")).to_have_text("faible")


def test_the_number_is_grouped_when_the_field_is_left_never_while_typing(visitor: Visitor) -> None:
    """B05, B08: as on the card; Corsican letters too; what is no number stays as it is."""
    page = opened(visitor, "/inscription/identifiant/", states.registering(states.enrolment_at("identifiant")))
    field = page.get_by_label("Numéro de Sécurité Sociale")
    for typed, shown in {
        "1630967482229": "1 63 09 67 482 229",
        "163096748222906": "1 63 09 67 482 229 06",
        "283072a004909": "2 83 07 2A 004 909",
        "16309": "16309",
    }.items():
        field.fill("")
        field.press_sequentially(typed)
        expect(field).to_have_value(typed)
        field.blur()
        expect(field).to_have_value(shown)


def test_the_error_summary_has_the_focus_and_leads_to_the_field(visitor: Visitor) -> None:
    """R22: what is to be corrected is read first; its link puts the cursor into the field."""
    page = opened(visitor, "/inscription/coordonnees/", states.registering(states.enrolment_at("coordonnees")))
    page.get_by_role("button", name="Suivant").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=re.compile("^Date de naissance")).click()
    expect(page.get_by_label("Date de naissance")).to_be_focused()


def test_the_serial_counts_its_digits(visitor: Visitor) -> None:
    """B20, R3: pasted with its printed beginning, that part is not counted twice."""
    page = opened(visitor, "/inscription/numero-de-serie/", states.registering(states.enrolment_at("numero-de-serie")))
    field, count = page.get_by_label("Numéro de série de votre carte Vitale"), page.locator("[data-part=serial]")
    field.fill("01024")
    expect(count).to_have_text("5 chiffres sur 11")
    field.fill("802500000201024576124")
    expect(count).to_have_text("11 chiffres sur 11")


def test_the_session_warns_two_minutes_before_and_can_be_kept(visitor: Visitor) -> None:
    """R14: the dialog opens at 28 minutes, « Rester connecté » closes it and the server's clock starts again."""
    visitor.page.clock.install()
    page = opened(visitor, "/mon-espace/", states.signed_in(states.account_of("garcin")))
    dialog = page.get_by_role("dialog", name="Êtes-vous toujours là ?")
    page.wait_for_load_state("networkidle")
    page.clock.fast_forward(timedelta(minutes=27, seconds=30).seconds * 1000)
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(40_000)
    expect(dialog).to_contain_text("2 minutes")
    with page.expect_response("**/session/prolonger/") as answer:
        dialog.get_by_role("button", name="Rester connecté").click()
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(timedelta(minutes=27).seconds * 1000)
    expect(dialog).to_be_hidden()


def test_when_nobody_answers_the_page_is_left(visitor: Visitor) -> None:
    """R14: 30 minutes after the last visit the private page is gone from the screen, and the next one says why."""
    visitor.page.clock.install()
    cookies = states.signed_in(states.account_of("garcin"))
    page = opened(visitor, "/mon-espace/", cookies)
    page.wait_for_load_state("networkidle")
    states.leave_alone(cookies, settings.SESSION_IDLE + timedelta(seconds=2))
    page.clock.fast_forward(timedelta(minutes=30, seconds=2).seconds * 1000)
    page.wait_for_url("**/connexion/**")
    expect(page.locator("main")).to_contain_text("Rien n'a bougé ici pendant 30 minutes")


def test_two_presses_send_once(visitor: Visitor) -> None:
    """R22: an impatient double click on the last button."""
    enrolment = states.enrolment_at("conditions")
    page = opened(visitor, "/inscription/conditions/", states.registering(enrolment))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Finaliser mon inscription").dblclick()
    page.wait_for_url("**/terminee/")
    assert len(sent) == 1
    assert Enrolment.objects.get(pk=enrolment.pk).completed_at


def test_the_back_button_shows_nothing_private_after_signing_out(visitor: Visitor) -> None:
    """R14: pages of the space are kept by no browser."""
    page = opened(visitor, "/mon-espace/", states.signed_in(states.account_of("garcin")))
    page.get_by_role("link", name="Mon compte").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter à Mon espace privé")
    expect(page.locator("body")).not_to_contain_text("GARCIN")


def test_the_back_button_in_the_registration_shows_what_was_answered(visitor: Visitor) -> None:
    """B07: back and forth keeps the answers, and a second « Suivant » goes on as if nothing had happened."""
    page = opened(visitor, "/inscription/coordonnees/", states.registering(states.enrolment_at("coordonnees")))
    someone = states.persona("lamy")
    for label, text in {"Nom": "LAMY", "Prénom": "Fritz", "Adresse email": someone.email}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Date de naissance").fill("8/9/1963")
    page.get_by_role("button", name="Suivant").click()
    page.wait_for_url("**/verification/")
    page.go_back()
    expect(page.get_by_label("Nom", exact=True)).to_have_value("LAMY")
    page.get_by_role("button", name="Suivant").click()
    page.wait_for_url("**/verification/")


def test_a_locked_keyboard_is_told(visitor: Visitor) -> None:
    """C04: capital letters locked, which a password hides."""
    page = opened(visitor, "/connexion/")
    page.get_by_label("Mot de passe", exact=True).evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keyup', {key: 'A', modifierCapsLock: true, bubbles: true}))"
    )
    expect(page.get_by_text("La touche des majuscules est bloquée sur votre clavier.")).to_be_visible()


def test_the_text_size_is_remembered(visitor: Visitor) -> None:
    """A06: A+, A- and A, on this page and on the next."""
    page = opened(visitor, "/")
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    usual = page.evaluate(size)
    page.get_by_role("button", name="A+").click()
    larger = page.evaluate(size)
    assert larger > usual
    page.goto("/aide/")
    page.wait_for_function(f"({size})() === {larger}")
    page.get_by_role("button", name="A, taille normale").click()
    assert page.evaluate(size) == usual


def test_a_token_of_yesterday_keeps_what_was_typed(visitor: Visitor) -> None:
    """A form that stayed open over night: the same page, the same answers, one more press."""
    page = opened(visitor, "/inscription/coordonnees/", states.registering(states.enrolment_at("coordonnees")))
    page.get_by_label("Nom", exact=True).fill("LAMY")
    page.evaluate("() => { document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64); }")
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("main")).to_contain_text("Cette page est restée ouverte trop longtemps.")
    expect(page.get_by_label("Nom", exact=True)).to_have_value("LAMY")


def test_a_password_chosen_here_ends_the_session_there(new_window: NewWindow, portal: str) -> None:
    """G01: two browsers, one password changed; the other browser is asked to sign in."""
    account = states.with_own_password("garcin", PASSWORD)
    account.contact_confirmed_at = timezone.now()
    account.save()
    (here, first, _), (there, second, _) = new_window(), new_window()
    carry(here, portal, states.signed_in(account))
    carry(there, portal, states.signed_in(account))
    second.goto("/mon-espace/")
    first.goto("/mon-compte/mot-de-passe/")
    first.get_by_label("Votre mot de passe actuel").fill(PASSWORD)
    first.get_by_label("Votre nouveau mot de passe").fill("Trois-chèvres-7-bleues")
    first.get_by_label("Confirmer le mot de passe").fill("Trois-chèvres-7-bleues")
    first.get_by_role("button", name="Enregistrer mon mot de passe").click()
    expect(first.locator("main")).to_contain_text("Votre mot de passe a bien été modifié.")
    second.reload()
    expect(second.get_by_role("heading", level=1)).to_have_text("Se connecter à Mon espace privé")
