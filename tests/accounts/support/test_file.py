"""The page of a member, written for a phone call: where they stand, in French (issue 5, Support desk 4)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import codes, contact, journal, letters, notifications
from accounts.identity.email import Email as Address
from accounts.models import Account, Channel, Code, Email, Entry, Event, Letter, LetterBatch, Member
from accounts.support import sentences
from accounts.support.file import acts, reading
from accounts.support.file.consultations import account_of
from franceconnect.eligibility import Missing
from franceconnect.models import Link
from msa_portal.urls import DESK
from tests.accounts.support.member_files import opened, place
from tests.members import A_MOMENT, a_member, an_account

pytestmark = pytest.mark.django_db
# Reading the addresses has brought every room's part.
assert DESK
DAY = timedelta(days=1)


def temporary(account: Account, *, channel: Channel = Channel.EMAIL, life: timedelta = DAY) -> Code:
    now = timezone.now()
    sent_to = str(account.email)
    codes.issue_temporary_password(account, "ACDEFGHJKW67", channel=channel, sent_to=sent_to, life=life, now=now)
    return Code.objects.latest("created_at")


# Sentences ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", Event)
def test_every_event_has_a_sentence(event: Event) -> None:
    """R21: who adds an event adds its sentence to accounts.support.sentences."""
    assert event in sentences.SENTENCES
    said = sentences.SENTENCES[event]
    assert said[0].isupper()
    assert said.endswith(".")
    assert not re.search(r"[^\u00a0][:;?!»]", said)
    assert not re.search(r"erreur|invalide|échec|token|login", said, re.IGNORECASE)


def test_no_two_sentences_are_the_same() -> None:
    said = [
        *sentences.SENTENCES.values(),
        *(each for more in sentences.MORE_EXACTLY.values() for each in more.values()),
    ]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("event", "detail", "said"),
    [
        (Event.SIGN_IN_SUCCEEDED, {"how": "pwd"}, "avec son mot de passe."),
        (Event.SIGN_IN_SUCCEEDED, {"how": "something"}, "L'adhérent s'est connecté."),
        (Event.ADDRESS_CHANGE_ASKED, {"department": "67"}, "d'adresse postale (67-Bas-Rhin)."),
        (Event.SUPPORT_ACT, {"verb": "suspendre"}, "Un conseiller a suspendu le compte."),
        (Event.SUPPORT_ACT, {"verb": "from-before"}, "Un conseiller est intervenu."),
        ("from:before", {}, "from:before."),
    ],
)
def test_a_sentence_says_what_the_detail_knows(event: str, detail: dict[str, str], said: str) -> None:
    assert sentences.of(Entry(event=event, detail=detail)).endswith(said)


# Where they stand -----------------------------------------------------------------------------------------------------


def test_nobody_s_account(member: Member) -> None:
    caller = opened(member).sees("Pas de compte", "8 septembre 1963", "67-Bas-Rhin (MSA Alsace)")
    caller.does_not_see("Débloquer", "Dernière connexion")
    assert caller.offers("Demander une correction d'identité")


def test_a_settled_account(account: Account) -> None:
    caller = opened(account.member)
    caller.sees("Compte ouvert le 20 novembre 2026", "choisi par l'adhérent", "confirmées le 20 novembre 2026")
    caller.sees("fritz.lamy@example.org", "prouvé le", "06 39 98 10 01", "aucun ces 30 derniers jours")


@pytest.mark.parametrize("channel", Channel)
def test_the_temporary_password_how_when_and_whether_it_is_over(held_clock, channel: Channel) -> None:
    account = an_account(password=None, email_proven_at=None, opened_by=channel)
    temporary(account, channel=channel)
    caller = opened(account.member).sees(f"envoyé {channel.label} le 2 mars 2026", "valable jusqu'au 3 mars 2026")
    caller.sees("pas encore choisi", "pas prouvé", "jamais")
    assert ("Attend le mot de passe envoyé par courrier" in caller.text) is (channel == Channel.POST)
    held_clock.shift(DAY)
    opened(account.member).sees("n'est plus valable depuis le 3 mars 2026")


def test_a_temporary_password_begun_and_used(account: Account) -> None:
    code = temporary(account)
    Code.objects.filter(pk=code.pk).update(browser=b"b" * 32)
    opened(account.member).sees("tapé une fois, l'adhérent doit encore choisir le sien")
    Code.objects.filter(pk=code.pk).update(used_at=timezone.now())
    opened(account.member).sees("a servi").does_not_see("ACDE")


def test_an_address_that_waits_for_its_link(account: Account) -> None:
    contact.ask_email_change(account, Address.parse("neuf@ferme.example"), now=timezone.now())
    opened(account.member).sees("Nouvelle adresse demandée", "neuf@ferme.example")


def test_a_suspended_and_a_dead_member(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)
    Member.objects.filter(pk=account.member.pk).update(deceased=True)
    opened(account.member).sees("Compte suspendu", "noté dans le référentiel", "le compte est suspendu")


def test_letters_and_emails_are_told_by_their_state_never_by_their_words(account: Account) -> None:
    """R20: that they exist, when, how far."""
    now = timezone.now()
    for printed, posted, returned in ((None, None, None), (now, None, None), (now, now, None), (now, now, now)):
        letter = letters.post(Letter.Kind.TEMPORARY_PASSWORD, member=account.member, now=now, password="ACDE-FGHJ")
        Letter.objects.filter(pk=letter.pk).update(printed_at=printed, posted_at=posted, returned_at=returned)
    aside = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=now)
    Letter.objects.filter(pk=aside.pk).update(set_aside="no_address")
    batch = LetterBatch.objects.create(caisse="68", created_at=now)
    waiting = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=now)
    Letter.objects.filter(pk=waiting.pk).update(batch=batch)
    notifications.password_changed(account, now=now)
    notifications.contact_changed(account, now=now)
    Email.objects.filter(kind="contact_changed").update(sent_at=now, content=None)
    notifications.temporary_password(account, "ACDEFGHJKW67", now=now)
    Email.objects.filter(kind="temporary_password").update(given_up_at=now)
    caller = opened(account.member)
    for state in letters.State:
        caller.sees(state.label)
    caller.sees("Changement de mot de passe : en attente de départ", "Changement de numéro de téléphone : parti")
    caller.sees("Mot de passe provisoire : non distribué").does_not_see("ACDE")


# FranceConnect and departments, by their own rooms --------------------------------------------------------------------


def test_why_franceconnect_is_not_possible(db: None) -> None:
    account = an_account(a_member("3630967482229"), email_proven_at=None)
    caller = opened(account.member).sees("pas associé", "non", "l'adresse e-mail n'est pas prouvée")
    caller.sees("il ne commence ni par 1 ni par 2")


def test_who_may_use_franceconnect_and_is_linked(account: Account) -> None:
    link = Link(account=account, issuer="https://fc", subject_fingerprint=b"s" * 32, created_at=A_MOMENT)
    link.last_used_at, link.subject = A_MOMENT, "sub"
    link.save(force_insert=True)
    caller = opened(account.member).sees("associé le 20 novembre 2026", "utilisé le 20 novembre 2026")
    assert caller.offers("Dissocier de FranceConnect")


def test_every_condition_has_words_for_the_desk() -> None:
    """J04 to J10."""
    text = (settings.BASE_DIR / "templates/support/franceconnect.html").read_text(encoding="utf-8")
    assert [each for each in Missing if f'condition == "{each}"' not in text] == []


# The timeline ---------------------------------------------------------------------------------------------------------


def test_the_timeline_is_the_newest_twenty_and_then_the_rest(account: Account) -> None:
    now = timezone.now()
    for number in range(45):
        event = Event.PASSWORD_CHANGED if number < 20 else Event.CONTACT_CONFIRMED
        journal.record(event, account=account, now=now - timedelta(hours=1 + number))
    journal.record(Event.PASSWORD_RESET, account=an_account(a_member("1851013201907")), now=now)
    caller = opened(account.member).sees("Un conseiller a ouvert ce dossier.")
    assert caller.text.count("L'adhérent a changé de mot de passe.") == 19
    caller.does_not_see("L'adhérent a choisi un nouveau mot de passe", "Plus récent").follow("Suite")
    assert caller.text.count("L'adhérent a confirmé ses coordonnées.") == 19
    caller.follow("Suite")
    assert caller.text.count("L'adhérent a confirmé ses coordonnées.") == 6
    assert not caller.offers("Suite")
    caller.follow("Plus récent").sees("L'adhérent a changé de mot de passe.")


@pytest.mark.parametrize("typed", ["0", "-1", "x", "51", "9999", "²", "1.0", "%00"])
def test_a_page_that_is_none_is_refused(account: Account, typed: str) -> None:
    caller = opened(account.member)
    assert caller.client.get(f"{place(account.member)}?page={typed}").status_code == 404
    assert Entry.objects.filter(event=Event.SUPPORT_REFUSED, detail__why="filter").exists()


def test_other_rooms_have_their_places() -> None:
    assert [each.template for each in reading.PANELS] == ["support/franceconnect.html", "support/departments.html"]
    assert account_of(Member()) is None
    assert "dissocier-franceconnect" in acts.ACTS


@pytest.mark.parametrize(("gender", "said"), [("female", "Née le"), ("male", "Né le")])
def test_a_woman_was_born_a_woman(gender: str, said: str) -> None:
    """Support desk 4: what an agent reads aloud is French."""
    opened(a_member(gender=gender)).sees(said)
