"""Batches at the desk, attacked first (issue 5, Letters; R20, R21, R23)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import tasks
from accounts.letters import batch as batches
from accounts.letters import files
from accounts.letters.printing import print_batch
from accounts.models import Entry, Event, Letter, LetterBatch, Role
from tests.agents import ELSEWHERE, an_agent, at_desk
from tests.letters import fritz, queue, worker_here
from tests.stories.caller import Caller

__all__ = ["fritz", "queue", "worker_here"]
pytestmark = pytest.mark.django_db
BATCHES, COMPOSE = "/support/accounts/letterbatch/", "/support/accounts/letterbatch/composer/"
Queue = Callable[..., Letter]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.LETTERS_DIR = tmp_path
    return tmp_path


def post(caller: Caller, place: str, **fields: Any) -> int:
    caller.client.handler.enforce_csrf_checks = False
    return int(caller.client.post(place, fields).status_code)


def a_batch(folder: Path, queue: Queue, *, caisse: str = "68") -> LetterBatch:
    queue(caisse=caisse)
    assert print_batch(caisse, folder, timezone.now())
    return LetterBatch.objects.get(caisse=caisse)


def page_of(batch: LetterBatch) -> str:
    return f"{BATCHES}{batch.pk}/change/"


def pdfs(folder: Path) -> list[str]:
    return sorted(path.name.split("-")[1] for path in folder.glob("*.pdf"))


# Attacks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [each for each in Role if each not in (Role.LEAD, Role.NATIONAL)])
def test_who_may_not_print_has_none_of_it(role: str, folder: Path, queue: Queue, worker_here: None) -> None:
    batch = a_batch(folder, queue)
    queue()
    caller = at_desk(an_agent(role))
    for verb in (COMPOSE, f"{BATCHES}{batch.pk}/remettre/", f"{BATCHES}{batch.pk}/poste/"):
        assert post(caller, verb) == 404
    assert Letter.objects.filter(printed_at=None).count() == 1
    assert {line.detail["why"] for line in Entry.objects.filter(event=Event.SUPPORT_REFUSED)} == {"role"}


def test_another_caisse_s_batch_is_not_there(folder: Path, queue: Queue, worker_here: None) -> None:
    """R20: neither printed nor handed out nor posted from here, ticked rows included."""
    theirs = a_batch(folder, queue, caisse=ELSEWHERE)
    queue(caisse=ELSEWHERE)
    caller = at_desk(an_agent(Role.LEAD)).visit(BATCHES).sees("Aucun courrier n'attend")
    assert post(caller, f"{BATCHES}{theirs.pk}/remettre/") == 404
    assert post(caller, COMPOSE) == 302
    assert post(caller, BATCHES, action="note_posted", _selected_action=[str(theirs.pk)], index="0") == 404
    theirs.refresh_from_db()
    assert (theirs.reprints, theirs.posted_at) == (0, None)
    assert Letter.objects.filter(caisse=ELSEWHERE, printed_at=None).count() == 1
    assert not Entry.objects.filter(event=Event.LETTERS_PRINT_ASKED).exists()


def test_printing_needs_a_form_of_ours(folder: Path, queue: Queue) -> None:
    """CSRF, and POST."""
    batch = a_batch(folder, queue)
    caller = at_desk(an_agent(Role.LEAD))
    for verb in (COMPOSE, f"{BATCHES}{batch.pk}/remettre/"):
        assert caller.client.get(verb).status_code == 405
        assert caller.client.post(verb).status_code == 403


def test_a_batch_page_says_nothing_secret(folder: Path, queue: Queue) -> None:
    """R20."""
    batch = a_batch(folder, queue)
    caller = at_desk(an_agent(Role.LEAD)).visit(page_of(batch))
    caller.does_not_see("LAMY", "Vignes", "STRASBOURG", "ACDE-FGHJ", "QRTWX", "temporary_password", str(folder))


# Printing -------------------------------------------------------------------------------------------------------------


def test_a_lead_prints_the_queue_of_their_caisse(folder: Path, queue: Queue, worker_here: None) -> None:
    """Issue 5, letters: handed to the worker, who asked is in the journal."""
    queue(), queue(), queue(address=[]), queue(caisse=ELSEWHERE)
    lead = an_agent(Role.LEAD)
    caller = at_desk(lead).visit("/support/").follow("Lots de courriers")
    caller.sees("Courriers qui attendent d'être imprimés : 3.")
    caller.press("Composer les lots").sees("C'est demandé", "Aucun courrier n'attend").does_not_see("Des lots ont été")
    assert pdfs(folder) == ["68"]
    [asked] = Entry.objects.filter(event=Event.LETTERS_PRINT_ASKED)
    assert (asked.account, asked.detail) == (lead.pk, {"caisse": "68", "by": lead.pk.hex})
    assert Entry.objects.get(event=Event.LETTERS_PRINTED).detail["by"] == lead.pk.hex
    batch = LetterBatch.objects.get()
    caller.visit(page_of(batch)).sees(
        "MSA Alsace", batches.file_name(batch), "pas d'adresse postale au référentiel : 1"
    )
    assert [pdf.name for pdf in folder.glob("*.pdf")] == [batches.file_name(batch)]


def test_the_national_support_prints_every_queue(folder: Path, queue: Queue, worker_here: None) -> None:
    for caisse in ("68", "13", ""):
        queue(caisse=caisse)
    at_desk(an_agent(Role.NATIONAL)).visit(BATCHES).press("Composer les lots").sees("C'est demandé")
    assert pdfs(folder) == ["13", "68", "msa"]


def test_pressed_twice_it_is_asked_once(folder: Path, queue: Queue) -> None:
    """By one lead or by two; the worker has not begun."""
    queue()
    first, second = at_desk(an_agent(Role.LEAD)), at_desk(an_agent(Role.LEAD), Caller("192.0.2.44"))
    for caller in (first, second):
        caller.visit(BATCHES)
    first.press("Composer les lots").sees("C'est demandé", "Des lots ont été demandés le")
    second.press("Composer les lots").sees("viennent d'être demandés").does_not_see("C'est demandé")
    assert Entry.objects.filter(event=Event.LETTERS_PRINT_ASKED).count() == 1


def test_what_somebody_else_prints_meanwhile_is_theirs(folder: Path, queue: Queue, worker_here: None) -> None:
    """The command holds the folder: the worker comes back later and finds the queue as it is then."""
    queue()
    caller = at_desk(an_agent(Role.LEAD)).visit(BATCHES)
    with files.alone_in(folder):
        caller.press("Composer les lots").sees("C'est demandé", "attendent d'être imprimés : 1", "Si rien n'avance")
    assert not LetterBatch.objects.exists()


def test_a_queue_that_was_emptied_meanwhile_is_told(folder: Path, queue: Queue) -> None:
    queue()
    caller = at_desk(an_agent(Role.LEAD)).visit(BATCHES)
    print_batch("68", folder, timezone.now())
    caller.press("Composer les lots").sees("il n'y a rien à composer")
    assert not Entry.objects.filter(event=Event.LETTERS_PRINT_ASKED).exists()
    assert not caller.offers("Composer les lots")


@pytest.mark.parametrize("lost", [OperationalError("gone"), ConnectionError("gone")])
def test_a_broker_that_is_gone_is_told(
    folder: Path, queue: Queue, lost: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any, **options: Any) -> None:
        raise lost

    for task in (tasks.print_letters, tasks.reprint_letters):
        monkeypatch.setattr(task, "delay", gone)
    batch = a_batch(folder, queue)
    queue()
    caller = at_desk(an_agent(Role.LEAD))
    # Pressed again, nobody reads that it has been asked for, nor on the next page that it is under way.
    for _ in range(2):
        caller.visit(BATCHES).press("Composer les lots").sees("La file des tâches ne répond pas : rien n'est fait")
        caller.does_not_see("demandé")
        caller.visit(page_of(batch)).press("Remettre le fichier une nouvelle fois").sees("La file des tâches")
        caller.does_not_see("vient d'être demandé")
    assert Letter.objects.filter(printed_at=None).count() == 1
    assert not Entry.objects.filter(event=Event.LETTERS_PRINT_ASKED).exists()


def test_without_a_folder_the_page_says_who_prints(settings: Any, tmp_path: Path, queue: Queue) -> None:
    """Nothing is offered, and a form sent by hand changes nothing."""
    batch = a_batch(tmp_path, queue)
    queue()
    caller = at_desk(an_agent(Role.LEAD)).visit(BATCHES).sees("attendent d'être imprimés : 1", "L'exploitant imprime")
    assert not caller.offers("Composer les lots")
    caller.visit(page_of(batch)).sees("L'exploitant peut le remettre")
    assert not caller.offers("Remettre le fichier")
    assert post(caller, COMPOSE) == 302
    caller.visit(BATCHES).sees("Aucun lot n'est composé d'ici")
    assert Letter.objects.filter(printed_at=None).count() == 1
    assert post(caller, f"{BATCHES}{batch.pk}/remettre/") == 302
    batch.refresh_from_db()
    assert batch.reprints == 0


def test_the_demonstration_prints_at_once_and_says_so(settings: Any, tmp_path: Path) -> None:
    settings.LETTERS_AT_ONCE_DIR = tmp_path
    caller = (
        at_desk(an_agent(Role.LEAD))
        .visit(BATCHES)
        .sees("Aucun courrier n'attend", "imprimé et posté aussitôt, sans attendre un lot")
    )
    assert not caller.offers("Composer les lots")


def test_a_long_queue_is_not_counted(
    folder: Path, queue: Queue, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """Issue 5, 10: one batch's worth is read, and « more » is said."""
    monkeypatch.setattr(batches, "LETTERS_PER_BATCH", 2)
    monkeypatch.setattr("accounts.letters.print_shop.LETTERS_PER_BATCH", 2)
    for _ in range(5):
        queue()
    caller = at_desk(an_agent(Role.LEAD))
    with django_assert_max_num_queries(10) as seen:
        caller.visit(BATCHES).sees("Plus de 2 courriers attendent")
    assert not [each for each in seen if "COUNT(" in each["sql"]]


# Handed out again -----------------------------------------------------------------------------------------------------


def test_a_lost_file_comes_again(folder: Path, queue: Queue, worker_here: None) -> None:
    """Twice at most; a double click is one time."""
    batch = a_batch(folder, queue)
    (folder / batches.file_name(batch)).unlink()
    caller = at_desk(an_agent(Role.LEAD)).visit(page_of(batch))
    caller.press("Remettre le fichier une nouvelle fois").sees("C'est demandé", "1 fois")
    assert (folder / batches.file_name(batch)).exists()
    caller.press("Remettre le fichier une nouvelle fois").sees("compte une seule fois", "1 fois")
    batch.refresh_from_db()
    assert batch.reprints == 1


def test_the_limits_are_the_command_s(folder: Path, queue: Queue, worker_here: None) -> None:
    """Twice, 7 days, before it is posted; the page says which."""
    batch, caller = a_batch(folder, queue), at_desk(an_agent(Role.LEAD))
    now = timezone.now()
    for changed, said in (
        ({"reprints": 2}, "a été remis 2 fois de nouveau"),
        ({"printed_at": now - timedelta(days=8)}, "a plus de 7 jours"),
        ({"posted_at": now}, "Posté le"),
    ):
        fresh = {"reprints": 0, "printed_at": now, "posted_at": None}
        LetterBatch.objects.filter(pk=batch.pk).update(**{**fresh, **changed})
        caller.visit(page_of(batch)).sees(said)
        assert not caller.offers("Remettre le fichier")
        assert post(caller, f"{BATCHES}{batch.pk}/remettre/") == 302
    assert not Entry.objects.filter(event=Event.LETTERS_REPRINTED).exists()


def test_a_copy_that_is_elsewhere_is_told_afterwards(folder: Path, queue: Queue, worker_here: None) -> None:
    batch = a_batch(folder, queue)
    for copy in (folder / ".copies").iterdir():
        copy.unlink()
    caller = at_desk(an_agent(Role.LEAD)).visit(page_of(batch))
    caller.press("Remettre le fichier une nouvelle fois").sees(
        "n'a pas pu être remis", "Prévenez l'exploitant", "jamais"
    )


# Posted ---------------------------------------------------------------------------------------------------------------


def test_ticked_batches_are_posted_once(folder: Path, queue: Queue) -> None:
    """Harmless, so several at once; pressed twice, once."""
    batch = a_batch(folder, queue)
    begun = LetterBatch.objects.create(caisse="68", created_at=timezone.now())
    lead = an_agent(Role.LEAD)
    caller = at_desk(lead)
    fields = {"action": "note_posted", "_selected_action": [str(batch.pk), str(begun.pk)], "index": "0"}
    assert post(caller, BATCHES, **fields) == 302
    caller.visit(BATCHES).sees("Lots postés : 1.", "Les autres étaient déjà postés")
    assert post(caller, BATCHES, **fields) == 302
    caller.visit(BATCHES).sees("Aucun lot n'a changé")
    assert Entry.objects.get(event=Event.LETTERS_POSTED).detail == {"caisse": "68", "count": 1, "by": lead.pk.hex}
    assert post(caller, BATCHES, **fields, select_across="1") == 404
    begun.refresh_from_db()
    assert begun.posted_at is None
