"""What an action left behind: lines of the journal, messages on their way."""

from django.test.utils import CaptureQueriesContext

from accounts.models import Email, Entry, Event, Letter


def happened(event: Event) -> list[Entry]:
    return list(Entry.objects.filter(event=event).order_by("pk"))


def nothing_leaves() -> bool:
    """Neither e-mail nor letter; what is only decided beside the requests goes nowhere."""
    return not Letter.objects.exists() and not Email.objects.exclude(kind="registration_by_post").exists()


def statements(seen: CaptureQueriesContext) -> tuple[str, ...]:
    """The beginning of each statement sent; savepoints carry a number of their own, so they are left out."""
    return tuple(query["sql"][:30] for query in seen.captured_queries if "SAVEPOINT" not in query["sql"])
