"""What an action left behind: lines of the journal, messages on their way."""

from accounts.models import Email, Entry, Event, Letter


def happened(event: Event) -> list[Entry]:
    return list(Entry.objects.filter(event=event).order_by("pk"))


def nothing_leaves() -> bool:
    """Neither e-mail nor letter; a decoy goes nowhere."""
    return not Letter.objects.exists() and not Email.objects.exclude(kind="decoy").exists()
