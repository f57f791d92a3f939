"""The desk's page for a caller who registers: six digits in, where they stand out (issue 5, Support desk 7)."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import throttling
from accounts.fields.typography import spaced
from accounts.forms.access import PlainForm
from accounts.models import Account
from accounts.passwords import as_typed
from accounts.support import site
from accounts.support.desk_form import PlainErrors
from accounts.support.roles import May
from accounts.throttling import TooManyAttempts
from accounts.views.pages import duration
from enrolment import calling
from enrolment.models import Enrolment

TITLE = "Aider une inscription au téléphone"
LENGTH = 6


class CallForm(PlainForm):
    """What the caller reads."""

    digits = forms.CharField(
        label="Code lu par l'appelant",
        max_length=12,
        help_text="6 chiffres. Ils sont en bas de sa page, après « Besoin d'aide au téléphone ? ».",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "code"}),
        error_messages={"required": "Tapez les 6 chiffres que l'appelant vous lit.", "max_length": "6 chiffres."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"error_class": PlainErrors, **kwargs})
        self.fields["digits"].help_text = spaced(str(self.fields["digits"].help_text))

    def clean_digits(self) -> str:
        plain = as_typed(self.cleaned_data["digits"])
        if len(plain) != LENGTH or not (plain.isascii() and plain.isdigit()):
            raise ValidationError("Le code compte 6 chiffres.", code="no_code")
        return plain


def heard(form: CallForm, *, by: Account) -> Enrolment:
    """The journey of these digits; each guess of this agent counts. Raises ValidationError."""
    now = timezone.now()
    limits = [(throttling.AGENT_CALLS, by.pk.hex), (throttling.AGENT_CALLS_DAY, by.pk.hex)]
    try:
        throttling.take(*limits, now=now)
    except TooManyAttempts as limit:
        told = (
            f"Beaucoup de codes ne correspondaient à rien. Attendez {duration(limit.retry_after)} avant de continuer."
        )
        raise ValidationError(told, code="too_many_attempts") from None
    enrolment = calling.find(form.cleaned_data["digits"], now=now)
    if enrolment is None:
        told = "Ce code ne correspond à aucune inscription en cours. Faites-le relire : il vaut 30 minutes."
        raise ValidationError(spaced(told), code="unknown_call")
    throttling.give_back(*limits)
    return enrolment


@site.page("telephone/", name="telephone", what=May.ASSIST_CALLS, title=TITLE)
@require_http_methods(["GET", "POST"])
def telephone(request: HttpRequest) -> HttpResponse:
    """The code stands in no address: it opens half an hour of somebody's registration."""
    form, by = CallForm(request.POST or None), cast(Account, request.user)
    known: dict[str, Any] = {**site.each_context(request), "title": TITLE, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            known["standing"] = calling.assist(heard(form, by=by), by=by, now=timezone.now())
            known["digits"] = form.cleaned_data["digits"]
        except ValidationError as refused:
            form.add_error("digits", refused)
    return TemplateResponse(request, "support/telephone.html", known)


@site.page("telephone/courrier/", name="telephone_to_post", what=May.ASSIST_CALLS)
@require_http_methods(["POST"])
def to_post(request: HttpRequest) -> HttpResponse:
    """« Passer au courrier »: the digits are asked again, so that the page of yesterday does nothing."""
    form, by = CallForm(request.POST), cast(Account, request.user)
    told = "Le code de l'appelant ne vaut plus : demandez-lui d'en afficher un autre."
    if form.is_valid():
        try:
            done = calling.send_to_post(heard(form, by=by), by=by, now=timezone.now())
        except ValidationError as refused:
            told = " ".join(refused.messages)
        else:
            if done:
                messages.success(
                    request, "C'est fait\u00a0: à sa prochaine page, l'appelant est sur le chemin du courrier."
                )
                return redirect("admin:telephone")
            told = "Cette inscription ne peut plus passer au courrier : elle a avancé entre-temps."
    messages.warning(request, spaced(told))
    return redirect("admin:telephone")
