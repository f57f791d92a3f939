"""What FranceConnect publishes: believed when it is whole, remembered for a day (FS 1, FS 8)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from jwcrypto.jwk import JWK

from franceconnect.client import availability, metadata
from franceconnect.client.metadata import NotKnown
from tests.franceconnect.client.published import Published, published


@pytest.fixture
def franceconnect(settings) -> Iterator[Published]:
    with published(settings) as made:
        yield made


def endpoints(**later) -> metadata.Endpoints:
    return metadata.endpoints(now=timezone.now() + timedelta(**later))


def paths(franceconnect: Published) -> list[str]:
    return [each["path"] for each in franceconnect.server.asked]


def test_it_is_read_where_openid_connect_has_it_and_once_a_day(franceconnect):
    """FS 1."""
    assert endpoints().authorization == f"{franceconnect.issuer}/authorize"
    assert endpoints(hours=23).token == f"{franceconnect.issuer}/token"
    assert paths(franceconnect) == ["/.well-known/openid-configuration"]
    franceconnect.server.document["token_endpoint"] = f"{franceconnect.issuer}/new"
    assert endpoints(hours=25).token == f"{franceconnect.issuer}/new"
    assert len(paths(franceconnect)) == 2


def test_a_shorter_life_is_listened_to_within_bounds(franceconnect):
    """FS 1: five minutes at least, a day at most."""
    franceconnect.server.headers["Cache-Control"] = "public, max-age=600"
    endpoints()
    endpoints(minutes=9)
    assert len(paths(franceconnect)) == 1
    franceconnect.server.headers["Cache-Control"] = "max-age=0"
    endpoints(minutes=11)
    endpoints(minutes=15)
    assert len(paths(franceconnect)) == 2
    franceconnect.server.headers["Cache-Control"] = "max-age=99999999"
    endpoints(minutes=17)
    endpoints(hours=25)
    assert len(paths(franceconnect)) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "http://127.0.0.1/other"), ("issuer", None), ("token_endpoint", None), ("userinfo_endpoint", 7),
        ("authorization_endpoint", "javascript:alert(1)"), ("jwks_uri", "file:///etc/passwd"), ("jwks_uri", ""),
        ("end_session_endpoint", "//other.example"), ("response_types_supported", ["id_token"]),
        ("response_types_supported", "code"), ("subject_types_supported", [{}]),
    ],
)  # fmt: skip
def test_a_document_that_is_wrong_is_not_believed(franceconnect, name, value):
    """FS 1: nobody is sent anywhere by it; it is no breakdown either."""
    document = franceconnect.server.document
    franceconnect.server.document = {**document, name: value} if value is not None else without(document, name)
    with pytest.raises(NotKnown) as wrong:
        endpoints()
    assert wrong.value.why.startswith("odd:")
    assert not availability.is_down()


def without(document: dict, name: str) -> dict:
    return {each: value for each, value in document.items() if each != name}


def test_what_we_never_use_may_be_missing(franceconnect):
    """FS 1, FS 17: no sign-out, no claims_supported, strange policies."""
    franceconnect.server.document = without(franceconnect.server.document, "end_session_endpoint") | {"op_tos_uri": 7}
    assert endpoints().end_session == ""


def test_a_wrong_document_does_not_replace_a_good_one(franceconnect):
    """FS 1."""
    endpoints()
    franceconnect.server.document["issuer"] = "http://127.0.0.1/other"
    assert endpoints(hours=25).token == f"{franceconnect.issuer}/token"


def test_with_tls_everything_is_behind_tls(settings):
    """FS 1: an endpoint in clear is none, unless FranceConnect itself is on this machine."""
    settings.FRANCECONNECT_ISSUER = "https://franceconnect.example/api/v2"
    base = settings.FRANCECONNECT_ISSUER
    told = {
        "issuer": base, "response_types_supported": ["code"], "subject_types_supported": ["pairwise"],
        "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/userinfo", "jwks_uri": f"{base}/jwks",
    }  # fmt: skip
    assert metadata._checked(told)["token_endpoint"] == f"{base}/token"
    for name in metadata.ENDPOINTS:
        with pytest.raises(ValueError, match="not an address"):
            metadata._checked({**told, name: told[name].replace("https:", "http:")})


def test_keys_of_another_kind_are_passed_over(franceconnect):
    """FS 8: RSA, for encryption, without a name, unreadable; the one that signs is found among them."""
    good = franceconnect.server.document["keys"][0]
    rsa = JWK.generate(kty="RSA", size=2048, kid="rsa", use="sig", alg="RS256").export_public(as_dict=True)
    others = [
        rsa,
        {**good, "use": "enc", "kid": "e"},
        {**good, "alg": "ES384", "kid": "a"},
        {**good, "x": "?", "kid": "b"},
    ]
    franceconnect.server.document["keys"] = [*others, {"kty": "PQ"}, 7, without(good, "kid"), good]
    now = timezone.now()
    assert metadata.key(good["kid"], now=now)
    assert [metadata.key(kid, now=now) for kid in ("rsa", "e", "a", "b", "")] == [None] * 5


@pytest.mark.parametrize("keys", [None, [], 7, [7], [{}], {"kty": "EC"}])
def test_no_keys_are_no_keys(franceconnect, keys):
    """FS 8."""
    franceconnect.server.document["keys"] = keys
    with pytest.raises(NotKnown):
        metadata.key("any", now=timezone.now())


def test_keys_are_asked_for_again_once_in_a_few_seconds_whoever_names_one(franceconnect):
    """FS 8."""
    now = timezone.now()
    for _ in range(5):
        assert metadata.key("unknown", anew=True, now=now) is None
    assert paths(franceconnect).count("/jwks") == 1
    metadata.key("unknown", anew=True, now=now + timedelta(seconds=6))
    assert paths(franceconnect).count("/jwks") == 2


def test_a_server_that_is_broken_is_left_alone_for_a_moment(franceconnect):
    """FS 1: who comes within the next seconds does not wait for it as well."""
    franceconnect.server.status = 503
    for _ in range(3):
        with pytest.raises(NotKnown):
            endpoints()
    assert len(paths(franceconnect)) == 1
    assert availability.is_down()
    franceconnect.server.status = 200
    assert endpoints(seconds=6)
