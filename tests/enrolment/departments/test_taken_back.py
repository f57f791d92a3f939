"""Once an account was closed, a code in the post opens nothing; another letter leaves (R11, R13, J16, issue 5)."""

import pytest
from django.db import transaction

from accounts import codes, contact, sign_in
from accounts.models import Account, Code, Email, Letter
from accounts.support.file import account_acts
from enrolment.departments import deciding, opening, posting, timeline
from enrolment.departments.opening import CodeRefused, Reason
from enrolment.departments.views import not_another
from enrolment.models import DepartmentRequest
from franceconnect import dispute
from tests.agents import an_agent
from tests.departments import A_DAY, AIN, accepted, asked, code_of, open_now, posted
from tests.enrolment.threads import at_once
from tests.members import A_MOMENT, an_account

pytestmark = [pytest.mark.django_db]
MINE = b"m" * 32
LATER = A_MOMENT + 3 * A_DAY


def suspend(account: Account, now=LATER) -> None:
    """As the desk does, in one transaction."""
    with transaction.atomic():
        assert account_acts.suspend(account.member, by=an_agent(), now=now)
    account.refresh_from_db()


def reinstate(account: Account, now=LATER) -> None:
    assert account_acts.reinstate(account.member, by=an_agent(), now=now)
    account.refresh_from_db()


def disputed(account: Account, now=LATER) -> None:
    """J16: « Ce n'est pas moi »."""
    said = {"reference": "ACDEFGHJ", "family": "Firefox", "at": A_MOMENT.isoformat(), "sent_to": account.email}
    dispute.dispute(
        codes.issue_link(account, Code.Purpose.NOT_ME, subject=said, life=10 * A_DAY, now=A_MOMENT), now=now
    )
    account.refresh_from_db()


def undone(account: Account, now=LATER) -> None:
    """R13: the old address says no to a new one."""
    undo = codes.issue_link(account, Code.Purpose.EMAIL_UNDO, subject=account.email, life=5 * A_DAY, now=A_MOMENT)
    contact.undo_email_change(undo, now=now)
    account.refresh_from_db()


def refusal(account: Account, code: str, now=LATER) -> Reason:
    with pytest.raises(CodeRefused) as refused:
        opening.open_by_code(account, code, browser=MINE, now=now)
    return refused.value.reason


def test_a_letter_of_before_a_suspension_opens_nothing_after_the_reinstatement(account: Account) -> None:
    """The attack: whoever the account was protected from has the letter in a drawer."""
    request = accepted(account)
    code = code_of(request)
    posted(request, now=A_MOMENT + A_DAY)
    suspend(account)
    reinstate(account)
    assert refusal(account, code) is Reason.TAKEN_BACK
    with pytest.raises(sign_in.SignInRefused):
        sign_in.sign_in(bytes(account.login_fingerprint), code, browser=MINE, network="192.0.2.1", now=LATER)
    assert open_now(account) == {}
    account.refresh_from_db()
    assert account.password_due_at is None


@pytest.mark.parametrize("close", [suspend, disputed, undone])
def test_the_request_stays_accepted_and_another_letter_leaves(account: Account, close) -> None:
    """By itself within the hour; the older code is superseded then. « Ce n'est pas moi » ends every code as well."""
    request = accepted(account)
    old = code_of(request)
    posted(request, now=A_MOMENT + A_DAY)
    close(account)
    request.refresh_from_db()
    assert (request.accepted, request.closed_at, request.letter) == (True, None, None)
    if not account.is_active:
        assert posting.send_waiting(now=LATER + A_DAY) == 0, "nothing is posted to a closed account"
        reinstate(account)
    (line,) = timeline.of(account, now=LATER)
    assert [step.stage for step in line.steps][-2:] == ["soon", "code"]
    assert not line.takes_code
    assert posting.send_waiting(now=LATER + A_DAY) == 1
    assert refusal(account, old, now=LATER + A_DAY) is Reason.SUPERSEDED
    new = code_of(request)
    assert opening.open_by_code(account, new, browser=MINE, now=LATER + 2 * A_DAY).department == AIN
    assert open_now(account) == {AIN: "code"}


def test_what_was_opened_or_refused_before_stays_as_it_was(account: Account) -> None:
    opened = accepted(account)
    opening.open_by_code(account, code_of(opened), browser=MINE, now=A_MOMENT + A_DAY)
    refused = asked(account, "13")
    assert deciding.refuse(refused, by=an_agent(), reason="unknown_here", now=A_MOMENT)
    suspend(account)
    reinstate(account)
    opened.refresh_from_db()
    assert opened.letter
    assert open_now(account) == {AIN: "code"}
    assert posting.send_waiting(now=LATER + A_DAY) == 0


def test_a_request_accepted_during_the_suspension_waits_for_its_end(account: Account) -> None:
    request = asked(account)
    suspend(account)
    assert deciding.accept(request, by=an_agent(), now=LATER)
    assert not Letter.objects.filter(kind=Letter.Kind.DEPARTMENT_CODE).exists()
    told = Email.objects.get(kind="department_accepted").content["text"]
    assert "suspendu pour le moment" in told
    assert "vous a été envoyé" not in told, "no letter left"
    with pytest.raises(posting.AnotherRefused) as refused:
        posting.send_another(request, now=LATER)
    assert "suspendu" in not_another(refused.value)
    reinstate(account)
    assert posting.send_waiting(now=LATER) == 1


@pytest.mark.django_db(transaction=True)
def test_a_suspension_and_the_hourly_task_at_once_leave_no_live_code() -> None:
    account = an_account()
    request = asked(account)
    DepartmentRequest.objects.filter(pk=request.pk).update(accepted=True, decided_at=A_MOMENT)
    at_once(lambda: suspend(account), lambda: posting.send_waiting(now=LATER))
    assert not Code.objects.filter(purpose=posting.PURPOSE, used_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_suspension_and_a_typed_code_at_once_have_one_outcome() -> None:
    """Typed first, it has opened; else it opens nothing. Neither waits for the other for ever."""
    account = an_account()
    code = code_of(accepted(account))

    def type_it() -> str:
        try:
            return opening.open_by_code(Account.objects.get(pk=account.pk), code, browser=MINE, now=LATER).department
        except CodeRefused as refused:
            return refused.reason

    def close() -> str:
        suspend(account)
        return "closed"

    said = at_once(type_it, close)
    assert "closed" in said
    assert (AIN in said) == (open_now(account) == {AIN: "code"})
    assert not Code.objects.filter(purpose=posting.PURPOSE, used_at=None).exists()
