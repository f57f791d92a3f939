"""Associating and dissociating in Mon compte, a first password, what a shut-out takes away (G05, I14, FS 18, FS 20)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account, Email, Entry, Event
from accounts.sign_in import How, shut_out
from franceconnect.client import linking
from franceconnect.models import Link, LinkConflict, RoundTrip
from tests.franceconnect.client.traveller import Traveller, local
from tests.members import GARCIN, LAMY, NEXT_PASSWORD, OWN_PASSWORD, an_account
from tests.personas import persona
from tests.stories.registering import FINISH

pytestmark = pytest.mark.django_db
ASSOCIATE, DISSOCIATE = "/mon-compte/franceconnect/associer/", "/mon-compte/franceconnect/dissocier/"
GO, LEAVE = "Continuer vers FranceConnect", "Dissocier mon compte FranceConnect"
LINKED = "Votre compte MSA est associé avec votre compte FranceConnect"


@pytest.fixture
def garcin(simulator) -> Traveller:
    """Signed in with his password; FranceConnect knows nothing of it."""
    persona("garcin")
    caller = Traveller(simulator, "garcin")
    return caller.sign_in_here(nir=GARCIN, password=OWN_PASSWORD)


@pytest.fixture
def lamy(simulator) -> Traveller:
    """Registered through FranceConnect: no password."""
    persona("lamy")
    return Traveller(simulator).arrive().press("Se connecter", nir=LAMY).press(FINISH)


def associate(caller: Traveller) -> Traveller:
    caller.visit("/mon-compte/").follow("associer mon compte FranceConnect")
    caller.press(GO, password=OWN_PASSWORD)
    return caller


def test_an_account_is_associated_after_its_password(garcin):
    """G05, I14, FS 20: mail and journal; the words of the documents."""
    associate(garcin)
    assert garcin.path == "/mon-compte/"
    garcin.sees(LINKED)
    assert garcin.offers("dissocier mon compte FranceConnect")
    assert Link.objects.get().account == Account.objects.get()
    assert Email.objects.filter(kind="franceconnect_linked").count() == 1
    assert [each.detail for each in Entry.objects.filter(event=Event.FRANCECONNECT_LINKED)] == [{"by": "account"}]
    assert garcin.client.session["how"] == How.PASSWORD


def test_no_password_no_association(garcin):
    """FS 20, R12: an open session is not enough; guesses are counted."""
    garcin.visit(ASSOCIATE).press(GO, password="Autre-Chose-77!")
    assert garcin.path == ASSOCIATE
    garcin.sees("Ce n'est pas votre mot de passe actuel", "Il vous reste 4 essais")
    assert garcin.went == []


def test_no_association_is_begun_from_another_site(garcin):
    """CSRF: neither a link nor a form without our token."""
    garcin.visit(ASSOCIATE)
    assert garcin.went == []
    answer = garcin.client.post(ASSOCIATE, {"password": OWN_PASSWORD})
    assert answer.status_code == 403
    assert not Link.objects.exists()


def test_another_citizen_is_not_associated(garcin):
    """FS 20: the thief at an open session has an identity of his own."""
    garcin.citizen = "lamy"
    associate(garcin)
    assert garcin.path == "/franceconnect/probleme/association-autre-personne/"
    assert not Link.objects.exists()
    assert garcin.is_in


def test_the_association_ends_in_the_session_that_began_it(garcin):
    """FS 3, FS 20: signed out meanwhile, nothing is associated."""
    garcin.visit(ASSOCIATE)
    form = next(form for form in garcin.page.forms if "password" in form.names)
    away = garcin.client.post(ASSOCIATE, {**form.values, "password": OWN_PASSWORD})
    assert away.status_code == 303
    back = local(garcin.back_from(away["Location"]))
    garcin.visit("/mon-compte/").press("Se déconnecter")
    assert garcin.visit(back).path == "/franceconnect/probleme/association-interrompue/"
    assert not Link.objects.exists()


def test_an_identity_that_opens_another_account_is_not_taken_from_it(garcin):
    """FS 13: two files of one person; the second changes nothing and support is told."""
    other = an_account()
    Link.objects.create(
        account=other, issuer="x", subject="x", subject_fingerprint=b"?" * 32, created_at=timezone.now(),
        last_used_at=timezone.now(),
    )  # fmt: skip
    garcin.visit(ASSOCIATE)
    form = next(form for form in garcin.page.forms if "password" in form.names)
    back = garcin.back_from(garcin.client.post(ASSOCIATE, {**form.values, "password": OWN_PASSWORD})["Location"])
    Link.objects.update(subject_fingerprint=linking.mark(garcin.simulator.issuer, sub_of(garcin)))
    garcin.visit(local(back))
    assert garcin.path == "/franceconnect/probleme/deja-associe/"
    conflict = LinkConflict.objects.get()
    assert (conflict.kind, conflict.account.member.nir.number) == (LinkConflict.Kind.OTHER_ACCOUNT, GARCIN)
    assert Link.objects.get().account == other
    assert garcin.is_in


def sub_of(caller: Traveller) -> str:
    """Under which sub FranceConnect knows this citizen: as another of his browsers is told."""
    Traveller(caller.simulator, caller.citizen).arrive()
    return RoundTrip.objects.filter(arrival__isnull=False).latest("created_at").arrival["claims"]["subject"]


def test_a_look_dissociates_nothing(garcin):
    """I14: GET asks, and a form without our token is refused."""
    associate(garcin)
    garcin.visit(DISSOCIATE)
    assert garcin.client.post(DISSOCIATE).status_code == 403
    assert Link.objects.exists()


def test_dissociation_from_a_session_with_password(garcin):
    """I14, G05, FS 18: at once, with a mail; FranceConnect's session ends, the portal's goes on."""
    associate(garcin)
    garcin.visit("/mon-compte/").follow("dissocier mon compte FranceConnect").press(LEAVE)
    assert garcin.path == "/mon-compte/"
    garcin.sees("n'est plus associé avec votre compte FranceConnect")
    assert "/session/end" in garcin.went[-1]
    assert not Link.objects.exists()
    assert Email.objects.filter(kind="franceconnect_unlinked").count() == 1
    assert Entry.objects.filter(event=Event.FRANCECONNECT_UNLINKED).get().detail == {"by": "member"}
    assert Entry.objects.filter(event=Event.FRANCECONNECT_SIGNED_OUT).exists()
    assert garcin.offers("associer mon compte FranceConnect")


def test_dissociation_from_a_session_by_franceconnect(simulator, garcin):
    """I14: of a member who has a password."""
    associate(garcin)
    other = Traveller(simulator, "garcin").arrive()
    other.visit(DISSOCIATE).press(LEAVE)
    assert other.path == "/mon-compte/"
    assert not Link.objects.exists()


def test_who_has_no_password_chooses_one_in_the_same_movement(lamy):
    """I14, FS 18: both or neither; the session goes on with the password."""
    lamy.visit(DISSOCIATE).sees("Vous n'avez pas encore de mot de passe")
    lamy.press(LEAVE, new_password1="court", new_password2="court")
    assert lamy.path == DISSOCIATE
    assert Link.objects.exists()
    assert not Account.objects.get().has_usable_password()
    lamy.press(LEAVE, new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert lamy.path == "/mon-compte/"
    assert Account.objects.get().check_password(NEXT_PASSWORD)
    assert not Link.objects.exists()
    assert lamy.client.session["how"] == How.PASSWORD
    lamy.press("Se déconnecter").sign_in_here(nir=LAMY, password=NEXT_PASSWORD)
    assert lamy.is_in


def test_nobody_is_left_without_a_way_in(lamy):
    """FS 18: the verb itself refuses."""
    with pytest.raises(linking.PasswordFirst):
        linking.unlink(Account.objects.get(), now=timezone.now())
    assert Link.objects.exists()


def test_a_first_password_is_chosen_in_mon_compte(lamy):
    """I12, G01: no present one is asked for, as there is none."""
    lamy.visit("/mon-compte/").sees("vous entrez avec FranceConnect")
    lamy.follow("choisir un mot de passe")
    lamy.press("Enregistrer mon mot de passe", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert lamy.path == "/mon-compte/"
    assert Account.objects.get().check_password(NEXT_PASSWORD)
    assert Link.objects.exists()
    assert lamy.is_in


def test_a_session_left_open_chooses_no_password(simulator, lamy):
    """FS 20: after 15 minutes FranceConnect is asked again, and leads back here."""
    session = lamy.client.session
    session["opened_at"] -= 16 * 60
    session.save()
    lamy.visit("/mon-compte/mot-de-passe/").sees("Reconnectez-vous avec FranceConnect")
    assert not [form for form in lamy.page.forms if "new_password1" in form.names]
    token = next(form.values["csrfmiddlewaretoken"] for form in lamy.page.forms if form.action == "/deconnexion/")
    chosen = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD, "csrfmiddlewaretoken": token}
    assert lamy.client.post("/mon-compte/mot-de-passe/", chosen).status_code == 200
    assert not Account.objects.get().has_usable_password()
    lamy.follow("Me reconnecter avec FranceConnect")
    assert lamy.path == "/mon-compte/mot-de-passe/"
    assert [form for form in lamy.page.forms if "new_password1" in form.names]


def test_a_session_left_open_gives_no_first_password_while_dissociating_either(lamy):
    """FS 18, FS 20: who sits down at it would have the account."""
    session = lamy.client.session
    session["opened_at"] -= 16 * 60
    session.save()
    lamy.visit(DISSOCIATE).sees("Reconnectez-vous avec FranceConnect")
    token = next(form.values["csrfmiddlewaretoken"] for form in lamy.page.forms if form.action == "/deconnexion/")
    chosen = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD, "csrfmiddlewaretoken": token}
    assert lamy.client.post(DISSOCIATE, chosen).status_code == 200
    assert Link.objects.exists()
    assert not Account.objects.get().has_usable_password()
    lamy.follow("Me reconnecter avec FranceConnect")
    assert lamy.path == DISSOCIATE
    assert lamy.offers(LEAVE)


@pytest.mark.parametrize("path", ["/mon-compte/email/", "/mon-compte/adresse/", ASSOCIATE])
def test_what_asks_for_a_password_says_to_choose_one_first(lamy, path):
    """I12, G01, G03."""
    if path == ASSOCIATE:
        Link.objects.all().delete()
    lamy.visit(path)
    assert lamy.path == "/mon-compte/mot-de-passe/"
    lamy.sees("Choisissez d'abord un mot de passe")


def test_forms_may_lead_to_franceconnect_where_they_have_to(garcin, simulator):
    """FS 17: Chromium holds the redirect after « Se déconnecter » to the page's policy; no other page says more."""
    origin = simulator.url
    assert origin not in garcin.visit("/mon-espace/").response["Content-Security-Policy"]
    assert origin in garcin.visit(ASSOCIATE).response["Content-Security-Policy"]
    associate(garcin)
    for page in ("/mon-espace/", "/mon-compte/", DISSOCIATE, "/deconnexion/", "/nulle-part/"):
        policy = garcin.client.get(page)["Content-Security-Policy"]
        assert f"form-action 'self' {origin};" in f"{policy};", page


def test_who_is_shut_out_has_no_link_left(garcin):
    """J16, R13: a thief who was in may have linked an identity of his own."""
    associate(garcin)
    account = Account.objects.get()
    shut_out(account, now=timezone.now() + timedelta(minutes=1))
    assert not Link.objects.exists()
    assert Entry.objects.filter(event=Event.FRANCECONNECT_UNLINKED).get().detail == {"by": "shut_out"}
    assert not garcin.is_in
    assert garcin.arrive().path == "/franceconnect/identifiant/"


def test_without_a_franceconnect_there_is_nothing_to_associate(garcin, settings):
    """C08: no promise that leads nowhere."""
    settings.FRANCECONNECT_ISSUER = ""
    assert not garcin.visit("/mon-compte/").offers("associer mon compte FranceConnect")
