"""The request in whose course something happens, known to the journal and the logs without being passed along."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Circumstance:
    """`network` is a mark by which two lines from one network are recognised, not an address."""

    request_id: str = ""
    network: str = ""


circumstance: ContextVar[Circumstance] = ContextVar("circumstance", default=Circumstance())  # noqa: B039
