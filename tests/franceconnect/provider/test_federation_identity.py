"""Who FranceConnect is told of, in its words, and who it is never told of (R2, J15, D01, E01, E06; FI 14 to FI 20)."""

import re
from typing import Any

import pytest

from accounts.models import NirStatus
from franceconnect.models import Grant
from tests.members import OWN_PASSWORD, a_member, an_account
from tests.oidc.clients import franceconnect
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor, identity_of
from tests.stories.signing_in import digits_in_mail_to, temporary_password

pytestmark = [pytest.mark.django_db]


COG = re.compile(r"(?:2[AB]|[0-9]{2})[0-9]{3}")


def test_the_whole_identity(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 14, FI 15: as strings; the birth name, and the usage name only under its own name."""
    known = identity_of(fc, visitor)
    assert {name: known[name] for name in known if name not in ("sub", "iss", "aud", "iat", "exp")} == {
        "given_name": "Fritz", "family_name": "LAMY", "birthdate": "1963-09-08", "gender": "male",
        "birthplace": "67482", "birthcountry": "99100", "email": "fritz.lamy@example.org",
    }  # fmt: skip


NAMES = {
    "usage name": ({"usage_name": "MARTIN"}, {"family_name": "LAMY", "preferred_username": "MARTIN"}),
    "three given names": ({"given_names": "Jean-Pierre  Marie   Éloi"}, {"given_name": "Jean-Pierre Marie Éloi"}),
    "a name of 256": ({"given_names": "A" * 256}, {"given_name": "A" * 256}),
    "corsica": ({"birth_place": "2A004"}, {"birthplace": "2A004", "birthcountry": "99100"}),
    "haute-corse": ({"birth_place": "2B033"}, {"birthplace": "2B033", "birthcountry": "99100"}),
    "réunion": ({"birth_place": "97411"}, {"birthplace": "97411", "birthcountry": "99100"}),
    "polynésie": ({"birth_place": "98729"}, {"birthplace": "98729", "birthcountry": "99100"}),
    "abroad": ({"birth_place": "", "birth_country": "99126"}, {"birthplace": "", "birthcountry": "99126"}),
    "abroad, with a place": (
        {"birth_place": "99126", "birth_country": "99126"}, {"birthplace": "", "birthcountry": "99126"},
    ),
    "a woman": ({"gender": "female"}, {"gender": "female"}),
}  # fmt: skip


@pytest.mark.parametrize(("dossier", "told"), NAMES.values(), ids=NAMES)
def test_identities_of_every_kind(visitor: Visitor, db: None, dossier: dict[str, str], told: dict[str, str]) -> None:
    """FI 14 to FI 16, FI 18 (A5)."""
    an_account(a_member(**dossier))
    known = identity_of(franceconnect(), visitor)
    assert {name: known.get(name) for name in told} == told
    assert all(isinstance(known[name], str) for name in known if name not in ("iat", "exp"))
    assert COG.fullmatch(known["birthcountry"])
    assert (known["birthcountry"] == "99100") == bool(COG.fullmatch(known["birthplace"]))


def test_an_absent_usage_name_is_left_out(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 14."""
    assert "preferred_username" not in identity_of(fc, visitor)


@pytest.mark.parametrize("born", ["1963-09-00", "1963-00-00"])
def test_presumed_dates_where_they_are_let_in(visitor: Visitor, db: None, settings, born: str) -> None:
    """FI 17."""
    settings.FEDERATION_PARTIAL_BIRTH_DATES = True
    an_account(a_member(birth_date=born))
    assert identity_of(franceconnect(), visitor)["birthdate"] == born


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    # What of the dossier, the member, the account is so that FranceConnect must not be told.
    "no e-mail": ({}, {}, {"email": "", "email_proven_at": None}),
    "no proven e-mail": ({}, {}, {"email_proven_at": None}),
    "an unknown day": ({"birth_date": "1963-09-00"}, {}, {}),
    "no given name": ({"given_names": ""}, {}, {}),
    "a name too long": ({"given_names": "A" * 257}, {}, {}),
    "no place of birth": ({"birth_place": ""}, {}, {}),
    "no country of birth": ({"birth_country": ""}, {}, {}),
    "uncertified": ({}, {"nir_status": NirStatus.UNCERTIFIED}, {}),
    "waiting": ({}, {"nir_status": NirStatus.WAITING}, {}),
    "deceased": ({"deceased_on": "2026-01-01"}, {}, {}),
}


@pytest.mark.parametrize(("dossier", "member", "account"), REFUSED.values(), ids=REFUSED)
def test_an_identity_that_would_not_do_is_stopped_here(
    visitor: Visitor, db: None, dossier: dict[str, Any], member: dict[str, Any], account: dict[str, Any]
) -> None:
    """FI 19, FI 20, R2, J15: the page says what is missing; the way back is `access_denied`."""
    person = a_member(**dossier)
    if member:
        type(person).objects.filter(pk=person.pk).update(**member)
    an_account(person, **account)
    fc = franceconnect()
    sent = fc.request()
    visitor.bring(sent).sign_in()
    assert not visitor.left_for, "a code left"
    assert visitor.title
    assert not Grant.objects.exists()
    visitor.press("Retourner sur FranceConnect")
    assert fc.callback(sent, visitor.left_for)["error"] == "access_denied"


def test_a_condition_mended_on_the_way_ends_the_same_request(visitor: Visitor, db: None) -> None:
    """FI 19, R2, E06: the e-mail is proven with its six digits, and FranceConnect gets its answer."""
    an_account(email_proven_at=None)
    fc = franceconnect()
    sent = fc.request()
    visitor.bring(sent).sign_in()
    assert not visitor.left_for
    visitor.follow("Confirmer mon adresse email").press("Je confirme mes coordonnées")
    visitor.press("Valider", code=digits_in_mail_to("fritz.lamy@example.org"))
    assert fc.identity(fc.redeem(fc.code(sent, visitor.left_for), sent))["email"] == "fritz.lamy@example.org"


def test_duties_met_on_the_way_are_done_and_the_same_request_goes_on(visitor: Visitor, db: None) -> None:
    """D01, E01: a temporary password, then the contact details, then back to FranceConnect."""
    account = an_account(password=None)
    secret = temporary_password(account)
    fc = franceconnect()
    sent = fc.request()
    visitor.bring(sent).sign_in(password=secret)
    visitor.sees("Votre mot de passe est temporaire")
    visitor.press("Valider", new_password1=OWN_PASSWORD, new_password2=OWN_PASSWORD)
    visitor.press("Je confirme mes coordonnées")
    assert fc.identity(fc.redeem(fc.code(sent, visitor.left_for), sent))["family_name"] == "LAMY"
    # Nothing of it opened the portal (R15).
    assert visitor.visit("/mon-espace/").path == "/connexion/"
