"""The pages of « Complément d'inscription » (G07, H01 to H10)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import member_session
from accounts.fields.typography import counted
from accounts.identity.caisses import DEPARTMENTS, Department
from accounts.templatetags.french import french_date
from accounts.throttling import TooManyAttempts
from accounts.views.pages import FormPage, MembersOnly, duration
from enrolment.departments import asking, known, opening, posting, receipt, timeline
from enrolment.departments.forms import CodeForm, DepartmentForm
from enrolment.models import DepartmentRequest


class Page(MembersOnly):
    """What every page of this part shows: the member's caisse in the header."""

    def known(self) -> known.Known:
        return known.of(self.account, on=timezone.localdate(self.now))

    def show(self, template: str, **context: Any) -> HttpResponse:
        return render(self.request, template, context)

    def request_of(self, reference: str) -> DepartmentRequest:
        """The member's own: anybody else's is not there."""
        mine = DepartmentRequest.objects.filter(account=self.account, reference=reference)
        found = mine.select_related("account__member", "letter").first()
        if found is None:
            raise Http404
        return found


class Overview(Page):
    """« Complément d'inscription »: where the member stands, and the two ways (H03 to H06)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        state = self.known()
        lines = timeline.of(self.account, now=self.now)
        return self.show("enrolment/departments/overview.html", known=state, caisse=state.caisse, lines=lines)


class Guide(Page):
    """« Le mode d'emploi » (H04)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("enrolment/departments/guide.html", caisse=self.known().caisse)


class Choice(Page, FormPage):
    """« Choix d'un département d'inscription » (H07)."""

    form_class = DepartmentForm
    way: str

    def offered(self) -> tuple[Department, ...]:
        raise NotImplementedError

    def form_arguments(self) -> dict[str, Any]:
        self.state = self.known()
        return {"offered": self.offered()}

    def context(self) -> dict[str, Any]:
        return {"known": self.state, "caisse": self.state.caisse}

    def accept(self, form: DepartmentForm) -> HttpResponse:
        department: Department = form.cleaned_data["department"]
        asked = asking.ask(self.account, department=department, way=self.way, now=self.now)
        match asked.outcome:
            case asking.Outcome.NOT_THEIRS:
                return self.page(form)
            case asking.Outcome.OPEN:
                messages.info(self.request, f"Le département {department.label} est déjà ouvert pour vous.")
            case asking.Outcome.OPENED:
                messages.success(self.request, f"La MSA vous connaît déjà\u00a0: {department.label} est ouvert.")
            case asking.Outcome.WAITING:
                messages.info(self.request, f"Votre demande pour {department.label} est déjà en cours.")
        if asked.request and not asked.request.opened_at:
            return redirect("departments:receipt", asked.request.reference)
        return redirect("departments:overview")

    def wait(self, limit: TooManyAttempts) -> str:
        return f"Vous avez déjà fait plusieurs demandes. Attendez {duration(limit.retry_after)} pour la suivante."


class Here(Choice):
    """« Complétez votre inscription… (entreprises ou exploitants) » (H05)."""

    template_name, way = "enrolment/departments/here.html", known.HERE

    def offered(self) -> tuple[Department, ...]:
        return self.state.here


class Elsewhere(Choice):
    """« Inscrivez-vous aux services sécurisés d'une autre MSA (tout public) » (H06)."""

    template_name, way = "enrolment/departments/elsewhere.html", known.ELSEWHERE

    def offered(self) -> tuple[Department, ...]:
        return self.state.elsewhere


class Receipt(Page):
    """« Accusé de réception » (H08); it can be read again as long as the request is kept."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        asked = self.request_of(slug)
        return self.show(
            "enrolment/departments/receipt.html",
            asked=asked,
            department=DEPARTMENTS[asked.department],
            caisse=self.known().caisse,
        )


class ReceiptFile(Page):
    """The same on paper."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        asked = self.request_of(slug)
        response = HttpResponse(receipt.as_pdf(asked), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="accuse-{asked.reference}.pdf"'
        return response


SENTENCES = {
    opening.Reason.EXPIRED: "Ce code n'est plus valable\u00a0: ses 30\u00a0jours sont passés. Demandez-en un autre "
    "à la page «\u00a0Complément d'inscription\u00a0».",
    opening.Reason.USED: "Ce code a déjà servi\u00a0: le département est ouvert dans Mon espace privé.",
    opening.Reason.SUPERSEDED: "Ce code a été remplacé par un plus récent. Tapez celui de votre dernier courrier.",
    opening.Reason.RETURNED: "Ce code ne peut plus servir\u00a0: son courrier nous est revenu. Vérifiez votre adresse, "
    "puis demandez un autre code.",
    opening.Reason.TAKEN_BACK: "Ce code ne peut plus servir\u00a0: nous l'avons annulé pour protéger votre compte. "
    "Un autre code vous arrive par courrier.",
    opening.Reason.OPEN: "Vous n'avez plus besoin de ce code\u00a0: la MSA vous connaît maintenant dans ce "
    "département, il est ouvert.",
    opening.Reason.ENDED: "Ce code ne peut plus servir\u00a0: votre dossier dans ce département est clos depuis votre "
    "demande. Appelez-nous, nous regardons avec vous.",
}


class TypeCode(Page, FormPage):
    """The code of the letter, typed while signed in: its department opens, a password of one's own follows (R11)."""

    template_name = "enrolment/departments/code.html"
    form_class = CodeForm

    def context(self) -> dict[str, Any]:
        return {"caisse": self.known().caisse}

    def accept(self, form: CodeForm) -> HttpResponse:
        browser = self.request.visitor.browser  # type: ignore[attr-defined]
        try:
            asked = opening.open_by_code(self.account, form.cleaned_data["code"], browser=browser, now=self.now)
        except opening.CodeRefused as refused:
            raise ValidationError({"code": ValidationError(sentence(refused), code=refused.reason)}) from None
        member_session.goes_on(self.request, self.account)
        messages.success(self.request, opened(asked))
        return redirect("accounts:personalise_password")


def opened(asked: DepartmentRequest) -> str:
    department = DEPARTMENTS[asked.department]
    if asked.way == known.HERE:
        return f"Les services des exploitants sont ouverts pour {department.label}."
    return f"Le département {department.label} est ouvert."


def sentence(refused: opening.CodeRefused) -> str:
    if refused.reason is not opening.Reason.WRONG:
        return SENTENCES[refused.reason]
    start = "Ce code n'est celui d'aucune de vos demandes. Recopiez-le depuis votre dernier courrier."
    if not refused.tries_left:
        return f"{start} Attendez une minute avant de réessayer."
    return f"{start} Il vous reste {counted(refused.tries_left, 'essai')} avant une attente."


class AnotherCode(Page):
    """« Recevoir un autre code »: asked first, then sent once a week at the most."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        asked = self.request_of(slug)
        line = next((each for each in timeline.of(self.account, now=self.now) if each.request == asked), None)
        return self.show("enrolment/departments/another_code.html", asked=asked, line=line, caisse=self.known().caisse)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        asked = self.request_of(slug)
        try:
            posting.send_another(asked, now=self.now)
        except posting.AnotherRefused as refused:
            messages.info(request, not_another(refused))
        else:
            messages.success(request, "Un autre code part par courrier. Celui d'avant ne fonctionne plus.")
        return redirect("departments:overview")


def not_another(refused: posting.AnotherRefused) -> str:
    if refused.not_before:
        return (
            f"Un courrier est déjà parti. Vous pourrez demander un autre code à partir du "
            f"{french_date(refused.not_before)}."
        )
    if refused.why == posting.Sending.NO_ADDRESS:
        return "Votre adresse postale est à vérifier avant l'envoi d'un code. Corrigez-la dans Mon compte."
    if refused.why == posting.Sending.LATER:
        return (
            "Un courrier confidentiel vous a été envoyé il y a peu, et nous en limitons le nombre pour vous protéger. "
            "Réessayez dans quelques jours."
        )
    if refused.why == posting.Sending.CLOSED:
        return "Votre compte est suspendu pour le moment\u00a0: aucun code ne part. Pour le rouvrir, appelez-nous."
    return "Cette demande est terminée\u00a0: vous n'avez plus besoin de code."
