"""« Puis-je utiliser FranceConnect ? »: the conditions, and the check of one's own account."""

from collections.abc import Iterator

from tests.browser import states
from tests.browser.places.place import Place, Visit, at, inside
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, signed_in

MINE = "/mon-compte/franceconnect/"


def self_check() -> Iterator[Place]:
    yield Place("franceconnect-conditions", at("/franceconnect/puis-je-l-utiliser/"))
    yield Place("mon-compte-franceconnect", inside(MINE))
    yield Place("mon-compte-franceconnect-a-completer", with_a_waiting_number)
    yield Place("mon-compte-franceconnect-caisse", without_a_caisse)


def with_a_waiting_number() -> Visit:
    """Something to mend at once, and two things that only time mends."""
    account = settled(states.with_own_password("benali", PASSWORD))
    account.email_proven_at = None
    account.save()
    return Visit(MINE, signed_in(account))


def without_a_caisse() -> Visit:
    """No address, no department any more, a birth date that nobody knows, a dossier with a hole."""
    account = settled(states.with_own_password("haddad", PASSWORD))
    account.email = account.email_proven_at = None
    account.save()
    member = account.member
    member.affiliations.all().delete()
    member.dossier = {**member.dossier, "gender": ""}
    member.save()
    return Visit(MINE, signed_in(account))
