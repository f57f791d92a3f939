"""« Courriers revenus »: codes typed or scanned, one a line; attacked first (issue 5, Letters; R5, R20, R21)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts import letters
from accounts.models import BadAddress, Entry, Event, Letter, Member, Role
from accounts.support.lists.returned_letters import MOST
from tests.agents import ELSEWHERE, an_agent, at_desk
from tests.letters import fritz, queue
from tests.stories.caller import Caller

__all__ = ["fritz", "queue"]
pytestmark = pytest.mark.django_db
PAGE, NOTE = "/support/courriers-revenus/", "Noter comme revenus"
Queue = Callable[..., Letter]


def printed(queue: Queue, **options: Any) -> Letter:
    letter = queue(**options)
    Letter.objects.filter(pk=letter.pk).update(printed_at=timezone.now(), content=None)
    return letter


def code(letter: Letter) -> str:
    return f"{letter.public_code[:5]}-{letter.public_code[5:]}"


def returned() -> list[Letter]:
    return list(Letter.objects.filter(returned_at__isnull=False))


def note(caller: Caller, *lines: str) -> Caller:
    return caller.visit(PAGE).press(NOTE, codes="\r\n".join(lines))


def field(caller: Caller) -> str:
    [form] = [form for form in caller.page.forms if "codes" in form.names]
    return form.values["codes"].strip()


# Attacks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR])
def test_who_handles_no_letters_has_no_such_page(role: str, queue: Queue) -> None:
    letter = printed(queue)
    caller = at_desk(an_agent(role))
    caller.client.handler.enforce_csrf_checks = False
    assert caller.client.get(PAGE).status_code == 404
    assert caller.client.post(PAGE, {"codes": letter.public_code}).status_code == 404
    assert returned() == []


def test_a_letter_of_another_caisse_is_as_unknown_as_none(queue: Queue) -> None:
    """R20: one sentence for both, and a line in the journal that holds no code."""
    letter = printed(queue, caisse=ELSEWHERE)
    said = []
    for typed in (code(letter), "ACDEF-GHJK3"):
        caller = note(at_desk(an_agent()), typed)
        said.append(caller.text.replace(typed, "CODE"))
        [line] = Entry.objects.filter(event=Event.SUPPORT_REFUSED).order_by("-pk")[:1]
        assert line.detail["why"] == "scope"
        assert letter.public_code not in str(line.detail)
    assert said[0] == said[1]
    assert "Inconnu, ou d'une autre caisse" in said[0]
    assert Entry.objects.filter(event=Event.SUPPORT_REFUSED).count() == 2
    assert returned() == []


def test_it_needs_a_form_of_ours(queue: Queue) -> None:
    letter = printed(queue)
    assert at_desk(an_agent()).client.post(PAGE, {"codes": letter.public_code}).status_code == 403
    assert returned() == []


def test_more_than_a_bundle_notes_nothing(queue: Queue) -> None:
    letter = printed(queue)
    caller = note(at_desk(an_agent()), code(letter), *(["ACDEF-GHJK3"] * MOST))
    caller.sees("50 codes au plus", "rien n'est noté")
    assert returned() == []
    assert len(field(caller).split()) == MOST + 1


@pytest.mark.parametrize("typed", ["\0", "' OR 1=1 --", "ÉÉÉÉÉÉÉÉÉÉ", "<script>", "a" * 3900])
def test_what_is_no_code_is_only_shown_again(typed: str, queue: Queue) -> None:
    caller = note(at_desk(an_agent()), typed)
    assert caller.response.status_code == 200
    assert "<script>" not in caller.response.content.decode().partition("codes")[2]
    assert returned() == []


def test_nothing_of_a_member_is_shown(queue: Queue) -> None:
    """R20."""
    caller = note(at_desk(an_agent()), code(printed(queue)))
    caller.does_not_see("LAMY", "FRITZ", "Vignes", "STRASBOURG", "ACDE-FGHJ")


# Noting ---------------------------------------------------------------------------------------------------------------


def test_each_line_has_its_outcome(queue: Queue, fritz: Member) -> None:
    """Noted, already noted, not printed yet, unknown; what cannot be read stays in the field, and only that."""
    first, second, waiting = printed(queue), printed(queue), queue()
    agent = an_agent()
    letters.mark_returned(second, by=agent, now=timezone.now())
    caller = at_desk(agent).visit("/support/").follow("Courriers revenus")
    assert caller.path == PAGE
    note(caller, code(first).lower(), code(second), code(waiting), "ACDEF-GHJK3", "ACDEF", "", "  ")
    caller.sees("Courriers notés : 1", "Déjà noté", "Pas encore imprimé", "Inconnu, ou d'une autre caisse")
    caller.sees("Ligne illisible")
    assert field(caller) == "ACDEF"
    assert {each.pk for each in returned()} == {first.pk, second.pk}
    assert not letters.can_be_posted_to(fritz)
    noted = Entry.objects.filter(event=Event.LETTER_RETURNED).latest("pk")
    assert noted.detail == {"kind": "temporary_password", "letter": first.pk.hex, "by": agent.pk.hex}


def test_the_same_line_twice_and_the_same_page_twice_note_once(queue: Queue) -> None:
    """A scanner that reads twice, a page that is sent again."""
    letter = printed(queue)
    caller = at_desk(an_agent())
    note(caller, code(letter), letter.public_code).sees("Courriers notés : 1").does_not_see("Déjà noté")
    note(caller, code(letter)).sees("Déjà noté", "Aucun courrier n'a changé")
    assert Entry.objects.filter(event=Event.LETTER_RETURNED).count() == 1
    assert BadAddress.objects.count() == 1


def test_a_bundle_of_fifty_is_looked_up_at_once(queue: Queue, django_assert_max_num_queries: Any) -> None:
    """Issue 5, 10: one read for all of them."""
    found = [queue() for _ in range(MOST)]
    caller = at_desk(an_agent()).visit(PAGE)
    with django_assert_max_num_queries(10):
        caller.press(NOTE, codes="\n".join(each.public_code for each in found)).sees("Pas encore imprimé")


def test_the_history_of_a_letter_says_who_noted_it(queue: Queue) -> None:
    letter = printed(queue)
    caller = note(at_desk(an_agent()), code(letter))
    caller.visit(f"/support/accounts/letter/{letter.pk}/history/").sees("Camille Dupré", "Ce courrier est revenu")


def test_an_empty_form_asks_for_a_code() -> None:
    note(at_desk(an_agent()), "").sees("Tapez au moins un code")


def test_the_national_support_notes_every_caisse_s(queue: Queue) -> None:
    note(at_desk(an_agent(Role.NATIONAL)), code(printed(queue)), code(printed(queue, caisse=ELSEWHERE)))
    assert len(returned()) == 2
