"""What FranceConnect asks of the house around it: page, limits, traces, status, secret (FI 26 to FI 30).

J02, J03, J16, L06, R12, R15.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone
from time_machine import Traveller

from accounts.models import Entry, Event, Throttle
from franceconnect import registration
from franceconnect.models import Client, Grant, Interaction
from tests.members import LAMY, NEXT_PASSWORD, an_account
from tests.oidc.clients import franceconnect
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor, arrive, identity_of, whole_flow
from tests.stories.caller import last_mail_to
from tests.stories.signing_in import link_in_mail_to
from tests.stories.traces import happened

pytestmark = [pytest.mark.django_db]


WRONG = "L'identifiant ou le mot de passe ne correspond pas."


def test_the_page_has_what_franceconnect_wants_and_not_its_button(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 26, J02, J03, L06."""
    visitor.bring(fc.request()).sees(
        "Je me connecte avec mon compte msa.fr",
        "uniquement pour les particuliers et exploitants relevant de la MSA",
        "Numéro de Sécurité Sociale MSA", "Où trouver mon identifiant", "Mot de passe", "J'ai oublié mon mot de passe",
        "Un problème pour vous connecter ?", "Contactez-nous",
    )  # fmt: skip
    assert visitor.offers("Se connecter")
    assert visitor.offers("Retourner sur FranceConnect")
    assert visitor.offers("nscri"), "a way to register"
    html = visitor.response.content.decode()
    assert "S’identifier avec" not in html
    assert "S'identifier avec" not in html
    assert "fr-connect" not in html
    assert "/franceconnect/connexion/" not in html
    assert re.search(r"<(img|svg)[^>]*", html)
    assert 'name="viewport"' in html


def test_nothing_of_the_service_behind_franceconnect_is_kept(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 27: what FranceConnect does not tell we do not know; the journal has the day, a network mark, the outcome."""
    whole_flow(fc, visitor, service="mes-droits-sociaux", sp_id="mes-droits-sociaux")
    kept = [str(vars(row)) for model in (Entry, Interaction, Grant) for row in model.objects.all()]
    kept += [row.parameters and str(row.parameters) or "" for row in Interaction.objects.all()]
    assert "mes-droits-sociaux" not in "".join(kept)
    (line,) = happened(Event.FEDERATION_SIGN_IN)
    assert line.network
    assert line.request_id
    assert line.detail["client"] == fc.client_id


def test_guessing_is_slowed_down_and_says_nothing(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 28, R12: the limits of the portal's own window, and its words."""
    visitor.bring(fc.request())
    for _ in range(4):
        visitor.sign_in(password="Faux-Mot-9").sees(WRONG)
    visitor.sign_in(password="Faux-Mot-9").sees("Attendez une minute avant de réessayer")
    visitor.sign_in()
    assert visitor.response.status_code == 429
    assert not visitor.left_for
    # And the window knows of it: there is one limit, not two.
    Visitor().visit("/connexion/").sign_in().sees("attendez une minute")
    assert Throttle.objects.exists()


def test_the_status_costs_nothing(client: Browser, django_assert_num_queries: Any) -> None:
    """FI 29."""
    with django_assert_num_queries(0):
        answer = client.get("/status")
    assert answer.status_code == 200
    assert not answer.cookies
    assert client.head("/status").status_code == 200
    assert client.post("/status").status_code == 405


def test_a_secret_is_long_kept_as_a_hash_and_replaced_without_a_gap(visitor: Visitor, held_clock: Traveller) -> None:
    """FI 30."""
    an_account()
    new = registration.register("fc", preset="franceconnect-integration", now=timezone.now())
    assert new.secret is not None
    assert len(new.secret) >= 32
    assert new.secret not in str(Client.objects.filter(pk=new.client.pk).values())
    fc = franceconnect().but(client_id="fc", secret=new.secret)
    identity_of(fc, visitor)
    second = fc.but(secret=registration.rotate_secret(new.client, now=timezone.now()))
    identity_of(fc, visitor)
    identity_of(second, visitor)
    held_clock.shift(settings.OIDC_CLIENT_SECRET_OVERLAP + timedelta(seconds=1))
    identity_of(second, visitor)
    sent = fc.request()
    assert fc.ask_for_tokens(fc.code(sent, arrive(visitor.bring(sent))), sent).json()["error"] == "invalid_client"


def test_the_member_is_told_by_mail(fc: RelyingParty, visitor: Visitor) -> None:
    """J16: at each sign-in, by the name of FranceConnect alone."""
    whole_flow(fc, visitor)
    text = last_mail_to("fritz.lamy@example.org")
    assert "FranceConnect" in text
    assert "Ce n'est pas moi" in text.replace("’", "'")
    assert LAMY not in text


def test_the_password_may_have_been_forgotten_on_the_way(fc: RelyingParty, visitor: Visitor) -> None:
    """J03: the request waits while the member gets a new password in the same browser."""
    sent = fc.request()
    visitor.bring(sent)
    page = visitor.path
    visitor.follow("J'ai oublié mon mot de passe")
    visitor.press("Continuer", login_id=LAMY)
    visitor.visit(link_in_mail_to("fritz.lamy@example.org"))
    visitor.press("Enregistrer mon mot de passe", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    visitor.visit(page).sign_in(password=NEXT_PASSWORD)
    assert fc.code(sent, visitor.left_for)
