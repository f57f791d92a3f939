"""A file opens for a reason, to whom may see it, for thirty minutes, and the member reads it (issue 5, 3; R16, R20)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import retention
from accounts.models import Account, Consultation, Entry, Event, Member, Role
from accounts.sign_in import How
from accounts.support import agents
from accounts.support.file import consultations, file_address
from tests.accounts.support.member_files import elsewhere, opened, place
from tests.agents import ELSEWHERE, an_agent, at_desk
from tests.browser.states import signed_in
from tests.members import GARCIN, LAMY, a_member, an_account
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
PERSONAL = ("LAMY", "Fritz", "1963", "1 63 09", "fritz.lamy@example.org", "Strasbourg", "STRASBOURG")


def refusals() -> list[dict[str, str]]:
    return [each.detail for each in Entry.objects.filter(event=Event.SUPPORT_REFUSED).order_by("pk")]


# Attacks --------------------------------------------------------------------------------------------------------------


def test_an_address_typed_by_hand_shows_nothing_without_a_reason(account: Account) -> None:
    """Not even whose file it is."""
    caller = at_desk(an_agent()).visit(place(account.member))
    caller.sees("Dites pourquoi vous ouvrez ce dossier")
    caller.does_not_see(*PERSONAL)
    assert not Consultation.objects.exists()
    assert not Entry.objects.filter(event=Event.SUPPORT_FILE_OPENED).exists()


@pytest.mark.parametrize("rest", [(), ("motif",), ("numero",), ("actes", "debloquer"), ("actes", "email")])
def test_another_caisse_s_file_does_not_exist(rest: tuple[str, ...]) -> None:
    """404 like an address that is nobody's, and a line in the journal for both."""
    caller = at_desk(an_agent())
    caller.client.handler.enforce_csrf_checks = False
    theirs = place(elsewhere(), *rest)
    nobodys = "/support/adherents/" + "/".join([file_address.of(2**40), *rest, ""])
    made_up = "/support/adherents/" + "/".join(["1", *rest, ""])
    answers = []
    for address in (theirs, nobodys, made_up):
        read = caller.client.get(address)
        sent = caller.client.post(address, {"reason": "call", "email": "x@example.org"})
        answers.append((read.status_code, sent.status_code))
    expected = (405, 404) if rest == ("motif",) else (404, 405) if not rest else (404, 404)
    assert answers == [expected] * 3
    assert {each["why"] for each in refusals()} == {"scope"}
    assert len(refusals()) == 3 * expected.count(404)
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR])
def test_who_watches_or_runs_machines_opens_no_file(role: str, account: Account) -> None:
    caller = at_desk(an_agent(role))
    caller.client.handler.enforce_csrf_checks = False
    for rest in ((), ("numero",), ("actes", "debloquer")):
        assert caller.client.get(place(account.member, *rest)).status_code == 404
    for rest in (("motif",), ("numero",), ("actes", "debloquer")):
        assert caller.client.post(place(account.member, *rest), {"reason": "call"}).status_code == 404
    assert caller.client.get("/support/adherents/").status_code == 404
    assert {each["why"] for each in refusals()} == {"role"}


def test_a_member_and_a_stranger_find_no_desk(account: Account) -> None:
    caller = Caller()
    assert caller.client.get(place(account.member)).status_code == 404
    caller.client.cookies.load(signed_in(account, How.PASSWORD))
    assert caller.client.get(place(account.member)).status_code == 404


def test_a_reason_is_asked_for_and_must_be_one_of_ours(account: Account) -> None:
    caller = at_desk(an_agent()).visit(place(account.member))
    caller.press("Ouvrir le dossier").sees("Choisissez un motif").does_not_see(*PERSONAL)
    caller.visit(place(account.member)).press("Ouvrir le dossier", reason="curiosity").sees("Choisissez un motif")
    assert not Consultation.objects.exists()


def test_opening_wants_the_token_of_its_form(account: Account) -> None:
    caller = at_desk(an_agent())
    assert caller.client.post(place(account.member, "motif"), {"reason": "call"}).status_code == 403
    assert not Consultation.objects.exists()


def test_opening_is_no_address(account: Account) -> None:
    """A link in a mail opens nothing."""
    caller = at_desk(an_agent())
    assert caller.client.get(place(account.member, "motif"), {"reason": "call"}).status_code == 405
    assert not Consultation.objects.exists()


def test_after_thirty_minutes_the_reason_is_asked_again(held_clock, account: Account) -> None:
    caller = opened(account.member).sees("LAMY FRITZ")
    held_clock.shift(timedelta(minutes=29, seconds=59))
    assert caller.visit(place(account.member)).title == "LAMY FRITZ"
    held_clock.shift(timedelta(seconds=1))
    caller.visit(place(account.member)).sees("Dites pourquoi").does_not_see(*PERSONAL)
    for rest in (("numero",), ("actes", "debloquer")):
        caller.visit(place(account.member, *rest)).sees("Rien n'a été fait").does_not_see(*PERSONAL)
    assert Consultation.objects.count() == 1


def test_a_colleague_gives_a_reason_of_their_own(account: Account) -> None:
    opened(account.member)
    at_desk(an_agent()).visit(place(account.member)).sees("Dites pourquoi").does_not_see(*PERSONAL)


def test_an_agent_who_leaves_or_moves_in_the_middle_reads_no_further(account: Account) -> None:
    leaves, moves, demoted, chief = an_agent(), an_agent(), an_agent(), an_agent(Role.NATIONAL)
    callers = [opened(account.member, agent=each) for each in (leaves, moves, demoted)]
    now = timezone.now()
    agents.leave(leaves.agent, by=None, now=now)
    agents.change_role(moves.agent, role=Role.AGENT, caisse=ELSEWHERE, by=chief, now=now)
    agents.change_role(demoted.agent, role=Role.AUDITOR, caisse="", by=chief, now=now)
    for caller in callers:
        assert caller.client.get(place(account.member)).status_code == 404
        caller.client.handler.enforce_csrf_checks = False
        answer = caller.client.post(place(account.member, "actes", "debloquer"), {"reason": "call"})
        assert answer.status_code == 404
    assert not Entry.objects.filter(event=Event.SUPPORT_ACT).exists()


# Opened ---------------------------------------------------------------------------------------------------------------


def test_a_file_opens_once_for_a_reason_and_the_journal_says_so(account: Account) -> None:
    """Pressed twice, it opened once."""
    agent = an_agent()
    caller = opened(account.member, agent=agent)
    assert (caller.path, caller.title) == (place(account.member), "LAMY FRITZ")
    caller.client.handler.enforce_csrf_checks = False
    caller.client.post(place(account.member, "motif"), {"reason": "call"})
    [look] = Consultation.objects.all()
    assert (look.agent, look.caisse, look.member, look.reason) == (agent, "68", account.member, "call")
    [line] = Entry.objects.filter(event=Event.SUPPORT_FILE_OPENED)
    assert (line.account, line.detail) == (account.pk, {"reason": "call", "by": agent.pk.hex})


def test_a_member_without_an_account_has_a_file_too(member: Member) -> None:
    opened(member).sees("Pas de compte", "LAMY FRITZ")
    [line] = Entry.objects.filter(event=Event.SUPPORT_FILE_OPENED)
    assert line.account is None
    assert line.detail["file"] == file_address.of(member.pk)


def test_the_national_support_opens_any_file(member: Member) -> None:
    opened(elsewhere(), Role.NATIONAL).sees("SANTUCCI LISANDRU")


def test_an_address_tells_nothing_and_is_nobody_s_when_counted_up() -> None:
    addresses = [file_address.of(number) for number in range(1, 500)]
    assert len({each[:8] for each in addresses}) > 490
    assert [file_address.member_id(each) for each in addresses] == list(range(1, 500))
    last = int(addresses[-1].replace("-", ""), 16)
    near = [str(file_address.uuid.UUID(int=(last + step) % 2**128)) for step in range(1, 500)]
    assert [file_address.member_id(each) for each in near] == [None] * 499
    assert file_address.member_id(addresses[0].upper()) is None or addresses[0].upper() == addresses[0]
    assert file_address.member_id(LAMY) is None


# The whole number -----------------------------------------------------------------------------------------------------


def test_the_whole_number_is_shown_for_a_reason_in_one_answer_only(account: Account) -> None:
    """R20: masked everywhere else."""
    agent = an_agent()
    caller = opened(account.member, agent=agent).sees("1 63 09 ** *** ***")
    caller.does_not_see("1 63 09 67 482 229", LAMY)
    caller.follow("Afficher le numéro entier").does_not_see(LAMY, "67 482 229")
    caller.press("Afficher le numéro").sees("Choisissez un motif").does_not_see("229")
    assert not Entry.objects.filter(event=Event.SUPPORT_NIR_SHOWN).exists()
    caller.press("Afficher le numéro", reason="partner")
    assert "1\u00a063\u00a009\u00a067\u00a0482\u00a0229" in caller.response.content.decode()
    assert "no-store" in caller.response["Cache-Control"]
    [line] = Entry.objects.filter(event=Event.SUPPORT_NIR_SHOWN)
    assert (line.account, line.detail) == (account.pk, {"reason": "partner", "by": agent.pk.hex})
    caller.visit(place(account.member)).does_not_see("67 482 229").sees("affiché le numéro de Sécurité sociale")


# What the member reads ------------------------------------------------------------------------------------------------


def as_member(account: Account) -> Caller:
    caller = Caller()
    caller.client.cookies.load(signed_in(account, How.PASSWORD))
    return caller


def test_the_member_reads_who_looked_and_why(held_clock, account: Account) -> None:
    """R16: day and hour, which caisse, why; never the agent's name."""
    as_member(account).visit("/mon-compte/consultations/").sees("Personne n'a consulté votre dossier")
    opened(account.member)
    national = at_desk(an_agent(Role.NATIONAL)).visit(place(account.member))
    national.press("Ouvrir le dossier", reason="safety")
    caller = as_member(account).visit("/mon-compte/").follow("voir les consultations de mon dossier")
    assert caller.title == "Qui a consulté mon dossier"
    caller.sees("2 mars 2026 à 9 h 30", "Un conseiller de la MSA Alsace", "vous aviez appelé")
    caller.sees("Un conseiller de l'assistance nationale", "vérification de sécurité", "Une consultation vous étonne")
    caller.does_not_see("Camille", "Dupré")


def test_the_member_reads_that_the_whole_number_was_shown(held_clock, account: Account) -> None:
    """R16, R20: beside the consultation in which it was, and beside no other."""
    shown, told = "Votre numéro complet a été affiché.", "/mon-compte/consultations/"
    caller = opened(account.member)
    as_member(account).visit(told).sees("vous aviez appelé").does_not_see(shown)
    held_clock.shift(timedelta(minutes=31))
    caller = opened(account.member).follow("Afficher le numéro entier").sees("L'adhérent le lira")
    as_member(account).visit(told).does_not_see(shown)
    caller.press("Afficher le numéro", reason="partner").sees("67 482 229")
    as_member(account).visit(told).sees(shown)
    newest, before = Consultation.objects.order_by("-at")
    assert newest.nir_shown_at == Entry.objects.get(event=Event.SUPPORT_NIR_SHOWN).at
    assert before.nir_shown_at is None


def test_no_number_is_shown_when_the_thirty_minutes_end_in_that_moment(held_clock, account: Account) -> None:
    """The line, what the member reads and the number: all or nothing."""
    agent, now = an_agent(), timezone.now()
    consultations.begin(account.member, Consultation.Reason.CALL, by=agent, now=now)
    late = now + timedelta(minutes=30)
    assert not consultations.show_nir(account.member, reason="partner", by=agent, now=late)
    assert not consultations.show_nir(account.member, reason="partner", by=an_agent(), now=now)
    assert not Entry.objects.filter(event=Event.SUPPORT_NIR_SHOWN).exists()
    assert consultations.show_nir(account.member, reason="partner", by=agent, now=late - timedelta(seconds=1))


def test_the_member_reads_nobody_else_s(account: Account) -> None:
    other = an_account(a_member(GARCIN), email="other@example.org")
    opened(other.member)
    as_member(account).visit("/mon-compte/consultations/").sees("Personne n'a consulté votre dossier")
    assert Caller().visit("/mon-compte/consultations/").path == "/connexion/"


def test_many_looks_stand_on_pages(account: Account) -> None:
    agent, now = an_agent(), timezone.now()
    for number in reversed(range(23)):
        consultations.begin(account.member, Consultation.Reason.CALL, by=agent, now=now - timedelta(hours=number + 1))
    caller = as_member(account).visit("/mon-compte/consultations/")
    assert caller.text.count("Motif") == 20
    caller.follow("Page suivante")
    assert caller.text.count("Motif") == 3


def test_every_reason_is_told_to_the_member_in_words_of_its_own(held_clock, account: Account) -> None:
    agent, now = an_agent(), timezone.now()
    for number, reason in enumerate(Consultation.Reason):
        consultations.begin(account.member, reason, by=agent, now=now - timedelta(hours=9 - number))
    caller = as_member(account).visit("/mon-compte/consultations/")
    said = {line.partition(".")[0] for line in caller.text.split("Motif")[1:]}
    assert len(said) == len(Consultation.Reason)


def test_looks_are_kept_for_36_months(account: Account) -> None:
    """R16."""
    consultations.begin(account.member, Consultation.Reason.CALL, by=an_agent(), now=timezone.now())
    now = timezone.now()
    assert retention.purge(now=now + timedelta(days=1095))["consultations"] == 0
    assert retention.purge(now=now + timedelta(days=1097))["consultations"] == 1


def test_ten_questions_make_the_page(account: Account) -> None:
    """Issue 5, 10; the limit is the issue's, the agent's own rows included."""
    caller = opened(account.member)
    with CaptureQueriesContext(connection) as asked:
        caller.visit(place(account.member)).sees("LAMY FRITZ")
    assert len(asked) <= 10, "\n".join(each["sql"].partition("FROM")[2][:60] for each in asked)
