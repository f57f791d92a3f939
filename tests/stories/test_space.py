"""Mon espace privé, first form: whose it is, where they are known, what was paid (F01 to F03, F05 to F07, A08, C12)."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Affiliation, Member, Profile
from tests.members import GARCIN, LAMY, a_member, affiliate, an_account, pay
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def member(db: None) -> Member:
    fritz = a_member()
    an_account(fritz)
    for cents, on in [
        (2250, date(2020, 9, 8)),
        (250, date(2020, 9, 8)),
        (5900, date(2020, 6, 19)),
        (100, date(2019, 1, 1)),
    ]:
        pay(fritz, cents, on=on)
    return fritz


def test_the_header_says_whose_space_it_is(member: Member) -> None:
    """F03, F05, A08, C12."""
    caller = sign_in(Caller())
    caller.sees(
        "LAMY FRITZ", "Mon compte", "Se déconnecter", "Aller à l'espace public", "Mon espace privé : particulier",
    )  # fmt: skip
    assert caller.title == "Mon espace privé : particulier"
    assert caller.follow("Aller à l'espace public").path == "/"


def test_the_last_three_payments_newest_first(member: Member) -> None:
    """F06."""
    caller = sign_in(Caller()).sees("Mes derniers paiements", "8 septembre 2020", "Santé", "19 juin 2020")
    assert re.findall(r"[\d,]+ €", caller.text) == ["22,50 €", "2,50 €", "59,00 €"]
    caller.does_not_see("1,00 €")


def test_all_payments_twenty_a_page(member: Member) -> None:
    """F07."""
    for number in range(41):
        pay(member, 10_000 + number, on=date(2024, 1, 1) + timedelta(days=number))
    caller = sign_in(Caller()).follow("Tous mes paiements")
    assert caller.title == "Tous mes paiements"
    pages = [caller.visit(f"/mon-espace/paiements/?page={page}").text.count("€") for page in (1, 2, 3)]
    assert pages == [20, 20, 5]
    caller.sees("1,00 €")


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1 OR 1=1", "\x00", "9" * 400, ""])
def test_a_page_that_does_not_exist_is_the_nearest_one(member: Member, page: str) -> None:
    assert sign_in(Caller()).visit(f"/mon-espace/paiements/?page={page}").response.status_code == 200


def test_nobody_sees_the_payments_of_another(member: Member) -> None:
    """No address names a member: whatever is added to it, one sees one's own."""
    other = a_member(GARCIN, birth_name="GARCIN", given_names="Loïc")
    an_account(other, email="loic@example.org")
    pay(other, 98_765, on=date(2026, 10, 1))
    caller = sign_in(Caller())
    for query in ("", f"?member={other.pk}", f"?account={GARCIN}", f"?page=1&member_id={other.pk}"):
        caller.visit(f"/mon-espace/paiements/{query}").does_not_see("987,65", "GARCIN")
    for path in (f"/mon-espace/{other.pk}/", f"/mon-espace/paiements/{other.pk}/", f"/mon-compte/{other.pk}/"):
        assert caller.visit(path).response.status_code == 404
    sign_in(Caller("192.0.2.11"), nir=GARCIN).sees("987,65 €").does_not_see("22,50 €", "LAMY")


def test_who_has_had_nothing_is_told_so() -> None:
    an_account()
    sign_in(Caller()).sees("Aucun paiement pour le moment")


def test_every_department_and_bundle_is_opened(member: Member) -> None:
    """F01, F02."""
    affiliate(member, "68", Profile.FARMER)
    affiliate(member, "2A", Profile.GARDENER_EMPLOYER, until=date(2020, 1, 1))
    affiliate(member, "13", since=date(2999, 1, 1))
    caller = sign_in(Caller())
    caller.sees("Départements :", "67", "68", "particulier, exploitant agricole.")
    caller.does_not_see("Corse", "Bouches-du-Rhône", "employeur de jardinier")


def test_who_is_known_nowhere_any_more_is_told_so(member: Member) -> None:
    Affiliation.objects.update(until=date(2020, 1, 1))
    caller = sign_in(Caller()).sees("Vous n'avez plus de dossier ouvert dans une MSA.", "22,50 €")
    assert caller.visit("/mon-compte/").response.status_code == 200


@pytest.mark.parametrize("path", ["/mon-espace/", "/mon-espace/paiements/", "/mon-compte/"])
def test_a_private_page_costs_at_most_15_queries(member: Member, path: str) -> None:
    for number in range(60):
        pay(member, 10_000 + number, on=date(2024, 1, 1) + timedelta(days=number))
    for department in ("68", "2A", "13", "29"):
        affiliate(member, department)
    caller = sign_in(Caller(), nir=LAMY)
    with CaptureQueriesContext(connection) as queries:
        caller.visit(path)
    assert len(queries) <= 15


def test_only_links_that_work_are_shown(member: Member) -> None:
    caller = sign_in(Caller())
    for start in ("/mon-espace/", "/mon-compte/", "/mon-espace/paiements/"):
        for _, href in list(caller.visit(start).page.links):
            if href.startswith("/"):
                assert caller.visit(href).response.status_code == 200, href


def test_an_amount_a_name_and_an_address_are_never_markup(member: Member) -> None:
    member.dossier = {**member.dossier, "birth_name": "<b>LAMY</b>", "address": "<img src=x>"}
    member.save()
    pay(member, 1, on=date(2026, 1, 1), label="<script>x</script>")
    caller = sign_in(Caller())
    for path in ("/mon-espace/", "/mon-compte/", "/mon-espace/paiements/"):
        page = caller.visit(path).response.content.decode()
        assert not any(markup in page for markup in ("<b>LAMY", "<img src=x", "<script>x", "<B>LAMY"))
