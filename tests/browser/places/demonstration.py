"""The pages that only the demonstration has."""

import shutil
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage

from msa_portal.demo.mail import FolderBackend
from tests.browser.places.place import Place, at, follow
from tests.browser.states import Cookies


def demonstration() -> Iterator[Place]:
    yield Place("demo-personas", at("/dev/personas/"))
    yield Place("demo-courriers-vide", at("/dev/courriers/", without_mail))
    yield Place("demo-courriers", at("/dev/courriers/", with_mail))
    read = at("/dev/courriers/", with_mail)
    yield Place("demo-courrier", read, follow("lire"))


def without_mail() -> Cookies:
    shutil.rmtree(settings.VAR_DIR / "mail", ignore_errors=True)
    shutil.rmtree(settings.VAR_DIR / "letters", ignore_errors=True)
    return {}


def with_mail() -> Cookies:
    """An e-mail as the demonstration's post office keeps it."""
    text = "Bonjour,\n\nVotre mot de passe provisoire\u00a0: ACDE-FGHJ-KW67\n\nVotre MSA"
    FolderBackend().send_messages([EmailMessage("Votre mot de passe provisoire", text, to=["fritz.lamy@example.org"])])
    return {}
