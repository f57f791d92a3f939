"""The journey over HTTP: one view for all steps, the entry, the ends."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from accounts import login_hint
from accounts.identity.caisses import Department, department
from accounts.identity.nir import Nir
from accounts.support.door import carried
from accounts.throttling import REGISTRATION_START, TooManyAttempts, take
from accounts.views.pages import STALE, duration
from enrolment import calling, journey
from enrolment.answers import Answers
from enrolment.models import Enrolment
from enrolment.steps import CHAPTERS, STEPS, Circumstances, Step

SESSION_KEY = "enrolment"
# The button that asks for a code to read on the telephone, and where the session keeps it, sealed.
CALL = "appel"
BY_SLUG = {step.slug: step for step in STEPS}


def held_by(request: HttpRequest) -> Enrolment | None:
    """The journey of this browser, while it lives."""
    return journey.find(request.session.get(SESSION_KEY), now=timezone.now())


def start(request: HttpRequest) -> HttpResponse:
    """/inscription/: where the caller stands, or the first step."""
    if request.user.is_authenticated:
        return redirect("accounts:space")
    enrolment = held_by(request)
    if enrolment is None or enrolment.completed_at:
        request.session.pop(SESSION_KEY, None)
        return redirect("enrolment:step", STEPS[0].slug)
    return redirect("enrolment:step", journey.current(STEPS, journey.answers_of(enrolment)).slug)


class StepView(View):
    """Shows a step and takes its answer; anything ahead of the caller leads back to where they stand."""

    # Set by the CSRF page: show the form again with what was typed, take nothing.
    only_show = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            return redirect("accounts:space")
        step_class = BY_SLUG.get(kwargs["slug"])
        if step_class is None:
            raise Http404
        self.step_class = step_class
        self.enrolment = held_by(request)
        if self.enrolment is None and self.came_from_a_journey(request):
            return self.expired(request)
        if self.enrolment and self.enrolment.completed_at:
            return redirect("enrolment:finished")
        self.answers = journey.answers_of(self.enrolment)
        if not journey.reaches(STEPS, self.answers, self.step_class.slug):
            return redirect("enrolment:step", journey.current(STEPS, self.answers).slug)
        return super().dispatch(request, *args, **kwargs)

    def came_from_a_journey(self, request: HttpRequest) -> bool:
        """The session remembers one; or, the session gone too, an answer comes from a page of the middle."""
        return SESSION_KEY in request.session or (request.method == "POST" and self.step_class is not STEPS[0])

    def expired(self, request: HttpRequest) -> HttpResponse:
        request.session.pop(SESSION_KEY, None)
        return render(request, "enrolment/expired.html", status=410)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        kept = self.answers.of(slug)
        return self.page(request, self.step_class(answers=self.answers, initial=self.step_class.asked_again(kept)))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = self.step_class(request.POST, answers=self.answers)
        if CALL in request.POST and not self.only_show:
            return self.call(request)
        if self.only_show:
            form.is_valid()
            form.add_error(None, ValidationError(STALE, code="stale"))
            return self.page(request, form, status=403)
        if self.step_class.is_end:
            return redirect("enrolment:step", slug)
        if not form.is_valid():
            return self.page(request, form)
        return self.submit(request, form)

    def submit(self, request: HttpRequest, form: Step) -> HttpResponse:
        around = Circumstances(timezone.now(), request.visitor.network)  # type: ignore[attr-defined]
        try:
            self.enrolment = self.enrolment or self.begin(request, around)
            form.submit(self.enrolment, around)
        except ValidationError as refused:
            form.add_error(next(iter(form.fields), None), refused)
            return self.page(request, form)
        except TooManyAttempts as wait:
            return self.wait(request, form, wait)
        if self.enrolment.completed_at:
            return redirect("enrolment:finished")
        return redirect("enrolment:step", journey.after(STEPS, journey.answers_of(self.enrolment), form.slug).slug)

    def call(self, request: HttpRequest) -> HttpResponse:
        """« Besoin d'aide au téléphone ? »: the page as it was typed, nothing taken, and a code to read to an agent."""
        around = Circumstances(timezone.now(), request.visitor.network)  # type: ignore[attr-defined]
        form = self.step_class(answers=self.answers, initial=request.POST.dict())
        try:
            self.enrolment = self.enrolment or self.begin(request, around)
        except TooManyAttempts as wait:
            return self.wait(request, self.step_class(request.POST, answers=self.answers), wait)
        digits, until = calling.begin(self.enrolment, now=around.now), around.now + settings.CALL_CODE_LIFE
        told = {"digits": digits, "enrolment": str(self.enrolment.pk), "until": until.isoformat()}
        carried.keep(request.session, CALL, told)
        return self.page(request, form)

    def wait(self, request: HttpRequest, form: Step, limit: TooManyAttempts) -> HttpResponse:
        form.add_error(None, too_many(limit))
        response = self.page(request, form, status=429)
        response["Retry-After"] = str(limit.retry_after)
        return response

    def begin(self, request: HttpRequest, around: Circumstances) -> Enrolment:
        take((REGISTRATION_START, around.network), now=around.now)
        enrolment = journey.start(now=around.now)
        request.session[SESSION_KEY] = str(enrolment.pk)
        return enrolment

    def page(self, request: HttpRequest, form: Step, status: int = 200) -> HttpResponse:
        earlier = journey.before(STEPS, self.answers, form.slug)
        context = {
            "form": form,
            "step": form,
            "answers": self.answers,
            "enrolment": self.enrolment,
            "stepper": stepper(form),
            "back_url": reverse("enrolment:step", args=[earlier.slug]) if earlier else "",
            "quit_url": reverse("enrolment:abandon"),
            "call": call_of(request, self.enrolment),
        }
        if form.slug == "compte-existant" and self.answers.nir:
            login_hint.keep(request.session, self.answers.nir)
        return render(request, f"enrolment/steps/{form.slug}.html", context, status=status)


def call_of(request: HttpRequest, enrolment: Enrolment | None) -> dict[str, Any]:
    """The code that this browser shows, as long as it is worth something: nothing else keeps it as it is read."""
    told = carried.read(request.session, CALL) if enrolment and CALL in request.session else None
    if enrolment is None or told is None or told["enrolment"] != str(enrolment.pk):
        return {}
    until, digits = datetime.fromisoformat(told["until"]), told["digits"]
    return {"digits": f"{digits[:3]} {digits[3:]}", "until": until} if until > timezone.now() else {}


def stepper(step: Step) -> dict[str, Any]:
    """« Étape 2 sur 6 · Vos coordonnées », « Ensuite : … »."""
    following = [chapter for chapter in CHAPTERS if chapter.number > step.chapter.number]
    if step.slug == "demande":
        return {"number": 2, "total": 2, "title": step.title, "next": ""}
    return {
        "number": step.chapter.number,
        "total": len(CHAPTERS),
        "title": step.chapter.title,
        "next": following[0].title if following else "",
    }


def too_many(wait: TooManyAttempts) -> ValidationError:
    text = (
        "Trop de demandes sont venues de votre connexion internet. Attendez %(wait)s avant de réessayer, ou appelez "
        "l'assistance."
    )
    return ValidationError(text, code="too_many_attempts", params={"wait": duration(wait.retry_after)})


def finished(request: HttpRequest) -> HttpResponse:
    """« Inscription terminée », or the acknowledgement of a request; stays readable for a day (B25, B26, R1)."""
    enrolment = held_by(request)
    if enrolment is None or not enrolment.completed_at:
        return redirect("enrolment:start")
    end = Answers(enrolment.answers).of("fin")
    if end["outcome"] == "request":
        known: Department = department(end["department"])
        return render(request, "enrolment/request_received.html", {"end": end, "department": known})
    if end["nir"]:
        login_hint.keep(request.session, Nir(end["nir"]))
    return render(request, f"enrolment/finished_{end['outcome']}.html", {"end": end})


def abandon(request: HttpRequest) -> HttpResponse:
    """« Abandonner »: a page that asks, then nothing is kept."""
    enrolment = held_by(request)
    if enrolment and enrolment.completed_at:
        return redirect("enrolment:finished")
    if request.method != "POST":
        return render(request, "enrolment/abandon.html", {"enrolment": enrolment})
    if enrolment:
        journey.abandon(enrolment, now=timezone.now())
    request.session.pop(SESSION_KEY, None)
    messages.info(request, "Votre inscription est abandonnée. Vos réponses sont effacées.")
    return redirect("home")
