"""Every message we send: what it says, to whom, and what it never says (R8, R13, R20, R21, B25, B27, D09)."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from accounts import notifications
from accounts.identity.caisses import CAISSES
from accounts.models import Account, Email, Letter, Member
from accounts.passwords import as_typed
from tests.letters import A_MOMENT, NIR, fritz

pytestmark = [pytest.mark.django_db]
__all__ = ["fritz"]
NBSP = "\u00a0"
SECRET = "s" * 43
ALSACE = CAISSES["68"]
NEVER = "La MSA ne vous demande jamais votre mot de passe par e-mail"

SENT = {
    "temporary_password": lambda account: notifications.temporary_password(account, "ACDEFGHJKW67", now=A_MOMENT),
    "password_reset_link": lambda account: notifications.password_reset_link(account, SECRET, now=A_MOMENT),
    "password_changed": lambda account: notifications.password_changed(account, now=A_MOMENT),
    "email_proof_code": lambda account: notifications.email_proof_code(
        account, "012345", to="neuf@ferme.example", now=A_MOMENT
    ),
    "email_change_link": lambda account: notifications.email_change_link(
        account, SECRET, to="neuf@ferme.example", now=A_MOMENT
    ),
    "email_changed": lambda account: notifications.email_changed(
        account, SECRET, to="ancien@ferme.example", now=A_MOMENT
    ),
    "contact_changed": lambda account: notifications.contact_changed(account, now=A_MOMENT),
    "address_change_received": lambda account: notifications.address_change_received(account, now=A_MOMENT),
    "address_change_decided": lambda account: notifications.address_change_decided(
        account, accepted=False, reason="un justificatif de domicile est nécessaire", now=A_MOMENT
    ),
    "federation_sign_in": lambda account: notifications.federation_sign_in(
        account, SECRET, reference="ACDEFGH7", family="Samsung Internet", at=A_MOMENT, now=A_MOMENT
    ),
    "sign_in_disputed": lambda account: notifications.sign_in_disputed(
        account, to="fritz@ferme.example", by_post=False, reference="ACDEFGH7", at=A_MOMENT, now=A_MOMENT
    ),
    "franceconnect_conflict_decided": lambda account: notifications.franceconnect_conflict_decided(
        account, is_free=True, now=A_MOMENT
    ),
    "agent_setup": lambda account: notifications.agent_setup(account, SECRET, now=A_MOMENT),
    "agent_access_changed": lambda account: notifications.agent_access_changed(
        account, what="phone_changed", now=A_MOMENT
    ),
    "agent_recovered": lambda account: notifications.agent_recovered(account, left=9, now=A_MOMENT),
    "support_act": lambda account: notifications.support_act(
        account,
        "Nous vous avons envoyé un nouveau mot de passe provisoire par e-mail.",
        who="Un conseiller de la MSA Sèvres-Vienne l'a fait. Motif : votre demande, au téléphone ou à l'accueil.",
        now=A_MOMENT,
    ),
    "request_received": lambda account: notifications.request_received(
        to="gerant@ferme.example", reference="D-2026-000012", caisse=ALSACE, kind="company", now=A_MOMENT
    ),
    "request_accepted": lambda account: notifications.request_accepted(
        to="gerant@ferme.example", reference="ACDE-FGHJ", caisse=ALSACE, kind="company", now=A_MOMENT
    ),
    "request_refused": lambda account: notifications.request_refused(
        to="gerant@ferme.example",
        reference="ACDE-FGHJ",
        caisse=ALSACE,
        reason="nous n'avons pas pu vérifier que vous agissez pour cette entreprise",
        now=A_MOMENT,
    ),
}


@pytest.fixture
def account(fritz: Member) -> Account:
    account = Account(login_fingerprint=fritz.nir_fingerprint, member=fritz, created_at=A_MOMENT)
    account.email, account.email_proven_at = "fritz@ferme.example", A_MOMENT
    account.save()
    return account


def sent(name: str, account: Account) -> dict[str, Any]:
    SENT[name](account)
    return Email.objects.get(kind=name).content


@pytest.mark.parametrize("name", SENT)
def test_a_mail_says_the_same_in_text_and_in_html(name: str, account: Account) -> None:
    content = sent(name, account)
    words = set(content["text"].split())
    html = content["html"].replace("&#x27;", "'").replace("&quot;", '"').replace("<br>", " ")
    missing = [word for word in words if word not in html]
    assert missing == []
    assert content["subject"].replace("'", "&#x27;") in content["html"]
    assert '<html lang="fr">' in html
    assert "<img" not in html


@pytest.mark.parametrize("name", SENT)
def test_a_mail_is_written_in_short_lines(name: str, account: Account) -> None:
    """Design, mails: 60 characters a line, addresses of pages apart."""
    content = sent(name, account)
    long = [line for line in content["text"].splitlines() if len(line) > 60 and "://" not in line]
    assert long == []
    assert len(content["subject"]) <= 70
    assert "\n\n\n" not in content["text"]


@pytest.mark.parametrize("name", SENT)
def test_a_mail_names_the_help_and_nobody(name: str, account: Account) -> None:
    """R20, R21: no NIR, no name; whom to call, and the promise about passwords."""
    content = sent(name, account)
    everything = " ".join([content["subject"], content["text"], content["html"]])
    assert NIR not in everything.replace(" ", "").replace(NBSP, "")
    assert "LAMY" not in everything.upper()
    assert "FRITZ" not in everything.upper()
    assert "09 69 36 37 03" in content["text"]
    assert NEVER in content["text"]
    assert content["text"].startswith("Bonjour,\n\n")


@pytest.mark.parametrize("name", SENT)
def test_the_words_of_the_template_are_not_escaped_in_the_text(name: str, account: Account) -> None:
    text = sent(name, account)["text"]
    assert "&#" not in text
    assert "&amp;" not in text
    assert "{" not in text
    assert "None" not in text


@pytest.mark.parametrize("name", SENT)
def test_a_mail_has_no_link_but_ours(name: str, account: Account) -> None:
    html = sent(name, account)["html"]
    links = [part.partition('"')[0] for part in html.split('href="')[1:]]
    assert all(link.startswith((settings.BASE_URL, "mailto:assistanceinternet@umsage.msa.fr")) for link in links)


def test_the_provisional_password_stands_alone_with_its_end_and_the_way_in(account: Account) -> None:
    """B27, R13: 24 hours, one use, and a link that signs nobody in."""
    content = sent("temporary_password", account)
    assert "ACDE-FGHJ-KW67" in content["text"].splitlines()
    assert as_typed("ACDE-FGHJ-KW67") == "ACDEFGHJKW67"
    assert f"jusqu'au 21 novembre 2026 à 17{NBSP}h{NBSP}05" in content["text"]
    assert "une seule fois" in content["text"]
    assert "vous choisirez votre propre mot de\npasse" in content["text"]
    assert settings.BASE_URL + reverse("accounts:sign_in") in content["text"].splitlines()
    assert content["to"] == "fritz@ferme.example"
    assert Email.objects.get().expires_at == A_MOMENT + timedelta(hours=24)


def test_the_code_of_an_address_stands_alone(account: Account) -> None:
    """E03, R8, R13."""
    content = sent("email_proof_code", account)
    assert "012345" in content["text"].splitlines()
    assert "15 minutes" in content["text"]
    assert content["to"] == "neuf@ferme.example"
    assert ">012345</p>" in content["html"]


@pytest.mark.parametrize(
    ("name", "page", "life"),
    [
        ("password_reset_link", "accounts:reset_link", "30 minutes"),
        ("email_change_link", "accounts:email_link", "2 heures"),
        ("email_changed", "accounts:email_undo", f"jusqu'au 23 novembre 2026 à 17{NBSP}h{NBSP}05"),
        ("federation_sign_in", "franceconnect:not_me", f"jusqu'au 30 novembre 2026 à 17{NBSP}h{NBSP}05"),
    ],
)
def test_a_secret_link_stands_alone_and_tells_its_life(name: str, page: str, life: str, account: Account) -> None:
    """D09, R13."""
    content = sent(name, account)
    link = settings.BASE_URL + reverse(page, args=[SECRET])
    assert link in content["text"].splitlines()
    assert f'href="{link}"' in content["html"]
    assert life in content["text"]


@pytest.mark.parametrize("name", ["federation_sign_in", "sign_in_disputed"])
def test_the_code_of_a_sign_in_stands_alone(name: str, account: Account) -> None:
    """J16: it is read out to support."""
    content = sent(name, account)
    assert "ACDE-FGH7" in content["text"].splitlines()
    assert ">ACDE-FGH7</p>" in content["html"]
    assert f"20 novembre 2026 à 17{NBSP}h{NBSP}05" in content["text"]


def test_after_a_change_of_address_the_next_password_comes_by_letter(account: Account) -> None:
    """J16: who says « Ce n'est pas moi » in the mailbox of before reads so, and is sent to no other mailbox."""
    notifications.sign_in_disputed(
        account, to="ancien@ferme.example", by_post=True, reference="ACDEFGH7", at=A_MOMENT, now=A_MOMENT
    )
    content = Email.objects.get().content
    assert content["to"] == "ancien@ferme.example"
    assert "par courrier, à votre domicile" in content["text"]
    assert "Choisissez maintenant" not in content["text"]
    assert [line for line in content["text"].splitlines() if len(line) > 60 and "://" not in line] == []


def test_the_acknowledgement_of_a_request_gives_its_reference(account: Account) -> None:
    """R1."""
    content = sent("request_received", account)
    assert "D-2026-000012" in content["subject"]
    assert "D-2026-000012" in content["text"].splitlines()
    assert "Votre MSA traite votre demande" in content["text"]


def test_what_somebody_typed_cannot_become_markup(account: Account) -> None:
    """A reference is ours, yet the layout escapes whatever it is given."""
    notifications.request_received(to="a@b.example", reference="<b>&", caisse=ALSACE, kind="company", now=A_MOMENT)
    content = Email.objects.get().content
    assert "<b>&" in content["text"]
    assert "<b>&" not in content["html"]
    assert "&lt;b&gt;&amp;" in content["html"]


def test_the_apostrophe_of_a_caisse_is_an_apostrophe(account: Account) -> None:
    account.member.affiliations.create(department="22", profile="individual", since=A_MOMENT.date())
    notifications.temporary_password(account, "ACDEFGHJKW67", now=A_MOMENT)
    content = Email.objects.get().content
    assert "MSA d'Armorique\n" in content["text"]
    assert "MSA d&#x27;Armorique<br>" in content["html"]


def test_an_address_that_nobody_proved_hears_nothing_and_learns_no_caisse(account: Account) -> None:
    """R8: it may be a stranger's; only what proves it goes there."""
    account.member.affiliations.create(department="67", profile="individual", since=A_MOMENT.date())
    account.email_proven_at = None
    account.save()
    notifications.password_changed(account, now=A_MOMENT)
    notifications.contact_changed(account, now=A_MOMENT)
    assert not Email.objects.exists()
    notifications.email_proof_code(account, "012345", to=account.email, now=A_MOMENT)
    assert "Alsace" not in Email.objects.get().content["text"]


def test_an_account_without_address_gets_no_mail(account: Account) -> None:
    account.email = None
    account.save()
    notifications.password_changed(account, now=A_MOMENT)
    assert not Email.objects.exists()


def test_the_confirmation_letter_goes_to_the_known_address_only(fritz: Member) -> None:
    """R7."""
    notifications.registration_confirmation_letter(fritz, now=A_MOMENT)
    letter = Letter.objects.get()
    assert letter.kind == Letter.Kind.REGISTRATION_CONFIRMATION
    assert letter.content["address"] == ["LAMY FRITZ", "12 rue des Vignes", "67000 STRASBOURG"]
    fritz.dossier = {**fritz.dossier, "address": ""}
    fritz.save()
    notifications.registration_confirmation_letter(fritz, now=A_MOMENT)
    assert Letter.objects.count() == 1
