"""Runs a few programs side by side: they begin together and they end together."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

STOPS = frozenset((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
WATCHED = STOPS | {signal.SIGCHLD}
# Seconds for a program to end in good order.
PATIENCE = 10.0
# The death of a child may be told to another thread of ours.
LOOK_AGAIN = 1.0
PR_SET_PDEATHSIG = 1

Programs = Mapping[str, Sequence[str]]
Running = dict[str, subprocess.Popen[bytes]]


def run_together(programs: Programs) -> str:
    """Until one ends by itself, whose name is returned, or until we are asked to stop, which returns nothing."""
    # Blocked, signals wait for sigwait instead of striking between two lines.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    running: Running = {}
    try:
        for name, command in programs.items():
            running[name] = _start(command, before)
        return _first_to_end(running)
    finally:
        _stop(running)
        # Whoever asked twice (a terminal, make and its group) was heard the first time.
        while signal.sigtimedwait(WATCHED, 0):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(command: Sequence[str], mask: set[int]) -> subprocess.Popen[bytes]:
    # A group of its own: Ctrl-C reaches us alone, and we tell each program in the way it likes.
    return subprocess.Popen(command, process_group=0, preexec_fn=_for_a_child(mask))


def _for_a_child(mask: set[int]) -> Callable[[], None]:
    """Signals as they were, and no child outlives a supervisor that was killed."""
    # Loaded here: between fork and exec there is nothing to be loaded.
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if libc:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return prepare


def _first_to_end(running: Running) -> str:
    while True:
        told = signal.sigtimedwait(WATCHED, LOOK_AGAIN)
        if told and told.si_signo in STOPS:
            return ""
        for name, program in running.items():
            if program.poll() is not None:
                return name


def _stop(running: Running) -> None:
    alive = [program for program in running.values() if program.poll() is None]
    for program in alive:
        program.terminate()
    deadline = time.monotonic() + PATIENCE
    for program in alive:
        try:
            program.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
