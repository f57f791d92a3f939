"""The desk's pages about one member: found, opened for a reason, read, helped (issue 5, Support desk 3 and 4)."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account, Consultation, Member
from accounts.support.desk import site
from accounts.support.file import account_acts, acts, consultations, reading, search
from accounts.support.file.acts import Channel, Outcome
from accounts.support.file.forms import OpenForm, SearchForm, ShowNirForm, reason_field
from accounts.support.refusals import Refused, Why
from accounts.support.roles import May, may
from accounts.support.scope import Scope
from accounts.throttling import TooManyAttempts
from accounts.views.pages import duration

# Importing them puts them among the acts.
assert account_acts
SEE = May.SEE_MEMBERS


def by(request: HttpRequest) -> Account:
    """Who asks: the door lets nobody else in here."""
    return cast(Account, request.user)


def page(request: HttpRequest, template: str, **known: Any) -> HttpResponse:
    return TemplateResponse(request, template, {**site.each_context(request), **known})


def in_scope(request: HttpRequest, address: str) -> Member:
    """Whose file this is, if this agent may know that there is one. Raises Refused."""
    member = consultations.find(address, scope=Scope.of(by(request)), by=by(request), now=timezone.now())
    if member is None:
        raise Refused(Why.SCOPE)
    return member


def is_open(member: Member) -> bool:
    """Whether this agent has said why, less than thirty minutes ago."""
    return member.opened_until is not None  # type: ignore[attr-defined]


# Finding -------------------------------------------------------------------------------------------------------------


@site.home_part("support/member_search.html", place=1)
def search_slot(request: HttpRequest) -> dict[str, Any] | None:
    return {"form": SearchForm(), "csrf": True} if may(by(request), SEE) else None


@site.page("adherents/", name="member_search", what=SEE)
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """By POST: what the caller says stands in no address."""
    form = SearchForm(request.POST or None)
    if not (request.method == "POST" and form.is_valid()):
        return page(request, "support/members.html", form=form, title="Chercher un adhérent")
    try:
        found = search.find(form.wanted, by=by(request), now=timezone.now())
    except TooManyAttempts as limit:
        told = f"Vous avez cherché beaucoup d'adhérents. Attendez {duration(limit.retry_after)} avant de continuer."
        form.add_error(None, ValidationError(told, code="too_many_attempts"))
        response = page(request, "support/members.html", form=form, title="Chercher un adhérent")
        response.status_code = 429
        response["Retry-After"] = str(limit.retry_after)
        return response
    rows = [row_of(each, form.wanted) for each in found.members]
    known = {"found": found, "rows": rows, "form": form, "title": "Chercher un adhérent"}
    return page(request, "support/members.html", **known)


def row_of(member: Member, wanted: search.Wanted) -> dict[str, Any]:
    """Enough to choose: the day of birth stands in the file, unless the agent has just typed it."""
    born = member.birth_date.french if wanted.birth_date else f"en {member.birth_date.year}"
    return {"member": member, "address": search.address_of(member), "places": places(member), "born": born}


def places(member: Member) -> list[str]:
    """Departments of today and of before: a caisse may still have to answer for these."""
    return sorted({each.department for each in member.affiliations.all()})


# Opening and reading -------------------------------------------------------------------------------------------------


@site.page("adherents/<str:object_id>/", name="member_file", what=SEE)
@require_http_methods(["GET"])
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    """Without a reason nothing of the file is shown: not even whose it is."""
    member = in_scope(request, object_id)
    if not is_open(member):
        return ask_reason(request, OpenForm(), object_id)
    number = page_number(request)
    read = reading.read(member, page=number, now=timezone.now())
    known = {
        "file": read,
        "address": object_id,
        "acts": acts.offered(member, by=by(request)),
        "may_see_nir": may(by(request), May.SEE_NIR),
        "title": member.display_name,
    }
    return page(request, "support/member.html", **known)


def page_number(request: HttpRequest) -> int:
    typed = request.GET.get("page", "1")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and 1 <= int(typed) <= reading.MOST_PAGES):
        raise Refused(Why.FILTER)
    return int(typed)


def ask_reason(request: HttpRequest, form: OpenForm, address: str) -> HttpResponse:
    return page(request, "support/member_reason.html", form=form, address=address, title="Ouvrir un dossier")


@site.page("adherents/<str:object_id>/motif/", name="member_open", what=SEE)
@require_POST
def open_file(request: HttpRequest, object_id: str) -> HttpResponse:
    """Once for thirty minutes."""
    member = in_scope(request, object_id)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return ask_reason(request, form, object_id)
    reason = Consultation.Reason(form.cleaned_data["reason"])
    consultations.begin(member, reason, by=by(request), now=timezone.now())
    return redirect("admin:member_file", object_id)


def closed(request: HttpRequest, address: str) -> HttpResponse:
    """The thirty minutes are over: nothing was done."""
    messages.info(request, "Donnez de nouveau un motif\u00a0: ce dossier n'est plus ouvert. Rien n'a été fait.")
    return redirect("admin:member_file", address)


@site.page("adherents/<str:object_id>/numero/", name="member_nir", what=May.SEE_NIR)
@require_http_methods(["GET", "POST"])
def show_nir(request: HttpRequest, object_id: str) -> HttpResponse:
    """The whole number stands in this answer and nowhere else."""
    member = in_scope(request, object_id)
    if not is_open(member):
        return closed(request, object_id)
    form = ShowNirForm(request.POST or None)
    known: dict[str, Any] = {"form": form, "address": object_id, "member": member, "title": "Numéro complet"}
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if not consultations.show_nir(member, reason=reason, by=by(request), now=timezone.now()):
            return closed(request, object_id)
        known["nir"] = member.nir
    return page(request, "support/member_nir.html", **known)


# Helping -------------------------------------------------------------------------------------------------------------


@site.page("adherents/<str:object_id>/actes/<slug:slug>/", name="member_act", what=SEE)
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, object_id: str, slug: str) -> HttpResponse:
    """A page that says what will happen; then, by its button, it does."""
    act = acts.find(slug)
    if act is None or not may(by(request), act.what):
        raise Refused(Why.ROLE)
    member = in_scope(request, object_id)
    if not is_open(member):
        return closed(request, object_id)
    if not acts.suits(act, member):
        messages.info(request, NOTHING)
        return redirect("admin:member_file", object_id)
    form = form_of(act, request, member)
    hindrance = act.hindrance(member, timezone.now())
    known = {"act": act, "form": form, "address": object_id, "member": member, "title": act.label}
    if hindrance:
        return page(request, "support/member_act.html", hindrance=hindrance, **known)
    if request.method == "POST" and form.is_valid():
        try:
            return done(request, act, member, form.cleaned_data, object_id)
        except TooManyAttempts as limit:
            told = f"Trop de messages sont déjà partis. Attendez {duration(limit.retry_after)} avant de réessayer."
            form.add_error(None, ValidationError(told, code="too_many_attempts"))
    return page(request, "support/member_act.html", channel=acts.channel_of(act, member), **known)


def form_of(act: acts.Act, request: HttpRequest, member: Member) -> Any:
    """The act's own fields, then the reason: both are asked for."""
    of = getattr(act.form, "of", None)
    form = act.form(request.POST or None, initial=of(member) if of else None, label_suffix="")
    form.fields["reason"] = reason_field(act.reasons.items())
    return form


NOTHING = "Il n'y avait rien à faire\u00a0: tout est déjà comme demandé."
JUST_DONE = "Cela vient d'être fait, il y a moins d'une minute. Rien n'est parti une seconde fois."
TOLD = {
    Channel.EMAIL: "C'est fait. L'adhérent en est informé par e-mail.",
    Channel.POST: "C'est fait. L'adhérent en est informé par courrier\u00a0: son adresse e-mail n'est pas prouvée.",
    Channel.NOBODY: "C'est fait. Dites-le à l'adhérent\u00a0: nous n'avons aucune adresse sûre pour lui écrire.",
}


def done(request: HttpRequest, act: acts.Act, member: Member, given: dict[str, Any], address: str) -> HttpResponse:
    fields = {name: value for name, value in given.items() if name != "reason"}
    channel = acts.channel_of(act, member)
    now = timezone.now()
    match acts.carry_out(act, member, by=by(request), reason=given["reason"], now=now, given=fields):
        case Outcome.DONE:
            messages.success(request, TOLD[channel])
        case Outcome.NOTHING:
            messages.info(request, NOTHING)
        case Outcome.JUST_DONE:
            messages.info(request, JUST_DONE)
    return redirect("admin:member_file", address)
