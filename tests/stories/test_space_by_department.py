"""Mon espace privé by department: contacts, news and payments of one caisse, or of all (F02, F09)."""

from datetime import date, timedelta

import pytest

from accounts.models import Account, News, OpenDepartment, Payment
from tests.members import A_MOMENT, GARCIN, a_member, affiliate, an_account, pay
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]
A_DAY = timedelta(days=1)


@pytest.fixture
def account(db: None) -> Account:
    account = an_account()
    affiliate(account.member, "13")
    pay(account.member, 2250, on=date(2026, 2, 8))
    pay(account.member, 5900, on=date(2026, 1, 9), label="Famille")
    Payment.objects.filter(amount_cents=5900).update(department="13")
    return account


def tell(title: str, caisse: str = "", *, days_ago: float = 10, until: float | None = None) -> News:
    at = A_MOMENT.replace(month=2) - days_ago * A_DAY
    end = None if until is None else A_MOMENT.replace(month=2) + until * A_DAY
    return News.objects.create(caisse=caisse, title=title, body="Un texte.", published_at=at, until=end)


def test_all_departments_then_one(account: Account) -> None:
    """F02: plain links, the choice stands in the address and is a code of a department."""
    caller = sign_in(Caller()).sees("22,50 €", "59,00 €", "MSA Alsace", "MSA Provence-Azur")
    caller.follow("13-Bouches-du-Rhône")
    caller.sees("59,00 €", "MSA Provence-Azur").does_not_see("22,50 €")
    caller.follow("Tous mes paiements").sees("59,00 €").does_not_see("22,50 €")
    caller.follow("Tous").sees("22,50 €", "59,00 €")


def test_the_pages_of_one_department_stay_there(account: Account) -> None:
    for number in range(45):
        pay(account.member, 10_000 + number, on=date(2024, 1, 1) + number * A_DAY)
    caller = sign_in(Caller()).visit("/mon-espace/paiements/?departement=67").follow("Page suivante")
    assert "departement=67&amp;page=1" in caller.response.content.decode()
    caller.does_not_see("59,00 €")


@pytest.mark.parametrize("asked", ["99", "01", "<script>", "\x00", "67 ", "6" * 500, "67&departement=01"])
def test_what_is_not_ones_own_department_shows_all(account: Account, asked: str) -> None:
    for path in ("/mon-espace/", "/mon-espace/paiements/"):
        caller = sign_in(Caller()).visit(f"{path}?departement={asked}")
        caller.sees("22,50 €", "59,00 €").does_not_see("Ain", "<script>")


def test_nobody_sees_payments_of_another_by_naming_their_department(account: Account) -> None:
    other = a_member(GARCIN)
    pay(other, 98_765, on=date(2026, 2, 1))
    sign_in(Caller()).visit("/mon-espace/?departement=67").sees("22,50 €").does_not_see("987,65")


def test_the_newest_three_news_of_ones_caisses(account: Account) -> None:
    """F09: of the caisse, of the whole MSA; none of tomorrow, of another caisse, or past its end."""
    tell("Alsace ancienne", "68", days_ago=40)
    tell("Alsace", "68", days_ago=1)
    tell("Provence", "13", days_ago=2)
    tell("Toute la MSA", days_ago=3)
    tell("Bretagne", "29", days_ago=0)
    tell("Demain", "68", days_ago=-60)
    tell("Passée", "68", days_ago=4, until=-1)
    caller = sign_in(Caller()).sees("Actualités", "Alsace", "Provence", "Toute la MSA")
    caller.does_not_see("Bretagne", "Demain", "Passée", "Alsace ancienne")
    caller.follow("67-Bas-Rhin").sees("Alsace ancienne", "Toute la MSA").does_not_see("Provence ")


def test_without_news_there_is_no_such_title(account: Account) -> None:
    sign_in(Caller()).does_not_see("Actualités")


def test_news_are_never_markup(account: Account) -> None:
    News.objects.create(title="<b>x</b>", body="<script>x</script>", published_at=A_MOMENT.replace(month=1))
    page = sign_in(Caller()).response.content.decode()
    assert "<b>x" not in page
    assert "<script>x" not in page


def test_a_department_that_a_code_opened_stands_beside_the_others(account: Account) -> None:
    """R11."""
    OpenDepartment.objects.create(account=account, department="01", origin="code", opened_at=A_MOMENT)
    sign_in(Caller()).follow("01-Ain").sees("Aucun paiement dans ce département", "MSA Ain-Rhône")
