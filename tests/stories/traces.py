"""What an action left behind: lines of the journal, messages on their way."""

from accounts.models import Email, Entry, Event, Letter


def happened(event: Event) -> list[Entry]:
    return list(Entry.objects.filter(event=event).order_by("pk"))


def nothing_leaves() -> bool:
    """Neither e-mail nor letter; what is only decided beside the requests goes nowhere."""
    return not Letter.objects.exists() and not Email.objects.exclude(kind="registration_by_post").exists()
