"""« Vérifier un message »: the question and its answers."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from accounts.models import Email, Letter
from tests.browser.places.place import Place, at, fill
from tests.browser.states import Cookies

EMAILED, POSTED, UNKNOWN = "ACDEFGHJKM", "NPQRTWXY34", "AAAAA-AAAAA"
CHECK = partial(fill, button="Vérifier")


def verified() -> Iterator[Place]:
    yield Place("verifier", at("/verifier/"))
    yield Place("verifier-vide", at("/verifier/"), CHECK({"code": ""}))
    yield Place("verifier-email", at("/verifier/", an_email_of_ours), CHECK({"code": EMAILED}))
    yield Place("verifier-courrier", at("/verifier/", a_letter_of_ours), CHECK({"code": "npqrt wxy34"}))
    yield Place("verifier-inconnu", at("/verifier/"), CHECK({"code": UNKNOWN}))


def an_email_of_ours() -> Cookies:
    now = timezone.now()
    columns = {"kind": "password_changed", "created_at": now, "due_at": now, "expires_at": now, "sent_at": now}
    Email.objects.get_or_create(public_code=EMAILED, defaults=columns)
    return {}


def a_letter_of_ours() -> Cookies:
    columns = {"kind": Letter.Kind.TEMPORARY_PASSWORD, "created_at": timezone.now(), "printed_at": timezone.now()}
    Letter.objects.get_or_create(public_code=POSTED, defaults=columns)
    return {}
