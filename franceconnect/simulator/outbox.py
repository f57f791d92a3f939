"""The e-mail after each sign-in, in the folder where the demonstration's portal puts its own (I16, facts A8)."""

import os
import secrets
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from django.template.loader import render_to_string

from franceconnect.simulator import settings
from franceconnect.simulator.clients import Service
from franceconnect.simulator.knobs import knobs
from franceconnect.simulator.providers import find
from franceconnect.simulator.state import Session, SignedIn

SENDER = "Simulateur de FranceConnect <ne-pas-repondre@simulateur.example>"


def notify(session: Session, service: Service, signed_in: SignedIn, *, now: datetime) -> None:
    """Once for each service of a session, to the address that the provider told."""
    if not knobs.notify or service.client_id in session.notified:
        return
    session.notified.add(service.client_id)
    write(message(service, signed_in, now=now), settings.MAIL_DIR, now=now)


def message(service: Service, signed_in: SignedIn, *, now: datetime) -> EmailMessage:
    provider = find(signed_in.provider)
    told = {"service": service.name, "provider": provider.name if provider else "", "now": now}
    made = EmailMessage()
    made["Subject"] = f'Alerte de connexion au service "{service.name}" avec FranceConnect'
    made["From"] = SENDER
    made["To"] = signed_in.identity["email"]
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain="simulateur.example")
    made.set_content(render_to_string("franceconnect/simulator/connection.txt", told))
    return made


def write(message: EmailMessage, folder: Path, *, now: datetime) -> Path:
    """Newest last by name; a reader of the folder never meets half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(8)}"
    partial = folder / f".{stem}.partial"
    partial.touch(mode=0o600)
    partial.write_bytes(message.as_bytes())
    os.replace(partial, folder / f"{stem}.eml")
    return folder / f"{stem}.eml"
