"""What goes between us and FranceConnect reaches no log, no journal and no address of ours (FS 23)."""

import json
import re

import pytest

from accounts.models import Entry
from tests.franceconnect.client.voyage import asked_in, come_back, leave, problem_of
from tests.listening import listening

pytestmark = pytest.mark.django_db

# The simulator's codes, states, nonces and tokens are 64 of these; a JWT is three parts.
SECRET = re.compile(r"[0-9a-f]{64}|eyJ[\w-]+\.[\w-]+\.")


def journal() -> str:
    return json.dumps(list(Entry.objects.values_list("detail", flat=True)))


def test_a_sign_in_leaves_nothing_in_the_log(simulator, settings):
    """FS 23: not at the lowest level either, whatever library speaks."""
    # The way between them is the visitor's: its browser here is the test, which says where it goes.
    with listening(1) as ear:
        left = leave()
    callback = simulator.walk(left)
    with listening(1) as other_ear:
        arrival = come_back(callback)
    said = "\n".join(ear.lines + other_ear.lines)
    assert "/api/v2/token" in said, "the libraries are heard"
    identity = arrival.identity
    for secret in (
        asked_in(left)["state"], asked_in(left)["nonce"], asked_in(callback)["code"], arrival.id_token,
        identity.subject, identity.family_name, identity.given_name, identity.birthdate, identity.birthplace,
        settings.FRANCECONNECT_CLIENT_SECRET,
    ):  # fmt: skip
        assert secret
        assert secret not in said
    assert not SECRET.search(said)


@pytest.mark.parametrize(
    "knobs",
    [
        {"spoil": "wrong_nonce"}, {"spoil": "tampered_userinfo"}, {"spoil": "no_family_name"},
        {"spoil": "expired_code"}, {"spoil": "forged_iss"}, {"userinfo_format": "json"},
        {"failing_endpoint": "token"}, {"failing_endpoint": "userinfo"},
        {"error": "access_denied", "error_description": "ORSINI Colomba"},
    ],
    ids=lambda knobs: " ".join(str(value) for value in knobs.values()),
)  # fmt: skip
def test_a_refusal_leaves_a_word_and_no_value(simulator, knobs):
    """FS 23: kinds of failures and names of claims, never what they hold."""
    simulator.turn(**knobs)
    callback = simulator.walk(leave())
    with listening(1) as ear:
        problem_of(callback)
    said = "\n".join(ear.lines)
    assert not SECRET.search(said)
    assert "ORSINI" not in said.upper()
    assert not SECRET.search(journal())
    assert "ORSINI" not in journal().upper()
