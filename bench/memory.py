"""Watches what a process and its children hold in memory."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

SECONDS_BETWEEN = 0.2


class Watch:
    """The highest sum of resident sizes seen while the block ran; pages shared by two processes count twice."""

    def __init__(self, pid: int, *, alone: bool = False) -> None:
        """`alone` leaves its children out: PostgreSQL is one of ours."""
        self.pid = pid
        self.alone = alone
        self.peak_kib = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.ended.set()
        self.thread.join()

    @property
    def peak_mib(self) -> int:
        return round(self.peak_kib / 1024)

    def _watch(self) -> None:
        while not self.ended.wait(SECONDS_BETWEEN):
            watched = [self.pid] if self.alone else family(self.pid)
            self.peak_kib = max(self.peak_kib, sum(resident_kib(pid) for pid in watched))


def family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += family(int(child))
    return found


def resident_kib(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0
