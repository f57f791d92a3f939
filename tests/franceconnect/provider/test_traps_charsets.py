"""Whatever charset a stranger's request names, it is read as UTF-8, and half a character is refused (R12, R15).

Some names are programs of Python's: « unicode_escape » makes half a character of plain letters.
"""

from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from accounts.models import Account
from franceconnect.models import Interaction
from tests.oidc.clients import CALLBACK, LOGOUT_CALLBACK, franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor, new_code
from tests.oidc.wire import Response, Wire

pytestmark = [pytest.mark.django_db]
CHARSETS = [
    "utf-7", "utf-16", "utf-16-le", "utf-32", "unicode_escape", "raw_unicode_escape", "cp037", "utf-8-sig", "mbcs",
    "nobody-knows", "", "\xe9", '"utf-8',
]  # fmt: skip
# As each of these charsets would spell half a character, or a NUL; and in UTF-8, as some libraries write it.
HALVES = [r"a\ud800b", "a+2AA-b", "%ED%A0%80", "a\x00b", r"\x00", "\udc80"]
MEDIA_TYPES = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]

TO_MACHINES = [("token", "code"), ("token", "code_verifier"), ("revoke", "token"), ("userinfo", "access_token")]


def spelt(parameters: dict[str, str]) -> bytes:
    return urlencode(parameters, errors="surrogatepass").encode()


@cache
def wire() -> Wire:
    return Wire()


def sent(method: str, path: str, parameters: dict[str, str], content_type: str) -> Response:
    """Raises where it would be a 500."""
    given = {"query" if method == "GET" else "body": spelt(parameters)}
    return wire().send(method, path, headers={"Content-Type": content_type}, **given)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("charset", CHARSETS)
def test_no_charset_breaks_an_endpoint(party: RelyingParty, charset: str, media_type: str) -> None:
    content_type = f"{media_type}; charset={charset}"
    asked = party.request().parameters
    form = {
        "grant_type": "authorization_code", "redirect_uri": CALLBACK, "client_id": "service", "code": "x" * 43,
        "client_secret": party.secret, "code_verifier": "v" * 43, "token": "t",
    }  # fmt: skip
    for half in HALVES:
        for method in ("GET", "POST"):
            for name in ("state", "nonce", "claims", "login_hint", "client_id", half):
                assert sent(method, "/oidc/authorize", {**asked, name: half}, content_type).status in (302, 303, 400)
            leaving = {"client_id": "service", "post_logout_redirect_uri": LOGOUT_CALLBACK, "state": half}
            assert sent(method, "/oidc/logout", leaving, content_type).status in (302, 303, 400)
        for path, name in TO_MACHINES:
            # A revocation of what is no token of ours is no error (RFC 7009, 2.2).
            fine = (200, 400, 401) if path == "revoke" else (400, 401)
            assert sent("POST", f"/oidc/{path}", {**form, name: half}, content_type).status in fine


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", [standard, franceconnect])
def test_a_request_means_the_same_in_every_charset(account: Account, kind: type, charset: str) -> None:
    """What a check has read is what is kept and given back, not another reading of the same bytes."""
    party = kind()
    state = r"é\ud800+2AA-€" + "s" * 40
    answer = sent("GET", "/oidc/authorize", party.request(state=state).parameters, f"text/plain; charset={charset}")
    assert answer.status == 302
    assert str(answer.headers["Location"]).startswith("/oidc/demande/")
    assert Interaction.objects.get().parameters["state"] == state


@pytest.mark.parametrize("charset", CHARSETS)
def test_the_state_of_a_refusal_comes_back_in_utf_8(party: RelyingParty, charset: str) -> None:
    state = "é€+2AA-"
    asked = party.request(state=state, prompt="none").parameters
    answer = sent("GET", "/oidc/authorize", asked, f"x; charset={charset}")
    told = dict(parse_qsl(urlsplit(str(answer.headers["Location"])).query))
    assert (told["error"], told["state"]) == ("login_required", state)


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_token_call_is_read_in_utf_8(party: RelyingParty, visitor: Visitor, charset: str) -> None:
    """The control: a good one is good, whatever it says of itself."""
    asked, code = new_code(party, visitor)
    form = {
        "grant_type": "authorization_code", "redirect_uri": CALLBACK, "client_id": "service", "code": code,
        "client_secret": party.secret, "code_verifier": asked.verifier,
    }  # fmt: skip
    answer = sent("POST", "/oidc/token", form, f"application/x-www-form-urlencoded; charset={charset}")
    assert answer.status == 200, answer.body


PART = b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n--x--\r\n"
NAMES = [
    b"name*=hex''61", b"name*=nobody''x", b"name*=idna''%ff", b"name*=undefined''%ff", b"name*=utf-7''+2AA-",
    b"name*=unicode_escape''%5Cud800", b'name="\xff"', b"name", b'name="state"; filename*=hex\'\'61', b"name*0*=hex''a",
    b'name="state"\r\nContent-Type: text/plain; charset*=hex\'\'61', b'name="s"\r\nContent-Transfer-Encoding: base64',
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("path", ["authorize", "logout", "token", "revoke", "userinfo"])
def test_no_part_of_a_form_breaks_an_endpoint(party: RelyingParty, path: str, name: bytes) -> None:
    """RFC 2231 lets each parameter of a part name a charset of its own."""
    for value in (b"x", b"\xed\xa0\x80", b"\x00"):
        headers = {"Content-Type": "multipart/form-data; boundary=x; charset=unicode_escape"}
        answer = wire().send("POST", f"/oidc/{path}", body=PART % (name, value), headers=headers)
        assert answer.status in (303, 400, 401)
