"""`manage.py serve_demo`, that is `make run`: the portal with made-up members, ready to be tried."""

import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from franceconnect.simulator import serving
from msa_portal.demo import desk, static_files
from msa_portal.demo.seeding import seed
from msa_portal.demo.supervisor import run_together

ADDRESS = "127.0.0.1"
MANAGE = str(Path(settings.BASE_DIR, "manage.py"))
PORTAL = (
    sys.executable, "-m", "gunicorn", "msa_portal.wsgi:application",
    "--chdir", str(settings.BASE_DIR), "--bind", f"{ADDRESS}:{settings.PORT}",
    "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload",
    "--timeout", "60", "--graceful-timeout", "5",
    "--forwarded-allow-ips", "", "--limit-request-line", "8190",
    "--limit-request-fields", "60", "--limit-request-field_size", "8190",
    "--log-level", "warning", "--no-control-socket",
)  # fmt: skip
# What runs side by side; the one that serves the portal comes last.
PROGRAMS = {
    "le simulateur de FranceConnect": serving.command(settings.SIMULATOR_PORT, str(settings.BASE_DIR)),
    "les tâches périodiques": (sys.executable, MANAGE, "run_periodic"),
    "le portail": PORTAL,
}

WELCOME = """
Le portail de démonstration démarre. Tous ses adhérents sont inventés.

  Le portail                 {base}/
  Qui jouer, que taper       {base}/dev/personas/
  E-mails et courriers reçus {base}/dev/courriers/
  Le bureau des conseillers  {base}/support/connexion/
  Un FranceConnect simulé    {simulator}/

  Les e-mails sont aussi dans {var}/mail/, les courriers dans {var}/letters/.
  Ctrl-C pour arrêter.
"""


class Command(BaseCommand):
    """Prepares what is not ready yet, says where to look, then serves until Ctrl-C."""

    help = "Serve the demonstration: database, members, static files, portal and periodic tasks."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(f"serve_demo ne sert que la démonstration\u00a0; le mode, ici, est {settings.MODE}.")
        refuse_one_port_for_two(settings.PORT, settings.SIMULATOR_PORT)
        refuse_taken_port(settings.PORT)
        refuse_taken_port(settings.SIMULATOR_PORT, variable="SIMULATOR_PORT")
        self.prepare()
        simulator = f"http://{ADDRESS}:{settings.SIMULATOR_PORT}"
        self.stdout.write(WELCOME.format(base=settings.BASE_URL, simulator=simulator, var=settings.VAR_DIR))
        self.stdout.flush()
        if ended := run_together(PROGRAMS):
            raise CommandError(f"Arrêt\u00a0: {ended} ne tourne plus. La cause est écrite au-dessus.")
        self.stdout.write("Arrêté.")

    def prepare(self) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        now = timezone.now()
        seed(now=now)
        desk.lay_out(now=now)
        static_files.collect()
        connections.close_all()


def refuse_one_port_for_two(port: int, simulator_port: int) -> None:
    if port == simulator_port:
        raise CommandError(
            f"Le portail et le simulateur de FranceConnect ne peuvent pas partager le port {port}. "
            f"Choisissez-en un autre pour le simulateur\u00a0: SIMULATOR_PORT={port + 1} PORT={port} make run"
        )


def refuse_taken_port(port: int, *, variable: str = "PORT") -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, port))
        except OSError as refused:
            raise CommandError(
                f"Le port {port} est déjà pris ({refused.strerror}). Arrêtez l'autre programme, "
                f"ou choisissez un autre port\u00a0: {variable}={port + 2} make run"
            ) from None
