"""Whom FranceConnect does not bring, or brings for nothing: a page in plain words, nothing made, a line to find again.

Issue 4, « Done when », ten refusals and more; FS 6, FS 12, FS 13, FS 24, I11, R5, R12, A5 to A8, B5.
"""

import pytest

from accounts.models import Account, Entry, Event
from franceconnect.client import problems
from franceconnect.models import Link, LinkConflict
from tests.franceconnect.client.traveller import START, Traveller, local
from tests.members import GARCIN, LAMY, NOBODY, OWN_PASSWORD
from tests.personas import persona
from tests.stories.nothing_made import nothing_is_made, told_of

pytestmark = pytest.mark.django_db
NUMBER = "Se connecter"
BY_PASSWORD = "Se connecter avec mon numéro de Sécurité sociale"


def may_enter_by_password(caller: Traveller) -> None:
    """The other way in is on the page, and open."""
    caller.follow(BY_PASSWORD).press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD)
    assert caller.is_in


def test_somebody_gives_up(simulator):
    """FS 6, B5: « Revenir sur mon espace privé MSA »; neither a refusal nor a fault of theirs."""
    persona("garcin")
    caller = Traveller(simulator, "garcin")
    away = caller.client.get(START)["Location"]
    with nothing_is_made():
        caller.visit(local(caller.hub.give_up(away)))
        caller.sees("Vous n'êtes pas allé au bout avec FranceConnect", "n'a rien créé ni changé à votre nom")
    assert told_of(caller).detail == {"slug": "abandon", "code": ""}
    assert caller.offers("Réessayer avec FranceConnect")
    may_enter_by_password(caller)


REGISTER = {
    "moreau": "Y010015",
    "martin": "Y010006",
    "keller-usage": "Y010007",
    "rnipp-04": "Y010004",
    "rnipp-08": "Y010008",
    "rnipp-11": "Y010011",
    "rnipp-13": "Y010013",
}


@pytest.mark.parametrize(("citizen", "code"), REGISTER.items(), ids=REGISTER)
def test_the_register_of_persons_refuses(simulator, citizen, code):
    """FS 6, FS 24, A7: deceased, homonyms, too different, no answer in time; FranceConnect's code beside ours."""
    persona("garcin")
    with nothing_is_made():
        caller = Traveller(simulator, citizen).arrive()
    said = problems.BY_CODE[code]
    caller.sees(said.title, said.what_happened, "n'a rien créé ni changé à votre nom", code)
    assert told_of(caller).detail == {"slug": said.slug, "code": code}
    may_enter_by_password(caller)


@pytest.mark.parametrize("citizen", ["sans-email", "date-impossible", "commune-tronquee"])
def test_an_identity_with_a_hole_stays_at_franceconnect(simulator, citizen):
    """A5: its own page, another account to choose; whoever comes back has given up, and nothing was made here."""
    persona("garcin")
    caller = Traveller(simulator, citizen)
    away = caller.client.get(START)["Location"]
    with nothing_is_made():
        with pytest.raises(AssertionError, match="Y600006"):
            caller.hub.walk(away, citizen=citizen)
        caller.visit(local(caller.hub.give_up(away)))
    assert caller.path == "/franceconnect/probleme/abandon/"
    may_enter_by_password(caller)


NOT_MATCHED = {
    "one letter off": ("lami", LAMY, "differs"),
    "same e-mail, other person": ("garcin-sylvie", GARCIN, "differs"),
    "another person's number": ("lamy", GARCIN, "differs"),
    "a number that nobody has": ("garcin", NOBODY, "unknown"),
    "nobody we know": ("roussel", LAMY, "differs"),
}


@pytest.mark.parametrize(("citizen", "nir", "outcome"), NOT_MATCHED.values(), ids=NOT_MATCHED)
def test_number_and_identity_do_not_go_together(simulator, citizen, nir, outcome):
    """I11, FS 12, FS 14, R5: one sentence for all of them; the journal says which, by names of items alone."""
    persona("garcin"), persona("lamy")
    with nothing_is_made(waiting=1):
        caller = Traveller(simulator, citizen).arrive().press(NUMBER, nir=nir)
        caller.sees(
            "Ce numéro et l'identité transmise par FranceConnect ne vont pas ensemble.",
            "Vérifiez le numéro sur votre carte Vitale.",
            "Il vous reste 4 essais avant une attente.",
            "Vous pouvez aussi entrer autrement",
        )
    entry = Entry.objects.get(event=Event.FRANCECONNECT_NOT_MATCHED)
    assert entry.detail["outcome"] == outcome
    assert told_of(caller) == entry
    assert entry.account is None
    assert not caller.is_in
    caller.follow("Me connecter avec mon numéro et mon mot de passe")
    caller.press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD)
    assert caller.is_in


def test_a_number_that_is_none_is_no_try(simulator):
    """I11: what is mistyped is said in the field, and counts for nothing (R12)."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").arrive()
    with nothing_is_made():
        for _ in range(7):
            caller.press(NUMBER, nir="1 85 10 13 201 90")
        assert "chiffre" in caller.page.errors["nir"]
    assert not Entry.objects.filter(event=Event.FRANCECONNECT_NOT_MATCHED).exists()
    assert caller.press(NUMBER, nir=GARCIN).path == "/mon-espace/"


def test_too_many_numbers_end_in_a_wait(simulator):
    """R12: five, then a wait that says how long; the right number waits as well, the password does not."""
    persona("garcin"), persona("lamy")
    caller = Traveller(simulator, "garcin").arrive()
    with nothing_is_made():
        for _ in range(5):
            caller.press(NUMBER, nir=LAMY)
        caller.sees("Attendez").press(NUMBER, nir=GARCIN)
        assert caller.response.status_code == 429
        assert int(caller.response["Retry-After"]) > 0
        caller.sees("attendez")
    last = Entry.objects.filter(event=Event.FRANCECONNECT_NOT_MATCHED).latest("pk")
    assert last.detail["outcome"] == "too_many"
    caller.follow("Me connecter avec mon numéro et mon mot de passe")
    caller.press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD)
    assert caller.is_in


def test_an_account_that_is_linked_otherwise_stays_so(simulator):
    """FS 13: nothing changes; the reference on the page finds the case at the support desk."""
    persona("garcin")
    Traveller(simulator, "garcin").arrive().press(NUMBER, nir=GARCIN)
    before = b"another sub".ljust(32)
    Link.objects.update(subject_fingerprint=before)
    caller = Traveller(simulator, "garcin").arrive()
    with nothing_is_made(waiting=-1):
        caller.press(NUMBER, nir=GARCIN)
    caller.sees("déjà associé d'une autre façon", "nous ne changeons rien sans vous parler", "09 69 36 37 03")
    conflict = LinkConflict.objects.get()
    assert conflict.reference in caller.text.replace("-", "").replace(" ", "")
    assert Entry.objects.get(event=Event.FRANCECONNECT_CONFLICT).detail["reference"] == conflict.reference
    assert bytes(Link.objects.get().subject_fingerprint) == before
    may_enter_by_password(caller)


@pytest.mark.parametrize("linked", [True, False], ids=["linked", "not linked yet"])
def test_a_suspended_account_opens_to_nobody(simulator, linked):
    """I12, I13: neither at once nor by its number."""
    persona("garcin")
    if linked:
        Traveller(simulator, "garcin").arrive().press(NUMBER, nir=GARCIN)
    Account.objects.update(is_active=False)
    caller = Traveller(simulator, "garcin")
    with nothing_is_made(waiting=0 if linked else 1):
        caller.arrive()
        if not linked:
            caller.press(NUMBER, nir=GARCIN)
        caller.sees("Votre compte n'est pas ouvert", "un conseiller regarde votre situation avec vous")
    assert not caller.is_in


def test_a_deceased_member_s_number_opens_nothing(simulator):
    """I11, R5: FranceConnect may not know yet; the page is that of everybody else."""
    known = persona("garcin")
    known.member.deceased = True
    known.member.save()
    with nothing_is_made(waiting=1):
        caller = Traveller(simulator, "garcin").arrive().press(NUMBER, nir=GARCIN)
        caller.sees("ne vont pas ensemble", "Il vous reste 4 essais")
    assert Entry.objects.get(event=Event.FRANCECONNECT_NOT_MATCHED).detail["outcome"] == "deceased"


@pytest.mark.parametrize(
    ("error", "title"),
    [
        ("access_denied", "FranceConnect n'a pas pu vous connecter"),
        ("server_error", "FranceConnect a rencontré un problème"),
        ("temporarily_unavailable", "FranceConnect est momentanément indisponible"),
        ("invalid_scope", "FranceConnect ne nous autorise pas ces informations"),
    ],
)
def test_each_error_has_its_words_and_the_way_on(simulator, error, title):
    """FS 6, B5: what happened, what to do, the other way in."""
    persona("garcin")
    simulator.turn(error=error, error_description="")
    with nothing_is_made():
        caller = Traveller(simulator, "garcin").arrive()
    assert caller.title == title
    assert told_of(caller).event == Event.FRANCECONNECT_RETURNED
    may_enter_by_password(caller)
