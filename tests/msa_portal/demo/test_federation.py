"""The simulated FranceConnect in the books of the demonstration's provider (J01, facts A1)."""

import pytest
from django.utils import timezone

from franceconnect import registration
from franceconnect.models import Client
from msa_portal.demo.federation import CLIENT_ID, register_hub

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demonstration(settings):
    settings.SIMULATOR_CLIENT_SECRET, settings.SIMULATOR_PORT = "s" * 43, 8001


def hub() -> Client:
    return Client.objects.get(client_id=CLIENT_ID)


def test_it_is_registered_as_franceconnect_is():
    assert register_hub(now=timezone.now())
    assert hub().is_federation
    assert (hub().auth_method, hub().algorithm, hub().userinfo_format) == ("client_secret_post", "ES256", "jwt")
    assert hub().redirect_uris == "http://127.0.0.1:8001/api/v2/oidc-callback"
    assert hub().post_logout_redirect_uris == "http://127.0.0.1:8001/api/v2/client/logout-callback"
    assert registration.secret_fits(hub(), "s" * 43, timezone.now())


def test_a_second_start_writes_nothing():
    register_hub(now=timezone.now())
    before = hub().updated
    assert not register_hub(now=timezone.now())
    assert hub().updated == before


def test_another_port_and_another_secret_are_followed(settings):
    register_hub(now=timezone.now())
    settings.SIMULATOR_CLIENT_SECRET, settings.SIMULATOR_PORT = "t" * 43, 9001
    assert register_hub(now=timezone.now())
    assert hub().redirect_uris == "http://127.0.0.1:9001/api/v2/oidc-callback"
    assert registration.secret_fits(hub(), "t" * 43, timezone.now())
    assert not registration.secret_fits(hub(), "s" * 43, timezone.now())


def test_where_there_is_no_simulator_there_is_no_such_client(settings):
    settings.SIMULATOR_CLIENT_SECRET = ""
    assert not register_hub(now=timezone.now())
    assert not Client.objects.filter(client_id=CLIENT_ID).exists()
