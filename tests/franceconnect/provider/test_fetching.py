"""What a relying party's server may say, and how long, and from where: the walls around one GET."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from franceconnect.provider import fetching
from franceconnect.provider.fetching import FetchRefused, Why, fetch_json, may_be_reached
from tests.franceconnect.key_server import KeyServer, dripping, key_server, silent

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with key_server() as served:
        yield served


def refusal(url: str) -> Why:
    with pytest.raises(FetchRefused) as refused:
        fetch_json(url)
    return refused.value.why


def dns(monkeypatch, **names: list[str]) -> list[str]:
    """The DNS of this test; returns the names that are asked for."""
    asked = []

    def answer(host: str, port: int, **kwargs: object) -> list[tuple]:
        asked.append(host)
        found = names.get(host.replace(".", "_"))
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        kind = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [(kind[ip_address(each).version], socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_a_document_is_read(server):
    server.document = {"keys": ["é"]}
    server.headers = {"Cache-Control": "public, max-age=600"}
    fetched = fetch_json(server.url + "?a=b")
    assert fetched.document == {"keys": ["é"]}
    assert fetched.max_age == 600
    assert server.asked[0]["path"] == "/jwks.json?a=b"
    assert server.asked[0]["host"] == f"127.0.0.1:{server.port}"
    assert "authorization" not in server.asked[0]
    assert "cookie" not in server.asked[0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=60", 60),
        ("public,max-age=7, must-revalidate", 7),
        ('max-age="9"', 9),
        ("Max-Age=5", 5),
        ("s-maxage=60", 0),
        ("no-store", 0),
        ("max-age=-1", 0),
        ("max-age=abc", 0),
    ],
)
def test_its_life_is_what_cache_control_says(server, header, seconds):
    server.headers = {"Cache-Control": header}
    assert fetch_json(server.url).max_age == seconds


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/jwk-set+json"])
def test_json_has_several_names(server, content_type):
    server.content_type = content_type
    assert fetch_json(server.url).document == {"keys": []}


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/octet-stream", ""])
def test_what_is_not_json_is_not_read(server, content_type):
    server.content_type = content_type
    assert refusal(server.url) is Why.CONTENT_TYPE


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 60_000], ids=["empty", "open", "not utf-8", "deep"])
def test_what_says_json_and_is_not_is_refused(server, body):
    server.document = body
    assert refusal(server.url) is Why.NOT_JSON


def test_a_redirect_is_not_followed(server):
    """Nowhere: neither to another server nor to itself."""
    server.status, server.headers = 302, {"Location": server.url}
    assert refusal(server.url) is Why.STATUS
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [201, 204, 301, 304, 401, 404, 500])
def test_only_200_is_an_answer(server, status):
    server.status = status
    assert refusal(server.url) is Why.STATUS


def test_64_kb_are_enough(server):
    server.document = b'"' + b"x" * (fetching.LARGEST - 2) + b'"'
    assert len(fetch_json(server.url).document) == fetching.LARGEST - 2
    server.document = b'"' + b"x" * (fetching.LARGEST - 1) + b'"'
    assert refusal(server.url) is Why.TOO_LARGE


def test_a_document_without_end_is_left_at_64_kb(server):
    def endless(out):
        out.write(HEAD + b'"' + b"x" * 50_000_000)

    server.answer = endless
    began = time.monotonic()
    assert refusal(server.url) is Why.TOO_LARGE
    assert time.monotonic() - began < 2


def test_compressed_bytes_are_not_expanded(server):
    """No small answer becomes a large one in our memory."""
    server.headers, server.document = {"Content-Encoding": "gzip"}, b"\x1f\x8b" + b"\0" * 50
    assert refusal(server.url) is Why.NOT_JSON
    assert server.asked[0]["accept-encoding"] == "identity"


SLOW = {
    "silent": silent,
    "status drips": dripping(every=0.2),
    "headers drip": dripping(every=0.2, head=b"HTTP/1.1 200 OK\r\nX: "),
    "body drips": dripping(every=0.2, head=HEAD + b'"'),
    "chunks drip": dripping(every=0.2, head=HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n")),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
def test_a_slow_server_holds_nobody_up(server, monkeypatch, answer):
    """However it spends them, it has so many seconds altogether."""
    monkeypatch.setattr(fetching, "ALTOGETHER", 0.7)
    server.answer = answer
    began = time.monotonic()
    assert refusal(server.url) is Why.TOO_SLOW
    assert 0.6 < time.monotonic() - began < 1.2


def test_a_server_that_says_a_word_now_and_then_has_5_seconds(server):
    server.answer = dripping(every=1, head=HEAD + b'"')
    began = time.monotonic()
    assert refusal(server.url) is Why.TOO_SLOW
    assert 4.5 < time.monotonic() - began < 5.5


def test_a_server_that_says_nothing_has_3_seconds(server):
    server.answer = silent
    began = time.monotonic()
    assert refusal(server.url) is Why.TOO_SLOW
    assert 2.5 < time.monotonic() - began < 3.5


def test_a_server_that_does_not_answer_the_call_is_left(server, monkeypatch):
    """A full backlog: the connection never comes about."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        began = time.monotonic()
        assert refusal(f"http://127.0.0.1:{port}/") is Why.TOO_SLOW
        assert time.monotonic() - began < fetching.CONNECT + 0.5
        for caller in callers:
            caller.close()


def test_nobody_there(server):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert refusal(f"http://127.0.0.1:{taken.getsockname()[1]}/") is Why.UNREACHABLE


def test_a_slow_dns_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(4))
    began = time.monotonic()
    assert refusal("https://keys.example.org/") is Why.TOO_SLOW
    assert time.monotonic() - began < fetching.RESOLVE + 0.5


def test_a_name_that_nobody_has(monkeypatch):
    dns(monkeypatch)
    assert refusal("https://keys.example.org/") is Why.NAME


@pytest.mark.parametrize("garbage", [b"\0" * 200, b"HTTP/1.1\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b""])
def test_what_is_no_http_is_no_answer(server, garbage):
    server.answer = lambda out: out.write(garbage)
    assert refusal(server.url) in (Why.UNREACHABLE, Why.STATUS)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"])
def test_no_proxy_of_the_environment_is_asked(server, monkeypatch, variable):
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert fetch_json(server.url).document == {"keys": []}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://service.example.org/",
        "https://user:password@service.example.org/",
        "https://service.example.org/#x",
        "https://service.example.org/\r\nX: y",
        "",
    ],
)
def test_an_address_that_could_not_be_registered_is_not_visited(url):
    assert refusal(url) is Why.ADDRESS


PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::10.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_our_own_networks_are_out_of_reach(settings, monkeypatch, address):
    """Outside the demonstration: private, local, reserved, and each way to write an IPv4 address as an IPv6 one."""
    settings.OIDC_FETCH_FROM_THIS_MACHINE = False
    assert not may_be_reached(address)
    dns(monkeypatch, keys_example_org=[address])
    assert refusal("https://keys.example.org/") is Why.NOT_PUBLIC
    literal = f"[{address}]" if ":" in address else address
    assert refusal(f"https://{literal}/") is Why.NOT_PUBLIC


@pytest.mark.parametrize("address", sorted(set(PRIVATE) - {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"}))
def test_the_demonstration_reaches_this_machine_and_no_other_network(address):
    assert not may_be_reached(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "185.24.184.1", "2a01:e0a::1", "2606:4700::1111"])
def test_the_internet_is_in_reach(settings, address):
    settings.OIDC_FETCH_FROM_THIS_MACHINE = False
    assert may_be_reached(address)


@given(st.ip_addresses())
def test_what_is_reached_is_global(address):
    if may_be_reached(str(address)) and not address.is_loopback:
        assert address.is_global
        assert not address.is_private
        assert not address.is_multicast


def test_one_address_of_ours_among_public_ones_is_enough_to_refuse(settings, monkeypatch):
    settings.OIDC_FETCH_FROM_THIS_MACHINE = False
    dns(monkeypatch, keys_example_org=["8.8.8.8", "2606:4700::1111", "169.254.169.254"])
    assert refusal("https://keys.example.org/") is Why.NOT_PUBLIC


def test_in_production_this_machine_is_out_of_reach(settings, server):
    settings.OIDC_FETCH_FROM_THIS_MACHINE = False
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert refusal(f"http://{host}:{server.port}/") is Why.NOT_PUBLIC
        assert refusal(f"https://{host}:{server.port}/") is Why.NOT_PUBLIC
    settings.HTTPS = True
    assert refusal(server.url) is Why.ADDRESS
    assert server.asked == []


def certificate(*names: str) -> tuple[bytes, bytes]:
    """A certificate of an authority of its own, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private


@pytest.fixture
def secure(tmp_path, monkeypatch) -> Iterator[KeyServer]:
    """keys.example.org over TLS, which this machine trusts for the time of the test."""
    public, private = certificate("keys.example.org")
    (tmp_path / "public.pem").write_bytes(public)
    (tmp_path / "private.pem").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "public.pem", tmp_path / "private.pem")
    context.sni_callback = lambda line, name, _: names.append(name)
    names: list[str | None] = []
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "public.pem"))
    fetching._trust.cache_clear()
    with key_server(context) as served:
        served.headers["X-Names"] = ""
        vars(served)["names"] = names
        yield served
    fetching._trust.cache_clear()


def test_the_name_is_looked_up_once_and_asked_for_at_the_address_that_was_checked(secure, monkeypatch):
    """A second look-up could answer differently (DNS rebinding); TLS and Host name the server, not its address."""
    asked = dns(monkeypatch, keys_example_org=["127.0.0.1"])
    assert fetch_json(f"https://keys.example.org:{secure.port}/jwks").document == {"keys": []}
    assert asked == ["keys.example.org"]
    assert vars(secure)["names"] == ["keys.example.org"]
    assert secure.asked[0]["host"] == f"keys.example.org:{secure.port}"


def test_a_server_with_another_name_s_certificate_is_not_believed(secure, monkeypatch):
    dns(monkeypatch, other_example_org=["127.0.0.1"])
    assert refusal(f"https://other.example.org:{secure.port}/jwks") is Why.UNREACHABLE
    assert secure.asked == []


def test_a_server_that_nobody_vouches_for_is_not_believed(secure, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    fetching._trust.cache_clear()
    dns(monkeypatch, keys_example_org=["127.0.0.1"])
    assert refusal(f"https://keys.example.org:{secure.port}/jwks") is Why.UNREACHABLE
    assert secure.asked == []


def test_a_second_address_serves_when_the_first_does_not(server, monkeypatch):
    dns(monkeypatch, localhost=["::1", "127.0.0.1"])
    assert fetch_json(server.url.replace("127.0.0.1", "localhost")).document == {"keys": []}
