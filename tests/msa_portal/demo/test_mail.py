"""The demonstration's mails are files, whole, newest last by name."""

import email
import email.policy
import stat
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from msa_portal.demo.mail import FolderBackend

BACKEND = "msa_portal.demo.mail.FolderBackend"


def a_mail(subject: str, **headers: str) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(subject, "Bonjour à tous,\nvoilà.\n", to=["fritz@ferme.example"], headers=headers)
    mail.attach_alternative("<p>Bonjour</p>", "text/html")
    return mail


def read(path: Path) -> email.message.EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def test_a_mail_can_be_read_back(tmp_path: Path) -> None:
    backend = FolderBackend(folder=tmp_path / "mail")
    assert backend.send_messages([a_mail("Été : l'œuvre", **{"Message-ID": "<1f2e@portal.example>"})]) == 1
    (path,) = (tmp_path / "mail").iterdir()
    assert path.name.endswith("Z-1f2e.eml")
    found = read(path)
    assert found["Subject"] == "Été : l'œuvre"
    assert found["To"] == "fritz@ferme.example"
    assert found.get_body(("plain",)).get_content().splitlines() == ["Bonjour à tous,", "voilà."]
    assert "<p>Bonjour</p>" in found.get_body(("html",)).get_content()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_newest_mail_is_last_by_name(tmp_path: Path) -> None:
    backend = FolderBackend(folder=tmp_path)
    backend.send_messages([a_mail(str(number)) for number in range(5)])
    assert [read(path)["Subject"] for path in sorted(tmp_path.iterdir())] == list("01234")


def test_two_mails_of_one_instant_are_two_files(tmp_path: Path, held_clock: object) -> None:
    FolderBackend(folder=tmp_path).send_messages([a_mail("un"), a_mail("deux")])
    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) == 2
    assert all(name.startswith("20260302T083000.000000Z-") for name in names)


def test_a_hostile_identifier_stays_in_the_folder(tmp_path: Path) -> None:
    FolderBackend(folder=tmp_path / "mail").send_messages([a_mail("un", **{"Message-ID": "<../../x@y>"})])
    assert [path.name[-6:] for path in (tmp_path / "mail").iterdir()] == ["-x.eml"]
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


def test_the_folder_of_the_settings_is_used_by_default(tmp_path: Path, settings: object) -> None:
    settings.VAR_DIR = tmp_path
    assert get_connection(BACKEND).send_messages([a_mail("un")]) == 1
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


def test_a_folder_that_cannot_be_made_is_an_error_of_the_sender(tmp_path: Path) -> None:
    """R23: the outbox keeps the mail and tries again."""
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(OSError, match="File exists"):
        FolderBackend(folder=tmp_path / "mail").send_messages([a_mail("un")])
