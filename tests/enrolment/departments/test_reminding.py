"""« Quelques jours » are over: one reminder to the member, one mark for the caisse (H08, H09)."""

import pytest

from accounts import letters
from accounts.models import Account, Email
from enrolment import tasks
from enrolment.departments import opening, reminding
from enrolment.models import DepartmentRequest
from tests.agents import an_agent
from tests.departments import A_DAY, accepted, asked, code_of, posted
from tests.members import A_MOMENT

pytestmark = [pytest.mark.django_db]


def remind(days: float) -> int:
    return reminding.remind(now=A_MOMENT + days * A_DAY)


def alert(days: float) -> int:
    return reminding.alert(now=A_MOMENT + days * A_DAY)


@pytest.mark.sqlite
def test_ten_days_after_the_post_the_member_is_reminded_once(account: Account) -> None:
    request = accepted(account)
    code = code_of(request)
    posted(request, now=A_MOMENT + A_DAY)
    assert [remind(10.9), remind(11), remind(11), remind(12)] == [0, 1, 0, 0]
    (mail,) = Email.objects.filter(kind="department_reminder")
    assert request.reference in mail.content["text"]
    assert code not in mail.content["text"]


def test_a_letter_that_was_not_posted_is_nothing_to_look_for(account: Account) -> None:
    accepted(account)
    assert remind(20) == 0


def test_neither_is_one_that_came_back_or_whose_code_is_over(account: Account) -> None:
    letter = posted(accepted(account), now=A_MOMENT + A_DAY)
    assert remind(40) == 0
    assert letters.mark_returned(letter, by=an_agent(), now=A_MOMENT + 5 * A_DAY)
    assert remind(12) == 0


def test_who_has_typed_the_code_is_left_alone(account: Account) -> None:
    request = accepted(account)
    code = code_of(request)
    posted(request, now=A_MOMENT + A_DAY)
    opening.open_by_code(account, code, browser=b"m" * 32, now=A_MOMENT + 4 * A_DAY)
    assert remind(14) == 0


@pytest.mark.sqlite
def test_the_caisse_is_alerted_once_of_what_nobody_answered_or_opened(account: Account) -> None:
    asked(account, "13")
    accepted(account, "01")
    assert [alert(9.9), alert(10), alert(10), alert(30)] == [0, 2, 0, 0]
    assert set(DepartmentRequest.objects.values_list("alerted_at", flat=True)) == {A_MOMENT + 10 * A_DAY}


def test_what_is_opened_or_refused_alerts_nobody(account: Account) -> None:
    request = accepted(account)
    opening.open_by_code(account, code_of(request), browser=b"m" * 32, now=A_MOMENT + A_DAY)
    assert alert(30) == 0


def test_the_task_does_all_three(account: Account) -> None:
    asked(account)
    DepartmentRequest.objects.update(created_at=A_MOMENT - 400 * A_DAY)
    assert tasks.remind_departments() == {"sent": 0, "reminded": 0, "alerted": 1}
    assert tasks.follow_registry() == 1
