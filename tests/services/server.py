"""A server of our own: in a directory of its own, as a user that is not root, gone when we are gone."""

import atexit
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

PREFIX = "msa-services-"
NOBODY = 65534
PR_SET_PDEATHSIG = 1
START_SECONDS = 30
STOP_SECONDS = 10


class Server:
    """Started and stopped any number of times at one address; the directory goes with close().

    The server ends with the thread that started it, even when that one is killed.
    """

    stop_signal = signal.SIGTERM
    orphan_signal = signal.SIGKILL

    def __init__(self) -> None:
        self.directory: Path | None = None
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def prepare(self) -> None:
        """Whatever the empty directory needs before the first start."""

    def complete(self) -> None:
        """Whatever the server needs once, after the first start."""

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> Self:
        first = self.directory is None
        if first:
            self.directory = self._new_directory()
            self.prepare()
        with (self.directory / "log").open("ab") as log:
            self.process = self.spawn(self.command(), log)
        self._wait_until_it_answers()
        if first:
            self.complete()
        return self

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def close(self) -> None:
        self.stop()
        if self.directory is not None:
            shutil.rmtree(self.directory, ignore_errors=True)
            self.directory = None

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_exception) -> None:
        self.close()

    def spawn(self, command: list[str], log) -> subprocess.Popen:
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.directory,
            start_new_session=True,  # Ctrl-C is for pytest, which then stops the server in order
            preexec_fn=self._die_with_parent,
            **user,
        )

    def _die_with_parent(self) -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, self.orphan_signal)

    def _new_directory(self) -> Path:
        _sweep()
        atexit.register(self.close)
        directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_short_temporary_directory()))
        if os.geteuid() == 0:
            os.chown(directory, NOBODY, NOBODY)
        return directory

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.command()[0]} did not start:\n{self.log_end()}")
            time.sleep(0.01)

    def log_end(self) -> str:
        return (self.directory / "log").read_text(errors="replace")[-2000:]


# Loaded once here: the child must not do more than one call between fork and exec.
LIBC = ctypes.CDLL(None)


def _short_temporary_directory() -> str:
    """The address of a socket holds 107 characters, and nobody must be able to reach it."""
    return "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else tempfile.gettempdir()


def _sweep() -> None:
    """Removes what a killed run left behind: directories named after a process that is no more."""
    for directory in Path(_short_temporary_directory()).glob(f"{PREFIX}*-*"):
        owner = directory.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(directory, ignore_errors=True)
