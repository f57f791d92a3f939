"""« Ce n'est pas moi »: one press shuts a stranger out, and a scanner's visit does nothing (J16, R8, R13)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from time_machine import Traveller

from accounts import access, codes, contact, journal, own_password
from accounts.identity.email import Email as Address
from accounts.models import Account, Code, Entry, Event, KnownBrowser, Letter
from accounts.passwords import grouped
from franceconnect import dispute, notices
from tests.members import LAMY, NEXT_PASSWORD, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.visitor import Visitor, arrive, whole_flow
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import EMAIL, sign_in, temporary_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

BUTTON = "Protéger mon compte"
THIEF = "voleur@example.org"
WRONG = "L'identifiant ou le mot de passe ne correspond pas."


def link_of(text: str) -> str:
    found = re.search(r"(/franceconnect/ce-n-est-pas-moi/[\w-]+/)", text)
    assert found, text
    return found[1]


def notified(account: Account, address: str = EMAIL) -> str:
    """The path of the link in the notice of a sign-in just now."""
    notices.signed_in(account, family="Firefox", now=timezone.now())
    return link_of(last_mail_to(address))


def secret_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


@pytest.mark.usefixtures("signing_keys")
def test_the_whole_story_from_franceconnect_to_a_new_password(account: Account) -> None:
    """J14, J16, I16: a stranger who knows the password is shut out by who reads the mailbox, and by nobody else."""
    thief = Visitor("203.0.113.7")
    whole_flow(franceconnect(), thief)
    sign_in(thief).sees("Mon espace privé")
    text = last_mail_to(EMAIL)
    reference = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", text, re.MULTILINE)
    assert reference

    member = Caller("198.51.100.4").visit(link_of(text))
    member.sees("Ce n'est pas moi", "2 mars 2026 à 9 h 30", "un navigateur", reference[1])
    member.press(BUTTON).sees("Votre compte est protégé", "appelez-nous au 09 69 36 37 03")

    assert thief.visit("/mon-espace/").offers("J'ai oublié mon mot de passe")
    sign_in(thief).sees(WRONG)
    assert "Votre mot de passe ne sert plus" in last_mail_to(EMAIL)
    assert reference[1] in last_mail_to(EMAIL)
    member.follow("Choisir un nouveau mot de passe").press("Continuer", login_id=LAMY)
    reset = re.search(r"(/mot-de-passe/lien/[\w-]+/)", last_mail_to(EMAIL))
    assert reset
    member.visit(reset[1]).press("Enregistrer", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    sign_in(member, NEXT_PASSWORD).sees("Mon espace privé")


def test_a_scanner_that_follows_the_link_changes_nothing(account: Account) -> None:
    """R13."""
    path = notified(account)
    for _ in range(3):
        Caller("198.51.100.9").visit(path).sees("Ce n'est pas moi")
    assert Code.objects.get(purpose=Code.Purpose.NOT_ME).used_at is None
    assert not Entry.objects.filter(event=Event.SIGN_IN_DISPUTED).exists()
    sign_in(Caller()).sees("Mon espace privé")


def test_a_form_from_elsewhere_changes_nothing(account: Account) -> None:
    path = notified(account)
    assert Caller().client.post(path).status_code == 403
    assert Code.objects.get(purpose=Code.Purpose.NOT_ME).used_at is None


def test_the_page_names_nobody(account: Account) -> None:
    """R20: the mailbox may be read over a shoulder."""
    page = Caller().visit(notified(account)).response.content.decode()
    for word in ("LAMY", "Fritz", LAMY, EMAIL):
        assert word not in page


def test_the_journal_says_which_sign_in_and_of_whom(account: Account) -> None:
    """R21, issue 3 no. 10."""
    Caller().visit(notified(account)).press(BUTTON)
    entry = Entry.objects.get(event=Event.SIGN_IN_DISPUTED)
    assert entry.account == account.pk
    assert entry.detail["address_changed"] is False
    found = journal.find_reference(grouped(entry.detail["reference"]))
    assert found is not None
    assert found.account == account.pk


def test_nothing_of_before_opens_anything(account: Account) -> None:
    """R12, R13: neither browser, nor provisional password, nor link, nor digits."""
    sign_in(Caller())
    provisional, path = temporary_password(account), notified(account)
    now, life = timezone.now(), timedelta(hours=1)
    reset = codes.issue_link(account, Code.Purpose.PASSWORD_RESET, life=life, now=now)
    contact.ask_email_change(account, Address(THIEF), now=now)
    assert KnownBrowser.objects.exists()
    Caller().visit(path).press(BUTTON)
    assert not KnownBrowser.objects.exists()
    assert not Code.objects.filter(used_at=None).exists()
    sign_in(Caller("198.51.100.4"), provisional).sees(WRONG)
    with pytest.raises(codes.CodeRefused):
        own_password.reset(reset, NEXT_PASSWORD, browser=b"b" * 32, now=now)


@pytest.mark.usefixtures("signing_keys")
def test_a_service_that_holds_a_token_learns_nothing_more(account: Account) -> None:
    """R15: a standard service's token lives ten minutes, a code half of one."""
    service = standard()
    thief = Visitor("203.0.113.7")
    tokens = whole_flow(service, thief)
    assert service.identity(tokens)["sub"]
    sent = service.request()
    code = service.code(sent, arrive(thief.bring(sent)))
    Caller().visit(notified(account)).press(BUTTON)
    assert service.ask_who(tokens.access_token).status == 401
    answer = service.ask_for_tokens(code, sent)
    assert (answer.status, answer.json()["error"]) == (400, "invalid_grant")


def test_a_sign_in_for_franceconnect_that_is_under_way_ends(db: None) -> None:
    """R15: who stands at a duty's page on the way is led back to the beginning."""
    account = an_account(contact_confirmed_at=None)
    thief = Visitor("203.0.113.7")
    sent = franceconnect().request()
    thief.bring(sent).sign_in().sees("confirmer vos coordonnées")
    Caller().visit(notified(account)).press(BUTTON)
    thief.press("Je confirme mes coordonnées")
    assert not thief.left_for
    assert thief.offers("Se connecter")
    assert Account.objects.get().contact_confirmed_at is None


def test_a_member_who_is_signed_in_here_is_signed_out_and_the_page_says_so(account: Account) -> None:
    member = sign_in(Caller())
    member.visit(notified(account)).press(BUTTON).sees("Votre compte est protégé")
    member.does_not_see("Se déconnecter", "LAMY")
    assert [entry.detail for entry in Entry.objects.filter(event=Event.SESSION_ENDED)] == [{"reason": "disputed"}]


def test_a_member_with_something_left_to_do_first_protects_the_account_first(db: None) -> None:
    account = an_account(contact_confirmed_at=None)
    path = notified(account)
    sign_in(Caller()).sees("confirmer vos coordonnées").visit(path).press(BUTTON).sees("Votre compte est protégé")


def test_a_link_serves_once_and_one_press_answers_for_all_notices(account: Account) -> None:
    """R13: the second notice's link says that all is done, and a password chosen since stays."""
    first, second = notified(account), notified(account)
    Caller().visit(first).press(BUTTON)
    for path in (first, second):
        again = Caller().visit(path)
        assert again.response.status_code == 410
        again.sees("Ce lien a déjà servi", "Votre compte a été protégé", "Appelez-nous au 09 69 36 37 03")
        assert again.offers("Choisir un nouveau mot de passe")
    assert Entry.objects.filter(event=Event.SIGN_IN_DISPUTED).count() == 1


def test_a_page_that_stood_open_meanwhile_says_so_too(account: Account) -> None:
    path = notified(account)
    one, other = Caller().visit(path), Caller("198.51.100.4").visit(path)
    one.press(BUTTON)
    assert other.press(BUTTON).sees("Ce lien a déjà servi").response.status_code == 410


def test_the_link_outlives_a_change_of_password(account: Account) -> None:
    """A stranger who changes the password at once does not take the notice back."""
    path = notified(account)
    own_password.change(account, NEXT_PASSWORD, browser=b"b" * 32, now=timezone.now())
    Caller().visit(path).press(BUTTON)
    sign_in(Caller(), NEXT_PASSWORD).sees(WRONG)


def test_after_ten_days_the_page_says_what_else_to_do(account: Account, held_clock: Traveller) -> None:
    """R13."""
    path = notified(account)
    held_clock.shift(timedelta(days=10) - timedelta(seconds=1))
    Caller().visit(path).sees("Ce n'est pas moi")
    held_clock.shift(timedelta(seconds=1))
    late = Caller().visit(path).sees("Ce lien n'est plus valable", "10 jours", "appelez-nous au 09 69 36 37 03")
    assert late.response.status_code == 410
    assert late.offers("Choisir un nouveau mot de passe")


@pytest.mark.parametrize("secret", ["inconnu", "é" * 43, "x" * 3000, "%00"])
def test_a_link_that_nobody_sent_opens_nothing(account: Account, secret: str) -> None:
    lost = Caller().visit(f"/franceconnect/ce-n-est-pas-moi/{secret}/").sees("Ce lien ne sert pas")
    assert lost.response.status_code == 410
    assert lost.offers("Choisir un nouveau mot de passe")


def test_another_kind_of_link_is_none(account: Account) -> None:
    """The purpose is part of what is kept of a link."""
    secret = codes.issue_link(
        account, Code.Purpose.PASSWORD_RESET, life=timedelta(hours=1), subject={}, now=timezone.now()
    )
    with pytest.raises(codes.CodeRefused, match="unknown"):
        dispute.dispute(secret, now=timezone.now())


def stolen(account: Account, *, address: str = THIEF) -> None:
    """Who knows the password makes another mailbox the account's."""
    contact.ask_email_change(account, Address(address), now=timezone.now())
    link = re.search(r"/email/lien/([\w-]+)/", last_mail_to(address))
    assert link
    contact.change_email(link[1], now=timezone.now())
    account.refresh_from_db()


def test_when_the_address_was_changed_since_the_next_password_comes_by_letter(account: Account) -> None:
    """R5, R8: the new mailbox may be the stranger's; the registry's postal address is nobody's to change."""
    path = notified(account)
    stolen(account)
    Caller().visit(path).press(BUTTON).sees("par courrier, à votre domicile")
    assert Account.objects.get().email_proven_at is None
    assert Entry.objects.get(event=Event.SIGN_IN_DISPUTED).detail["address_changed"] is True
    assert "par courrier, à votre domicile" in last_mail_to(EMAIL)
    received = len([message for message in mail.outbox if THIEF in message.to])
    access.ask_for_new_password(account.login_fingerprint, now=timezone.now())
    last_mail_to(EMAIL)
    assert Letter.objects.get().kind == Letter.Kind.TEMPORARY_PASSWORD
    assert len([message for message in mail.outbox if THIEF in message.to]) == received


def test_both_mailboxes_hear_of_it(account: Account) -> None:
    """The member may have changed the address themselves, and somebody else found the old mailbox."""
    path = notified(account)
    stolen(account, address="neuf@example.org")
    Caller().visit(path).press(BUTTON)
    assert "Votre mot de passe ne sert plus" in last_mail_to("neuf@example.org")
    assert "Votre mot de passe ne sert plus" in last_mail_to(EMAIL)


def test_a_stranger_s_no_leaves_the_older_mailbox_its_undo(account: Account, held_clock: Traveller) -> None:
    """R13: the notice went to the stranger's own mailbox; the true one still takes the address back."""
    stolen(account)
    undo = re.search(r"/email/annuler/([\w-]+)/", last_mail_to(EMAIL))
    assert undo
    held_clock.shift(timedelta(minutes=1))
    Caller("203.0.113.7").visit(notified(account, THIEF)).press(BUTTON)
    contact.undo_email_change(undo[1], now=timezone.now())
    assert Account.objects.get().email == EMAIL


def test_a_no_ends_the_undo_that_a_stranger_holds(account: Account, held_clock: Traveller) -> None:
    """R13: changed twice after the sign-in, the address between was the stranger's as well."""
    path = notified(account)
    held_clock.shift(timedelta(minutes=1))
    stolen(account)
    stolen(account, address="voleur.2@example.org")
    undo = re.search(r"/email/annuler/([\w-]+)/", last_mail_to(THIEF))
    assert undo
    Caller().visit(path).press(BUTTON)
    with pytest.raises(codes.CodeRefused):
        contact.undo_email_change(undo[1], now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_of_many_presses_at_once_one_counts(db: None) -> None:
    """R13: one conditional UPDATE."""
    account = an_account()
    secret = secret_of(notified(account))

    def press(_: int) -> bool:
        try:
            dispute.dispute(secret, now=timezone.now())
        except codes.CodeRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(max_workers=4) as windows:
        assert sum(windows.map(press, range(8))) == 1
    assert Account.objects.get().session_generation == 1
