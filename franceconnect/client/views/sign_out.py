"""Back from signing out of FranceConnect (FS 17, FS 18)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from accounts import journal
from accounts.models import Event
from franceconnect.client import relying_party

STILL_OPEN = (
    "Votre session FranceConnect est peut-être encore ouverte, pour 30\u00a0minutes au plus. Sur un ordinateur que "
    "vous partagez, fermez le navigateur."
)


class SignedOut(View):
    """Whoever comes back was signed out here before they left; a member who dissociated their account still is in."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        browser, now = request.visitor.browser, timezone.now()  # type: ignore[attr-defined]
        done = relying_party.finish_sign_out(request.GET, browser=browser, now=now)
        if done:
            account = request.user.pk if request.user.is_authenticated else None
            journal.record(Event.FRANCECONNECT_SIGNED_OUT, account=account, now=now)
            if next_page := done.luggage["next_page"]:
                return redirect(next_page)
        if request.user.is_authenticated:
            if not done:
                messages.warning(request, STILL_OPEN)
            return redirect("accounts:account")
        if done:
            return redirect("franceconnect:signed_out")
        return render(request, "franceconnect/client/signed_out_here.html")
