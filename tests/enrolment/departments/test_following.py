"""Affiliations that appear or end open and close departments by themselves, with one notice (F02)."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import membership
from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Affiliation, Email, Entry, Event, OpenDepartment, Profile
from enrolment.departments import asking, following, opening
from enrolment.models import DepartmentRequest
from msa_portal.demo.personas import registry_files
from tests.departments import A_DAY, AIN, ELSEWHERE, HERE, accepted, asked, code_of, open_now
from tests.enrolment.threads import at_once
from tests.members import A_MOMENT, GARCIN, NOBODY, a_member, affiliate, an_account

pytestmark = [pytest.mark.django_db]
TODAY = A_MOMENT.date()


def follow(days: int = 0) -> int:
    return following.follow_registry(now=A_MOMENT + days * A_DAY)


def end(account: Account, department: str, on: date = TODAY) -> None:
    rows = Affiliation.objects.filter(member=account.member, department=department)
    assert rows.update(until=on - timedelta(days=1))


def notices() -> list[Email]:
    return list(Email.objects.filter(kind="departments_changed").order_by("created_at"))


@pytest.mark.sqlite
def test_the_first_time_is_no_news(account: Account) -> None:
    """Two million accounts must not get an e-mail on the day this begins to run."""
    affiliate(account.member, "68")
    assert follow() == 1
    assert open_now(account) == {"67": "registry", "68": "registry"}
    assert (notices(), Entry.objects.filter(event=Event.DEPARTMENT_OPENED).count()) == ([], 0)


@pytest.mark.sqlite
def test_what_appears_and_what_ends_is_told_in_one_mail(account: Account) -> None:
    follow()
    affiliate(account.member, "2A")
    affiliate(account.member, "13")
    end(account, "67")
    assert follow(1) == 1
    assert open_now(account) == {"13": "registry", "2A": "registry"}
    (mail,) = notices()
    text = " ".join(mail.content["text"].split())
    assert "Maintenant ouverts : 13-Bouches-du-Rhône (MSA Provence-Azur) 2A-Corse-du-Sud" in text.replace("\u00a0", " ")
    assert "Maintenant fermé : 67-Bas-Rhin (MSA Alsace)" in text.replace("\u00a0", " ")
    assert Entry.objects.filter(event=Event.DEPARTMENT_OPENED).count() == 2
    assert Entry.objects.get(event=Event.DEPARTMENT_CLOSED).detail == {"department": "67", "by": "registry"}


@pytest.mark.sqlite
def test_a_second_run_finds_nothing(account: Account) -> None:
    follow()
    affiliate(account.member, "13")
    assert [follow(1), follow(1), follow(2)] == [1, 0, 0]
    assert len(notices()) == 1


def test_an_affiliation_that_begins_tomorrow_opens_tomorrow(account: Account) -> None:
    follow()
    affiliate(account.member, "13", since=TODAY + A_DAY)
    assert [follow(), follow(1)] == [0, 1]


def test_what_was_open_before_the_first_run_is_no_news_either(account: Account) -> None:
    """F02: somebody asks for what the registry knows before anything was followed."""
    affiliate(account.member, AIN)
    assert asking.ask(account, department=DEPARTMENTS[AIN], way=ELSEWHERE, now=A_MOMENT).outcome == "opened"
    assert [follow(), follow(1)] == [0, 0]
    assert (open_now(account), notices()) == ({"67": "registry", AIN: "registry"}, [])


def test_a_department_comes_back(account: Account) -> None:
    follow()
    end(account, "67")
    follow(1)
    Affiliation.objects.update(until=None)
    follow(2)
    assert open_now(account) == {"67": "registry"}
    assert OpenDepartment.objects.count() == 2
    assert len(notices()) == 2


def test_nobody_hears_of_the_departments_of_another(account: Account) -> None:
    other = an_account(a_member(GARCIN), email="loic@example.org")
    a_member(NOBODY)
    assert follow() == 2
    affiliate(other.member, "13")
    assert follow(1) == 1
    assert [mail.account for mail in notices()] == [other]
    assert open_now(account) == {"67": "registry"}


def test_slices_of_accounts_leave_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "SLICE", 2)
    nirs = ["1630967482229", GARCIN, NOBODY, "1530101004901", "2951099126111"]
    accounts = [an_account(a_member(nir), password=None) for nir in nirs]
    assert follow() == 5
    for account in accounts:
        affiliate(account.member, "13")
    assert follow(1) == 5
    assert OpenDepartment.objects.filter(department="13").count() == 5


def test_whoever_waits_sees_how_far_it_is(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long commands show progress: one step a slice, the last one when all is done."""
    monkeypatch.setattr(following, "SLICE", 2)
    for nir in (GARCIN, NOBODY, "1530101004901"):
        an_account(a_member(nir), password=None)
    told: list[tuple[str, int, int]] = []
    assert following.follow_registry(now=A_MOMENT, progress=lambda *said: told.append(said)) == 4
    assert told == [("departments", done, 4) for done in (0, 2, 3, 4)]


def test_an_import_says_how_many_accounts_it_changed(tmp_path: Path, account: Account) -> None:
    follow()
    header = registry_files(today=TODAY)["payments.csv"].splitlines(keepends=True)[0]
    (tmp_path / "payments.csv").write_bytes(header)
    end(account, "67", date(2020, 1, 1))
    said = StringIO()
    call_command("import_registry", tmp_path, stdout=said)
    assert "follow_registry: 1 accounts changed" in said.getvalue()


def test_where_nothing_changed_nothing_is_locked_or_written(account: Account) -> None:
    follow()
    with CaptureQueriesContext(connection) as queries:
        follow(1)
    said = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert all(sql.startswith("SELECT") and "KEY UPDATE" not in sql for sql in said)
    assert len(said) <= 5


@pytest.mark.django_db(transaction=True)
def test_of_an_import_and_the_periodic_task_at_once_one_tells() -> None:
    account = an_account()
    follow()
    affiliate(account.member, "13")
    at_once(lambda: follow(1), lambda: follow(1))
    assert len(notices()) == 1
    assert OpenDepartment.objects.filter(department="13").count() == 1


@pytest.mark.parametrize("stage", [asked, accepted])
def test_what_was_asked_for_needs_no_code_any_more(account: Account, stage) -> None:
    """R11: the request is open and decided; an agent finds it no more among those that wait."""
    follow()
    stage(account)
    affiliate(account.member, AIN)
    follow(1)
    request = DepartmentRequest.objects.get()
    assert request.opened_at == A_MOMENT + A_DAY
    assert request.accepted
    assert len(notices()) == 1


def test_what_a_code_opened_is_the_registrys_once_it_knows(account: Account) -> None:
    """No news when it takes over, and it ends like any other."""
    follow()
    OpenDepartment.objects.create(account=account, department=AIN, origin="code", opened_at=A_MOMENT)
    affiliate(account.member, AIN)
    follow(1)
    assert open_now(account)[AIN] == "registry"
    assert notices() == []
    end(account, AIN, TODAY + 2 * A_DAY)
    follow(2)
    assert AIN not in open_now(account)


def test_what_a_code_opened_and_the_registry_never_knew_stays(account: Account) -> None:
    OpenDepartment.objects.create(account=account, department=AIN, origin="code", opened_at=A_MOMENT)
    follow()
    follow(1)
    assert open_now(account) == {"67": "registry", AIN: "code"}
    known = membership.of_account(account, on=TODAY)
    assert [each.code for each in known.departments] == ["67", AIN]


def test_an_import_is_followed_at_its_end(tmp_path: Path, account: Account) -> None:
    """The command of the contract; lines that are left out do not keep the others waiting."""
    follow()
    end(account, "67", date(2020, 1, 1))
    files = registry_files(today=TODAY)
    (tmp_path / "payments.csv").write_bytes(files["payments.csv"].splitlines(keepends=True)[0])
    call_command("import_registry", tmp_path)
    assert open_now(account) == {}


def test_the_code_of_a_request_that_the_registry_answered_is_worth_nothing(account: Account) -> None:
    follow()
    code = code_of(accepted(account))
    affiliate(account.member, AIN)
    follow(1)
    assert code
    assert not account.codes.filter(purpose="department", used_at=None).exists()


# Asked for, and the registry was quicker -----------------------------------------------------------------------------


def text_of(mail: Email) -> str:
    return " ".join(mail.content["text"].replace("\u00a0", " ").split())


@pytest.mark.parametrize("followed", [True, False])
@pytest.mark.parametrize("stage", [asked, accepted])
def test_whoever_asks_for_one_ends_what_waited_for_the_others(account: Account, stage, followed: bool) -> None:
    """F02, R11: the page opens all that the registry knows; requests and codes end as after an import, told once."""
    if followed:
        follow()
    stage(account, "13")
    affiliate(account.member, "13")
    affiliate(account.member, AIN)
    assert asking.ask(account, department=DEPARTMENTS[AIN], way=ELSEWHERE, now=A_MOMENT + A_DAY).outcome == "opened"
    request = DepartmentRequest.objects.get()
    assert (request.opened_at, request.accepted) == (A_MOMENT + A_DAY, True)
    assert not account.codes.filter(purpose="department", used_at=None).exists()
    (mail,) = notices()
    assert "Maintenant ouvert : 13-Bouches-du-Rhône (MSA Provence-Azur)" in text_of(mail)
    assert "Vous n'avez plus besoin de code pour : 13-Bouches-du-Rhône Un courrier" in text_of(mail)
    opened = Entry.objects.filter(event=Event.DEPARTMENT_OPENED)
    assert sorted(entry.detail["department"] for entry in opened) == [AIN, "13"]
    assert [follow(1), follow(2), len(notices())] == [0, 0, 1]


def test_whoever_asks_again_for_what_the_registry_learned_meanwhile(account: Account) -> None:
    """R11: the page says that it is open, the e-mail that its letter is needed no more."""
    follow()
    code = code_of(accepted(account))
    affiliate(account.member, AIN)
    assert asking.ask(account, department=DEPARTMENTS[AIN], way=ELSEWHERE, now=A_MOMENT + A_DAY).outcome == "opened"
    assert "plus besoin de code pour : 01-Ain" in text_of(*notices())
    with pytest.raises(opening.CodeRefused) as refused:
        opening.open_by_code(account, code, browser=b"m" * 32, now=A_MOMENT + 2 * A_DAY)
    assert refused.value.reason is opening.Reason.OPEN


def test_a_newcomer_hears_of_what_they_had_asked_for_and_of_nothing_else(account: Account) -> None:
    """F02: the first run is no news, the end of a request is."""
    accepted(account)
    affiliate(account.member, AIN)
    affiliate(account.member, "13")
    assert follow(1) == 1
    assert DepartmentRequest.objects.get().opened_at == A_MOMENT + A_DAY
    assert "Maintenant ouvert : 01-Ain (MSA Ain-Rhône) Vous n'avez plus besoin" in text_of(*notices())
    assert Entry.objects.get(event=Event.DEPARTMENT_OPENED).detail["department"] == AIN


def test_two_departments_of_which_one_was_asked_for(account: Account) -> None:
    """One e-mail tells both, and of the one whose letter may still come."""
    follow()
    accepted(account)
    affiliate(account.member, AIN)
    affiliate(account.member, "13")
    follow(1)
    assert "13-Bouches-du-Rhône (MSA Provence-Azur) Vous n'avez plus besoin de code pour : 01-Ain" in text_of(
        *notices()
    )


def test_the_services_of_a_farm_end_with_the_farm(account: Account) -> None:
    """H05: also when their farmer stays known there as somebody else; with a new farm they may be asked for again."""
    farm = affiliate(account.member, "68", Profile.FARMER)
    affiliate(account.member, "68")
    request = accepted(account, "68", way=HERE)
    opening.open_by_code(account, code_of(request), browser=b"m" * 32, now=A_MOMENT)
    follow()
    request.refresh_from_db()
    assert request.closed_at is None
    Affiliation.objects.filter(pk=farm.pk).update(until=TODAY)
    follow(1)
    request.refresh_from_db()
    assert request.closed_at == A_MOMENT + A_DAY
    ended = Entry.objects.get(event=Event.DEPARTMENT_CLOSED)
    assert ended.detail == {"department": "68", "reference": request.reference, "by": "registry"}
    follow(2)
    assert Entry.objects.filter(event=Event.DEPARTMENT_CLOSED).count() == 1
    Affiliation.objects.filter(pk=farm.pk).update(until=None)
    assert asked(account, "68", way=HERE, now=A_MOMENT + 3 * A_DAY)
