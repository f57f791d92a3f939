"""What an agent reads on a page of the desk is true, in French, and does what it says (issue 5, Support desk 10)."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts import journal
from accounts.models import BadAddress, Consultation, Entry, Event, Role
from accounts.support import site
from accounts.support.roles import may
from accounts.views.consultations import WHY
from enrolment.models import RegistrationRequest
from franceconnect.models import Client
from msa_portal.urls import DESK
from tests.agents import an_agent, at_desk
from tests.members import A_MOMENT, a_member

pytestmark = pytest.mark.django_db
# Reading the addresses has put every list there.
assert DESK
BAD = "/support/accounts/badaddress/"


def a_bad_address() -> BadAddress:
    return BadAddress.objects.create(member=a_member(), fingerprint=b"x" * 32, since=timezone.now())


def test_a_row_that_nobody_asked_for_is_not_called_a_request_of_its_member() -> None:
    """A letter came back, another identity tried: its member has asked for nothing (Support desk 3; R16)."""
    row = a_bad_address()
    caller = at_desk(an_agent()).visit(f"{BAD}{row.pk}/change/")
    assert "une de vos demandes" not in WHY[Consultation.Reason.REQUEST]
    caller.sees(WHY[Consultation.Reason.REQUEST]).does_not_see("Ouvrez cette demande")


def test_what_is_ticked_has_a_button_that_says_so_and_no_tick_for_all_that_needs_a_script() -> None:
    """R22: Django's tick for the whole page does nothing without its script."""
    a_bad_address()
    page = at_desk(an_agent(Role.LEAD)).client.get(BAD).content.decode()
    assert 'id="action-toggle"' not in page
    assert "Pour les lignes cochées" in page
    assert "---------" not in page
    assert 'class="tick"' in page


def test_a_form_has_one_button_that_keeps_what_was_typed() -> None:
    caller = at_desk(an_agent(Role.LEAD)).visit("/support/accounts/news/add/").sees("Nouvelle actualité")
    assert caller.offers("Enregistrer")
    assert not caller.offers("Enregistrer et ajouter un nouveau")
    assert not caller.offers("Enregistrer et continuer les modifications")


@pytest.mark.parametrize(
    ("role", "place", "words"),
    [
        (Role.LEAD, "/support/accounts/agent/", "Ajouter un conseiller"),
        (Role.LEAD, "/support/accounts/news/", "Nouvelle actualité"),
        (Role.NATIONAL, "/support/accounts/banner/", "Nouveau bandeau"),
        (Role.OPERATOR, "/support/franceconnect/client/", "Ajouter un service connecté"),
    ],
)
def test_the_link_that_adds_says_what(role: Role, place: str, words: str) -> None:
    at_desk(an_agent(role)).visit(place).follow(words).sees(words)


def test_a_service_is_named_in_french_and_its_filter_too() -> None:
    client = Client.objects.create(client_id="essai", name="Mon essai", redirect_uris="https://essai.example/retour")
    caller = at_desk(an_agent(Role.OPERATOR)).visit("/support/franceconnect/client/")
    caller.sees("Actif", "oui").does_not_see("Par actif")
    caller.visit(f"/support/franceconnect/client/{client.pk}/change/").sees("Service connecté")
    caller.does_not_see("Modification de service connecté")


def test_a_line_of_the_journal_offers_no_history_for_nobody_changes_it() -> None:
    """R21: append-only."""
    journal.record(Event.JOURNAL_EXPORTED, now=A_MOMENT)
    row = Entry.objects.latest("pk")
    caller = at_desk(an_agent(Role.AUDITOR)).visit(reverse("admin:accounts_entry_change", args=[row.pk]))
    caller.sees("Ligne du journal").does_not_see("Historique")


def test_what_a_company_typed_is_shown_as_one_reads_it_aloud() -> None:
    row = RegistrationRequest(kind="company", department="67", reference="ACDE-FGHJ", created_at=A_MOMENT)
    row.details = {
        "name": "Claudine MEYER",
        "function": "gérante",
        "siret": "99930551900012",
        "email": "meyer@example.org",
        "phone": "+33399002003",
    }
    row.save(force_insert=True)
    caller = at_desk(an_agent()).visit(f"/support/enrolment/registrationrequest/{row.pk}/change/")
    caller.sees("999 305 519 00012", "03 99 00 20 03")


def test_limits_are_told_as_one_says_them() -> None:
    caller = at_desk(an_agent(Role.OPERATOR)).visit("/support/limites/")
    caller.sees("30 jours", "5 000").does_not_see("720 heures")
    caller.visit("/support/limites/sign_in/").sees("une attente d'une minute")


def test_the_home_page_calls_a_list_as_the_list_calls_itself() -> None:
    """Issue 5, Support desk 5: one thing, one name."""
    agent = an_agent(Role.LEAD)
    home = at_desk(agent).client.get("/support/").content.decode()
    shown = [each for each in site.lists() if may(agent, each.see)]
    assert len(shown) > 8
    for each in shown:
        place = reverse(f"admin:{each.opts.app_label}_{each.opts.model_name}_changelist")
        assert f'<li><a href="{place}">{escape(each.list_title)}</a></li>' in home
