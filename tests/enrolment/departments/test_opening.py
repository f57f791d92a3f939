"""The code of the letter: what it opens, once, and every way in which it does not (F02, H09, R11, R12, R13)."""

from datetime import timedelta

import pytest

from accounts import letters
from accounts.letters.text import compose
from accounts.models import Account, Affiliation, Email, Entry, Event, Letter, Profile, login_of_nir
from accounts.own_password import NothingToPersonalise, personalise
from accounts.sign_in import How, SignInRefused, shut_out, sign_in
from accounts.throttling import TooManyAttempts
from enrolment.departments import following, opening, posting
from enrolment.departments.opening import CodeRefused, Reason
from enrolment.models import DepartmentRequest
from tests.agents import an_agent
from tests.departments import A_DAY, AIN, HERE, accepted, asked, code_of, open_now, posted
from tests.enrolment.threads import at_once
from tests.members import A_MOMENT, GARCIN, LAMY, NEXT_PASSWORD, OWN_PASSWORD, a_member, affiliate, an_account

pytestmark = [pytest.mark.django_db]
MINE, OTHER = b"m" * 32, b"o" * 32
LATER = A_MOMENT + 3 * A_DAY


def type_it(account: Account, code: str, *, browser: bytes = MINE, now=LATER) -> DepartmentRequest:
    return opening.open_by_code(account, code, browser=browser, now=now)


def refusal(account: Account, code: str, **how) -> Reason:
    with pytest.raises(CodeRefused) as refused:
        type_it(account, code, **how)
    return refused.value.reason


def sign_in_with(code: str, *, browser: bytes = MINE, now=LATER):
    return sign_in(login_of_nir(LAMY), code, browser=browser, network="192.0.2.1", now=now)


@pytest.mark.sqlite
def test_it_opens_its_department_and_tells_the_member(account: Account) -> None:
    request = accepted(account)
    assert type_it(account, code_of(request)).department == AIN
    assert open_now(account) == {AIN: "code"}
    assert DepartmentRequest.objects.get().opened_at == LATER
    assert Email.objects.filter(kind="department_opened").count() == 1
    assert Entry.objects.get(event=Event.DEPARTMENT_OPENED).detail == {"department": AIN, "by": "code"}


def test_who_has_no_proven_address_hears_by_post_that_the_code_was_typed(account: Account) -> None:
    """R7, R8, R11: a letter may be taken from its box, and its code opens and replaces the password."""
    code = code_of(accepted(account))
    Account.objects.update(email_proven_at=None)
    account.refresh_from_db()
    type_it(account, code)
    assert not Email.objects.filter(kind="department_opened").exists()
    letter = Letter.objects.get(kind=Letter.Kind.DEPARTMENT_OPENED)
    said = "\n".join(compose(letter).paragraphs)
    assert "01-Ain" in said
    assert "Ce n'était pas vous" in said


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "spelling", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")]
)
def test_it_is_taken_as_it_is_copied(account: Account, spelling) -> None:
    type_it(account, spelling(code_of(accepted(account))))
    assert open_now(account) == {AIN: "code"}


def test_each_code_opens_its_own_department_and_says_which(account: Account) -> None:
    """« For another department » is no mistake: the code knows."""
    one = accepted(account, "01")
    other = accepted(account, "13", now=A_MOMENT + 2 * A_DAY)
    assert type_it(account, code_of(other)).department == "13"
    assert open_now(account) == {"13": "code"}
    assert type_it(account, code_of(one)).department == "01"


def test_wrong_expired_used(account: Account) -> None:
    request = accepted(account)
    code = code_of(request)
    assert refusal(account, "ACDEFGHJKMNP") is Reason.WRONG
    assert refusal(account, code, now=A_MOMENT + 30 * A_DAY) is Reason.EXPIRED
    type_it(account, code, now=A_MOMENT + 30 * A_DAY - timedelta(seconds=1))
    personalise(account, NEXT_PASSWORD, how=How.DEPARTMENT_CODE, browser=MINE, now=LATER)
    assert refusal(account, code) is Reason.USED
    assert refusal(account, code, browser=OTHER) is Reason.USED
    assert Entry.objects.filter(event=Event.DEPARTMENT_CODE_REFUSED).count() == 4


def test_another_members_code_is_just_wrong(account: Account) -> None:
    """Nobody learns that it is somebody's."""
    code = code_of(accepted(account))
    other = an_account(a_member(GARCIN))
    assert refusal(other, code) is Reason.WRONG
    assert open_now(other) == {}
    assert type_it(account, code).account == account


def test_an_older_code_is_superseded_by_its_reissue(account: Account) -> None:
    request = accepted(account)
    old = code_of(request)
    posting.send_another(request, now=A_MOMENT + 7 * A_DAY)
    new = code_of(request)
    assert refusal(account, old, now=A_MOMENT + 8 * A_DAY) is Reason.SUPERSEDED
    assert type_it(account, new, now=A_MOMENT + 8 * A_DAY).department == AIN


def test_the_code_of_a_letter_that_came_back_opens_nothing(account: Account) -> None:
    request = accepted(account)
    code = code_of(request)
    letter = posted(request, now=A_MOMENT + A_DAY)
    assert letters.mark_returned(letter, by=an_agent(), now=LATER)
    assert refusal(account, code) is Reason.RETURNED


def test_guesses_have_a_limit(account: Account) -> None:
    accepted(account)
    left = []
    for _ in range(5):
        with pytest.raises(CodeRefused) as refused:
            type_it(account, "ACDEFGHJKMNP")
        left.append(refused.value.tries_left)
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(TooManyAttempts):
        type_it(account, "ACDEFGHJKMNP")


@pytest.mark.django_db(transaction=True)
def test_typed_in_two_browsers_at_once_it_opens_for_one() -> None:
    account = an_account()
    code = code_of(accepted(account))

    def attempt(browser: bytes) -> str:
        try:
            return type_it(account, code, browser=browser).department
        except CodeRefused as refused:
            return refused.reason

    assert sorted(at_once(lambda: attempt(MINE), lambda: attempt(OTHER))) == [AIN, Reason.USED]
    assert Email.objects.filter(kind="department_opened").count() == 1


# At sign-in ----------------------------------------------------------------------------------------------------------


def test_number_and_code_open_a_session_and_the_department(account: Account) -> None:
    """H09, R11."""
    code = code_of(accepted(account))
    done = sign_in_with(code)
    assert (done.account, done.how) == (account, How.DEPARTMENT_CODE)
    assert open_now(account) == {AIN: "code"}


def test_one_use_is_one_browser_until_a_password_is_chosen(account: Account) -> None:
    """R13: whoever is called away may come back; nobody else may."""
    code = code_of(accepted(account))
    sign_in_with(code)
    with pytest.raises(SignInRefused):
        sign_in_with(code, browser=OTHER)
    assert sign_in_with(code).how is How.DEPARTMENT_CODE
    personalise(account, NEXT_PASSWORD, how=How.DEPARTMENT_CODE, browser=MINE, now=LATER)
    with pytest.raises(SignInRefused):
        sign_in_with(code)
    assert sign_in_with(NEXT_PASSWORD).how is How.PASSWORD
    assert Email.objects.filter(kind="department_opened").count() == 1


def test_the_password_before_is_replaced_once(account: Account) -> None:
    """R11: of two pages that choose one, the first has chosen; and the member is told by e-mail."""
    sign_in_with(code_of(accepted(account)))
    personalise(account, NEXT_PASSWORD, how=How.DEPARTMENT_CODE, browser=MINE, now=LATER)
    with pytest.raises(NothingToPersonalise):
        personalise(account, "Autre+Verger77", how=How.DEPARTMENT_CODE, browser=MINE, now=LATER)
    with pytest.raises(SignInRefused):
        sign_in_with(OWN_PASSWORD)
    assert Email.objects.filter(kind="password_changed").count() == 1


def test_the_account_owes_a_new_password_until_one_is_chosen(account: Account) -> None:
    """R11: set in the transaction that opens, told by no session; a refused code demands nothing."""
    code = code_of(accepted(account))
    assert refusal(account, "ACDEFGHJKMNP") is Reason.WRONG
    assert refusal(account, code, now=A_MOMENT + 30 * A_DAY) is Reason.EXPIRED
    account.refresh_from_db()
    assert account.password_due_at is None
    type_it(account, code)
    first = Account.objects.get(pk=account.pk)
    assert (first.password_due_at, first.session_generation) == (LATER, 1)
    assert account.get_session_auth_hash() == first.get_session_auth_hash()
    type_it(account, code, now=LATER + A_DAY)
    assert account.password_due_at == LATER, "the same browser, coming back"
    personalise(account, NEXT_PASSWORD, how=How.PASSWORD, browser=OTHER, now=LATER)
    account.refresh_from_db()
    assert account.password_due_at is None


def test_without_a_code_there_is_nothing_to_personalise(account: Account) -> None:
    """A session that says so without one is a forged one."""
    with pytest.raises(NothingToPersonalise):
        personalise(account, NEXT_PASSWORD, how=How.DEPARTMENT_CODE, browser=MINE, now=LATER)


def test_whoever_is_shut_out_comes_back_with_no_code(account: Account) -> None:
    code = code_of(accepted(account))
    sign_in_with(code)
    shut_out(account, now=LATER)
    with pytest.raises(SignInRefused):
        sign_in_with(code)


@pytest.mark.parametrize("spoil", ["expired", "ended", "suspended", "superseded"])
def test_what_does_not_open_is_told_like_any_pair_that_does_not_fit(account: Account, spoil: str) -> None:
    """R12: same words, same count of tries."""
    request = accepted(account)
    code, now = code_of(request), LATER
    if spoil == "expired":
        now = A_MOMENT + 30 * A_DAY
    elif spoil == "ended":
        opening.close(request, now=now)
    elif spoil == "suspended":
        Account.objects.filter(pk=account.pk).update(is_active=False)
    else:
        posting.send_another(request, now=A_MOMENT + 7 * A_DAY)
        now = A_MOMENT + 8 * A_DAY
    with pytest.raises(SignInRefused) as refused:
        sign_in_with(code, now=now)
    assert (refused.value.tries_left, refused.value.wait) == (4, 0)
    assert open_now(account) == {}


# The registry meanwhile ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("followed", [False, True])
def test_an_affiliation_that_ends_while_its_letter_is_on_its_way(account: Account, followed: bool) -> None:
    """Issue 5, faults: one outcome, whether the periodic task has run or not."""
    request = accepted(account)
    code = code_of(request)
    row = affiliate(account.member, AIN, since=A_MOMENT.date())
    if followed:
        following.follow_registry(now=A_MOMENT)
    Affiliation.objects.filter(pk=row.pk).update(until=A_MOMENT.date() + A_DAY)
    if followed:
        following.follow_registry(now=LATER)
    assert refusal(account, code) is Reason.ENDED
    assert refusal(account, code) is Reason.ENDED
    assert AIN not in open_now(account)
    assert DepartmentRequest.objects.get().closed_at == LATER


def test_an_affiliation_that_was_over_long_before_is_no_matter(account: Account) -> None:
    """The agent knew it when they accepted."""
    affiliate(account.member, AIN, until=A_MOMENT.date() - 400 * A_DAY)
    assert type_it(account, code_of(accepted(account))).department == AIN


def test_the_registry_was_quicker_than_the_post(account: Account) -> None:
    """F02: the department is open, the code is not needed."""
    request = accepted(account)
    code = code_of(request)
    affiliate(account.member, AIN)
    following.follow_registry(now=A_MOMENT + A_DAY)
    assert open_now(account)[AIN] == "registry"
    assert refusal(account, code) is Reason.OPEN


def test_a_farm_that_is_no_more_opens_no_services(account: Account) -> None:
    """H05."""
    farm = affiliate(account.member, "68", Profile.FARMER)
    request = accepted(account, "68", way=HERE)
    code = code_of(request)
    Affiliation.objects.filter(pk=farm.pk).update(until=A_MOMENT.date())
    assert refusal(account, code) is Reason.ENDED


def test_services_of_the_own_caisse_open_beside_their_department(account: Account) -> None:
    """H05: the department was open by the registry and stays so."""
    affiliate(account.member, "68", Profile.FARMER)
    request = accepted(account, "68", way=HERE)
    assert type_it(account, code_of(request)).way == HERE
    assert open_now(account) == {}
    assert DepartmentRequest.objects.get().opened_at == LATER


def test_nobody_opens_a_dead_members_department(account: Account) -> None:
    code = code_of(accepted(account))
    account.member.deceased = True
    account.member.save()
    assert refusal(account, code) is Reason.ENDED


def test_a_second_code_ends_the_screen_that_the_first_has_left_open(account: Account) -> None:
    """R11: a password is due already; whoever sits before that page elsewhere has not proven what is proven now."""
    one, other = accepted(account), accepted(account, "13", now=A_MOMENT + 2 * A_DAY)
    type_it(account, code_of(one))
    left_open = Account.objects.get(pk=account.pk).get_session_auth_hash()
    sign_in_with(code_of(other), browser=OTHER)
    now_open = Account.objects.get(pk=account.pk).get_session_auth_hash()
    assert now_open != left_open
    sign_in_with(code_of(other), browser=OTHER)
    assert Account.objects.get(pk=account.pk).get_session_auth_hash() == now_open, "who comes back ends nothing"


# Another code --------------------------------------------------------------------------------------------------------


def test_another_code_once_a_week(account: Account) -> None:
    request = accepted(account)
    with pytest.raises(posting.AnotherRefused) as refused:
        posting.send_another(request, now=A_MOMENT + 6 * A_DAY)
    assert (refused.value.why, refused.value.not_before) == ("too_soon", A_MOMENT + 7 * A_DAY)
    posting.send_another(request, now=A_MOMENT + 7 * A_DAY)
    with pytest.raises(posting.AnotherRefused):
        posting.send_another(request, now=A_MOMENT + 8 * A_DAY)


def test_four_in_30_days(account: Account) -> None:
    """R13: the letter with a secret is one of four, whatever it is for."""
    request = accepted(account)
    for week in (1, 2, 3):
        posting.send_another(request, now=A_MOMENT + 7 * week * A_DAY)
    with pytest.raises(posting.AnotherRefused) as refused:
        posting.send_another(request, now=A_MOMENT + 28 * A_DAY)
    assert refused.value.why == posting.Sending.LATER


def test_nothing_is_sent_again_that_is_not_accepted_or_is_over(account: Account) -> None:
    request = asked(account)
    with pytest.raises(posting.AnotherRefused):
        posting.send_another(request, now=LATER)
    done = accepted(account, "13")
    type_it(account, code_of(done))
    with pytest.raises(posting.AnotherRefused):
        posting.send_another(done, now=A_MOMENT + 10 * A_DAY)
