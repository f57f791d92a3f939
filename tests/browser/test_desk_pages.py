"""Every page of the support desk for everybody, in one visit each: axe, 320 px, large text, weight (issue 5; R22)."""

import pytest
from playwright.sync_api import Browser

from tests.browser.addresses import desk_address_of, every_desk_address
from tests.browser.audit import everywhere
from tests.browser.chromium import PHONE, window
from tests.browser.places import DESK, go
from tests.browser.scale import WATCH_SHIFTS, Scale

pytestmark = pytest.mark.browser
ADDED_BY_NOBODY = {
    f"{each}_add" for each in (
        "accounts_addresschange", "accounts_badaddress", "accounts_correctionrequest", "accounts_entry",
        "accounts_letter", "accounts_letterbatch", "enrolment_departmentrequest", "enrolment_enrolment",
        "enrolment_registrationrequest", "franceconnect_linkconflict", "franceconnect_signingkey",
    )
}  # fmt: skip
ROWS_WITHOUT_PAGE = {"enrolment_enrolment_change", "franceconnect_signingkey_change"}
# They answer a press on a button.
VERBS = {
    "accounts_addresschange_accepter", "accounts_addresschange_open", "accounts_addresschange_refuser",
    "accounts_badaddress_open", "accounts_badaddress_verifier", "accounts_correctionrequest_open",
    "accounts_correctionrequest_repondre", "accounts_letter_open", "accounts_letter_revenu", "agent_leave",
    "agent_link", "client_retire_secret", "enrolment_departmentrequest_accepter", "enrolment_departmentrequest_open",
    "enrolment_departmentrequest_refuser", "enrolment_registrationrequest_accepter-autre",
    "enrolment_registrationrequest_autre-code", "enrolment_registrationrequest_open",
    "enrolment_registrationrequest_refuser", "franceconnect_linkconflict_garder", "franceconnect_linkconflict_open",
    "franceconnect_linkconflict_retirer", "journal_check", "letter_batch_again", "letter_batch_posted",
    "letter_batches_compose", "limit_restore", "sign_out", "telephone_to_post",
}  # fmt: skip


def test_every_page_of_the_desk_is_for_any_eyes_and_hands(browser: Browser, portal: str) -> None:
    """RGAA, on a phone as on a desktop, light and dark; light, still, and under the portal's own policy."""
    context, page, seen_by_window = window(browser, portal, width=PHONE)
    page.add_init_script(WATCH_SHIFTS)
    scale, faults, seen = Scale(page), [], set()
    for place in DESK:
        page.set_viewport_size({"width": PHONE, "height": 740})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        go(place, context, page, portal)
        # Before axe, which copies Django's @import into a style that the policy refuses.
        found = [*scale.faults(), *seen_by_window.seen, *everywhere(page)]
        seen_by_window.seen.clear()
        faults += [f"{place.name}: {each}" for each in found]
        seen.add(desk_address_of(page.url))
    context.close()
    assert not faults, "\n".join(faults)
    assert every_desk_address() - seen == ADDED_BY_NOBODY | ROWS_WITHOUT_PAGE | VERBS
