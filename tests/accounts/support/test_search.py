"""A member is found exactly, in scope, a few at most; who looks up many is stopped and seen (issue 5, 3; R12, R20)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import journal, letters
from accounts.models import Account, Email, Entry, Event, Letter, Member, Role, birth_mark
from accounts.notifications import contact_changed
from accounts.support.file import search
from tests.accounts.support.member_files import SEARCH, elsewhere, place
from tests.agents import an_agent, at_desk
from tests.members import A_MOMENT, GARCIN, LAMY, NOBODY, a_member, affiliate, an_account
from tests.personas import persona
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
NOT_FOUND = "Aucun adhérent de votre caisse ne correspond"


def looked_up(caller: Caller | None = None, **said: str) -> Caller:
    caller = caller or at_desk(an_agent())
    return caller.visit(SEARCH).press("Chercher", **said)


def finds(caller: Caller, member: Member) -> bool:
    return place(member) in [href for _, href in caller.page.links]


def lines() -> list[dict[str, object]]:
    return [each.detail for each in Entry.objects.filter(event=Event.SUPPORT_SEARCHED).order_by("pk")]


# Attacks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["nir", "name", "email", "code"])
def test_another_caisse_s_member_is_as_unknown_as_nobody(way: str) -> None:
    """The same words, byte for byte, but for what was typed."""
    there = an_account(elsewhere(), email="lisandru@example.org")
    contact_changed(there, now=A_MOMENT)
    real = {
        "nir": {"nir": NOBODY},
        "name": {"name": "SANTUCCI", "birth_date": "08/09/1963"},
        "email": {"email": "lisandru@example.org"},
        "code": {"code": Email.objects.get().public_code},
    }[way]
    made_up = {
        "nir": {"nir": GARCIN},
        "name": {"name": "INCONNU", "birth_date": "09/09/1963"},
        "email": {"email": "personne@example.org"},
        "code": {"code": "ZZZZZ-ZZZZZ"},
    }[way]
    said = [looked_up(**each).sees(NOT_FOUND).text for each in (real, made_up)]
    assert said[0] == said[1]
    assert lines() == [{"by": way, "found": 0, "too_many": False}] * 2
    national = at_desk(an_agent(Role.NATIONAL))
    assert finds(looked_up(national, **real), there.member)


def test_what_the_caller_says_stands_in_no_address_and_no_line(member: Member) -> None:
    """R20, R21: by POST, with counts only."""
    caller = at_desk(an_agent())
    for typed in ({"nir": LAMY}, {"name": "LAMY", "birth_date": "08/09/1963"}):
        looked_up(caller, **typed)
        assert (caller.path, caller.response.request["QUERY_STRING"]) == (SEARCH, "")
        assert caller.response.request["REQUEST_METHOD"] == "POST"
    everything = repr(list(Entry.objects.values()))
    assert LAMY not in everything
    assert "LAMY" not in everything
    assert "1963" not in everything
    caller.visit(f"{SEARCH}?nir={LAMY}").does_not_see("Résultat")
    assert len(lines()) == 2


def test_a_search_wants_the_token_of_its_form(member: Member) -> None:
    assert at_desk(an_agent()).client.post(SEARCH, {"nir": LAMY}).status_code == 403
    assert lines() == []


def test_a_name_alone_and_a_day_alone_find_nobody(member: Member) -> None:
    looked_up(name="LAMY").sees("Ajoutez la date de naissance").does_not_see("Résultat")
    looked_up(birth_date="08/09/1963").sees("Ajoutez le nom de famille").does_not_see("Résultat")
    looked_up(given_names="Fritz", birth_date="08/09/1963").sees("Ajoutez le nom de famille")
    looked_up().sees("Tapez au moins une des réponses")
    looked_up(nir=LAMY, email="fritz.lamy@example.org").sees("Cherchez d'une seule façon à la fois")
    assert lines() == []


@pytest.mark.parametrize("typed", ["LAM", "AMY", "%", "L_MY", ".*", "LAMYLAMY"])
def test_part_of_a_name_finds_nobody(member: Member, typed: str) -> None:
    caller = looked_up(name=typed, birth_date="08/09/1963")
    assert not finds(caller, member)


def test_whoever_looks_up_many_is_stopped_and_seen(held_clock, member: Member) -> None:
    """R12: forty in ten minutes; each of them is a line, and so is the stop."""
    agent = an_agent()
    caller = at_desk(agent)
    for _ in range(40):
        looked_up(caller, nir=GARCIN)
    looked_up(caller, nir=LAMY).sees("Vous avez cherché beaucoup d'adhérents")
    assert caller.response.status_code == 429
    assert "Retry-After" in caller.response.headers
    assert not finds(caller, member)
    assert lines()[-1] == {"by": "nir", "limit": "support_search"}
    assert {each.account for each in Entry.objects.filter(event=Event.SUPPORT_SEARCHED)} == {agent.pk}
    # Another agent is not held up, and the same one later neither.
    assert finds(looked_up(nir=LAMY), member)
    held_clock.shift(timedelta(minutes=11))
    assert finds(looked_up(caller, nir=LAMY), member)


def test_before_a_reason_no_birth_date_is_shown_but_the_one_that_was_typed(account: Account) -> None:
    """R20: enough to choose among those found, and no more; the day stands in the file."""
    contact_changed(account, now=A_MOMENT)
    code = Email.objects.get().public_code
    for said in ({"nir": LAMY}, {"email": "fritz.lamy@example.org"}, {"code": code}):
        caller = looked_up(**said).sees("LAMY Fritz", "en 1963", "1 63 09 ** *** ***")
        caller.does_not_see("8 septembre", "Tonneliers", "fritz.lamy@example.org")
        assert "1963-09-08" not in caller.response.content.decode()
    looked_up(name="LAMY", birth_date="8/9/1963").sees("8 septembre 1963")


# Found ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["1630967482229", "1 63 09 67 482 229"])
def test_by_number(member: Member, typed: str) -> None:
    """R20: nothing of it but what was typed is shown."""
    caller = looked_up(nir=typed)
    assert finds(caller, member)
    caller.sees("LAMY Fritz", "1963", "1 63 09 ** *** ***", "67")
    assert caller.response.content.decode().count(typed) == 1
    assert "482 229" not in caller.text


@pytest.mark.parametrize(
    ("name", "given"),
    [("LAMY", ""), ("lamy", "fritz"), ("Lamy", "Fritz"), ("LAMY-MARTIN", ""), ("Martin Lamy", ""), ("MARTIN", "fritz")],
)
def test_by_name_and_birth_date(db: None, name: str, given: str) -> None:
    """Accents, case, hyphens, usage name: as at registration (accounts.identity.names)."""
    member = a_member(usage_name="MARTIN")
    assert finds(looked_up(name=name, given_names=given, birth_date="8/9/1963"), member)


def test_who_came_with_an_import_is_found_by_name_and_birth_date(db: None) -> None:
    """By the mark that the import left, and no other."""
    known = persona("lamy")
    caller = looked_up(name=known.persona.birth_name, birth_date=known.birth_date)
    assert finds(caller, known.member)


def test_the_given_name_tells_twins_apart(db: None) -> None:
    fritz, franz = a_member(), a_member(GARCIN, given_names="Franz")
    caller = looked_up(name="LAMY", birth_date="08/09/1963")
    assert finds(caller, fritz)
    assert finds(caller, franz)
    caller = looked_up(name="LAMY", given_names="Franz", birth_date="08/09/1963")
    assert not finds(caller, fritz)
    assert finds(caller, franz)


@pytest.mark.parametrize("known", ["1963-09-00", "1963-00-00"])
def test_what_the_registry_does_not_know_of_a_birth_may_be_anything(db: None, known: str) -> None:
    member = a_member(birth_date=known)
    Member.objects.filter(pk=member.pk).update(birth_fingerprint=birth_mark(known))
    assert finds(looked_up(name="LAMY", birth_date="08/09/1963"), member)
    assert not finds(looked_up(name="LAMY", birth_date="08/09/1964"), member)


def test_by_address_whatever_its_capitals(account: Account) -> None:
    other = an_account(a_member(GARCIN), email="Fritz.Lamy@example.org")
    caller = looked_up(email="FRITZ.LAMY@example.org")
    assert finds(caller, account.member)
    assert finds(caller, other.member)


def test_by_the_code_of_any_message(account: Account) -> None:
    """J16, R21: of a notice of sign-in, at the foot of an e-mail, at the foot of a letter."""
    contact_changed(account, now=A_MOMENT)
    letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=A_MOMENT)
    detail = {"client": "fc", "reference": "ACDEFGH7"}
    journal.record(Event.FEDERATION_SIGN_IN, account=account, detail=detail, now=A_MOMENT)
    codes = ["acde-fgh7", Email.objects.get().public_code, Letter.objects.get().public_code]
    for code in codes:
        assert finds(looked_up(code=code), account.member), code


def test_an_agent_s_own_address_is_no_member_s(account: Account) -> None:
    agent = an_agent(email="camille@msa.example")
    looked_up(at_desk(agent), email="camille@msa.example").sees(NOT_FOUND)


def test_a_past_affiliation_is_one(member: Member) -> None:
    member.affiliations.update(until="2020-01-01")
    assert finds(looked_up(nir=LAMY), member)


def test_too_many_of_a_name_are_said_to_be(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 2)
    for nir in (LAMY, GARCIN, NOBODY):
        a_member(nir)
    caller = looked_up(name="LAMY", birth_date="08/09/1963").sees("Il y en a d'autres")
    assert sum("/support/adherents/" in href for _, href in caller.page.links) == 2
    assert lines()[-1] == {"by": "name", "found": 2, "too_many": True}


def test_more_than_can_be_compared_are_said_to_be(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    for nir in (LAMY, GARCIN, NOBODY):
        a_member(nir)
    looked_up(name="AUTRE", birth_date="08/09/1963").sees("Trop d'adhérents sont nés ce jour-là")


def test_ten_questions_find_twenty_members(db: None) -> None:
    """Issue 5, 10: whatever their number; each one an index (see accounts.support.file.search)."""
    for number in range(20):
        member = a_member(f"16309674822{number + 10}", given_names=f"Fritz{'abcdefghijklmnopqrst'[number]}")
        affiliate(member, "68")
    caller = at_desk(an_agent()).visit(SEARCH)
    with CaptureQueriesContext(connection) as asked:
        caller.press("Chercher", name="LAMY", birth_date="08/09/1963")
    assert sum("/support/adherents/" in href for _, href in caller.page.links) == 20
    assert len(asked) <= 10, "\n".join(each["sql"][:80] for each in asked)


def test_the_home_page_has_the_form(member: Member) -> None:
    caller = at_desk(an_agent()).visit("/support/").press("Chercher", nir=LAMY)
    assert finds(caller, member)
    auditor = at_desk(an_agent(Role.AUDITOR)).visit("/support/")
    assert not auditor.offers("Chercher")


def test_accounts_from_before_get_their_mark(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run finds nothing to do; who has no address has no mark."""
    none = an_account(a_member(GARCIN), email=None)
    Account.objects.update(email_fingerprint=None)
    looked_up(email="fritz.lamy@example.org").sees(NOT_FOUND)
    call_command("fill_email_fingerprints")
    assert "1 comptes" in capsys.readouterr().out
    assert finds(looked_up(email="fritz.lamy@example.org"), account.member)
    none.refresh_from_db()
    assert none.email_fingerprint is None
    assert search.fill_email_marks() == 0
