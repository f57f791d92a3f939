"""What the demonstration sent can be read in the browser, and nothing else can."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import NoReverseMatch, reverse

from msa_portal.demo import mailbox
from msa_portal.demo.mail import FolderBackend

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
with_demo = pytest.mark.urls("tests.msa_portal.demo.portal_with_demo")
LETTER = "20260302T083100.000000Z-temporary_password-0a1b2c3d"


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / "secret.eml").write_text("Subject: private\n\nnot in the mailbox")
    return tmp_path


@pytest.fixture
def an_email(var):
    mail = EmailMultiAlternatives(
        "Votre mot de passe provisoire",
        "Bonjour,\n\nVotre mot de passe : <ACDE>\nhttp://127.0.0.1:8000/connexion/\n",
        to=["fritz.lamy@example.org"],
        headers={"Message-ID": "<1f2e@portal.example>"},
    )
    FolderBackend(folder=var / "mail").send_messages([mail])
    (path,) = (var / "mail").glob("*.eml")
    return path


@pytest.fixture
def a_letter(var):
    pdf = var / "letters" / f"{LETTER}.pdf"
    pdf.parent.mkdir()
    pdf.write_bytes(b"%PDF-1.4 a letter")
    about = {"kind": "temporary_password", "department": "67", "created_at": "2026-03-02T08:31:00+00:00"}
    pdf.with_suffix(".json").write_text(json.dumps(about))
    return pdf


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@with_demo
def test_an_empty_mailbox_says_what_to_do(client):
    assert "Rien n'a encore été envoyé." in page(client, "/dev/courriers/")


@with_demo
def test_emails_and_letters_are_listed_newest_first(client, an_email, a_letter, held_clock):
    newer = an_email.rename(an_email.with_name("20260302T084500.000000Z-1f2e.eml"))
    listed = page(client, "/dev/courriers/")
    assert re.findall(r"/dev/courriers/([^/]+)/", listed) == [newer.name, a_letter.name]
    assert "E-mail à fritz.lamy@example.org, 2 mars 2026 à 9\u00a0h\u00a045" in listed
    assert "Courrier, 2 mars 2026 à 9\u00a0h\u00a031" in listed
    assert "Votre mot de passe provisoire" in listed


@with_demo
def test_the_list_has_pages(client, a_letter):
    for number in range(25):
        a_letter.with_name(f"20260303T0831{number:02d}.000000Z-temporary_password-{number:08d}.pdf").touch()
    first, second = page(client, "/dev/courriers/"), page(client, "/dev/courriers/?page=2")
    assert "Page 1 sur 2" in first
    assert LETTER not in first
    assert LETTER in second


@with_demo
def test_an_email_is_shown_as_text_with_its_links(client, an_email):
    shown = page(client, f"/dev/courriers/{an_email.name}/")
    assert "<h1>Votre mot de passe provisoire</h1>" in shown
    assert 'href="http://127.0.0.1:8000/connexion/"' in shown
    assert "&lt;ACDE&gt;" in shown


@with_demo
def test_a_letter_is_served_as_pdf(client, a_letter):
    answer = client.get(f"/dev/courriers/{a_letter.name}/")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == a_letter.read_bytes()


@with_demo
def test_a_letter_without_its_description_is_still_listed(client, a_letter):
    a_letter.with_suffix(".json").write_text("{")
    assert a_letter.name in page(client, "/dev/courriers/")


@with_demo
@pytest.mark.parametrize(
    "name",
    [
        "../secret.eml",
        "..%2Fsecret.eml",
        "%2e%2e/secret.eml",
        "..%5csecret.eml",
        "secret.eml",
        "....eml",
        "x.json",
        "x.pdf",
    ],
)
def test_nothing_outside_the_folders_is_served(client, an_email, a_letter, name):
    assert client.get(f"/dev/courriers/{name}/").status_code == 404


@with_demo
def test_a_link_that_leads_outside_is_not_followed(client, var, an_email):
    (an_email.parent / "20260302T090000.000000Z-link.eml").symlink_to(var / "secret.eml")
    assert client.get("/dev/courriers/20260302T090000.000000Z-link.eml/").status_code == 404


def test_a_file_with_a_name_of_another_kind_has_no_moment(var):
    assert mailbox.Item(var / "secret.eml").sent_at is None
    assert mailbox.Item(var / f"{LETTER}.pdf").sent_at == datetime(2026, 3, 2, 8, 31, tzinfo=UTC)


@pytest.mark.parametrize("address", ["/dev/courriers/", "/dev/personas/", f"/dev/courriers/{LETTER}.pdf/"])
def test_outside_the_demonstration_these_pages_do_not_exist(client, a_letter, address):
    assert client.get(address).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("dev:mailbox")
