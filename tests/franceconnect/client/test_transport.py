"""The line to FranceConnect holds nobody up, leads nowhere and tells nothing (FS 7, FS 23)."""

import ssl
from datetime import timedelta
from ipaddress import ip_address

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from franceconnect.client import transport
from franceconnect.client.transport import NotAsExpected, Unreachable, Why
from tests.franceconnect.key_server import dripping, key_server, silent
from tests.simulator import free_port


@pytest.fixture
def server():
    with key_server() as served:
        yield served


def refusal(url: str) -> Why:
    with pytest.raises((Unreachable, NotAsExpected)) as refused:
        transport.get_json(url)
    return refused.value.why


def test_an_object_is_read(server):
    server.headers["Cache-Control"] = "public, max-age=600"
    assert transport.get_json(server.url) == transport.Document({"keys": []}, 600)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (500, Why.STATUS),
        (503, Why.STATUS),
        (404, Why.STATUS),
        (204, Why.STATUS),
        (302, Why.REDIRECT),
        (308, Why.REDIRECT),
    ],
)
def test_nothing_but_a_success_is_read(server, status, why):
    """A redirect leads nowhere: the next address is not even asked."""
    server.status, server.headers["Location"] = status, f"{server.url}/elsewhere"
    assert refusal(server.url) is why
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b"<html>", b"\xff", b"[" * 60_000], ids=lambda body: repr(body[:6])
)
def test_what_is_no_object_is_refused(server, body):
    server.document = body
    assert refusal(server.url) is Why.NOT_JSON


def test_a_long_answer_is_not_read_to_its_end(server):
    server.document = b"{" + b" " * transport.LARGEST + b"}"
    assert refusal(server.url) is Why.TOO_LARGE


@pytest.mark.parametrize(
    "answer",
    [silent, dripping(every=0.1), dripping(every=0.1, head=b"HTTP/1.1 200 OK\r\nX: "),
     dripping(every=0.1, head=b"HTTP/1.1 200 OK\r\n\r\n")],
    ids=["silent", "no_status", "endless_header", "endless_body"],
)  # fmt: skip
def test_a_slow_server_holds_nobody_up(server, monkeypatch, answer):
    """FS 7: each byte comes within the patience for one, and the whole has an end all the same."""
    monkeypatch.setattr(transport, "READ", 0.5)
    monkeypatch.setattr(transport, "ALTOGETHER", 0.8)
    server.answer = answer
    assert refusal(server.url) is Why.TOO_SLOW


def test_nobody_there(server):
    assert refusal(f"http://127.0.0.1:{free_port()}/") is Why.UNREACHABLE


def test_no_proxy_no_password_no_cookie(server, monkeypatch, tmp_path):
    """FS 23: the environment has no say, and FranceConnect's cookies are its visitors'."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login who password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    server.headers["Set-Cookie"] = "who=me; Path=/"
    session = transport.open_line(requests.Session())
    session.get(server.url)
    session.get(server.url)
    assert [each.get("cookie") for each in server.asked] == [None, None]
    assert [each.get("authorization") for each in server.asked] == [None, None]


def test_the_token_is_in_the_header(server):
    """FS 9, FS 23: in no address."""
    transport.get(server.url, accept="application/jwt", token="a-token")
    assert server.asked[0]["authorization"] == "Bearer a-token"
    assert "a-token" not in server.asked[0]["path"]


def test_its_refusals_name_no_address(server):
    """FS 23: what the libraries say of a failure has the whole address in it."""
    with pytest.raises(Unreachable) as failed:
        transport.get_json(f"http://127.0.0.1:{free_port()}/?code=secret")
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__
    assert "secret" not in str(failed.value)


def of_nobody(folder) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate for this machine that it signed itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    both = folder / "both.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    both.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_certificate_that_nobody_vouches_for_is_not_believed(tmp_path, monkeypatch, variable):
    """FS 1: nor when the environment says that somebody does, nor when a session is told not to look."""
    with key_server(tls=of_nobody(tmp_path)) as served:
        monkeypatch.setenv(variable, str(tmp_path / "both.pem"))
        assert refusal(served.url) is Why.UNREACHABLE
        with pytest.raises(Unreachable):
            transport.open_line(requests.Session()).get(served.url, verify=False)
        assert served.asked == []
