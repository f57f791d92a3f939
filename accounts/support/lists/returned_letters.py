"""« Courriers revenus »: the post brings a bundle, an agent types or scans the code at the foot of each (issue 5; R5).

By POST, and told on the page that answers: a page that is sent twice notes nothing twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import letters, public_codes
from accounts.fields.typography import spaced
from accounts.forms.access import PlainForm
from accounts.models import Account, Letter
from accounts.passwords import as_typed
from accounts.support.desk import site
from accounts.support.desk_form import PlainErrors
from accounts.support.refusals import Why, note
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_date

TITLE = "Courriers revenus"
# What one hand holds, and what one page answers in a moment.
MOST = 50
LONGEST = 4000


class Outcome(StrEnum):
    """What came of one line."""

    NOTED = "noted"
    ALREADY = "already"
    NOT_PRINTED = "not_printed"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


WORDS = {
    Outcome.NOTED: "Noté : aucun autre code ne part à cette adresse.",
    Outcome.ALREADY: "Déjà noté, le {day}.",
    Outcome.NOT_PRINTED: "Pas encore imprimé : il ne peut pas être revenu. Vérifiez le code.",
    # One sentence for both: it is not said which (R20).
    Outcome.UNKNOWN: "Inconnu, ou d'une autre caisse. Vérifiez le code ; sinon, remettez ce courrier à l'assistance "
    "nationale.",
    Outcome.UNREADABLE: "Ligne illisible : elle est restée dans le champ. Un code a dix lettres et chiffres.",
}


@dataclass(frozen=True)
class Line:
    """What was typed, what came of it, and the letter's page when there is one for this agent."""

    typed: str
    outcome: Outcome
    says: str
    url: str = ""


class ReturnedForm(PlainForm):
    """A field that a scanner types into, one line a letter."""

    codes = forms.CharField(
        label="Codes de vérification, un par ligne",
        strip=True,
        max_length=LONGEST,
        widget=forms.Textarea(
            attrs={"rows": 8, "cols": 20, "class": "code", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=f"Le code est en bas du courrier. {MOST} à la fois au plus, tapés, ou lus par une douchette.",
        error_messages={
            "required": "Tapez au moins un code.",
            "max_length": f"C'est trop long\u00a0: {MOST} codes au plus, rien n'est noté.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"error_class": PlainErrors, **kwargs})

    def clean_codes(self) -> list[str]:
        """The lines as they were typed, without the empty ones."""
        lines = [line.strip() for line in self.cleaned_data["codes"].splitlines() if line.strip()]
        if len(lines) > MOST:
            told = f"{MOST} codes au plus à la fois : rien n'est noté. Gardez les {MOST} premiers, puis recommencez."
            raise ValidationError(spaced(told), code="too_many")
        return lines


def read(line: str) -> str:
    """The code that stands on a line, or nothing."""
    code = as_typed(line)
    return code if len(code) == public_codes.LENGTH and code.isascii() else ""


def note_returned(lines: Iterable[str], *, by: Account, now: datetime) -> tuple[list[Line], list[Letter]]:
    """What came of each line, and the letters that changed. All are looked up at once, each is noted by itself."""
    typed = {read(line) or line: line for line in lines}
    rows = Scope.of(by).within(Letter.objects.filter(public_code__in=filter(None, map(read, typed))), caisse="caisse")
    known = {letter.public_code: letter for letter in rows.select_related("account").defer("content")}
    told, noted = [], []
    for code, line in typed.items():
        letter = known.get(code)
        outcome = _note(letter, by=by, now=now) if letter else Outcome.UNKNOWN if read(line) else Outcome.UNREADABLE
        if letter and outcome is Outcome.NOTED:
            noted.append(letter)
        told.append(_line(line, outcome, letter))
    return told, noted


def _note(letter: Letter, *, by: Account, now: datetime) -> Outcome:
    if letter.printed_at is None:
        return Outcome.NOT_PRINTED
    return Outcome.NOTED if letters.mark_returned(letter, by=by, now=now) else Outcome.ALREADY


def _line(typed: str, outcome: Outcome, letter: Letter | None) -> Line:
    day = french_date(letter.returned_at or timezone.now()) if letter and outcome is Outcome.ALREADY else ""
    url = reverse("admin:accounts_letter_change", args=[letter.pk]) if letter else ""
    shown = public_codes.shown(read(typed)) or typed
    return Line(shown, outcome, spaced(WORDS[outcome].format(day=day)), url)


@site.page("courriers-revenus/", name="returned_letters", what=May.HANDLE_LETTERS, title=TITLE)
@require_http_methods(["GET", "POST"])
def returned_letters(request: HttpRequest) -> HttpResponse:
    form = ReturnedForm(request.POST or None)
    known: dict[str, Any] = {**site.each_context(request), "title": TITLE, "form": form}
    if request.method == "POST" and form.is_valid():
        by = request.user
        assert isinstance(by, Account)
        told, noted = note_returned(form.cleaned_data["codes"], by=by, now=timezone.now())
        for letter in noted:
            site.get_model_admin(Letter).log_change(request, letter, "Ce courrier est revenu")
        if any(line.outcome is Outcome.UNKNOWN for line in told):
            note(request, Why.SCOPE)
        unread = "\n".join(line.typed for line in told if line.outcome is Outcome.UNREADABLE)
        known |= {"form": ReturnedForm(initial={"codes": unread}), "lines": told, "noted": len(noted)}
    return TemplateResponse(request, "support/returned_letters.html", known)
