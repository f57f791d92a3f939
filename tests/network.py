"""The network is off in tests, but for this machine and the services that the environment names."""

import ipaddress
import os
import socket
import sys
from urllib.parse import urlsplit

CALLS = ("socket.connect", "socket.sendto", "socket.getaddrinfo")
LOCAL_NAMES = {"", "localhost", socket.gethostname()}


class NetworkForbidden(RuntimeError):
    """A test tried to leave this machine."""


def forbid_network() -> None:
    """An audit hook sees every socket of this process, whatever library opens it, and cannot be taken off."""
    allowed = LOCAL_NAMES | {urlsplit(os.environ.get(name, "")).hostname for name in ("DATABASE_URL", "REDIS_URL")}

    def refuse_the_outside(event: str, arguments: tuple) -> None:
        if event in CALLS:
            host = _host(event, arguments)
            if host not in allowed and not _is_loopback(host):
                raise NetworkForbidden(f"{event} to {host}: tests do not leave this machine.")

    sys.addaudithook(refuse_the_outside)


def _host(event: str, arguments: tuple) -> str | None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a string: the path of a unix socket
    return host.decode() if isinstance(host, bytes) else host


def _is_loopback(host: str | None) -> bool:
    if host is None:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
