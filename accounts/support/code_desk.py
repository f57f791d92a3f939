"""« Quel est ce code ? »: whatever a caller reads out, its cause in French and what to tell them (issue 5, no. 6).

Each room registers what it knows of codes with `finder`; this one knows none of them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import journal, public_codes, throttling
from accounts.fields.typography import spaced
from accounts.forms.access import PlainForm
from accounts.models import Account, Channel, Entry
from accounts.passwords import as_typed
from accounts.support import sentences
from accounts.support.desk import site
from accounts.support.desk_form import PlainErrors
from accounts.support.file import file_address
from accounts.support.refusals import Why, note
from accounts.support.roles import May, may
from accounts.support.scope import Scope
from accounts.templatetags.french import french_date, french_datetime
from accounts.throttling import TooManyAttempts
from accounts.views.pages import duration

REQUEST_ID = re.compile(r"[0-9a-zA-Z-]{8,32}", re.ASCII)
# What a page of ours, or nginx, writes at its foot: nothing else has this shape.
OF_A_PAGE = re.compile(r"[0-9a-f]{16}|[0-9a-f]{32}")
MOST_LINES = 50


@dataclass(frozen=True)
class Line:
    """One line of the journal: its number, its moment, what it says, without anybody's name."""

    number: int
    at: datetime
    says: str


@dataclass(frozen=True)
class Finding:
    """What a code is: why it is there, what to tell the caller, where it stands, where to go on."""

    title: str
    cause: str
    tell: str
    lines: tuple[Line, ...] = ()
    link: str = ""
    url: str = ""


@dataclass
class Asked:
    """What was typed, by whom; `hidden` once something was found that is not theirs to know."""

    typed: str
    by: Account
    scope: Scope
    hidden: bool = False
    _members: dict[Any, Any] = field(default_factory=dict)

    @property
    def plain(self) -> str:
        """Without blanks, hyphens and small letters."""
        return as_typed(self.typed)

    def sees(self, account: Any) -> bool:
        """Whether what happened to this account is this agent's to know: their caisse's, their own, or nobody's."""
        if account is None or account == self.by.pk or self.scope.is_everywhere:
            return True
        is_theirs = self.member_of(account) is not None
        self.hidden |= not is_theirs
        return is_theirs

    def member_of(self, account: Any) -> Any:
        """The key of the member whose account this is, if they are in scope; asked once for each."""
        if account not in self._members:
            rows = self.scope.members(Account.objects.filter(pk=account, member__isnull=False), path="member")
            self._members[account] = rows.values_list("member", flat=True).first()
        return self._members[account]

    def covers(self, department: str) -> bool:
        covered = self.scope.covers(department)
        self.hidden |= not covered
        return covered


Finder = Callable[[Asked], Iterable[Finding]]
FINDERS: list[Finder] = []


def finder(find: Finder) -> Finder:
    """This knows codes of its room."""
    FINDERS.append(find)
    return find


def find(asked: Asked) -> list[Finding]:
    """What all of them know, in the order in which they registered, with the spaces that French wants."""
    found = [one for each in FINDERS for one in each(asked)]
    return [replace(one, title=spaced(one.title), cause=spaced(one.cause), tell=spaced(one.tell)) for one in found]


def line(entry: Entry) -> Line:
    return Line(entry.pk, entry.at, sentences.of(entry))


# What this room knows -------------------------------------------------------------------------------------------------


@finder
def identification_code(asked: Asked) -> Iterable[Finding]:
    """Of the e-mail about a sign-in through FranceConnect (J16)."""
    entry = journal.find_reference(asked.plain) if len(asked.plain) == 8 else None
    if entry is None or not asked.sees(entry.account):
        return
    yield Finding(
        "Code d'identification d'une connexion avec FranceConnect",
        f"Le compte MSA a servi à une connexion avec FranceConnect le {french_datetime(entry.at)}.",
        "Si l'adhérent ne reconnaît pas cette connexion : « Ce n'est pas moi », dans l'e-mail, ferme tous ses accès "
        "pendant 10 jours après la connexion. Ensuite, fermez ses sessions depuis son dossier.",
        (line(entry),),
        *file_of(entry.account, asked),
    )


def file_of(account: Any, asked: Asked) -> tuple[str, str]:
    """The link to the member's file, where a reason is asked."""
    member = asked.member_of(account) if account else None
    if member is None or not may(asked.by, May.SEE_MEMBERS):
        return "", ""
    return "Ouvrir le dossier de l'adhérent", reverse("admin:member_file", args=[file_address.of(member)])


@finder
def code_of_a_message(asked: Asked) -> Iterable[Finding]:
    """At the foot of every message: the same that « Vérifier un message » tells to anybody."""
    sent = public_codes.find(asked.plain)
    if sent:
        how = "Un e-mail" if sent.channel == Channel.EMAIL else "Un courrier"
        yield Finding(
            "Code de vérification d'un message",
            f"{how} de la MSA, écrit le {french_date(sent.on)}. Sujet : {sent.about}.",
            "Ce message vient bien de la MSA. Sans code, ou avec un code inconnu : ne pas y répondre, n'ouvrir aucun "
            "lien, et nous le transmettre.",
        )


@finder
def reference_of_a_page(asked: Asked) -> Iterable[Finding]:
    """At the foot of an error page: what the journal says of that request."""
    typed = asked.typed.strip()
    if OF_A_PAGE.fullmatch(as_read := "".join(typed.split()).lower()):
        typed = as_read
    if not REQUEST_ID.fullmatch(typed):
        return
    found = Entry.objects.filter(request_id=typed).exclude(request_id="").order_by("pk")[:MOST_LINES]
    lines = [entry for entry in found if asked.sees(entry.account)]
    if not lines and OF_A_PAGE.fullmatch(typed):
        # The same for a line of another caisse's: it is not said whether there is one.
        yield Finding(
            "Référence d'une page",
            "Aucune ligne du journal que vous pouvez lire ne porte cette référence : le plus souvent, la page s'est "
            "arrêtée avant d'avoir changé quelque chose.",
            "Recommencer dans quelques minutes : les réponses déjà validées sont gardées. Si cela se reproduit, "
            "transmettre la référence à l'exploitant, qui la retrouve dans ses journaux techniques.",
        )
    if not lines:
        return
    whose = next((entry.account for entry in lines if entry.account and entry.account != asked.by.pk), None)
    yield Finding(
        "Référence d'une page",
        f"Cette page a été demandée le {french_datetime(lines[0].at)}. Voici ce qu'elle a fait.",
        "Reprendre à la dernière ligne : c'est là que la page s'est arrêtée. Si rien ne l'explique, transmettre la "
        "référence à l'exploitant, qui la retrouve dans ses journaux techniques.",
        tuple(line(entry) for entry in lines),
        *file_of(whose, asked),
    )


# The page -------------------------------------------------------------------------------------------------------------


class CodeDeskForm(PlainForm):
    """One field for all of them."""

    code = forms.CharField(
        label="Code ou référence",
        max_length=64,
        strip=True,
        help_text="Par exemple : Y020024, ACDE-FGH7, server_error, ou la référence d'une page.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "code"}),
        error_messages={"required": "Tapez le code que l'appelant vous lit."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"error_class": PlainErrors, **kwargs})
        self.fields["code"].help_text = spaced(str(self.fields["code"].help_text))


@site.page("codes/", name="code_desk", what=May.USE_CODE_DESK, title="Que veut dire ce code\u00a0?")
@require_http_methods(["GET", "POST"])
def code_desk(request: HttpRequest) -> HttpResponse:
    """By POST: a code that finds somebody stands in no address."""
    form = CodeDeskForm(request.POST or None)
    known: dict[str, Any] = {**site.each_context(request), "title": "Que veut dire ce code\u00a0?", "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        by = cast(Account, request.user)
        try:
            throttling.take((throttling.CODE_DESK, by.pk.hex), now=timezone.now())
        except TooManyAttempts as limit:
            told = f"Vous avez cherché beaucoup de codes. Attendez {duration(limit.retry_after)} avant de continuer."
            form.add_error(None, ValidationError(told, code="too_many_attempts"))
            status = 429
        else:
            asked = Asked(form.cleaned_data["code"], by, Scope.of(by))
            known |= {"findings": find(asked), "asked": asked.typed}
            if asked.hidden:
                note(request, Why.SCOPE)
    return TemplateResponse(request, "support/code_desk.html", known, status=status)
