"""Ten thousand requests of every kind that nobody should send: none is an error of ours, none leads a member astray.

Parameters are good ones among which some are replaced, repeated, left out or spoilt (issue 3, traps; libraries, 2.2).
"""

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote_from_bytes, urlencode, urlsplit

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from accounts.models import Account
from tests.members import LAMY
from tests.oidc.clients import CALLBACK, FC_CALLBACK, LOGOUT_CALLBACK, franceconnect, standard
from tests.oidc.relying_party import ASSERTION_TYPE, RelyingParty, Sent
from tests.oidc.visitor import Visitor, whole_flow
from tests.oidc.wire import Response, Wire

pytestmark = [pytest.mark.django_db]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
CLAIM_NAMES = st.sampled_from(["acr", "auth_time", "sub", "name", "email", "\x00", "\ud800", "é", "x" * 300, ""])
ASKED = st.none() | st.fixed_dictionaries({}, optional={"essential": JSON, "value": JSON, "values": JSON}) | JSON
CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        "userinfo": st.dictionaries(CLAIM_NAMES, ASKED, max_size=3) | JSON,
        "id_token": st.dictionaries(CLAIM_NAMES, ASKED, max_size=3) | JSON,
    },
)
HEADS = st.fixed_dictionaries(
    {}, optional={"alg": st.sampled_from(["none", "HS256", "ES256", "RS256", ""]) | JSON, "kid": JSON, "crit": JSON}
)
SAID = st.fixed_dictionaries(
    {},
    optional={"iss": st.just("service") | JSON, "sub": JSON, "aud": JSON, "exp": JSON, "iat": JSON, "jti": JSON},
)
ASKED_CLAIMS = CLAIMS.map(lambda claims: json.dumps(claims).encode())


def a_token(parts: tuple[Any, Any, bytes]) -> bytes:
    head, said, signature = parts
    encoded = (json.dumps(head).encode(), json.dumps(said).encode(), signature)
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in encoded)


NASTY = [
    b"", b" ", b"\x00", b"a\x00b", b"\r\nSet-Cookie: x=1", b"\x1b[0m", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80",
    "\ufeff\u202e\U0010ffff".encode(), b"x" * 256, b"x" * 5000, b"-1", b"0", b"1e999", b"NaN", b"9" * 4400,
    b"9999999999", "٣".encode(), "²".encode(), b"[]", b"{}", b'{"', b"[" * 2000, b"null", b"login none", b"none",
    b"consent", b"select_account", b"code id_token", b"token", b"form_post", b"fragment", b"query", b"plain", b"S256",
    b"openid openid", b"%", b"%00", b"%zz", b"../..", b"//evil.example", b"https://evil.example/", b"<script>",
    b"javascript:alert(1)", b"' OR 1=1 --", b"${7*7}", b"eidas1", b"eidas3", b"urn:x", b"fr-FR xx", b"Bearer", b".",
    b"..", b"a.b.c", b"e30.e30.e30", b"e30.e30.e30.e30.e30", b"\xf0\x9f\x98\x80" * 50,
]  # fmt: skip
SPOILT = (
    st.sampled_from(NASTY)
    | st.binary(max_size=12)
    | st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
TOKENS = st.tuples(HEADS, SAID, st.binary(max_size=8)).map(a_token)


# Names that Python knows and no browser; some make half a character of plain letters.
CHARSETS = [
    "utf-8", "utf-7", "utf-16", "utf-16-le", "utf-32", "unicode_escape", "raw_unicode_escape", "cp037", "utf-8-sig",
    "mbcs", "x", "", "\xe9", '"utf-8',
]  # fmt: skip
MEDIA_TYPES = [
    "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/json", "x", "",
]  # fmt: skip
CONTENT_TYPES = st.builds("{}; charset={}".format, st.sampled_from(MEDIA_TYPES), st.sampled_from(CHARSETS)) | (
    st.sampled_from(MEDIA_TYPES)
)
# Half of them as they should be: the changes of the parameters are to be read as well.
FORMS = st.just("") | CONTENT_TYPES
METHODS = st.sampled_from(["POST", "POST", "POST", "GET", "PUT"])
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Authorization": st.sampled_from(["Basic ", "Bearer ", "Digest ", "basic", ""]).flatmap(
            lambda way: SPOILT.map(lambda value: way + (value.decode("latin-1") if b"\n" not in value else "x"))
        )
        | SPOILT.map(lambda value: f"Basic {base64.b64encode(value).decode()}"),
        "Content-Type": CONTENT_TYPES,
        "Accept-Language": st.just("\xff"),
        "Origin": st.just("null"),
    },
)  # fmt: skip


def changes(values: st.SearchStrategy[bytes]) -> st.SearchStrategy["Changes"]:
    """What becomes of some parameters: another value, a second one beside it, none, another name."""
    ways = st.sampled_from(["put", "add", "drop", "rename", "array"])
    return st.lists(st.tuples(st.integers(0, 30), ways, values), max_size=4)


Changes = list[tuple[int, str, bytes]]


def on_the_wire(good: dict[str, str], some: Changes) -> bytes:
    """The parameters after these changes."""
    pairs = [(name.encode(), value.encode()) for name, value in good.items()]
    for place, change, value in some:
        index = place % len(pairs) if pairs else 0
        name = pairs[index][0] if pairs else b"x"
        match change:
            case "put" if pairs:
                pairs[index] = (name, value)
            case "drop" if pairs:
                del pairs[index]
            case "rename" if pairs:
                pairs[index] = (value, pairs[index][1])
            case "array":
                pairs.append((name + b"[]", value))
            case _:
                pairs.append((name, value))
    return b"&".join(b"=".join(quote_from_bytes(part).encode() for part in pair) for pair in pairs)


@dataclass(frozen=True)
class World:
    """A member who is signed in, two clients, and what they got."""

    wire: Wire
    party: RelyingParty
    fc: RelyingParty
    cookies: dict[str, str]
    hints: dict[str, str]
    token: str

    def authorization(self, party: RelyingParty) -> dict[str, str]:
        """Every parameter that we read, good."""
        sent = party.request(max_age="100000", login_hint=LAMY, ui_locales="fr", display="page", claims="{}")
        return {
            **sent.parameters,
            "acr_values": "eidas1",
            "response_mode": "query",
            "id_token_hint": self.hints[party.client_id],
        }

    def code(self, sent: Sent) -> str:
        """A code that waits to be exchanged."""
        query = urlencode(sent.parameters).encode()
        answer = self.wire.send("GET", "/oidc/authorize", query=query, headers=self.cookies)
        return parse_qs(urlsplit(str(answer.headers["Location"])).query)["code"][0]

    def where(self, method: str, parameters: bytes, *, signed_in: bool, content_type: str = "") -> dict[str, Any]:
        named = {"Content-Type": content_type} if content_type else {}
        headers = {**named, **(self.cookies if signed_in else {})}
        return {"query" if method == "GET" else "body": parameters, "headers": headers}


@pytest.fixture
def world(account: Account) -> World:
    party, fc, visitor = standard(), franceconnect(), Visitor()
    tokens = whole_flow(party, visitor)
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in visitor.client.cookies.items())
    hints = {party.client_id: tokens.id_token, fc.client_id: whole_flow(fc, visitor).id_token}
    return World(Wire(), party, fc, {"Cookie": cookies}, hints, tokens.access_token)


AT_ONCE = 10


def thoroughly(count: int) -> Any:
    """So many requests, five to an example; the world is the same for all of them, on purpose."""
    return examples(max_examples=count // AT_ONCE, suppress_health_check=list(HealthCheck))


def several(*of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.tuples(*of), min_size=AT_ONCE, max_size=AT_ONCE)


def leads_nowhere_else(answer: Response) -> None:
    """A redirect goes to a page of ours or to one of the registered addresses."""
    there = answer.headers.get("Location") or "/"
    assert there.startswith((f"{CALLBACK}?", f"{FC_CALLBACK}?", LOGOUT_CALLBACK, f"{settings.BASE_URL}/", "/")), there
    assert not there.startswith("//"), there
    assert "\n" not in there
    assert answer.status in (200, 302, 303, 400, 403, 404, 405, 410, 413), answer


def answers_a_machine(answer: Response) -> None:
    """An answer of the protocol, or the refusal of a request that cannot be read at all."""
    assert answer.status in (200, 400, 401, 405, 413), answer
    if answer.status == 401:
        assert answer.headers["WWW-Authenticate"]
    if answer.status in (200, 401):
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("whose", ["standard", "federation"])
@pytest.mark.parametrize(("method", "count"), [("GET", 1000), ("POST", 500)])
def test_authorize(world: World, whose: str, method: str, count: int) -> None:
    """3,000: by link and by form, with and without a session."""
    good = world.authorization(world.party if whose == "standard" else world.fc)

    @thoroughly(count)
    @given(several(changes(SPOILT | ASKED_CLAIMS), st.booleans(), FORMS))
    def requests(drawn: list[tuple[Changes, bool, str]]) -> None:
        for some, signed_in, form in drawn:
            sent = world.where(method, on_the_wire(good, some), signed_in=signed_in, content_type=form)
            leads_nowhere_else(world.wire.send(method, "/oidc/authorize", **sent))

    requests()


def test_claims_of_every_shape(world: World) -> None:
    """1,000: what is stored for later as well as what is refused at once."""
    good = urlencode(world.party.request().parameters).encode()

    @thoroughly(1000)
    @given(several(ASKED_CLAIMS))
    def requests(drawn: list[tuple[bytes]]) -> None:
        for (claims,) in drawn:
            sent = world.where("GET", good + b"&claims=" + quote_from_bytes(claims).encode(), signed_in=True)
            leads_nowhere_else(world.wire.send("GET", "/oidc/authorize", **sent))

    requests()


@pytest.mark.parametrize(("path", "count"), [("/oidc/token", 2500), ("/oidc/userinfo", 1000), ("/oidc/revoke", 1000)])
def test_what_clients_call(world: World, path: str, count: int) -> None:
    """4,500: code, token, assertion and secret, in the form and in the header."""
    asked = world.party.request(prompt="none")
    form = {
        "grant_type": "authorization_code", "redirect_uri": CALLBACK, "client_id": "service", "scope": "openid",
        "token": world.token, "token_type_hint": "access_token", "access_token": world.token,
        "code_verifier": asked.verifier, "code": world.code(asked),
    }  # fmt: skip
    secret = {"client_secret": world.party.secret}
    signed = {"client_assertion": "e30.e30.e30", "client_assertion_type": ASSERTION_TYPE}

    @thoroughly(count)
    @given(several(changes(SPOILT | TOKENS), HEADERS, st.booleans(), METHODS))
    def requests(drawn: list[tuple[Changes, dict[str, str], bool, str]]) -> None:
        for some, headers, signs, method in drawn:
            body = on_the_wire({**form, **(signed if signs else secret)}, some)
            answer = world.wire.send(method, path, body=body, headers=headers)
            answers_a_machine(answer)
            if path == "/oidc/token" and answer.status == 200:
                form["code"] = world.code(asked)

    requests()


@pytest.mark.parametrize(("method", "count"), [("GET", 1000), ("POST", 500)])
def test_logout(world: World, method: str, count: int) -> None:
    """1,500: the hint above all."""
    good = {
        "id_token_hint": world.hints["service"], "client_id": "service", "post_logout_redirect_uri": LOGOUT_CALLBACK,
        "state": "s" * 64, "ui_locales": "fr", "logout_hint": "x",
    }  # fmt: skip

    @thoroughly(count)
    @given(several(changes(SPOILT | TOKENS), st.booleans(), FORMS))
    def requests(drawn: list[tuple[Changes, bool, str]]) -> None:
        for some, signed_in, form in drawn:
            sent = world.where(method, on_the_wire(good, some), signed_in=signed_in, content_type=form)
            leads_nowhere_else(world.wire.send(method, "/oidc/logout", **sent))

    requests()
