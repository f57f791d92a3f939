"""The portal as it is deployed, every process of it real; then some of them die (R23)."""

import asyncio
import base64
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from celery import Celery
from django.utils import timezone

from msa_portal.demo.personas import Persona, personas, registry_files
from tests.services import PostgresServer, RedisServer
from tests.stories.over_http import Browser
from tests.stories.registering import FINISH, Registrant
from tests.stories.signing_in import sign_in

ROOT = Path(__file__).resolve().parents[2]
OWN_PASSWORD = "Verger+Tranquille7"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def eventually(holds: Callable[[], Any], *, within: float = 15, what: str = "") -> Any:
    deadline = time.monotonic() + within
    while not (found := holds()):
        assert time.monotonic() < deadline, f"in vain: {what or holds}"
        time.sleep(0.05)
    return found


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


class MailServer:
    """Takes mails; when told so, keeps the sender waiting and takes nothing."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []
        self.holding = threading.Event()
        self.held = threading.Event()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        while self.holding.is_set():
            self.held.set()
            await asyncio.sleep(0.05)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"

    def mails_to(self, address: str) -> list[str]:
        return [text_of(content) for to, content in self.taken if address in to]


def text_of(content: bytes) -> str:
    part = message_from_bytes(content).get_payload(0)
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")


class Deployment:
    """Every process of the portal, and the means to kill them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.mail = folder, MailServer()
        self.postgres, self.redis = PostgresServer().start(), RedisServer().start()
        self.smtp = Controller(self.mail, hostname="127.0.0.1", port=free_port())
        self.smtp.start()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**kept, **self.__dict__.setdefault("secrets", self.new_secrets())}

    def new_secrets(self) -> dict[str, str]:
        return {
            "MSA_MODE": "production", "SECRET_KEY": key() + key(), "NIR_KEYS": f"k1:{key()}", "NIR_INDEX_KEY": key(),
            "DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url, "BASE_URL": self.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp.port}?tls=none", "VAR_DIR": str(self.folder),
            "ARGON2_MEMORY_COST": "1024", "PORT": str(self.port), "WEB_WORKERS": "1",
        }  # fmt: skip

    def manage(self, *words: str) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", *words]
            self.running[name] = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def start_portal(self) -> None:
        self.start("portal", "gunicorn", "--config", "deploy/gunicorn.conf.py")
        eventually(self.is_ready, what=self.log("portal"))

    def is_ready(self) -> bool:
        try:
            return Browser(self.url).get("/readyz").status_code == 200
        except OSError:
            return False

    def start_worker(self) -> None:
        self.start("worker", "celery", "--app", "msa_portal", "worker", "--pool", "solo", "--loglevel", "INFO")

    def kill(self, name: str) -> None:
        program = self.running.pop(name)
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()

    def kill_redis(self) -> None:
        process = self.redis.process
        assert process is not None
        process.kill()
        process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def sql(self, statement: str) -> list[Any]:
        with psycopg.connect(self.postgres.url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def sweep(self) -> None:
        """What beat asks of a worker every 30 seconds."""
        broker = self.redis.url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
        with Celery(broker=broker) as beat:
            beat.send_task("accounts.tasks.sweep_outbox", ignore_result=True)

    def close(self) -> None:
        for name in list(self.running):
            self.kill(name)
        self.smtp.stop()
        self.redis.close()
        self.postgres.close()


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path)
    try:
        yield deployment
    finally:
        deployment.close()


def install(deployed: Deployment) -> None:
    delivery = deployed.folder / "delivery"
    delivery.mkdir()
    for name, content in registry_files(today=timezone.localdate()).items():
        (delivery / name).write_bytes(content)
    deployed.manage("migrate", "--verbosity", "0")
    deployed.manage("rotate_oidc_key", "--ensure")
    deployed.manage("collectstatic", "--no-input", "--verbosity", "0")
    deployed.manage("import_registry", str(delivery))
    deployed.start_worker()
    deployed.start_portal()


def answers_of(person: Persona) -> dict[str, str]:
    card = person.card
    assert card is not None
    return {
        "profile": person.profile, "nir": person.nir.grouped, "birth_name": person.birth_name,
        "given_names": person.given_names, "birth_date": person.birth_date.typed, "email": person.email,
        "mobile": person.mobile, "health_cover": "yes", "card_kind": card.kind.value, "vitale_serial": card.serial,
    }  # fmt: skip


def at_the_keyboard(deployed: Deployment, person: Persona) -> Registrant:
    caller = Registrant(answers_of(person))
    caller.client = Browser(deployed.url)
    return caller


def register(deployed: Deployment, person: Persona) -> Registrant:
    caller = at_the_keyboard(deployed, person)
    caller.until("conditions").press(FINISH)
    return caller.sees("Votre demande d'inscription à Mon espace privé est en cours")


def test_worker_and_broker_die_and_nothing_is_lost(deployed: Deployment) -> None:
    install(deployed)
    people = {person.slug: person for person in personas(today=timezone.localdate())}
    lamy, keller = people["lamy"], people["keller"]

    # The worker dies while the mail server keeps it waiting, the broker with it.
    deployed.mail.holding.set()
    fritz = register(deployed, lamy)
    eventually(deployed.mail.held.is_set, what="the worker reaches the mail server: " + deployed.log("worker"))
    deployed.kill("worker")
    deployed.kill_redis()

    # Without a broker the portal goes on.
    began = time.monotonic()
    register(deployed, keller)
    assert time.monotonic() - began < 10
    assert deployed.mail.taken == []

    # Everything comes back; five minutes later the sweep finds both.
    deployed.mail.holding.clear()
    deployed.redis.start()
    deployed.start_worker()
    deployed.sql("UPDATE accounts_email SET due_at = due_at - interval '10 minutes'")
    deployed.sweep()
    eventually(lambda: len(deployed.mail.taken) == 2, what="both mails: " + deployed.log("worker"))
    deployed.sweep()
    deployed.sweep()
    eventually(lambda: deployed.sql("SELECT count(*) FROM accounts_email WHERE sent_at IS NULL") == [(0,)])
    assert [len(deployed.mail.mails_to(person.email)) for person in (lamy, keller)] == [1, 1]
    assert deployed.sql("SELECT count(*) FROM accounts_email WHERE content IS NOT NULL") == [(0,)]
    ids = [message_from_bytes(content)["Message-ID"] for _, content in deployed.mail.taken]
    assert len(set(ids)) == 2

    # And what arrived opens the door, with a broker that is alive again.
    goes_in(deployed, fritz, lamy)
    assert lamy.nir.number not in deployed.log("portal") + deployed.log("worker")
    assert lamy.email not in deployed.log("portal") + deployed.log("worker")


def goes_in(deployed: Deployment, caller: Registrant, person: Persona) -> None:
    found = re.search(r"^([A-Z0-9]{4}(?:-[A-Z0-9]{4}){2})$", deployed.mail.mails_to(person.email)[0], re.MULTILINE)
    assert found
    sign_in(caller, found[1], person.nir.number)
    caller.press("Valider", new_password1=OWN_PASSWORD, new_password2=OWN_PASSWORD).follow("Continuer")
    caller.press("Je confirme mes coordonnées", email="fritz@ailleurs.example")
    eventually(lambda: deployed.mail.mails_to("fritz@ailleurs.example"), what=deployed.log("worker"))
    code = re.search(r"^(\d{6})$", deployed.mail.mails_to("fritz@ailleurs.example")[0], re.MULTILINE)
    assert code
    caller.press("Valider", code=code[1]).follow("Accéder à Mon espace privé").sees(
        "LAMY FRITZ", "Mes derniers paiements"
    )
    caller.press("Se déconnecter").sees("Vous êtes déconnecté")

    # A forgotten password is answered in the worker alone (D09).
    caller.visit("/mot-de-passe/oublie/").press("Continuer", login_id=person.nir.number)
    eventually(lambda: "/mot-de-passe/lien/" in " ".join(deployed.mail.mails_to("fritz@ailleurs.example")))
