"""Relying parties: their presets, their addresses, their secrets."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK

from accounts.models import Entry, Event
from franceconnect import registration
from franceconnect.models import Client
from franceconnect.presets import PRESETS
from franceconnect.registered_uris import MESSAGES, fault

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CALLBACK = "https://service.example.org/retour"
NOW = timezone.now()


def register(client_id: str = "service", preset: str = "standard", **columns: Any) -> registration.Registered:
    if preset == "standard":
        columns.setdefault("redirect_uris", [CALLBACK])
    return registration.register(client_id, preset=preset, now=NOW, **columns)


def codes(refused: ValidationError) -> set[tuple[str, str]]:
    return {(column, error.code) for column, errors in refused.error_dict.items() for error in errors}


def jwk(kind: str = "EC", **members: Any) -> dict[str, Any]:
    size: dict[str, Any] = {"size": 2048} if kind == "RSA" else {"crv": "P-256"}
    return json.loads(JWK.generate(kty=kind, **size, **members).export_public())


def test_a_standard_client_is_set_up_as_the_standards_want_it():
    """Issue 3, 9: the preset « standard »."""
    client = register().client
    client.refresh_from_db()
    assert client.kind == "standard"
    assert client.auth_method == "client_secret_basic"
    assert client.algorithm == "ES256"
    assert client.userinfo_format == "json"
    assert client.pkce_required
    assert client.asks_consent
    assert client.acr_allowed == ("eidas1",)
    assert client.client_type == "confidential"
    assert client.authorization_grant_type == "authorization-code"
    assert client.redirect_uris == CALLBACK
    assert client.sector == "service.example.org"
    assert client.is_active


@pytest.mark.parametrize(
    ("preset", "hosts"),
    [
        ("franceconnect-production", ["oidc.franceconnect.gouv.fr"]),
        (
            "franceconnect-integration",
            ["fcp-low.sbx.dev-franceconnect.fr", "fcp-low.integ01.dev-franceconnect.fr"],
        ),
    ],
)
def test_franceconnect_s_platforms_are_known(preset, hosts):
    """Fact sheet A1 to A4, A6: addresses, client_secret_post, no PKCE, ES256, eidas1 and nothing else."""
    client = register("franceconnect", preset).client
    client.refresh_from_db()
    assert client.redirect_uris.split() == [f"https://{host}/api/v2/oidc-callback" for host in hosts]
    assert client.post_logout_redirect_uris.split() == [
        f"https://{host}/api/v2/client/logout-callback" for host in hosts
    ]
    assert client.is_federation
    assert (client.auth_method, client.algorithm, client.userinfo_format) == ("client_secret_post", "ES256", "jwt")
    assert not client.pkce_required
    assert not client.asks_consent
    assert client.acr_allowed == ("eidas1",)
    assert client.sector == hosts[0]


def test_what_is_said_on_top_of_a_preset_counts_and_the_preset_stays_as_it_was():
    before = json.dumps(PRESETS)
    here = ["http://127.0.0.1:8001/api/v2/oidc-callback"]
    client = register("fc", "franceconnect-production", redirect_uris=here, algorithm="RS256", name="Essai").client
    assert (client.redirect_uris, client.algorithm, client.name) == (here[0], "RS256", "Essai")
    assert json.dumps(PRESETS) == before


def test_a_secret_is_long_told_once_and_kept_as_a_hash():
    """FI 30: 32 characters at least, hashed at rest."""
    new = register()
    assert new.secret is not None
    assert len(new.secret) == 43
    assert register("another").secret != new.secret
    row = Client.objects.filter(client_id="service").values().get()
    assert new.secret not in str(row)
    assert row["client_secret"].startswith("client_secret$")
    assert new.secret not in repr(new)
    assert registration.secret_fits(new.client, new.secret, NOW)


@pytest.mark.parametrize("wrong", ["", "x", "\0", "é", "x" * 100_000])
def test_no_other_secret_fits(wrong):
    new = register()
    assert new.secret is not None
    for secret in (wrong, new.secret + wrong if wrong else new.secret[:-1], new.client.client_secret):
        assert not registration.secret_fits(new.client, secret, NOW)


def test_the_old_secret_serves_until_the_overlap_ends(settings):
    """FI 30: rotatable with overlap."""
    new = register()
    client, first = new.client, new.secret
    second = registration.rotate_secret(client, now=NOW)
    client = Client.objects.get(pk=client.pk)
    end = NOW + settings.OIDC_CLIENT_SECRET_OVERLAP
    just_before = end - timedelta(seconds=1)
    assert client.previous_secret_until == end
    assert registration.secret_fits(client, first, just_before)
    assert registration.secret_fits(client, second, just_before)
    assert not registration.secret_fits(client, first, end)
    assert registration.secret_fits(client, second, end)


def test_there_are_two_secrets_and_never_three(settings):
    """A button pressed twice must not end the secret that the service still uses."""
    new = register()
    second = registration.rotate_secret(new.client, now=NOW)
    for client in (new.client, Client.objects.get(pk=new.client.pk)):
        with pytest.raises(ValidationError) as refused:
            registration.rotate_secret(client, now=NOW)
        assert refused.value.code == "two_secrets"
    client = Client.objects.get(pk=new.client.pk)
    assert [registration.secret_fits(client, each, NOW) for each in (new.secret, second)] == [True, True]
    third = registration.rotate_secret(client, now=NOW + settings.OIDC_CLIENT_SECRET_OVERLAP)
    client = Client.objects.get(pk=new.client.pk)
    later = NOW + settings.OIDC_CLIENT_SECRET_OVERLAP
    assert [registration.secret_fits(client, each, later) for each in (new.secret, second, third)] == [
        False,
        True,
        True,
    ]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_at_once_one_gets_a_secret():
    new = register()

    def press(_: int) -> str | None:
        try:
            return registration.rotate_secret(Client.objects.get(pk=new.client.pk), now=NOW)
        except ValidationError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1 if connection.vendor == "sqlite" else 8) as operators:
        [second] = [secret for secret in operators.map(press, range(16)) if secret]
    client = Client.objects.get(pk=new.client.pk)
    assert registration.secret_fits(client, new.secret, NOW)
    assert registration.secret_fits(client, second, NOW)


def test_what_is_changed_leaves_a_secret_that_changed_beside_it():
    """Two pages of the desk open at once."""
    new = register()
    seen_before = Client.objects.get(pk=new.client.pk)
    second = registration.rotate_secret(new.client, now=NOW)
    seen_before.name = "Autre nom"
    registration.change(seen_before, ["name"], by=uuid.uuid4(), now=NOW)
    client = Client.objects.get(pk=new.client.pk)
    assert client.name == "Autre nom"
    assert registration.secret_fits(client, second, NOW)
    assert registration.secret_fits(client, new.secret, NOW)
    assert Entry.objects.get(event=Event.CLIENT_CHANGED).detail == {"client_id": "service", "columns": ["name"]}


def test_a_leaked_secret_serves_no_more():
    new = register()
    second = registration.rotate_secret(new.client, now=NOW, immediately=True)
    client = Client.objects.get(pk=new.client.pk)
    assert [registration.secret_fits(client, each, NOW) for each in (new.secret, second)] == [False, True]


def test_the_old_secret_can_be_retired_before_its_time():
    new = register()
    second = registration.rotate_secret(new.client, now=NOW)
    registration.retire_previous_secret(new.client, now=NOW)
    for client in (new.client, Client.objects.get(pk=new.client.pk)):
        assert [registration.secret_fits(client, each, NOW) for each in (new.secret, second)] == [False, True]
    registration.retire_previous_secret(new.client, now=NOW)  # nothing left to retire: nothing happens
    assert Entry.objects.filter(event=Event.CLIENT_SECRET_RETIRED).count() == 1


def test_the_journal_names_the_client_and_tells_no_secret():
    """R21."""
    new = register()
    second = registration.rotate_secret(new.client, now=NOW)
    lines = list(Entry.objects.order_by("pk").values_list("event", "detail", "account"))
    assert [event for event, _, _ in lines] == ["client:registered", "client:secret_rotated"]
    assert all(detail["client_id"] == "service" for _, detail, _ in lines)
    assert new.secret not in str(lines)
    assert second not in str(lines)


def test_a_client_that_signs_has_no_secret():
    new = register(auth_method="private_key_jwt", jwks={"keys": [jwk(use="sig")]})
    assert new.secret is None
    for guess in ("", "None", new.client.client_secret):
        assert not registration.secret_fits(new.client, guess, NOW)
    with pytest.raises(ValidationError) as refused:
        registration.rotate_secret(new.client, now=NOW)
    assert refused.value.code == "no_secret"


def test_an_identifier_serves_once():
    register()
    with pytest.raises(ValidationError) as refused:
        register()
    assert codes(refused.value) == {("client_id", "unique")}
    assert Client.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_operators_at_once_one_gets_the_identifier():
    """The others are told so, and nothing of theirs is written."""

    def hurry(_: int) -> str:
        try:
            register()
        except ValidationError as refused:
            return ", ".join(code for _, code in codes(refused))
        finally:
            connection.close()
        return "registered"

    with ThreadPoolExecutor(max_workers=1 if connection.vendor == "sqlite" else 8) as operators:
        answers = list(operators.map(hurry, range(16)))
    assert sorted(answers) == ["registered"] + ["unique"] * 15
    assert Entry.objects.filter(event=Event.CLIENT_REGISTERED).count() == 1


REFUSED_ADDRESSES = {
    "https://service.example.org/retour#": "uri_characters",
    "https://service.example.org/retour#fin": "uri_characters",
    "https://*.example.org/retour": "uri_characters",
    "https://service.example.org/*": "uri_characters",
    "https://service.example.org/a b": "uri_characters",
    "https://service.example.org/\0": "uri_characters",
    "https://service.example.org/\x1fa": "uri_characters",
    "https://service.example.org/retour\n": "uri_characters",
    "https://service.example.org\\@evil.example": "uri_characters",
    "https://sérvice.example.org/": "uri_characters",
    "https://service.example.org/%zz": "uri_characters",
    'https://service.example.org/"><script>': "uri_characters",
    "": "uri_characters",
    "/retour": "uri_not_absolute",
    "//service.example.org/retour": "uri_not_absolute",
    "service.example.org/retour": "uri_not_absolute",
    "javascript:alert(1)": "uri_not_absolute",
    "data:text/html,x": "uri_not_absolute",
    "myapp://retour": "uri_not_absolute",
    "HTTPS://service.example.org/": "uri_not_absolute",
    "https:service.example.org": "uri_not_absolute",
    "https:///retour": "uri_host",
    "https://service.example.org:0/": "uri_host",
    "https://service.example.org:99999/": "uri_host",
    "https://service.example.org:/": "uri_host",
    "https://[::1/": "uri_host",
    "https://-a.example.org/": "uri_host",
    "https://a..example.org/": "uri_host",
    "https://a_b.example.org/": "uri_host",
    "https://1.2.3.4.5/": "uri_host",
    "https://user@service.example.org/": "uri_user",
    "https://user:secret@service.example.org/": "uri_user",
    "https://service.example.org/retour?code=x": "uri_parameter",
    "https://service.example.org/retour?a=b&state=": "uri_parameter",
    "https://service.example.org/retour?iss=https://evil.example": "uri_parameter",
    "https://service.example.org/retour?error": "uri_parameter",
    "https://service.example.org/retour?error_description=a+b": "uri_parameter",
    "https://service.example.org/retour?%63od%65=x": "uri_parameter",
    "https://service.example.org?a=b&&code=": "uri_parameter",
    "http://127.0.0.1:8001/retour?code=x": "uri_parameter",
    "http://service.example.org/retour": "uri_not_https",
    "http://127.0.0.1.example.org/retour": "uri_not_https",
    "http://localhost.example.org/retour": "uri_not_https",
    "http://10.0.0.1/": "uri_not_https",
    "https://service.example.org/" + "a" * 500: "uri_too_long",
}


@pytest.mark.parametrize(("uri", "code"), REFUSED_ADDRESSES.items(), ids=[repr(uri)[:60] for uri in REFUSED_ADDRESSES])
@pytest.mark.parametrize("column", ["redirect_uris", "post_logout_redirect_uris"])
def test_an_address_that_could_match_another_is_refused(column, uri, code):
    with pytest.raises(ValidationError) as refused:
        register(**{column: [uri]})
    assert codes(refused.value) == {(column, code)}
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    "uri",
    [
        "https://service.example.org",
        "https://service.example.org/retour?a=b&c=%C3%A9",
        "https://service.example.org/retour?codes=x&a=code&issue=state",
        "https://service.example.org/code/state?origine=msa",
        "https://service.example.org:8443/a/b;c,d",
        "https://192.0.2.1/retour",
        "https://[2001:db8::1]/retour",
        "http://127.0.0.1:8001/retour",
        "http://[::1]:8001/retour",
        "http://localhost/retour",
    ],
)
def test_an_exact_address_is_kept_as_it_is(uri):
    client = register(redirect_uris=[uri, uri + "x"] if "?" in uri else [uri], sector="service.example.org").client
    assert client.redirect_uri_allowed(uri)
    for near in (uri + "/", uri.upper(), uri.replace("127.0.0.1:8001", "127.0.0.1:8002") + "#", f" {uri}"):
        assert not client.redirect_uri_allowed(near)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8001/", "http://localhost/", "http://[::1]/"])
def test_production_takes_https_only(settings, uri):
    settings.HTTPS = True
    assert fault(uri) == "uri_not_https"
    assert fault(uri.replace("http:", "https:")) == ""


@given(st.text(max_size=60).map(lambda tail: f"https://service.example.org/{tail}"))
def test_what_is_registered_is_one_word_of_visible_ascii(uri):
    if not fault(uri):
        assert uri.split() == [uri]
        assert uri.isascii()
        assert uri.isprintable()
        assert "#" not in uri
        assert "*" not in uri


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_is_not(text):
    assert fault(text) in ("", *MESSAGES)


def test_a_blank_does_not_make_two_addresses_of_one():
    with pytest.raises(ValidationError) as refused:
        register(redirect_uris=[f"{CALLBACK} https://evil.example/"])
    assert codes(refused.value) == {("redirect_uris", "uri_characters")}


EC, RSA = jwk(use="sig"), jwk("RSA", use="enc")
ELSEWHERE = ["https://a.example.org/r", "https://b.example.org/r"]
REFUSED_COLUMNS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"redirect_uris": []}, ("redirect_uris", "redirect_uri_missing")),
    ({"redirect_uris": ELSEWHERE}, ("sector", "sector_missing")),
    ({"sector": "https://a.example.org"}, ("sector", "sector_host")),
    ({"sector": "A.example.org"}, ("sector", "sector_host")),
    ({"sector": "a@example.org"}, ("sector", "sector_host")),
    ({"acr": "eidas4"}, ("acr", "acr_unknown")),
    ({"acr": " "}, ("acr", "acr_unknown")),
    ({"acr": ""}, ("acr", "acr_unknown")),
    ({"kind": "other"}, ("kind", "invalid_choice")),
    ({"algorithm": "HS256"}, ("algorithm", "invalid_choice")),
    ({"algorithm": "none"}, ("algorithm", "invalid_choice")),
    ({"encryption_alg": "RSA1_5"}, ("encryption_alg", "invalid_choice")),
    ({"auth_method": "none"}, ("auth_method", "invalid_choice")),
    ({"auth_method": "private_key_jwt"}, ("jwks_uri", "jwks_missing")),
    ({"encryption_alg": "ECDH-ES", "userinfo_format": "jwt"}, ("jwks_uri", "jwks_missing")),
    ({"encryption_alg": "RSA-OAEP-256", "jwks": {"keys": [RSA]}}, ("userinfo_format", "encryption_needs_jwt")),
    (
        {"encryption_alg": "ECDH-ES", "userinfo_format": "jwt", "jwks": {"keys": [RSA]}},
        ("jwks", "jwks_no_encryption_key"),
    ),
    (
        {"encryption_alg": "ECDH-ES", "userinfo_format": "jwt", "jwks": {"keys": [EC]}},
        ("jwks", "jwks_no_encryption_key"),
    ),
    ({"auth_method": "private_key_jwt", "jwks": {"keys": [RSA]}}, ("jwks", "jwks_no_signature_key")),
    ({"jwks": {"keys": [EC | {"d": "AAAA"}]}}, ("jwks", "jwks_private")),
    ({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}, ("jwks", "jwks_private")),
    ({"jwks": {"keys": {}}}, ("jwks", "jwks_malformed")),
    ({"jwks": []}, ("jwks", "jwks_malformed")),
    ({"jwks": {"keys": [EC], "x": "\0"}}, ("jwks", "jwks_malformed")),
    ({"jwks": {"keys": [EC], "x": "\ud800"}}, ("jwks", "jwks_malformed")),
    ({"jwks": {"keys": [EC], "x": float("nan")}}, ("jwks", "jwks_malformed")),
    ({"jwks": {"keys": [EC], "x": "x" * 65536}}, ("jwks", "jwks_malformed")),
    ({"jwks": {"keys": [EC]}, "jwks_uri": "https://a.example.org/jwks"}, ("jwks", "jwks_twice")),
    ({"jwks_uri": "http://a.example.org/jwks"}, ("jwks_uri", "uri_not_https")),
    ({"jwks_uri": "https://user@a.example.org/jwks"}, ("jwks_uri", "uri_user")),
]


@pytest.mark.parametrize(("columns", "fault"), REFUSED_COLUMNS, ids=[code for _, (_, code) in REFUSED_COLUMNS])
def test_what_does_not_hold_together_is_refused(columns, fault):
    with pytest.raises(ValidationError) as refused:
        register(**columns)
    assert fault in codes(refused.value)
    assert not Client.objects.exists()


@pytest.mark.parametrize("client_id", ["", "a b", "a:b", "é", "a\0", "-a", "a/b", 'a"', "a" * 256])
def test_an_identifier_is_plain(client_id):
    with pytest.raises(ValidationError) as refused:
        register(client_id)
    assert "client_id" in {column for column, _ in codes(refused.value)}


def test_several_servers_share_a_sector_that_is_named():
    """Core, 8.1."""
    client = register(redirect_uris=ELSEWHERE, sector="a.example.org").client
    assert client.subject_sector == "a.example.org"


def test_a_new_address_leaves_the_sector_as_it_was():
    """Issue 3, 3: a member's `sub` is stable."""
    client = register(redirect_uris=["http://[::1]:8001/r"]).client
    client.redirect_uris = CALLBACK
    client.full_clean()
    assert client.subject_sector == "[::1]:8001"
