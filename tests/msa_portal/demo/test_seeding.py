"""The demonstration's members are loaded once a day, by the registry's own import."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Account, Entry, Member, Payment
from franceconnect.client import linking
from franceconnect.models import Link
from msa_portal.demo.personas import DEMO_PASSWORD, personas
from msa_portal.demo.seeding import Seeded, seed
from msa_portal.environment import Mode
from tests.franceconnect.client.traveller import Traveller

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_everybody_is_a_member_and_two_have_an_account(held_clock):
    everybody = personas(today=timezone.localdate())
    assert seed(now=timezone.now()) == Seeded(imported=True, accounts=2)
    assert {member.nir for member in Member.objects.all()} == {persona.nir for persona in everybody}
    assert Payment.objects.count() == sum(len(persona.payments) for persona in everybody)
    accounts = {account.member.birth_name: account for account in Account.objects.filter(kind="member")}
    assert set(accounts) == {"GARCIN", "ORSINI"}
    garcin = accounts["GARCIN"]
    assert garcin.check_password(DEMO_PASSWORD)
    assert garcin.email == "loic.garcin@example.org"
    assert garcin.mobile == "+33639981008"
    assert garcin.email_proven_at == garcin.contact_confirmed_at == garcin.terms_accepted_at == timezone.now()


def test_a_second_run_writes_nothing_not_even_to_the_journal(held_clock):
    seed(now=timezone.now())
    journal = Entry.objects.count()
    passwords = set(Account.objects.values_list("password", flat=True))
    held_clock.shift(timedelta(hours=2))
    assert seed(now=timezone.now()) == Seeded(imported=False, accounts=0)
    assert Entry.objects.count() == journal
    assert set(Account.objects.values_list("password", flat=True)) == passwords


def test_the_next_day_payments_are_a_day_younger_and_nobody_is_doubled(held_clock):
    seed(now=timezone.now())
    members, payments = Member.objects.count(), Payment.objects.count()
    newest = Payment.objects.latest_first().first().paid_on
    held_clock.shift(timedelta(days=1))
    assert seed(now=timezone.now()) == Seeded(imported=True, accounts=0)
    assert (Member.objects.count(), Payment.objects.count()) == (members, payments)
    assert Payment.objects.latest_first().first().paid_on == newest + timedelta(days=1)


def test_a_database_without_the_members_is_filled_although_the_files_are_there(held_clock):
    seed(now=timezone.now())
    Account.objects.all().delete()
    Member.objects.order_by("pk").last().delete()
    assert seed(now=timezone.now()) == Seeded(imported=True, accounts=2)
    assert Member.objects.count() == len(personas(today=timezone.localdate()))


def test_the_command_says_what_it_did(capsys):
    call_command("seed_demo")
    call_command("seed_demo")
    assert capsys.readouterr().out.splitlines() == [
        "demonstration members: loaded; accounts opened: 2",
        "support desk: a day laid out",
        "demonstration members: already there; accounts opened: 0",
        "support desk: as it was",
    ]


def test_production_refuses_made_up_people(settings):
    settings.MODE = Mode.PRODUCTION
    with pytest.raises(CommandError, match="this is production"):
        call_command("seed_demo")
    assert not Member.objects.exists()


def test_orsini_is_known_to_franceconnect_under_the_sub_that_it_tells(held_clock, simulator):
    """I12, I14: she comes in at once; who dissociates her is not contradicted at the next start."""
    seed(now=timezone.now())
    simulator.follow_clock()
    caller = Traveller(simulator, "orsini").arrive()
    assert caller.path == "/mon-espace/"
    link = Link.objects.get()
    link.issuer, link.subject_fingerprint = "http://127.0.0.1:1/api/v2", b"another port".ljust(32)
    link.save()
    seed(now=timezone.now())
    assert Traveller(simulator, "orsini").arrive().path == "/mon-espace/"
    linking.unlink(link.account, now=timezone.now())
    seed(now=timezone.now())
    assert not Link.objects.exists()
