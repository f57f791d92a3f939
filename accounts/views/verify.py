"""« Vérifier ce message »: whether an e-mail or a letter is ours, said to anybody who has its code."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import public_codes, throttling
from accounts.forms.verify import VerifyMessageForm
from accounts.views.pages import FormPage, duration


class VerifyMessage(FormPage):
    """The code comes by POST and stands in no address; the answer names nobody (R20)."""

    template_name = "accounts/verify_message.html"
    form_class = VerifyMessageForm

    def wait(self, limit: throttling.TooManyAttempts) -> str:
        return (
            f"Beaucoup de codes ont été essayés depuis votre réseau. Attendez {duration(limit.retry_after)}, puis "
            "réessayez."
        )

    def accept(self, form: VerifyMessageForm) -> HttpResponse:
        network = self.request.visitor.network  # type: ignore[attr-defined]
        throttling.take((throttling.MESSAGE_CHECKS, network), now=timezone.now())
        code = form.cleaned_data["code"]
        sent = public_codes.find(code)
        # What was mistyped stays to be mended; what was found makes room for another code.
        shown = VerifyMessageForm() if sent else form
        answer = {"form": shown, "code": public_codes.shown(code), "sent": sent}
        return render(self.request, self.template_name, answer)
