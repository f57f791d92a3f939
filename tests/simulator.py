"""The simulated FranceConnect as a process of its own, for tests: started once, turned by its knobs, fresh each time.

def test_it(simulator):
    simulator.turn(spoil="wrong_key")
    callback = simulator.walk(address_where_the_portal_sent_its_member)
"""

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from django.conf import settings as portal_settings
from django.utils import timezone

from franceconnect.simulator.serving import ADDRESS, command

ROOT = Path(__file__).resolve().parent.parent
CLIENT_ID, CLIENT_SECRET = "msa-mon-espace-prive", "a secret of tests that FranceConnect gave to nobody"
HUB_CLIENT_ID, HUB_CLIENT_SECRET = "franceconnect-simulator", "a secret of tests that MSA gave to nobody else"
STARTING_LOOKS = 1500
# The hub's pages between a request and its answer.
INTERACTION = re.compile(r"/api/v2/interaction/(?P<id>[0-9a-f]{64})(?P<page>|/consent|/refus)")
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Simulator:
    """One process; `follow_clock` when the test holds the portal's clock."""

    def __init__(self) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="msa-simulator-"))
        self.port = free_port()
        self.url = f"http://{ADDRESS}:{self.port}"
        self.issuer = f"{self.url}/api/v2"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        environment = {
            "PATH": os.environ["PATH"], "MSA_MODE": "test", "VAR_DIR": str(self.var), "PYTHONUNBUFFERED": "1",
            "SIMULATOR_PORT": str(self.port), "BASE_URL": portal_settings.BASE_URL,
            "FRANCECONNECT_CLIENT_ID": CLIENT_ID, "FRANCECONNECT_CLIENT_SECRET": CLIENT_SECRET,
            "SIMULATOR_CLIENT_SECRET": HUB_CLIENT_SECRET,
        }  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command(self.port, str(ROOT)), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM),
            )  # fmt: skip
        # Counted, not timed: the test may hold the clock.
        for _ in range(STARTING_LOOKS):
            if self._answers():
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"the simulator did not start:\n{self.said}")

    def stop(self) -> None:
        """FranceConnect is down; `start` brings it up again at the same address, with other keys."""
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.var, ignore_errors=True)

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def said(self) -> str:
        """What the process wrote: nothing, unless something broke."""
        return self.log.read_text(errors="replace")

    def turn(self, **knobs: Any) -> None:
        """Turn these knobs (franceconnect/simulator/knobs.py) and leave the others."""
        said = {name: ("1" if value else "0") if isinstance(value, bool) else value for name, value in knobs.items()}
        answer = requests.post(f"{self.url}/reglages/", {**said, "partial": "1"}, timeout=10, allow_redirects=False)
        assert answer.status_code < 400, answer.text

    def reset(self) -> None:
        """Knobs as they were; nobody is signed in, no code and no token is known."""
        answer = requests.post(f"{self.url}/reglages/remise-a-zero/", timeout=10, allow_redirects=False)
        assert answer.status_code < 400, answer.text

    def follow_clock(self) -> None:
        """Stand still at this test's moment; call it again after the test has moved its clock."""
        self.turn(clock_held=int(timezone.now().timestamp()))

    def browser(self) -> "HubBrowser":
        """Somebody's browser, with FranceConnect's cookies of its own."""
        return HubBrowser(self.url)

    def walk(self, url: str, *, citizen: str = "orsini", provider: str = "impots") -> str:
        """From the portal's redirect to its callback, by the hub's own pages, in a browser that was never there."""
        return self.browser().walk(url, citizen=citizen, provider=provider)

    def give_up(self, url: str) -> str:
        """The same, for somebody who turns back at the choice of an account."""
        return self.browser().give_up(url)

    def _answers(self) -> bool:
        connection = HTTPConnection(ADDRESS, self.port, timeout=10)
        try:
            connection.request("GET", "/api/v2/jwks")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


class HubBrowser:
    """Follows redirects inside the hub and stops where they leave it: `left_for`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.here, self.left_for = url, ""
        self.response: requests.Response = requests.Response()

    def visit(self, url: str) -> Self:
        return self._follow("GET", urljoin(self.here, url))

    def post(self, url: str, **fields: str) -> Self:
        return self._follow("POST", urljoin(self.here, url), fields)

    def walk(self, url: str, *, citizen: str = "orsini", provider: str = "impots") -> str:
        """Through whatever page stands there; with single sign-on the choice of an account does not come again."""
        self.visit(url)
        for _ in range(4):
            if self.left_for or not (page := INTERACTION.fullmatch(urlsplit(self.here).path)):
                break
            match page["page"]:
                case "":
                    self.post("/api/v2/redirect-to-idp", provider=provider, interaction=page["id"])
                    if "/fournisseurs/" in self.here:
                        self.post(self.here, citizen=citizen, interaction=page["id"])
                case "/consent":
                    self.post("/api/v2/login", interaction=page["id"])
                case "/refus":
                    self.post(self.here)
        return self._arrived()

    def give_up(self, url: str) -> str:
        self.visit(url).post(f"{self.here.partition('?')[0]}/retour")
        return self._arrived()

    def refreshes(self) -> list[str]:
        """Where the page goes on by itself, without script."""
        return re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', self.response.text)

    def _arrived(self) -> str:
        assert self.left_for, f"still at {self.here}: {self.response.status_code} {self.response.text[:2000]}"
        return self.left_for

    def _follow(self, method: str, url: str, fields: dict[str, str] | None = None) -> Self:
        self.left_for = ""
        for _ in range(12):
            if not url.startswith(f"{self.url}/"):
                self.left_for = url
                return self
            self.here = url
            self.response = self.session.request(method, url, data=fields, timeout=20, allow_redirects=False)
            if self.response.status_code not in (301, 302, 303):
                return self
            method, fields, url = "GET", None, urljoin(url, self.response.headers["Location"])
        raise AssertionError(f"goes round and round at {urlsplit(url).path}")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        return int(trial.getsockname()[1])


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[Simulator]:
    """One for this worker; it ends with the worker, however that ends."""
    process = Simulator()
    try:
        yield process.start()
    finally:
        process.close()


@pytest.fixture
def simulator(simulator_process: Simulator, settings: Any) -> Simulator:
    """Fresh, and the FranceConnect of the portal in this process."""
    if simulator_process.process is None or simulator_process.process.poll() is not None:
        simulator_process.start()
    simulator_process.reset()
    settings.FRANCECONNECT_ISSUER = simulator_process.issuer
    settings.FRANCECONNECT_CLIENT_ID, settings.FRANCECONNECT_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    return simulator_process
