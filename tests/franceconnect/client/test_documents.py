"""What FranceConnect may read of us (FS 22)."""

import json

import pytest
from django.conf import settings
from django.urls import reverse

ADDRESS = "/franceconnect/adresses-de-retour.json"


def test_the_addresses_of_one_service_are_its_login_callbacks(client):
    """FS 22: https where the portal is, a JSON array, and nothing of the sign-out in it."""
    answer = client.get(ADDRESS)
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content) == [f"{settings.BASE_URL}{reverse('franceconnect:callback')}"]
    assert "deconnexion" not in answer.content.decode()
    assert not answer.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_writes_there(client, method):
    """FS 22."""
    assert getattr(client, method)(ADDRESS).status_code == 405
