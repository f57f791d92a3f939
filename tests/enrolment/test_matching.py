"""How the registry answers: an outcome, and a member only when everything agrees (R5)."""

import pytest

from accounts.identity.birth_date import BirthDate
from accounts.identity.nir import Nir
from enrolment.matching import Match, Typed, match
from tests.personas import persona

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]


@pytest.mark.parametrize(
    ("slug", "family", "given", "born", "outcome"),
    [
        ("keller", "KELLER", "Éloïse", "1972-03-14", Match.MATCHED),
        ("keller", "keller", "eloise marie odile", "1972-03-14", Match.MATCHED),
        ("keller", "D’Orsay", "Marie-Odile", "1972-03-14", Match.MATCHED),
        ("keller", "KELLER", "Éloïse", "1972-04-13", Match.BIRTH_DATE_DIFFERS),
        ("keller", "KELLERT", "Éloïse", "1972-03-14", Match.NAME_DIFFERS),
        ("keller", "KELLER", "Odile Éloïse Éloïse", "1972-03-14", Match.NAME_DIFFERS),
        ("keller", "KELLERT", "Éloïse", "1972-04-13", Match.NAME_DIFFERS),
        ("santucci", "Santucci", "Laetitia", "1983-07-02", Match.MATCHED),
        ("haddad", "MEZIANE", "Zohra", "1950-00-00", Match.MATCHED),
        ("haddad", "MEZIANE", "Zohra", "1951-00-00", Match.BIRTH_DATE_DIFFERS),
        ("moreau", "MOREAU", "Lucien", "1941-02-05", Match.DECEASED),
        ("moreau", "MORO", "Lucien", "1941-02-06", Match.DECEASED),
    ],
)
def test_the_outcome_follows_number_then_death_then_names_then_birth(slug, family, given, born, outcome):
    """B11, R5."""
    known = persona(slug)
    found, member = match(Typed(known.nir, family, given, BirthDate.from_iso(born)))
    assert found is outcome
    assert member == (known.member if outcome is Match.MATCHED else None)


def test_an_unknown_number_matches_nobody():
    """R5."""
    typed = Typed(Nir.parse("1841276451089"), "LAMY", "Fritz", BirthDate.from_iso("1963-09-08"))
    assert match(typed) == (Match.UNKNOWN, None)


def test_what_was_typed_is_not_printed():
    """R20: neither number nor date appears in a traceback."""
    known = persona("lamy")
    shown = repr(Typed(known.nir, "LAMY", "Fritz", known.persona.birth_date))
    assert "1630967482229" not in shown
    assert "1963" not in shown
