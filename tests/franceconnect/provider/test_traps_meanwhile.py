"""What an operator stops while a member is on the way stops, once each process has read it again (ten seconds)."""

import pytest

from accounts.models import Account
from franceconnect import clients
from franceconnect.models import Client, Grant
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor

pytestmark = [pytest.mark.django_db]


def test_a_service_that_is_stopped_meanwhile_gets_no_code(account: Account, visitor: Visitor) -> None:
    for party in (standard(), franceconnect()):
        visitor.bring(party.request())
        Client.objects.filter(client_id=party.client_id).update(is_active=False)
        clients.forget_cache()
        visitor.sign_in()
        assert not visitor.left_for
    assert not Grant.objects.exists()


def test_an_address_that_is_taken_back_meanwhile_gets_no_code(party: RelyingParty, visitor: Visitor) -> None:
    visitor.bring(party.request())
    Client.objects.update(redirect_uris="https://service.example/autre")
    clients.forget_cache()
    visitor.sign_in()
    assert not visitor.left_for
    assert not Grant.objects.exists()
