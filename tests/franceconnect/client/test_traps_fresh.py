"""Who sits down at somebody else's open session makes no password of it: the proof has to be fresh (FS 18, FS 20)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import member_session
from accounts.models import Account
from franceconnect.client import tokens
from franceconnect.models import Link
from tests.franceconnect.client.traveller import START, Traveller, local
from tests.members import LAMY, NEXT_PASSWORD
from tests.personas import persona
from tests.stories.registering import FINISH

pytestmark = pytest.mark.django_db
DISSOCIATE, PASSWORD = "/mon-compte/franceconnect/dissocier/", "/mon-compte/mot-de-passe/"
CHOSEN = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}
STRIPPED = "&prompt=login%20consent"


@pytest.fixture
def lamy(simulator, held_clock) -> Traveller:
    """Registered through FranceConnect: no password."""
    simulator.follow_clock()
    persona("lamy")
    return Traveller(simulator).arrive().press("Se connecter", nir=LAMY).press(FINISH)


@pytest.fixture
def later(simulator, held_clock, lamy) -> Traveller:
    """Sixteen minutes after; the portal's and FranceConnect's sessions are both still open."""
    held_clock.shift(timedelta(minutes=16))
    simulator.follow_clock()
    return lamy


def token(caller: Traveller) -> str:
    return next(form.values["csrfmiddlewaretoken"] for form in caller.page.forms if "csrfmiddlewaretoken" in form.names)


def test_dissociating_late_chooses_no_password(later):
    """I14, FS 20: the same fifteen minutes as in Mon compte, by whatever page; then it goes on where it stopped."""
    later.visit(DISSOCIATE).sees("Reconnectez-vous avec FranceConnect")
    assert not [form for form in later.page.forms if "new_password1" in form.names]
    later.client.post(DISSOCIATE, {**CHOSEN, "csrfmiddlewaretoken": token(later)})
    assert not Account.objects.get().has_usable_password()
    assert Link.objects.exists()
    later.follow("Me reconnecter avec FranceConnect")
    assert later.path == DISSOCIATE
    assert [form for form in later.page.forms if "new_password1" in form.names]


def test_franceconnect_s_open_session_is_no_fresh_proof(later):
    """FS 20: without `prompt` in the address FranceConnect asks nobody; its auth_time says when it last did."""
    assert "/session/end" in later.client.get(START)["Location"]
    # Who sits there does not go that way, but begins once more.
    address = later.client.get(START)["Location"]
    assert STRIPPED in address
    later.visit(local(later.hub.walk(address.replace(STRIPPED, ""), citizen="lamy")))
    assert later.is_in
    later.visit(PASSWORD).sees("Reconnectez-vous avec FranceConnect")
    later.client.post(PASSWORD, {**CHOSEN, "csrfmiddlewaretoken": token(later)})
    assert not Account.objects.get().has_usable_password()


def test_nor_is_it_for_who_signed_out_here_only(later):
    """I17, FS 20: single sign-on opens the space, for as long as any session; a password wants more."""
    other = Traveller(later.simulator)
    other.hub = later.hub
    other.arrive()
    assert other.is_in
    assert other.client.session[member_session.SEEN] == int(timezone.now().timestamp())
    other.visit(PASSWORD).sees("Reconnectez-vous avec FranceConnect")
    other.follow("Me reconnecter avec FranceConnect")
    assert [form for form in other.page.forms if "new_password1" in form.names]


def test_a_way_out_is_not_gone_twice(later):
    """FS 17, FS 20: a FranceConnect that ends no session leads nobody round and round."""
    for _ in range(3):
        address = later.client.get(START, {"suite": PASSWORD})["Location"]
    assert "/authorize" in address
    assert later.is_in


@pytest.mark.parametrize("told", [None, "yesterday", True, -1, 0, 10.0**300, float("nan"), float("inf")])
def test_an_auth_time_of_any_kind_is_a_moment(told):
    """FS 20: not told is as old as FranceConnect's session may be; what is told of the future is now."""
    now = timezone.now()
    assert now - tokens.OLDEST <= tokens.proven_at({"auth_time": told}, now=now) <= now


def test_the_first_time_the_proof_is_as_old_as_it_is(simulator, held_clock):
    """I11, FS 20: it ages while the number is being looked for."""
    simulator.follow_clock()
    persona("lamy")
    caller = Traveller(simulator).arrive()
    held_clock.shift(timedelta(minutes=16))
    simulator.follow_clock()
    caller.press("Se connecter", nir=LAMY).press(FINISH)
    assert caller.is_in
    caller.visit(PASSWORD).sees("Reconnectez-vous avec FranceConnect")
