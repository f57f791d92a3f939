"""The first sign-in through FranceConnect: the NIR, the account that is there, or a registration (I11 to I13, B29)."""

from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import Account, Channel, Email, Entry, Event, Letter
from franceconnect.models import Link, LinkConflict, RoundTrip
from tests.franceconnect.client.traveller import Traveller
from tests.members import GARCIN, LAMY, a_member, an_account
from tests.personas import persona
from tests.stories.registering import FINISH

pytestmark = pytest.mark.django_db
IDENTIFY = "Se connecter"


def events(*names: Event) -> list[dict]:
    return list(Entry.objects.filter(event__in=names).order_by("pk").values_list("detail", flat=True))


def test_the_number_is_asked_for_in_the_documents_words(simulator):
    """I11, I12."""
    caller = Traveller(simulator).arrive()
    assert caller.path == "/franceconnect/identifiant/"
    caller.sees("Accéder à Mon espace privé avec FranceConnect", "Veuillez renseigner votre numéro de sécurité sociale")
    caller.sees("Cette étape n'est demandée qu'à la 1ère connexion via FranceConnect")
    assert caller.offers("Se connecter")
    assert caller.offers("Aller à l'accueil")


def test_an_existing_account_is_linked_and_opened_at_once(simulator):
    """I13: proven e-mail; a mail says so; the journal has it."""
    known = persona("garcin")
    caller = Traveller(simulator, "garcin").arrive().press(IDENTIFY, nir=GARCIN)
    assert caller.path == "/mon-espace/"
    caller.sees("Votre compte MSA est maintenant associé avec votre compte FranceConnect.")
    assert caller.is_in
    link = Link.objects.get()
    assert link.account == known.account
    assert link.issuer == simulator.issuer
    assert len(link.subject) == 66
    assert events(Event.FRANCECONNECT_LINKED) == [{"by": "nir"}]
    assert events(Event.SIGN_IN_SUCCEEDED) == [{"how": "franceconnect"}]
    assert Email.objects.filter(kind="franceconnect_linked").exists()
    assert RoundTrip.objects.get().arrival is None


def test_the_next_time_nothing_is_asked(simulator):
    """I12."""
    persona("garcin")
    Traveller(simulator, "garcin").arrive().press(IDENTIFY, nir=GARCIN)
    again = Traveller(simulator, "garcin").arrive("/mon-espace/paiements/")
    assert again.path == "/mon-espace/paiements/"
    assert Link.objects.count() == 1


def test_registration_asks_contact_details_and_nothing_of_who_they_are(simulator):
    """B29, B24, FS 16: no question, no password; the name is read only."""
    known = persona("lamy")
    caller = Traveller(simulator).arrive().press(IDENTIFY, nir=LAMY)
    assert caller.path == "/franceconnect/inscription/"
    caller.sees("LAMY", "Fritz", FINISH)
    form = next(form for form in caller.page.forms if "email" in form.names)
    assert form.names - {"csrfmiddlewaretoken"} == {"email", "mobile"}
    assert form.values["email"] == "fritz.lamy@example.org"
    caller.press(FINISH).sees("Votre inscription est terminée.", "Pour confirmer votre adresse, ouvrez l'email")
    assert caller.path == "/mon-espace/"
    account = Account.objects.get()
    assert account.member == known.member
    assert not account.has_usable_password()
    assert account.terms_version
    assert account.contact_confirmed_at
    assert account.email == "fritz.lamy@example.org"
    assert account.email_proven_at is None
    assert Link.objects.get().account == account
    [told] = events(Event.REGISTRATION_COMPLETED)
    assert told["channel"] == "franceconnect"
    assert set(told["departments"]) == {"67", "68"}
    assert Letter.objects.get().kind == Letter.Kind.REGISTRATION_CONFIRMATION
    assert list(Email.objects.values_list("kind", flat=True)) == ["franceconnect_registered"]


def test_another_address_is_proven_by_its_code_first(simulator):
    """E01, R8."""
    persona("lamy")
    caller = Traveller(simulator).arrive().press(IDENTIFY, nir=LAMY).press(FINISH, email="autre@example.org")
    assert caller.path == "/coordonnees/confirmer/email/"
    caller.sees("autre@example.org", "Votre inscription est terminée.").does_not_see("ouvrez l'email")
    assert not caller.offers("Continuer sans confirmer")
    assert caller.visit("/mon-espace/").path == "/coordonnees/confirmer/"


def test_an_account_that_waits_for_its_letter_is_taken_up(simulator):
    """R5, B29: nobody's yet; whoever proves to be the member opens it, with an address of their own."""
    known = persona("lamy")
    an_account(known.member, password=None, opened_by=Channel.POST, email=None, mobile=None, terms_version="")
    caller = Traveller(simulator).arrive().press(IDENTIFY, nir=LAMY)
    assert caller.path == "/franceconnect/inscription/"
    caller.press(FINISH)
    assert caller.path == "/mon-espace/"
    account = Account.objects.get()
    assert account.email == "fritz.lamy@example.org"
    assert account.opened_by == Channel.EMAIL


def test_an_unproven_address_is_confirmed_before_the_space_opens(simulator):
    """I13, E01: nothing may be skipped."""
    known = persona("garcin")
    Account.objects.update(email_proven_at=None)
    caller = Traveller(simulator, "garcin").arrive().press(IDENTIFY, nir=GARCIN)
    assert caller.path == "/coordonnees/confirmer/"
    caller.press("Je confirme mes coordonnées", email="")
    assert caller.path == "/coordonnees/confirmer/"
    caller.press("Je confirme mes coordonnées", email=known.persona.email)
    assert caller.path == "/coordonnees/confirmer/email/"
    assert not caller.offers("Continuer sans confirmer")
    token = next(form.values["csrfmiddlewaretoken"] for form in caller.page.forms if "code" in form.names)
    caller.client.post("/coordonnees/confirmer/email/", {"skip": "1", "csrfmiddlewaretoken": token})
    assert caller.visit("/mon-espace/").path == "/coordonnees/confirmer/"
    assert Account.objects.get().contact_confirmed_at is None


@pytest.mark.parametrize("case", ["unknown", "somebody_else", "dead"])
def test_unknown_other_and_deceased_read_the_same(simulator, case):
    """I11, R5, R12: same page, whoever it is; nothing is made."""
    nir = {"unknown": "2720367582905", "somebody_else": GARCIN, "dead": LAMY}[case]
    if case == "somebody_else":
        persona("garcin")
    if case == "dead":
        a_member(LAMY, deceased_on="2025-01-01")
    caller = Traveller(simulator).arrive().press(IDENTIFY, nir=nir)
    assert caller.path == "/franceconnect/identifiant/"
    caller.sees(
        "ne vont pas ensemble", "Il vous reste 4 essais", "Vous pouvez aussi entrer autrement",
        "Recommencer avec FranceConnect", "09 69 36 37 03",
    )  # fmt: skip
    assert not Link.objects.exists()
    [told] = events(Event.FRANCECONNECT_NOT_MATCHED)
    assert told["outcome"] == {"unknown": "unknown", "somebody_else": "differs", "dead": "deceased"}[case]
    assert not caller.is_in


def test_the_number_of_somebody_else_opens_nothing_however_often(simulator):
    """R12: five tries, then a wait, for this identity wherever it comes from."""
    persona("garcin")
    caller = Traveller(simulator).arrive()
    for _ in range(5):
        caller.press(IDENTIFY, nir=GARCIN)
    caller.press(IDENTIFY, nir=GARCIN)
    assert caller.response.status_code == 429
    elsewhere = Traveller(simulator, address="198.51.100.9").arrive().press(IDENTIFY, nir=GARCIN)
    assert elsewhere.response.status_code == 429
    assert not Link.objects.exists()


def test_an_address_or_a_phone_recognises_nobody(simulator):
    """FS 11, FS 12: Garcin's account has Lamy's address, and is not found by it."""
    persona("garcin")
    account = Account.objects.get()
    account.email = "fritz.lamy@example.org"
    account.save()
    caller = Traveller(simulator).arrive()
    assert caller.path == "/franceconnect/identifiant/"
    assert not caller.is_in


def test_the_page_opens_to_the_browser_that_came_back_and_to_no_other(simulator):
    """FS 3: the session's number in another browser opens nothing."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").arrive()
    thief = Traveller(simulator, "garcin")
    thief.client.cookies[settings.SESSION_COOKIE_NAME] = caller.client.cookies[settings.SESSION_COOKIE_NAME].value
    assert thief.visit("/franceconnect/identifiant/").response.status_code == 410


def test_a_session_prepared_by_somebody_else_is_left_behind(simulator):
    """Session fixation: the key changes at the return, and again at the sign-in."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").visit("/franceconnect/probleme/abandon/")
    keys = []
    session = caller.client.session
    session["x"] = 1
    session.save()
    keys.append(caller.client.cookies[settings.SESSION_COOKIE_NAME].value)
    caller.arrive()
    keys.append(caller.client.cookies[settings.SESSION_COOKIE_NAME].value)
    caller.press(IDENTIFY, nir=GARCIN)
    keys.append(caller.client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert len(set(keys)) == 3


def test_half_an_hour_later_the_number_is_taken_no_more(simulator, held_clock):
    """I11, FS 3: it starts again from FranceConnect."""
    simulator.follow_clock()
    persona("garcin")
    caller = Traveller(simulator, "garcin").arrive()
    held_clock.shift(timedelta(minutes=31))
    caller.press(IDENTIFY, nir=GARCIN)
    assert caller.response.status_code == 410
    assert caller.offers("Recommencer avec FranceConnect")
    assert not Link.objects.exists()


def test_a_second_click_makes_no_second_account(simulator):
    """B29: the second finds its first one's session."""
    persona("lamy")
    caller = Traveller(simulator).arrive().press(IDENTIFY, nir=LAMY)
    form = next(form for form in caller.page.forms if "email" in form.names)
    before = caller.client.cookies[settings.SESSION_COOKIE_NAME].value
    caller.press(FINISH)
    after = caller.client.cookies[settings.SESSION_COOKIE_NAME].value
    caller.client.cookies[settings.SESSION_COOKIE_NAME] = before
    second = caller.client.post("/franceconnect/inscription/", form.values)
    assert second.status_code == 302
    caller.client.cookies[settings.SESSION_COOKIE_NAME] = after
    assert caller.visit(second["Location"]).path == "/mon-espace/"
    assert Account.objects.count() == Link.objects.count() == 1


def test_another_identity_does_not_replace_the_one_that_is_linked(simulator):
    """FS 13: nothing changes; support has a case, the member a reference."""
    known = persona("garcin")
    Traveller(simulator, "garcin").arrive().press(IDENTIFY, nir=GARCIN)
    link = Link.objects.get()
    Link.objects.update(subject_fingerprint=b"another sub that was his".ljust(32))
    caller = Traveller(simulator, "garcin").arrive().press(IDENTIFY, nir=GARCIN)
    conflict = LinkConflict.objects.get()
    assert caller.path == "/franceconnect/probleme/deja-associe/"
    caller.sees(f"{conflict.reference[:4]}", "09 69 36 37 03")
    assert (conflict.account, conflict.kind) == (known.account, LinkConflict.Kind.OTHER_SUBJECT)
    assert 8 <= len(conflict.reference) <= 12
    assert bytes(Link.objects.get().subject_fingerprint) == b"another sub that was his".ljust(32)
    assert Link.objects.get().pk == link.pk
    assert not caller.is_in
    [told] = events(Event.FRANCECONNECT_CONFLICT)
    assert told == {"kind": "other_subject", "reference": conflict.reference}


def test_a_closed_account_is_not_opened_by_its_number(simulator):
    """I13: nothing is linked either."""
    persona("garcin")
    Account.objects.update(is_active=False)
    caller = Traveller(simulator, "garcin").arrive().press(IDENTIFY, nir=GARCIN)
    assert caller.path == "/franceconnect/probleme/compte-ferme/"
    assert not Link.objects.exists()
