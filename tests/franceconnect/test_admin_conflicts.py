"""Conflicts of FranceConnect links at the desk: nobody is linked by hand (issue 5, Support desk 5; FS 13, I13, R20)."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account, Affiliation, Consultation, Entry, Event, Role
from accounts.passwords import grouped
from franceconnect.client import linking
from franceconnect.client.identity import FederationIdentity
from franceconnect.models import Link, LinkConflict
from tests.agents import OPEN_ROW, an_agent, at_desk, at_row
from tests.members import GARCIN, a_member, an_account
from tests.stories.caller import Caller, last_mail_to

pytestmark = pytest.mark.django_db
LIST = "/support/franceconnect/linkconflict/"
ISSUER = "https://fcp.example/api/v2"
MINE, THEIRS = "s" * 64 + "v1", "t" * 64 + "v1"


def identity(subject: str) -> FederationIdentity:
    return FederationIdentity(
        issuer=ISSUER, subject=subject, given_name="Fritz", family_name="LAMY", birthdate="1963-09-08",
        gender="male", birthcountry="99100", birthplace="67482",
    )  # fmt: skip


def conflict_of(account: Account, subject: str) -> LinkConflict:
    """Somebody comes from FranceConnect, and another link is there already."""
    now = timezone.now()
    with pytest.raises(linking.Taken) as taken:
        linking.link(account, identity(subject), by="test", now=now)
    return LinkConflict.objects.get(reference=linking.note_conflict(taken.value, now=now))


def other_subject() -> LinkConflict:
    account = an_account()
    linking.link(account, identity(THEIRS), by="test", now=timezone.now())
    return conflict_of(account, MINE)


def other_account(department: str = "67") -> LinkConflict:
    holder = an_account(a_member(GARCIN, birth_name="GARCIN", given_names="Loïc"), email="loic@example.org")
    Affiliation.objects.filter(member=holder.member).update(department=department)
    linking.link(holder, identity(MINE), by="test", now=timezone.now())
    return conflict_of(an_account(), MINE)


def page_of(row: LinkConflict) -> str:
    return f"{LIST}{row.pk}/change/"


def post(caller: Caller, place: str, **fields: Any) -> int:
    caller.client.handler.enforce_csrf_checks = False
    return int(caller.client.post(place, fields).status_code)


# Attacks --------------------------------------------------------------------------------------------------------------


def test_another_caisse_s_conflict_is_not_there():
    row = other_subject()
    Affiliation.objects.update(department="13")
    caller = at_desk(an_agent(Role.LEAD))
    caller.visit(LIST).sees("Rien à afficher ici")
    assert caller.client.get(page_of(row)).status_code == 404
    for verb in ("garder", "retirer"):
        assert post(caller, f"{LIST}{row.pk}/{verb}/", reason="proven") == 404
    assert Link.objects.count() == 1
    assert Entry.objects.filter(event=Event.SUPPORT_REFUSED).count() == 3


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR, Role.OPERATOR])
def test_it_is_a_lead_s_to_decide(role):
    row = other_subject()
    caller = at_desk(an_agent(role))
    assert caller.client.get(page_of(row)).status_code == 404
    assert post(caller, f"{LIST}{row.pk}/retirer/", reason="proven") == 404
    assert Link.objects.count() == 1


def test_the_link_of_another_caisse_s_member_is_not_a_lead_s_to_take():
    """R20: the national support may."""
    row = other_account(department="13")
    lead = at_row(at_desk(an_agent(Role.LEAD)), page_of(row)).sees("d'une autre caisse").does_not_see("GARCIN")
    assert not lead.offers("Retirer l'association")
    assert post(lead, f"{LIST}{row.pk}/retirer/", reason="proven") == 404
    assert Link.objects.count() == 1
    national = at_row(at_desk(an_agent(Role.NATIONAL)), page_of(row)).sees("GARCIN", "LAMY FRITZ")
    national.press("Retirer l'association actuelle", reason="proven").sees("C'est fait")
    assert not Link.objects.exists()


# Deciding -------------------------------------------------------------------------------------------------------------


def test_a_link_that_goes_may_be_made_anew_by_its_member():
    """FS 13: by nobody else."""
    row = other_subject()
    lead = an_agent(Role.LEAD)
    caller = at_desk(lead).visit(LIST).sees(grouped(row.reference)).does_not_see("LAMY")
    at_row(caller, page_of(row)).sees("LAMY FRITZ", "celui de cet adhérent", "depuis le")
    caller.press("Retirer l'association actuelle").sees("Choisissez un motif")
    caller.visit(page_of(row)).press("Retirer l'association actuelle", reason="proven").sees("C'est fait")
    assert not Link.objects.exists()
    row.refresh_from_db()
    assert (row.outcome, row.reason, row.decided_by) == ("unlinked", "proven", lead.pk)
    [line] = Entry.objects.filter(event=Event.FRANCECONNECT_CONFLICT_DECIDED)
    assert (line.account, line.detail["by"], line.detail["outcome"]) == (row.account_id, lead.pk.hex, "unlinked")
    assert "associer votre compte, dans « Mon compte »" in last_mail_to("fritz.lamy@example.org").replace("\u00a0", " ")
    linking.link(row.account, identity(MINE), by="test", now=timezone.now())


def test_a_link_is_kept():
    row = other_subject()
    caller = at_row(at_desk(an_agent(Role.LEAD)), page_of(row))
    caller.press("Garder l'association actuelle", reason="not_proven").sees("C'est noté")
    assert Link.objects.count() == 1
    assert "L'association actuelle reste comme elle est" in last_mail_to("fritz.lamy@example.org")
    caller.visit(f"{LIST}?etat=kept").sees(grouped(row.reference))


def test_the_second_of_two_leads_reads_what_the_first_decided():
    row = other_subject()
    first, second = at_desk(an_agent(Role.LEAD)), at_desk(an_agent(Role.NATIONAL), Caller("192.0.2.55"))
    for caller in (first, second):
        at_row(caller, page_of(row))
    first.press("Garder l'association actuelle", reason="asked")
    second.press("Retirer l'association actuelle", reason="fraud").sees("Une autre personne", "Association gardée")
    assert Link.objects.count() == 1
    assert Entry.objects.filter(event=Event.FRANCECONNECT_CONFLICT_DECIDED).count() == 1


def test_both_members_see_who_has_compared_their_files():
    """R16: when the row is opened, not when it is seen."""
    row = other_account()
    caller = at_desk(an_agent(Role.LEAD)).visit(page_of(row)).does_not_see("LAMY", "GARCIN")
    assert not Consultation.objects.exists()
    caller.press(OPEN_ROW).sees("LAMY FRITZ", "GARCIN LOÏC")
    assert Consultation.objects.count() == 2


def test_a_row_asks_ten_questions_at_most(django_assert_max_num_queries):
    """Issue 5, 10: with two files."""
    row = other_account()
    caller = at_row(at_desk(an_agent(Role.LEAD)), page_of(row))
    with django_assert_max_num_queries(10):
        caller.visit(page_of(row)).sees("GARCIN LOÏC")


def test_the_list_costs_few_queries(django_assert_max_num_queries):
    """Issue 5, 10."""
    account, now = an_account(), timezone.now()
    LinkConflict.objects.bulk_create(
        LinkConflict(account=account, kind="other_subject", reference=f"R{each:07}", created_at=now, decided_at=now,
                     outcome="kept", reason="asked")
        for each in range(60)
    )  # fmt: skip
    caller = at_desk(an_agent(Role.LEAD))
    with django_assert_max_num_queries(10) as seen:
        caller.visit(f"{LIST}?etat=kept").sees("Page suivante")
    assert not [each for each in seen if "COUNT(" in each["sql"]]
    assert caller.visit(f"{LIST}?q=r000-0007").offers("R000-0007")
