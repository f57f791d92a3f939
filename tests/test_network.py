"""The guard that keeps tests on this machine."""

import socket

import pytest

from tests.network import NetworkForbidden


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 443)])
def test_a_connection_to_the_outside_is_refused(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(NetworkForbidden, match=address[0]):
        client.connect(address)


def test_a_name_of_the_outside_is_not_even_looked_up():
    with pytest.raises(NetworkForbidden, match=r"www\.example\.org"):
        socket.create_connection(("www.example.org", 80))


def test_a_datagram_to_the_outside_is_refused():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client, pytest.raises(NetworkForbidden):
        client.sendto(b"hello", ("192.0.2.1", 53))


def test_this_machine_may_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("localhost", port)) as client:
            assert client.getpeername() == ("127.0.0.1", port)
