"""Accepting and refusing: one outcome, a letter with a code or a reason (R11, R13)."""

import pytest

from accounts.letters import addresses
from accounts.models import Account, BadAddress, Channel, Code, Email, Entry, Event, Letter
from enrolment.departments import deciding, posting
from enrolment.models import DepartmentRequest
from tests.agents import an_agent
from tests.departments import A_DAY, accepted, asked, code_of
from tests.enrolment.threads import at_once
from tests.members import A_MOMENT, an_account

pytestmark = [pytest.mark.django_db]


def mails() -> list[str]:
    return list(Email.objects.order_by("created_at", "kind").values_list("kind", flat=True))


@pytest.mark.sqlite
def test_an_accepted_request_makes_a_letter_with_a_code(account: Account, agent: Account) -> None:
    """R11: 12 readable characters, hashed, 30 days."""
    request = asked(account)
    assert deciding.accept(request, by=agent, now=A_MOMENT)
    letter, code = Letter.objects.get(), Code.objects.get()
    assert (letter.kind, letter.member) == (Letter.Kind.DEPARTMENT_CODE, account.member)
    assert len(code_of(request).replace("-", "")) == 12
    assert code.purpose == Code.Purpose.DEPARTMENT
    assert code.expires_at - code.created_at == 30 * A_DAY
    assert code_of(request).encode() not in bytes(code.secret_fingerprint)
    assert mails() == ["department_accepted", "department_request_received"]
    assert not any(code_of(request) in email.content["text"] for email in Email.objects.all())
    assert Entry.objects.get(event=Event.DEPARTMENT_ACCEPTED).detail["by"] == agent.pk.hex


@pytest.mark.sqlite
def test_the_second_decision_changes_nothing(account: Account, agent: Account) -> None:
    request = asked(account)
    assert deciding.accept(request, by=agent, now=A_MOMENT)
    assert not deciding.refuse(request, by=agent, reason="unknown_here", now=A_MOMENT)
    assert not deciding.accept(request, by=agent, now=A_MOMENT)
    assert (Letter.objects.count(), DepartmentRequest.objects.get().accepted) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_at_once_one_decides() -> None:
    """Issue 5, faults: one outcome, one message."""
    request, one, other = asked(an_account()), an_agent(), an_agent()
    outcomes = at_once(
        lambda: deciding.accept(request, by=one, now=A_MOMENT),
        lambda: deciding.refuse(DepartmentRequest.objects.get(), by=other, reason="double", now=A_MOMENT),
    )
    assert sorted(outcomes) == [False, True]
    decided = DepartmentRequest.objects.get()
    assert (Letter.objects.count() == 1) is decided.accepted
    told = "department_accepted" if decided.accepted else "department_refused"
    assert sorted(mails()) == sorted(["department_request_received", told])


@pytest.mark.parametrize(
    ("documents_by", "proven", "by"),
    [(Channel.EMAIL, True, "email"), (Channel.POST, True, "post"), (Channel.EMAIL, False, "post")],
)
def test_a_refusal_says_why_where_the_member_reads_us(agent: Account, documents_by: str, proven: bool, by: str) -> None:
    account = an_account(documents_by=documents_by, email_proven_at=A_MOMENT if proven else None)
    request = asked(account)
    assert deciding.refuse(request, by=agent, reason="unknown_here", now=A_MOMENT)
    said = "nous ne trouvons pas de dossier à votre nom"
    if by == "post":
        letter = Letter.objects.get()
        assert letter.kind == Letter.Kind.DEPARTMENT_REFUSED
        assert said in letter.content["reason"]
    else:
        text = " ".join(Email.objects.get(kind="department_refused").content["text"].split())
        assert said in text
        assert "Appelez la MSA Ain-Rhône" in text
        assert not Letter.objects.exists()


def test_an_unknown_reason_decides_nothing(account: Account, agent: Account) -> None:
    request = asked(account)
    with pytest.raises(ValueError, match="because"):
        deciding.refuse(request, by=agent, reason="because", now=A_MOMENT)
    assert DepartmentRequest.objects.get().decided_at is None


def test_without_an_address_the_request_stays_accepted_and_the_letter_leaves_later(agent: Account) -> None:
    account = an_account()
    account.member.dossier = {**account.member.dossier, "city": ""}
    account.member.save()
    request = asked(account)
    assert deciding.accept(request, by=agent, now=A_MOMENT)
    assert (DepartmentRequest.objects.get().letter, Code.objects.count()) == (None, 0)
    assert "votre\nadresse postale est à vérifier" in Email.objects.get(kind="department_accepted").content["text"]
    assert posting.send_waiting(now=A_MOMENT + A_DAY) == 0
    account.member.dossier = {**account.member.dossier, "city": "Strasbourg"}
    account.member.save()
    assert posting.send_waiting(now=A_MOMENT + A_DAY) == 1
    assert posting.send_waiting(now=A_MOMENT + 3 * A_DAY) == 0
    assert DepartmentRequest.objects.get().letter == Letter.objects.get()


def test_no_code_goes_to_an_address_from_which_a_letter_came_back(account: Account, agent: Account) -> None:
    here = addresses.mark(account.member.postal_address)
    row = BadAddress.objects.create(member=account.member, fingerprint=here, since=A_MOMENT)
    assert deciding.accept(asked(account), by=agent, now=A_MOMENT)
    assert not Letter.objects.exists()
    assert addresses.clear_bad_address(row, by=agent, now=A_MOMENT)
    assert posting.send_waiting(now=A_MOMENT) == 1


def test_two_departments_accepted_on_one_day_make_two_letters_on_two_days(account: Account) -> None:
    """R13: one letter with a secret per member in 24 hours; the second waits, nobody has to do anything."""
    accepted(account, "01")
    second = accepted(account, "13")
    assert second.letter is None
    told = [email.content["text"] for email in Email.objects.filter(kind="department_accepted")]
    assert ["un peu plus\ntard" in text for text in told if "13-Bouches" in text] == [True]
    assert posting.send_waiting(now=A_MOMENT + A_DAY / 2) == 0
    assert posting.send_waiting(now=A_MOMENT + A_DAY) == 1
    assert Letter.objects.count() == 2


def test_four_letters_with_a_secret_in_30_days(account: Account) -> None:
    """R13."""
    for day, department in enumerate(("01", "02", "03", "04")):
        accepted(account, department, now=A_MOMENT + 2 * day * A_DAY)
    fifth = accepted(account, "05", now=A_MOMENT + 8 * A_DAY)
    assert fifth.letter is None
    assert posting.send_waiting(now=A_MOMENT + 20 * A_DAY) == 0
    assert posting.send_waiting(now=A_MOMENT + 39 * A_DAY) == 1
