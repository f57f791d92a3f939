"""Work lists of the desk, attacked first (issue 5, Support desk 5; R1, R16, R20, R21)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import letters, outbox
from accounts.contact import PostalAddress, ask_address_change
from accounts.letters import addresses
from accounts.models import (
    Account,
    AddressChange,
    Affiliation,
    BadAddress,
    Consultation,
    Email,
    Entry,
    Event,
    Letter,
    LetterBatch,
    Role,
)
from accounts.support import site
from accounts.support.lists import counts
from accounts.support.lists.filters import DepartmentFilter
from accounts.support.lists.work import WorkList
from accounts.support.roles import ROLES
from msa_portal.urls import DESK
from tests.accounts.support import rows
from tests.agents import ALSACE, ELSEWHERE, OPEN_ROW, an_agent, at_desk, at_row
from tests.members import GARCIN, LAMY, NOBODY, a_member, an_account
from tests.stories.caller import Caller, last_mail_to

pytestmark = pytest.mark.django_db
# Reading the addresses has put every list there.
assert DESK
CHANGES, BAD, LETTERS, BATCHES = (
    f"/support/accounts/{each}/" for each in ("addresschange", "badaddress", "letter", "letterbatch")
)
NEW = PostalAddress("3 impasse du Moulin", "67100", "Strasbourg")


def post(caller: Caller, place: str, **fields: Any) -> int:
    """A form that no page of ours gave."""
    caller.client.handler.enforce_csrf_checks = False
    return int(caller.client.post(place, fields).status_code)


def refusals() -> list[tuple[str, str]]:
    lines = Entry.objects.filter(event=Event.SUPPORT_REFUSED).order_by("pk")
    return [(line.detail["why"], line.detail["what"]) for line in lines]


def a_change(nir: str = LAMY, **columns: Any) -> AddressChange:
    account = an_account(a_member(nir), **columns)
    assert ask_address_change(account, NEW, now=timezone.now())
    return AddressChange.objects.get(account=account)


def elsewhere(change: AddressChange) -> AddressChange:
    """The same, of somebody whom the MSA d'Alsace does not know."""
    assert change.account.member is not None
    Affiliation.objects.filter(member=change.account.member).update(department="13")
    AddressChange.objects.filter(pk=change.pk).update(department="13")
    return change


def page_of(place: str, row: Any) -> str:
    return f"{place}{row.pk}/change/"


# Another caisse's -----------------------------------------------------------------------------------------------------


def test_another_caisse_s_row_is_not_there():
    """R20: neither in the list, nor by its address, nor by its buttons."""
    theirs = elsewhere(a_change())
    caller = at_desk(an_agent(Role.LEAD))
    caller.visit(CHANGES).sees("Rien à afficher ici")
    assert caller.client.get(page_of(CHANGES, theirs)).status_code == 404
    for verb in ("ouvrir", "accepter", "refuser"):
        assert post(caller, f"{CHANGES}{theirs.pk}/{verb}/", reason="proof") == 404
    assert AddressChange.objects.get().decided_at is None
    assert [why for why, _ in refusals()] == ["scope"] * 4
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    "query", ["department=13", "department__exact=13", "etat=x", "account__id=1", "account__email_fingerprint=x"]
)
def test_a_filter_of_another_caisse_is_refused(query):
    """R20: and so is a value or a column that no filter offers."""
    elsewhere(a_change())
    caller = at_desk(an_agent())
    assert caller.client.get(f"{CHANGES}?{query}").status_code == 404
    assert len(refusals()) == 1


def test_a_list_offers_the_departments_of_the_caisse():
    a_change()
    at_desk(an_agent()).visit(CHANGES).sees("67-Bas-Rhin", "68-Haut-Rhin").does_not_see("13-Bouches")
    at_desk(an_agent(Role.NATIONAL)).visit(CHANGES).sees("13-Bouches", "67-Bas-Rhin")


def ticked(*rows: Any, action: str = "set_aside_old") -> dict[str, Any]:
    """What the form of a list sends."""
    return {"action": action, "_selected_action": [str(each) for each in rows], "index": "0"}


def test_a_bulk_form_with_foreign_rows_is_refused_whole():
    """Issue 5, faults: « not found », a line, and no row is touched, the agent's own neither."""
    theirs, mine = a_bad_address(GARCIN, department="13"), a_bad_address(LAMY)
    moved(theirs)
    moved(mine)
    caller = at_desk(an_agent())
    assert post(caller, BAD, **ticked(theirs.pk, mine.pk)) == 404
    assert not BadAddress.objects.exclude(cleared_at=None).exists()
    assert refusals() == [("scope", "accounts_badaddress_changelist")]
    assert post(caller, BAD, **ticked(mine.pk)) == 302
    assert BadAddress.objects.get(pk=mine.pk).cleared_at is not None


@pytest.mark.parametrize("key", ["'", "1", "\0", "x" * 400, "00000000-0000-0000-0000-000000000000"])
def test_a_ticked_row_that_is_none_is_refused(key):
    """Not a 500: nothing of what is typed reaches the database as something else."""
    a_bad_address()
    assert post(at_desk(an_agent()), BAD, **ticked(key)) == 404
    assert [why for why, _ in refusals()] == ["scope"]


def test_what_the_list_does_not_offer_is_refused():
    """Deleting, the bulk act of another list, all the rows that nobody has seen, more rows than a page has."""
    mine = a_bad_address()
    moved(mine)
    caller = at_desk(an_agent())
    assert post(caller, BAD, **ticked(mine.pk, action="delete_selected"), post="yes") == 404
    assert post(caller, BAD, **ticked(mine.pk, action="note_posted")) == 404
    assert post(caller, BAD, **ticked(mine.pk), select_across="1") == 404
    assert post(caller, BAD, **ticked(*(uuid.uuid4() for _ in range(51)))) == 404
    assert [why for why, _ in refusals()] == ["filter"] * 4
    assert BadAddress.objects.get().cleared_at is None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR])
def test_who_only_watches_decides_nothing(role):
    change = a_change()
    caller = at_desk(an_agent(role))
    for place in (CHANGES, page_of(CHANGES, change), BAD, LETTERS, BATCHES):
        assert caller.client.get(place).status_code == 404
    for verb in ("ouvrir", "accepter"):
        assert post(caller, f"{CHANGES}{change.pk}/{verb}/") == 404
    assert AddressChange.objects.get().decided_at is None
    assert not Consultation.objects.exists()
    assert {why for why, _ in refusals()} == {"role"}


# Deciding -------------------------------------------------------------------------------------------------------------


def test_an_agent_accepts_a_new_address():
    """G03, R1: with the present one beside it; the member hears of it."""
    change = a_change()
    agent = an_agent()
    caller = at_desk(agent).visit("/support/").sees("Changements d'adresse : 1")
    at_row(caller.visit(CHANGES), page_of(CHANGES, change))
    caller.sees("LAMY FRITZ", "3 impasse du Moulin, 67100 Strasbourg", "12 rue des Tonneliers", "8 septembre 1963")
    caller.does_not_see(LAMY)
    caller.press("Accepter").sees("C'est accepté", "Rien à afficher ici")
    change.refresh_from_db()
    assert (change.accepted, change.decided_by) == (True, agent.pk)
    [line] = Entry.objects.filter(event=Event.ADDRESS_CHANGE_DECIDED)
    assert line.account == change.account_id
    assert line.detail == {"accepted": True, "by": agent.pk.hex}
    assert "a accepté votre changement d'adresse" in last_mail_to("fritz.lamy@example.org")
    caller.visit(f"{CHANGES}?etat=accepted").sees("accepté")


def test_an_agent_reads_that_nobody_could_be_told():
    """Letters come back, the mailbox is not proven: whoever moved reads it in their space, or hears it from us."""
    change = a_change()
    member = change.account.member
    Account.objects.filter(pk=change.account_id).update(email_proven_at=None)
    mark = addresses.mark(member.postal_address)
    BadAddress.objects.create(member=member, fingerprint=mark, since=timezone.now())
    caller = at_row(at_desk(an_agent()), page_of(CHANGES, change))
    caller.press("Accepter").sees("Dites-le à l'adhérent").does_not_see("en est prévenu")
    assert not Email.objects.filter(kind="address_change_decided").exists()
    assert not Letter.objects.exists()


def test_a_row_seen_is_no_consultation_and_a_row_opened_is_one():
    """R16: neither the list nor a link that was clicked names anybody or writes a line; the button does both."""
    change = a_change()
    agent = an_agent()
    caller = at_desk(agent).visit(CHANGES).does_not_see("LAMY", "Tonneliers", "Moulin")
    for _ in range(2):
        caller.visit(page_of(CHANGES, change)).sees("L'adhérent le lira", "67-Bas-Rhin", "à traiter")
        caller.does_not_see("LAMY", "Tonneliers", "Moulin", "1963", "1 63")
        assert not caller.offers("Accepter")
    assert not Consultation.objects.exists()
    assert not Entry.objects.filter(event=Event.SUPPORT_FILE_OPENED).exists()
    caller.press(OPEN_ROW).sees("LAMY FRITZ")
    assert caller.path == page_of(CHANGES, change)
    caller.visit(page_of(CHANGES, change)).sees("LAMY FRITZ")
    [one] = Consultation.objects.all()
    assert (one.agent_id, one.member_id, one.reason) == (agent.pk, change.account.member_id, "request")


def test_opening_a_row_is_a_form_of_ours():
    """CSRF, and POST."""
    change = a_change()
    caller = at_desk(an_agent())
    place = f"{CHANGES}{change.pk}/ouvrir/"
    assert caller.client.get(place).status_code == 405
    assert caller.client.post(place).status_code == 403
    for send in (caller.client.put, caller.client.patch, caller.client.options, caller.client.head):
        caller.client.handler.enforce_csrf_checks = False
        assert "LAMY" not in send(page_of(CHANGES, change)).content.decode()
    assert not Consultation.objects.exists()


def test_what_one_agent_has_opened_is_not_open_to_another():
    change = a_change()
    at_row(at_desk(an_agent()), page_of(CHANGES, change)).sees("LAMY FRITZ")
    at_desk(an_agent(), Caller("192.0.2.45")).visit(page_of(CHANGES, change)).does_not_see("LAMY FRITZ")


def test_nothing_is_decided_about_a_file_that_is_not_open(held_clock):
    """R16: by a form sent without the page, or left open for longer than the thirty minutes."""
    change = a_change()
    caller = at_desk(an_agent())
    assert post(caller, f"{CHANGES}{change.pk}/accepter/") == 302
    assert AddressChange.objects.get().decided_at is None
    caller.client.handler.enforce_csrf_checks = True
    at_row(caller, page_of(CHANGES, change)).sees("LAMY FRITZ")
    held_clock.shift(timedelta(minutes=29))
    caller.visit(page_of(CHANGES, change)).sees("LAMY FRITZ")
    held_clock.shift(timedelta(minutes=2))
    caller.press("Accepter").sees("Rien n'a été fait", OPEN_ROW).does_not_see("LAMY FRITZ")
    assert AddressChange.objects.get().decided_at is None
    caller.press(OPEN_ROW).press("Accepter").sees("C'est accepté")
    assert Consultation.objects.count() == 2


def test_a_row_that_is_decided_names_nobody_before_it_is_opened():
    change = a_change()
    AddressChange.objects.filter(pk=change.pk).update(decided_at=timezone.now(), accepted=True)
    caller = at_desk(an_agent()).visit(page_of(CHANGES, change)).sees("accepté").does_not_see("LAMY", "Moulin")
    caller.press(OPEN_ROW).sees("LAMY FRITZ", "Accepté")


def test_a_row_asks_ten_questions_at_most(django_assert_max_num_queries):
    """Issue 5, 10: closed, being opened, open."""
    change = a_change()
    caller = at_desk(an_agent())
    with django_assert_max_num_queries(10):
        caller.visit(page_of(CHANGES, change))
    caller.press(OPEN_ROW)
    with django_assert_max_num_queries(10):
        caller.visit(page_of(CHANGES, change)).sees("LAMY FRITZ")


def test_a_refusal_needs_a_reason_and_the_member_reads_it():
    change = a_change()
    caller = at_row(at_desk(an_agent()), page_of(CHANGES, change))
    caller.press("Refuser").sees("Choisissez un motif")
    assert AddressChange.objects.get().decided_at is None
    assert post(caller, f"{CHANGES}{change.pk}/refuser/", reason="parce que") == 404
    caller.client.handler.enforce_csrf_checks = True
    caller.visit(page_of(CHANGES, change)).press("Refuser", reason="proof").sees("C'est refusé")
    assert "justificatif de domicile" in last_mail_to("fritz.lamy@example.org")
    assert Entry.objects.get(event=Event.ADDRESS_CHANGE_DECIDED).detail["reason"] == "proof"


def test_the_second_of_two_agents_reads_what_the_first_decided():
    """Issue 5, faults: two agents deciding one request; one outcome, one message."""
    change = a_change()
    first, second = at_desk(an_agent()), at_desk(an_agent(), Caller("192.0.2.44"))
    for caller in (first, second):
        at_row(caller, page_of(CHANGES, change))
    first.press("Refuser", reason="same").sees("C'est refusé")
    second.press("Accepter").sees("Une autre personne a traité", "Refusé (cette adresse est déjà", "par Camille Dupré")
    assert not second.offers("Accepter")
    change.refresh_from_db()
    assert change.accepted is False
    assert Entry.objects.filter(event=Event.ADDRESS_CHANGE_DECIDED).count() == 1
    outbox.sweep(now=timezone.now())


def test_a_decision_needs_a_form_of_ours():
    """CSRF, and POST."""
    change = a_change()
    caller = at_desk(an_agent())
    for verb in ("accepter", "refuser"):
        assert caller.client.get(f"{CHANGES}{change.pk}/{verb}/").status_code == 405
        assert caller.client.post(f"{CHANGES}{change.pk}/{verb}/").status_code == 403
    assert AddressChange.objects.get().decided_at is None


@pytest.mark.parametrize("key", ["x", "1", "00000000-0000-0000-0000-000000000000", "%00"])
def test_what_is_no_row_is_not_found(key):
    assert at_desk(an_agent()).client.get(f"{CHANGES}{key}/change/").status_code == 404


# Two agents, one list -------------------------------------------------------------------------------------------------


def test_a_row_that_a_colleague_has_opened_says_so(held_clock):
    """Two agents do not open one file by chance: told in the list and before it is opened, for thirty minutes."""
    mine, theirs = a_change(), a_change(GARCIN)
    first, second = at_desk(an_agent()), at_desk(an_agent(), Caller("192.0.2.46"))
    at_row(first, page_of(CHANGES, theirs))
    told = "un autre conseiller, depuis 9 h 30"
    second.visit(CHANGES).sees(told).does_not_see("Camille Dupré, depuis", "LAMY", "GARCIN")
    assert second.text.count(told) == 1
    second.visit(page_of(CHANGES, theirs)).sees(told)
    second.visit(page_of(CHANGES, mine)).does_not_see(told)
    # Who has opened it reads it of nobody; it may be opened all the same, and decided by either.
    first.visit(CHANGES).does_not_see("un autre conseiller")
    second.visit(page_of(CHANGES, theirs)).press(OPEN_ROW).press("Accepter").sees("C'est accepté")
    held_clock.shift(timedelta(minutes=31))
    at_desk(an_agent(), Caller("192.0.2.47")).visit(f"{CHANGES}?etat=accepted").does_not_see("un autre conseiller")


def test_an_agent_finds_again_what_they_have_open(held_clock):
    mine, theirs = a_change(), a_change(GARCIN)
    caller, other = at_desk(an_agent()), at_desk(an_agent(), Caller("192.0.2.48"))
    at_row(caller, page_of(CHANGES, mine))
    at_row(other, page_of(CHANGES, theirs))
    caller.visit(CHANGES).follow("ouvertes par moi")
    links = [href.partition("?")[0] for _, href in caller.page.links]
    assert page_of(CHANGES, mine) in links
    assert page_of(CHANGES, theirs) not in links
    held_clock.shift(timedelta(minutes=29))
    caller.visit(f"{CHANGES}?ouvertes=moi").does_not_see("Rien à afficher ici")
    held_clock.shift(timedelta(minutes=2))
    caller.visit(f"{CHANGES}?ouvertes=moi").sees("Rien à afficher ici")
    assert caller.client.get(f"{CHANGES}?ouvertes={mine.account_id}").status_code == 404


# Addresses and letters ------------------------------------------------------------------------------------------------


def a_bad_address(nir: str = LAMY, *, department: str = "67") -> BadAddress:
    account = an_account(a_member(nir))
    assert account.member is not None
    Affiliation.objects.filter(member=account.member).update(department=department)
    mark = addresses.mark(account.member.postal_address)
    return BadAddress.objects.create(member=account.member, fingerprint=mark, since=timezone.now())


def moved(row: BadAddress) -> None:
    row.member.dossier = {**row.member.dossier, "address": "1 rue Neuve"}
    row.member.save(update_fields=["dossier"])


def test_an_address_serves_again_once_an_agent_has_made_sure():
    """R5, R20."""
    row = a_bad_address()
    assert not letters.can_be_posted_to(row.member)
    caller = at_row(at_desk(an_agent()), page_of(BAD, row)).sees("LAMY FRITZ", "12 rue des Tonneliers")
    caller.press("L'adresse est bonne", reason="confirmed").sees("L'adresse sert de nouveau")
    assert letters.can_be_posted_to(row.member)
    assert Entry.objects.get(event=Event.ADDRESS_CLEARED).detail["reason"] == "confirmed"
    caller.visit(page_of(BAD, row)).sees("Vérifiée le")
    assert not caller.offers("L'adresse est bonne")


def test_only_what_opens_nothing_is_cleared_by_ticking():
    """An address that the registry still has is opened one by one: codes leave for it again."""
    present, old = a_bad_address(LAMY), a_bad_address(GARCIN)
    moved(old)
    caller = at_desk(an_agent()).visit(BAD).sees("remplacée")
    fields = {"action": "set_aside_old", "_selected_action": [str(present.pk), str(old.pk)], "index": "0"}
    assert post(caller, BAD, **fields) == 302
    caller.visit(BAD).sees("Adresses classées : 1", "ouvrez-les une à une")
    assert BadAddress.objects.get(cleared_at=None) == present
    assert Entry.objects.get(event=Event.ADDRESS_CLEARED).detail["reason"] == "moved"


def a_letter(caisse: str = "68", **columns: Any) -> Letter:
    account = an_account(a_member(NOBODY))
    now = timezone.now()
    letter = Letter(
        kind=Letter.Kind.TEMPORARY_PASSWORD,
        member=account.member,
        department="67",
        caisse=caisse,
        public_code="ACDEFGHJK3",
        created_at=now,
        **columns,
    )
    letter.address_fingerprint = addresses.mark(account.member.postal_address)  # type: ignore[union-attr]
    letter.content = {"address": account.member.postal_address, "password": "SECR-ET77-ACDE"}  # type: ignore[union-attr]
    letter.save()
    return letter


def test_a_letter_is_seen_and_its_secret_never():
    """Issue 5, letters; R20."""
    letter = a_letter()
    caller = at_desk(an_agent()).visit(f"{LETTERS}?q=acdef-ghjk3").sees("mot de passe provisoire", "ACDEF-GHJK3")
    caller.visit(page_of(LETTERS, letter)).sees("en attente d'impression").does_not_see("SECR", "Tonneliers")
    assert not caller.offers("Ce courrier est revenu")
    assert post(caller, f"{LETTERS}{letter.pk}/revenu/", reason="returned") == 302
    letter.refresh_from_db()
    assert letter.returned_at is None
    caller.visit(f"{LETTERS}?q=acdef").sees("Rien à afficher ici")


def test_a_letter_that_came_back_is_noted_once():
    letter = a_letter(printed_at=timezone.now())
    caller = at_desk(an_agent()).visit(page_of(LETTERS, letter))
    caller.press("Ce courrier est revenu", reason="returned").sees("C'est noté")
    assert BadAddress.objects.filter(member=letter.member, cleared_at=None).exists()
    caller.visit(page_of(LETTERS, letter)).sees("Revenu le")
    at_desk(an_agent(caisse=ELSEWHERE)).visit(LETTERS).sees("Rien à afficher ici")


def test_a_batch_is_posted_once():
    now = timezone.now()
    batch = LetterBatch.objects.create(caisse="68", created_at=now, printed_at=now)
    other = LetterBatch.objects.create(caisse="13", created_at=now, printed_at=now)
    caller = at_desk(an_agent(Role.LEAD)).visit(page_of(BATCHES, batch))
    caller.press("Noter que La Poste l'a").sees("C'est noté")
    assert not caller.offers("Noter que La Poste l'a")
    assert post(caller, f"{BATCHES}{batch.pk}/poste/") == 302
    assert post(caller, f"{BATCHES}{other.pk}/poste/") == 404
    assert Entry.objects.filter(event=Event.LETTERS_POSTED).count() == 1
    assert LetterBatch.objects.get(pk=other.pk).posted_at is None


# At any size ----------------------------------------------------------------------------------------------------------


def many_changes(number: int) -> None:
    account = an_account()
    now = timezone.now()
    for each in range(number):
        change = AddressChange(account=account, department="67", created_at=now + timedelta(seconds=each))
        # One waits, as one may; the others are of before.
        change.decided_at, change.accepted = (now, True) if each else (None, None)
        change.address = vars(NEW)
        change.save()


def test_a_full_page_costs_ten_queries_at_most(django_assert_max_num_queries):
    """Issue 5, 10: fifty rows or one, and nothing is counted."""
    many_changes(60)
    caller = at_desk(an_agent())
    with django_assert_max_num_queries(10) as seen:
        caller.visit(f"{CHANGES}?etat=accepted").sees("Page suivante")
    assert not [each for each in seen if "COUNT(" in each["sql"]]


def test_the_home_page_counts_up_to_a_hundred(django_assert_max_num_queries):
    account: Account = an_account()
    now = timezone.now()
    assert account.member is not None
    rows = [BadAddress(member=account.member, fingerprint=bytes([each] * 32), since=now) for each in range(120)]
    BadAddress.objects.bulk_create(rows)
    caller = at_desk(an_agent())
    with django_assert_max_num_queries(10) as seen:
        caller.visit("/support/").sees("Adresses à vérifier : 100 et plus")
    [counted] = [each["sql"] for each in seen if "UNION ALL" in each["sql"]]
    assert counted.count("LIMIT 100") == counted.count("UNION ALL") + 1 > 5
    assert not any("COUNT(" in each["sql"] for each in seen)


def test_every_count_leads_to_a_list_that_its_agent_may_see():
    caller = at_desk(an_agent(Role.NATIONAL)).visit("/support/")
    for each in counts.COUNTS.values():
        caller.visit("/support/").follow(each.label)
        assert caller.response.status_code == 200
    assert len(counts.COUNTS) >= 2


@pytest.mark.parametrize("label", [each.opts.label for each in site.lists() if isinstance(each, WorkList)])
def test_every_filter_that_a_list_offers_opens(label):
    """Issue 5, 5: the links on its page, alone and together, and the field left empty, for whoever has the list."""
    listed = next(each for each in site.lists() if each.opts.label == label)
    account = an_agent(next(role for role in Role if listed.see in ROLES[role]))
    rows.OF_A_CAISSE[listed.model](ALSACE)
    place = reverse(f"admin:{listed.opts.app_label}_{listed.opts.model_name}_changelist")
    caller = at_desk(account).visit(place)
    offered = [href for _, href in caller.page.links if href.startswith("?")]
    states = [f"?etat={slug}" for slug in listed.states]
    with_a_place = [f"{each}&department={code}" for each in states for code in ("", "67")]
    has_places = any(each is DepartmentFilter for each in listed.list_filter)
    for query in [*offered, *states, *(with_a_place if has_places else [])]:
        assert caller.client.get(f"{place}{query}").status_code == 200, query
    assert refusals() == []


def test_every_work_list_has_its_words():
    lists = [each for each in site.lists() if isinstance(each, WorkList)]
    assert len(lists) >= 3
    for each in lists:
        assert each.list_title
        assert each.row_title
        assert next(iter(each.states))
        assert len({decision.slug for decision in each.decisions}) == len(each.decisions)
