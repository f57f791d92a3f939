"""What agents decide of companies and « Autre »: once, in words, with a letter where one belongs (R1, B02, R13)."""

from datetime import timedelta

import pytest

from accounts import letters
from accounts.letters.text import compose
from accounts.models import Account, Code, Company, Email, Entry, Event, Letter
from accounts.opening import Establishment
from enrolment import companies
from enrolment.companies import Sending
from enrolment.company_form import EstablishmentForm
from enrolment.models import RegistrationRequest
from tests.agents import an_agent
from tests.companies import COMPANY, DETAILS, KNOWN, OTHER_SIRET, SIRET, a_company, a_request
from tests.enrolment.threads import at_once
from tests.members import A_MOMENT

pytestmark = [pytest.mark.django_db]
DAY = timedelta(days=1)


def accept(request: RegistrationRequest, by: Account | None = None) -> bool:
    return companies.accept(request, establishment=KNOWN, by=by or an_agent(), now=A_MOMENT)


def words(mail: Email) -> str:
    """However its lines are broken."""
    return mail.content["text"].replace("\n", " ")


def kinds() -> list[str]:
    return sorted(Email.objects.values_list("kind", flat=True))


def test_accepted_opens_an_account_and_posts_its_code() -> None:
    """R1, R13: code and letter are of one moment, so that a letter that comes back ends its code."""
    agent, request = an_agent(), a_request()
    assert accept(request, agent)
    assert (request.accepted, request.decided_by, request.decided_at) == (True, agent.pk, A_MOMENT)
    account = Account.objects.get(kind=Account.Kind.COMPANY)
    assert request.account == account
    assert (account.member, account.email, account.landline) == (None, DETAILS["email"], DETAILS["phone"])
    assert account.email_proven_at is None
    assert account.waits_for_its_letter
    company = account.company
    assert (company.name, company.siret.number, company.place.code) == (COMPANY, SIRET, "67")
    letter, code = Letter.objects.get(), Code.objects.get()
    assert (letter.kind, letter.account, letter.member, letter.caisse) == ("company_code", account, None, "68")
    assert letter.created_at == code.created_at == A_MOMENT
    assert code.expires_at - A_MOMENT == 30 * DAY
    assert kinds() == ["request_accepted"]
    assert compose(letter).secret not in str(Email.objects.get().content)


def test_the_letter_goes_where_the_caisse_knows_the_company() -> None:
    """R1: nothing that the request says leads the code anywhere."""
    accept(a_request())
    address = compose(Letter.objects.get()).address
    assert address[2:] == ("4 chemin du Moulin", "67320 DRULINGEN")


def test_no_company_is_accepted_without_its_address() -> None:
    request = a_request()
    with pytest.raises(companies.AddressUnknown):
        companies.accept(request, by=an_agent(), now=A_MOMENT)
    assert RegistrationRequest.objects.get().decided_at is None
    assert not Email.objects.exists()


def test_autre_has_no_account_and_no_letter() -> None:
    """R1: « Autre » has no self-service; the caisse calls."""
    request = a_request("other")
    assert companies.accept(request, by=an_agent(), now=A_MOMENT)
    assert not Company.objects.exists()
    assert not Letter.objects.exists()
    assert kinds() == ["request_accepted"]


def test_refused_says_why_and_whom_to_call() -> None:
    request = a_request()
    assert companies.refuse(request, reason="not_entitled", by=an_agent(), now=A_MOMENT)
    mail = Email.objects.get()
    assert mail.content["to"] == DETAILS["email"]
    assert "nous n'avons pas pu vérifier que vous agissez pour cette entreprise" in words(mail)
    assert "MSA Alsace" in words(mail)
    assert not Account.objects.filter(kind=Account.Kind.COMPANY).exists()


@pytest.mark.parametrize("reason", RegistrationRequest.Reason.values)
def test_every_reason_has_its_words(reason: str) -> None:
    assert companies.refuse(a_request(), reason=reason, by=an_agent(), now=A_MOMENT)
    assert str(RegistrationRequest.Reason(reason).label) in words(Email.objects.get())


def test_an_unknown_reason_decides_nothing() -> None:
    request = a_request()
    with pytest.raises(ValueError, match="nonsense"):
        companies.refuse(request, reason="nonsense", by=an_agent(), now=A_MOMENT)
    assert RegistrationRequest.objects.get().decided_at is None


def test_it_is_decided_once() -> None:
    request = a_request()
    assert accept(request)
    assert not accept(request)
    assert not companies.refuse(request, reason="double", by=an_agent(), now=A_MOMENT)
    assert (Account.objects.filter(kind="company").count(), Letter.objects.count()) == (1, 1)
    assert kinds() == ["request_accepted"]


def test_a_second_request_for_the_same_siret_still_waits() -> None:
    """R1: no second account, and nothing sent; the agent knows of the first one before they decide."""
    a_company()
    second = a_request(reference="QRTW-XY34", name="Paul Inconnu", email="paul@example.org")
    known = companies.company_of(second)
    assert known is not None
    assert known.name == COMPANY
    with pytest.raises(companies.AlreadyOpen):
        accept(second)
    second = RegistrationRequest.objects.get(reference="QRTW-XY34")
    assert (second.decided_at, second.account) == (None, None)
    assert companies.refuse(second, reason="double", by=an_agent(), now=A_MOMENT)
    assert second.account == known.account
    assert Account.objects.get(kind="company").email == DETAILS["email"]
    assert Letter.objects.count() == 1


def test_another_siret_is_another_company() -> None:
    a_company()
    other = a_request(reference="QRTW-XY34", siret=OTHER_SIRET)
    assert companies.company_of(other) is None
    assert accept(other)
    assert Account.objects.filter(kind="company").count() == 2


def test_the_journal_holds_codes_and_nothing_of_the_company() -> None:
    """R21."""
    agent = an_agent()
    accept(a_request(), agent)
    entry = Entry.objects.get(event=Event.REQUEST_ACCEPTED)
    told = {"kind": "company", "department": "67", "reference": "ACDE-FGHJ", "by": agent.pk.hex, "reason": ""}
    assert entry.detail == told
    written = str(list(Entry.objects.values_list("detail", flat=True)))
    for word in (SIRET, "Vasseur", COMPANY, DETAILS["email"]):
        assert word not in written


def test_a_letter_that_comes_back_ends_its_code_and_no_other_goes_there() -> None:
    """R5, R13: until an agent writes down an address that they have verified."""
    agent = an_agent()
    accept(a_request(), agent)
    Letter.objects.update(printed_at=A_MOMENT)
    assert letters.mark_returned(Letter.objects.get(), by=agent, now=A_MOMENT + 4 * DAY)
    assert Code.objects.get().used_at
    company, later = Company.objects.get(), A_MOMENT + 5 * DAY
    assert companies.send_another(company, by=agent, now=later) is Sending.CAME_BACK
    assert Letter.objects.count() == 1
    moved = Establishment(COMPANY, "9 rue de la Gare", "67320", "Drulingen")
    assert companies.send_another(company, establishment=moved, by=agent, now=later) is Sending.SENT
    letter = Letter.objects.get(printed_at=None)
    assert compose(letter).address[2] == "9 rue de la Gare"
    assert Entry.objects.filter(event=Event.SUPPORT_ACT, account=company.account_id).count() == 1


def test_a_code_that_waits_for_the_same_address_is_held_back() -> None:
    """R5: it would come back as well."""
    agent = an_agent()
    accept(a_request(), agent)
    Letter.objects.update(printed_at=A_MOMENT)
    assert companies.send_another(Company.objects.get(), by=agent, now=A_MOMENT + 2 * DAY) is Sending.SENT
    letters.mark_returned(Letter.objects.earliest("created_at"), by=agent, now=A_MOMENT + 3 * DAY)
    waiting = Letter.objects.latest("created_at")
    assert (waiting.set_aside, waiting.content) == ("bad_address", None)
    assert not Code.objects.filter(used_at=None).exists()


def test_letters_to_a_company_are_as_few_as_to_a_member() -> None:
    """R13: one in 24 hours, four in 30 days."""
    account, agent = a_company(), an_agent()
    sent = [companies.send_another(account.company, by=agent, now=A_MOMENT + number * DAY / 4) for number in range(112)]
    assert (sent.count(Sending.SENT), sent.count(Sending.TOO_SOON)) == (3, 109)
    assert Letter.objects.count() == 4


@pytest.mark.parametrize(
    ("field", "typed"), [("company", ""), ("address", ""), ("postcode", "6732"), ("city", ""), ("company", "x" * 90)]
)
def test_what_is_missing_of_the_address_is_told(field: str, typed: str) -> None:
    form = EstablishmentForm({**vars(KNOWN), field: typed})
    assert list(form.errors) == [field]


def test_the_form_gives_the_establishment() -> None:
    form = EstablishmentForm(vars(KNOWN))
    assert form.is_valid()
    assert form.establishment() == KNOWN


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_at_once_one_has_decided() -> None:
    """R1: one outcome, one letter, one e-mail."""
    request, agents = a_request(), [an_agent() for _ in range(4)]
    done: list[str] = []

    def decide(agent: Account, number: int) -> None:
        mine = RegistrationRequest.objects.get(pk=request.pk)
        if number % 2:
            decided = companies.refuse(mine, reason="unknown_here", by=agent, now=A_MOMENT)
        else:
            decided = accept(mine, agent)
        done.extend([agent.pk.hex] if decided else [])

    at_once(*[lambda agent=agent, number=number: decide(agent, number) for number, agent in enumerate(agents)])
    request.refresh_from_db()
    assert request.decided_by is not None
    assert done == [request.decided_by.hex]
    assert Email.objects.count() == 1
    assert Letter.objects.count() == Code.objects.count() == int(bool(request.accepted))


@pytest.mark.django_db(transaction=True)
def test_two_requests_of_one_siret_accepted_at_once_open_one_account() -> None:
    """R1: the second agent reads that the company has its space."""
    requests = [a_request(reference=f"ACDE-FGH{letter}") for letter in "JKM"]
    agent, outcomes = an_agent(), []

    def decide(pk: object) -> None:
        try:
            outcomes.append(accept(RegistrationRequest.objects.get(pk=pk), agent))
        except companies.AlreadyOpen:
            outcomes.append(None)

    at_once(*[lambda pk=each.pk: decide(pk) for each in requests])
    assert sorted(map(str, outcomes)) == ["None", "None", "True"]
    assert RegistrationRequest.objects.filter(decided_at=None).count() == 2
    assert (Company.objects.count(), Letter.objects.count(), Email.objects.count()) == (1, 1, 1)
