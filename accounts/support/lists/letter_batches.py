"""Batches of letters at the desk: printed, handed out again, posted; never what they say (issue 5; R20, R23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from accounts import journal, letters, tasks
from accounts.fields.typography import spaced
from accounts.identity.caisses import CAISSES
from accounts.letters import batch as batches
from accounts.letters import print_shop
from accounts.letters.states import why_set_aside
from accounts.models import Account, Entry, Event, LetterBatch
from accounts.support.admin import RoleAdmin
from accounts.support.desk import site
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_date, french_datetime
from accounts.throttling import SUPPORT_ACT, TooManyAttempts, take

NO_BROKER = "La file des tâches ne répond pas : rien n'est fait. Prévenez l'exploitant."
# Somebody may have pressed before a long queue: it is named for so long.
ASKED_SINCE = timedelta(days=1)


# The queue ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Queue:
    """What waits to be printed, as far as this agent's caisses go, and what can be done about it."""

    number: int
    asked_at: datetime | None
    caisses: Sequence[str]

    @classmethod
    def of(cls, scope: Scope, *, now: datetime) -> "Queue":
        """One read of an index, as long as one batch: nothing is counted (issue 5, 10)."""
        rows = scope.within(batches.queued(), caisse="caisse")
        found = list(print_shop.waiting(rows).values_list("caisse", "created_at"))
        asked = _last_asked(scope, now=now) if found else None
        still = asked is not None and any(written <= asked for _, written in found)
        return cls(len(found), asked if still else None, sorted({caisse for caisse, _ in found}))

    @property
    def says(self) -> str:
        if not self.number:
            return "Aucun courrier n'attend d'être imprimé."
        if self.number > batches.LETTERS_PER_BATCH:
            return f"Plus de {batches.LETTERS_PER_BATCH} courriers attendent d'être imprimés."
        return spaced(f"Courriers qui attendent d'être imprimés : {self.number}.")

    @property
    def underway(self) -> str:
        if not self.asked_at:
            return ""
        when = french_datetime(self.asked_at)
        return (
            f"Des lots ont été demandés le {when}, et tout n'est pas imprimé. Si rien n'avance, prévenez l'exploitant."
        )

    @property
    def how(self) -> str:
        """Why there is no button."""
        if self.can_be_printed:
            return ""
        if settings.LETTERS_AT_ONCE_DIR:
            return spaced("Dans la démonstration, un courrier est imprimé et posté aussitôt, sans attendre un lot.")
        if not print_shop.is_open():
            return "L'exploitant imprime les courriers par une commande, chaque jour ouvré."
        return ""

    @property
    def can_be_printed(self) -> bool:
        return self.number > 0 and print_shop.is_open()


def _last_asked(scope: Scope, *, now: datetime) -> datetime | None:
    asked = Entry.objects.filter(event=Event.LETTERS_PRINT_ASKED, at__gte=now - ASKED_SINCE)
    if not scope.is_everywhere:
        asked = asked.filter(detail__caisse__in=[scope.caisse, ""])
    return asked.order_by("-at").values_list("at", flat=True).first()


# The list and its pages -----------------------------------------------------------------------------------------------


@admin.register(LetterBatch, site=site)
class LetterBatchAdmin(RoleAdmin[LetterBatch]):
    """What the print shop has, and whether it has posted it."""

    see = May.PRINT_LETTERS
    list_title, row_title = "Lots de courriers", "Lot de courriers"
    list_display = ("made", "shown_caisse", "printed", "posted", "handed_again")
    fields = ("made", "shown_caisse", "file", "printed_letters", "set_aside", "printed", "posted", "handed_again")
    ordering = ("-created_at",)
    actions = ("note_posted",)
    change_list_template = "support/letter_batches.html"
    change_form_template = "support/letter_batch.html"

    def in_scope(self, rows: "models.QuerySet[LetterBatch]", scope: Scope) -> "models.QuerySet[LetterBatch]":
        return scope.within(rows, caisse="caisse")

    def get_readonly_fields(self, request: HttpRequest, obj: LetterBatch | None = None) -> Any:
        return self.fields

    @admin.display(description="composé le")
    def made(self, row: LetterBatch) -> str:
        return french_datetime(row.created_at)

    @admin.display(description="caisse")
    def shown_caisse(self, row: LetterBatch) -> str:
        return CAISSES[row.caisse].name if row.caisse in CAISSES else row.caisse or "MSA"

    @admin.display(description="fichier")
    def file(self, row: LetterBatch) -> str:
        return batches.file_name(row)

    @admin.display(description="courriers imprimés")
    def printed_letters(self, row: LetterBatch) -> str:
        return str(batches.set_aside_in(row).get("", 0)) if row.printed_at else "pas encore"

    @admin.display(description="mis de côté")
    def set_aside(self, row: LetterBatch) -> str:
        found = {reason: number for reason, number in sorted(batches.set_aside_in(row).items()) if reason}
        lines = [(spaced(f"{why_set_aside(reason)} : {number}"),) for reason, number in found.items()]
        return format_html_join(", ", "{}", lines) or "aucun"

    @admin.display(description="imprimé le")
    def printed(self, row: LetterBatch) -> str:
        return french_date(row.printed_at) or "pas encore"

    @admin.display(description="posté le")
    def posted(self, row: LetterBatch) -> str:
        return french_date(row.posted_at) or "pas encore"

    @admin.display(description="remis de nouveau")
    def handed_again(self, row: LetterBatch) -> str:
        return f"{row.reprints} fois" if row.reprints else "jamais"

    def get_urls(self) -> list[URLPattern]:
        compose: Any = self.admin_site.admin_view(require_POST(self.compose))
        return [
            path("composer/", compose, name="letter_batches_compose"),
            self.verb("poste", "letter_batch_posted", May.PRINT_LETTERS, self.mark_posted),
            self.verb("remettre", "letter_batch_again", May.PRINT_LETTERS, self.hand_out_again),
            *super().get_urls(),
        ]

    # Printing --------------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if not self.may(request, self.see):
            raise Refused(Why.ROLE)
        queue = Queue.of(self.scope(request), now=timezone.now())
        return super().changelist_view(request, {"queue": queue, **(extra_context or {})})

    def compose(self, request: HttpRequest) -> HttpResponse:
        """Handed to the worker, which prints one batch after the other. Pressed twice, asked once."""
        if not self.may(request, self.see):
            raise Refused(Why.ROLE)
        here, now, scope = redirect("admin:accounts_letterbatch_changelist"), timezone.now(), self.scope(request)
        if not print_shop.is_open():
            self.message_user(request, "Aucun lot n'est composé d'ici.", messages.WARNING)
            return here
        caisses = Queue.of(scope, now=now).caisses
        if not caisses:
            self.message_user(request, "Aucun courrier n'attend : il n'y a rien à composer.", messages.INFO)
            return here
        agent = _agent(request)
        try:
            with transaction.atomic():
                take((SUPPORT_ACT, f"print:{scope.caisse}"), now=now)
                detail = {"caisse": scope.caisse, "by": agent.pk.hex}
                journal.record(Event.LETTERS_PRINT_ASKED, account=agent, detail=detail, now=now)
                # Last: what the queue of tasks did not take was not asked for, and may be asked for again.
                tasks.print_letters.delay(caisses, str(agent.pk))
        except TooManyAttempts:
            told = "Les lots viennent d'être demandés. Ils paraissent ici l'un après l'autre : rouvrez cette page."
            self.message_user(request, spaced(told), messages.INFO)
        except (OperationalError, OSError):
            self.message_user(request, spaced(NO_BROKER), messages.ERROR)
        else:
            told = "C'est demandé. Les lots paraissent ici l'un après l'autre : rouvrez cette page dans une minute."
            self.message_user(request, spaced(told), messages.SUCCESS)
        return here

    # Handing out again -----------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id, self.see)
        now = timezone.now()
        known = {"can_be_again": can_be_again(row, now=now), "again": about_again(row, now=now)}
        return super().change_view(request, object_id, form_url, {**known, **(extra_context or {})})

    def hand_out_again(self, request: HttpRequest, batch: LetterBatch) -> HttpResponse:
        """The file that the print shop has lost. Pressed twice, it counts once."""
        here, now, agent = redirect("admin:accounts_letterbatch_change", batch.pk), timezone.now(), _agent(request)
        if not can_be_again(batch, now=now):
            told = about_again(batch, now=now) or "Ce lot ne peut pas être remis d'ici."
            self.message_user(request, told, messages.WARNING)
            return here
        try:
            with transaction.atomic():
                take((SUPPORT_ACT, f"reprint:{batch.pk.hex}"), now=now)
                self.log_change(request, batch, "Fichier demandé une nouvelle fois.")
                tasks.reprint_letters.delay(str(batch.pk), str(agent.pk))
        except TooManyAttempts:
            self.message_user(request, "Ce fichier vient d'être demandé : il compte une seule fois.", messages.INFO)
        except (OperationalError, OSError):
            self.message_user(request, spaced(NO_BROKER), messages.ERROR)
        else:
            told = f"C'est demandé : le fichier revient sous son nom, {batches.file_name(batch)}. Rouvrez cette page."
            self.message_user(request, spaced(told), messages.SUCCESS)
        return here

    # Posted ----------------------------------------------------------------------------------------------------------

    def mark_posted(self, request: HttpRequest, batch: LetterBatch) -> HttpResponse:
        """« La Poste l'a »: pressed twice, it was posted once."""
        if self._note_posted(request, batch, now=timezone.now()):
            self.message_user(request, spaced("C'est noté : ce lot est posté."), messages.SUCCESS)
        else:
            told = "Ce lot était déjà posté, ou il n'est pas encore imprimé."
            self.message_user(request, told, messages.WARNING)
        return redirect("admin:accounts_letterbatch_change", batch.pk)

    @admin.action(description="La Poste les a", permissions=["post"])
    def note_posted(self, request: HttpRequest, rows: "models.QuerySet[LetterBatch]") -> None:
        """Several at once, and harmless: nothing leaves by it, and each is posted once."""
        now = timezone.now()
        ticked = list(rows[: self.list_per_page])
        done = sum(self._note_posted(request, row, now=now) for row in ticked)
        told = f"Lots postés : {done}." if done else "Aucun lot n'a changé."
        more = " Les autres étaient déjà postés, ou ne sont pas encore imprimés." if done < len(ticked) else ""
        self.message_user(request, spaced(told + more), messages.SUCCESS if done else messages.WARNING)

    def _note_posted(self, request: HttpRequest, batch: LetterBatch, *, now: datetime) -> bool:
        if not letters.mark_posted(batch, by=_agent(request).pk, now=now):
            return False
        self.log_change(request, batch, "Lot posté.")
        return True

    def has_post_permission(self, request: HttpRequest) -> bool:
        return self.may(request, May.PRINT_LETTERS)


def _agent(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def can_be_again(batch: LetterBatch, *, now: datetime) -> bool:
    """What the command allows as well; whether its copy is in the folder only the worker sees."""
    return print_shop.is_open() and batches.to_reprint(now=now).filter(pk=batch.pk).exists()


def about_again(batch: LetterBatch, *, now: datetime) -> str:
    """Why the file cannot be handed out again, or what came of the last try."""
    if not batch.printed_at or batch.posted_at:
        return ""
    if batch.reprints >= settings.LETTER_REPRINTS:
        told = f"Ce fichier a été remis {batch.reprints} fois de nouveau, et ne peut plus l'être."
        return f"{told} S'il est perdu, ces adhérents ont besoin d'un nouveau courrier."
    if batch.printed_at <= now - settings.LETTER_COPIES_LIFE:
        told = f"Ce fichier a plus de {settings.LETTER_COPIES_LIFE.days} jours, et ne peut plus être remis."
        return f"{told} S'il est perdu, ces adhérents ont besoin d'un nouveau courrier."
    if not print_shop.is_open():
        return spaced("Fichier perdu ? L'exploitant peut le remettre une nouvelle fois, par une commande.")
    tries = Entry.objects.filter(
        event__in=[Event.LETTERS_REPRINTED, Event.LETTERS_NOT_REPRINTED], at__gte=batch.printed_at
    )
    last = tries.filter(detail__batch=batch.pk.hex).order_by("-at", "-pk").first()
    if last is None or last.event == Event.LETTERS_REPRINTED:
        return ""
    told = f"Le {french_datetime(last.at)}, ce fichier n'a pas pu être remis : sa copie n'est pas dans le dossier de "
    return spaced(f"{told}l'imprimeur, ou ne s'ouvre pas. Prévenez l'exploitant.")
