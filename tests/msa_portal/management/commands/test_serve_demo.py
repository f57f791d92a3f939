"""`make run` as a newcomer meets it: a real server, on a free port, in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from msa_portal.management.commands.serve_demo import refuse_one_port_for_two, refuse_taken_port

ROOT = Path(__file__).resolve().parents[4]
PATIENCE = 120.0


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def until(answers: Callable[[], object]) -> object:
    """The first answer that says something."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := answers()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
    return answer


@contextmanager
def demonstration(var: Path, *, simulator_port: int = 0) -> Iterator[tuple[subprocess.Popen, int]]:
    """The command in an environment without anything of ours; its port answers."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"], "VAR_DIR": str(var), "PYTHONUNBUFFERED": "1",
        "PORT": str(port), "SIMULATOR_PORT": str(simulator_port or free_port()),
    }  # fmt: skip
    command = [sys.executable, str(ROOT / "manage.py"), "serve_demo"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        try:
            until(lambda: server.poll() is not None or is_open(port))
            yield server, port
        finally:
            server.kill()


def is_open(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def page(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        assert answer.status == 200
        return answer.read().decode()


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


def test_it_serves_the_portal_with_its_members_and_sigterm_ends_everything(var):
    hub = free_port()
    with demonstration(var, simulator_port=hub) as (server, port):
        until(lambda: is_open(hub))
        assert f"http://127.0.0.1:{hub}/api/v2/authorize" in page(hub, "/api/v2/.well-known/openid-configuration")
        assert "Mon espace privé" in page(port, "/")
        assert "1\u00a063\u00a009\u00a067\u00a0482\u00a0229" in page(port, "/dev/personas/")
        assert "Code pour un département" in page(port, "/dev/courriers/")
        assert page(port, "/readyz")
        programs = children(server.pid)
        assert len(programs) == 3
        server.terminate()
        said, _ = server.communicate(timeout=PATIENCE)
    assert server.returncode == 0
    assert f"http://127.0.0.1:{port}/dev/personas/" in said.decode()
    assert f"http://127.0.0.1:{hub}/" in said.decode()
    assert said.decode().rstrip().endswith("Arrêté.")
    assert "Traceback" not in said.decode()
    assert not any(map(is_alive, programs))


def test_when_one_program_dies_the_other_is_stopped_with_an_error(var):
    with demonstration(var) as (server, _):
        simulator, periodic, portal = children(server.pid)
        os.kill(periodic, signal.SIGKILL)
        said, _ = server.communicate(timeout=PATIENCE)
    assert server.returncode == 1
    assert "les tâches périodiques" in said.decode()
    assert not is_alive(portal)
    assert not is_alive(simulator)


def test_no_program_outlives_a_server_that_was_killed(var):
    with demonstration(var) as (server, port):
        programs = children(server.pid)
        server.kill()
        until(lambda: not any(map(is_alive, programs)))
        assert not is_open(port)


def test_a_taken_port_is_said_in_french():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Le port {port} est déjà pris"):
            refuse_taken_port(port)


def test_two_ports_are_needed():
    with pytest.raises(CommandError, match="SIMULATOR_PORT=8001 PORT=8000"):
        refuse_one_port_for_two(8000, 8000)


def test_a_taken_port_of_the_simulator_is_said_by_its_own_name():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"SIMULATOR_PORT={port + 2} make run"):
            refuse_taken_port(port, variable="SIMULATOR_PORT")


def test_outside_the_demonstration_it_refuses():
    with pytest.raises(CommandError, match="ne sert que la démonstration"):
        call_command("serve_demo")
