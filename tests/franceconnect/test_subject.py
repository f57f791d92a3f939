"""The pairwise `sub`: opaque, for life, and different for each sector (facts A5, FI 21, R20)."""

import pytest

from accounts.models import Account, NirStatus
from franceconnect import subject
from franceconnect.models import Client
from tests.members import GARCIN, a_member, an_account

pytestmark = pytest.mark.django_db


def client_at(uri: str, sector: str = "") -> Client:
    return Client(redirect_uris=uri, sector=sector)


RETRAITE = client_at("https://info-retraite.example/retour")
SOCIAUX = client_at("https://droits.example/retour")


@pytest.fixture
def account() -> Account:
    return an_account(a_member(GARCIN))


def test_a_sub_is_64_hexadecimal_figures_and_neither_number_nor_key(account: Account) -> None:
    """FI 21: ASCII, at least one character; R20: nothing to recover."""
    sub = subject.of(account, RETRAITE)
    assert len(bytes.fromhex(sub)) == 32
    assert sub.isascii()
    for known in (GARCIN, str(account.pk), account.pk.hex, bytes(account.login_fingerprint).hex()):
        assert known not in sub


def test_two_services_cannot_compare_theirs_and_one_service_always_gets_its_own(account: Account) -> None:
    """Core, 8.1."""
    assert subject.of(account, RETRAITE) != subject.of(account, SOCIAUX)
    assert subject.of(account, RETRAITE) == subject.of(Account.objects.get(), RETRAITE)


def test_clients_of_one_sector_get_the_same(account: Account) -> None:
    """Core, 8.1: by the declared sector, else by the host of the first redirect URI."""
    one, other = client_at("https://a.example/retour", "info.example"), client_at("https://b.example/", "info.example")
    assert subject.of(account, one) == subject.of(account, other)
    same_host = client_at("https://droits.example/autre https://ailleurs.example/")
    assert subject.of(account, same_host) == subject.of(account, SOCIAUX)


def test_two_members_are_two_subs(account: Account) -> None:
    assert subject.of(account, RETRAITE) != subject.of(an_account(), RETRAITE)


def test_what_changes_in_a_life_does_not_change_it(account: Account) -> None:
    """FI 21: the number's status, the usage name, the e-mail, the password, the sessions."""
    before = subject.of(account, RETRAITE)
    account.member.nir_status = NirStatus.UNCERTIFIED
    account.member.dossier = {**account.member.dossier, "usage_name": "MARTIN", "nir": "1851013201908"}
    account.member.save()
    account.email, account.email_proven_at = "autre@example.org", None
    account.set_password("Verger+Tranquille7")
    account.session_generation += 1
    account.save()
    assert subject.of(Account.objects.get(), RETRAITE) == before
