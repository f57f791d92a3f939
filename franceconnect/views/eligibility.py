"""« Puis-je utiliser FranceConnect ? »: the conditions for everybody, and the check of one's own account (R2, J15)."""

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Profile
from accounts.views.pages import MembersOnly
from accounts.views.space import private_context
from franceconnect import claims, eligibility
from franceconnect.claim_words import LABELS


def may_i_use_it(request: HttpRequest) -> HttpResponse:
    """J02, J04 to J10: in plain words, with what to do for each."""
    context = {
        "profiles": [Profile(name).label for name in settings.FEDERATION_PROFILES],
        "partial_birth_dates": settings.FEDERATION_PARTIAL_BIRTH_DATES,
    }
    return render(request, "franceconnect/eligibility.html", context)


class MyEligibility(MembersOnly):
    """What is missing, and the dry run: what FranceConnect would be told. Nothing is sent, nothing is written."""

    def get(self, request: HttpRequest) -> HttpResponse:
        # Asked for once: the header's caisse and the profile's condition both read them.
        prefetch_related_objects([self.member], "affiliations")
        known = private_context(self)
        departments = known["membership"].departments
        missing = eligibility.missing(self.account, how=self.how(), today=timezone.localdate(self.now))
        refused = eligibility.incomplete(self.account)
        context = {
            "missing": missing,
            "asks_caisse": not eligibility.MENDED_BY_THE_MEMBER.issuperset(missing),
            # The address has a condition of its own.
            "lacking": [LABELS[name] for name in refused if name != "email"],
            "shown": [row for row in claims.dry_run(self.account) if row.claim not in refused],
            "not_shown": [LABELS[name] for name in refused],
            "department": departments[0] if departments else None,
        }
        return render(request, "franceconnect/eligibility_mine.html", {**context, **known})
