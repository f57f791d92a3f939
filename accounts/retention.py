"""How long things are kept (R13, R14, R16), for the tables of this room."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session

from accounts import journal, throttling
from accounts.models import Code, CorrectionRequest, Email, KnownBrowser, Letter, LetterBatch
from accounts.support.file import consultations

# A spent code is kept a while so that « already used » can be told from « unknown ».
SPENT_CODE_LIFE = timedelta(days=30)
SENT_EMAIL_LIFE = timedelta(days=90)
# Of a letter only its states are left; whoever finds it in a drawer may ask for a year whether it is ours.
LETTER_LIFE = timedelta(days=365)


def purge(*, now: datetime) -> dict[str, int]:
    """Apply the rules; returns how many rows went, by kind."""
    sent = Email.objects.filter(sent_at__lt=now - SENT_EMAIL_LIFE) | Email.objects.filter(
        given_up_at__lt=now - SENT_EMAIL_LIFE
    )
    letters = Letter.objects.filter(created_at__lt=now - LETTER_LIFE)
    batches = LetterBatch.objects.filter(created_at__lt=now - LETTER_LIFE, letters=None)
    browsers = KnownBrowser.objects.filter(last_used_at__lt=now - settings.KNOWN_BROWSER_LIFE)
    return {
        "codes": Code.objects.filter(expires_at__lt=now - SPENT_CODE_LIFE).delete()[0],
        "emails": sent.delete()[0],
        "letters": letters.exclude(printed_at=None, set_aside="").delete()[0],
        "batches": batches.delete()[0],
        "browsers": browsers.delete()[0],
        "consultations": consultations.forget(now=now),
        "corrections": CorrectionRequest.objects.filter(decided_at__lt=now - settings.CORRECTION_LIFE).delete()[0],
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "throttles": throttling.forget(now=now),
        "journal": journal.forget(now=now),
    }
