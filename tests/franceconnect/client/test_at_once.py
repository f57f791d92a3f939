"""Two tabs, two browsers, a process that dies: one link, one account, or nothing (I13, B29, FS 13)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import throttling
from accounts.identity.email import Email as Address
from accounts.models import Account, Channel, Email, Entry, Event, Letter
from accounts.sealed import fingerprint
from franceconnect.client import arrival, linking, registering
from franceconnect.client.arrival import Conflict, Kept, Over
from franceconnect.client.identity import FederationIdentity
from franceconnect.models import Link, LinkConflict, RoundTrip
from tests.enrolment.threads import at_once
from tests.members import a_member, an_account

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = Address.parse("fritz.lamy@example.org")


def identity(subject: str = "s" * 64 + "v1") -> FederationIdentity:
    return FederationIdentity(
        issuer="https://fc.example/api/v2", subject=subject, given_name="Fritz", family_name="LAMY",
        birthdate="1963-09-08", gender="male", birthcountry="99100", birthplace="67482", email=ADDRESS.address,
    )  # fmt: skip


def there(subject: str = "s" * 64 + "v1") -> Kept:
    """Somebody who came back and has typed their number."""
    now = timezone.now()
    trip = RoundTrip.objects.create(
        purpose=RoundTrip.Purpose.SIGN_IN, browser=b"b" * 32, state_fingerprint=fingerprint("test", f"{subject}{now}"),
        luggage={"nonce": "", "next_page": ""}, created_at=now, expires_at=now + timedelta(minutes=30),
    )  # fmt: skip
    return Kept(trip, identity(subject), "id_token", now)


def outcome_of(act) -> str:
    try:
        act()
    except (Conflict, Over, registering.AccountExists) as refused:
        return type(refused).__name__
    return "done"


def test_two_tabs_of_one_round_trip_have_one_effect():
    """I13, FS 3: one conditional UPDATE."""
    account, kept = an_account(), there()

    def press() -> str:
        return outcome_of(lambda: arrival.first_sign_in(kept, account, now=timezone.now()))

    assert sorted(at_once(press, press, press)) == ["Over", "Over", "done"]
    assert Link.objects.count() == 1
    assert Entry.objects.filter(event=Event.FRANCECONNECT_LINKED).count() == 1


def test_two_identities_that_want_one_account_get_one_link_and_one_case():
    """FS 13: the database decides; the other one changes nothing."""
    account = an_account()
    first, second = there("a" * 66), there("b" * 66)
    acts = [
        lambda kept=kept: outcome_of(lambda: arrival.first_sign_in(kept, account, now=timezone.now()))
        for kept in (first, second)
    ]
    assert sorted(at_once(*acts)) == ["Conflict", "done"]
    assert Link.objects.count() == 1
    assert LinkConflict.objects.get().kind == LinkConflict.Kind.OTHER_SUBJECT
    assert not RoundTrip.objects.filter(finished_at=None).exists()


def test_two_accounts_that_want_one_identity_get_one_link_and_one_case():
    """FS 13."""
    pairs = [(an_account(), there()), (an_account(a_member("1851013201907")), there())]
    acts = [
        lambda account=account, kept=kept: outcome_of(lambda: arrival.first_sign_in(kept, account, now=timezone.now()))
        for account, kept in pairs
    ]
    assert sorted(at_once(*acts)) == ["Conflict", "done"]
    conflict, link = LinkConflict.objects.get(), Link.objects.get()
    assert conflict.kind == LinkConflict.Kind.OTHER_ACCOUNT
    assert conflict.account != link.account


def test_two_registrations_of_one_member_make_one_account():
    """B29: in two browsers; the second is told that there is an account."""
    member = a_member()
    kept = [there(), there()]
    acts = [
        lambda each=each: outcome_of(
            lambda: registering.register(each, member, email=ADDRESS, mobile=None, now=timezone.now())
        )
        for each in kept
    ]
    assert sorted(at_once(*acts)) == ["AccountExists", "done"]
    assert Account.objects.count() == Link.objects.count() == 1
    assert Entry.objects.filter(event=Event.REGISTRATION_COMPLETED).count() == 1


def test_a_case_is_opened_once_and_read_again():
    """FS 13: the member reads the same reference to whoever answers the telephone."""
    account = an_account()
    arrival.first_sign_in(there("a" * 66), account, now=timezone.now())
    references = set()
    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            arrival.first_sign_in(there("b" * 66), account, now=timezone.now())
        references.add(refused.value.reference)
    assert references == {LinkConflict.objects.get().reference}


def test_a_registration_that_is_cut_short_leaves_nothing():
    """B29, R13: refused at its very last step; the member begins again, and the round trip still waits."""
    kept = there()
    waiting = an_account(password=None, opened_by=Channel.POST, email=None, terms_version="")
    limit = (throttling.EMAIL_PROOF, str(waiting.pk))
    for _ in range(throttling.EMAIL_PROOF.tries):
        throttling.take(limit, now=timezone.now())
    with pytest.raises(throttling.TooManyAttempts):
        registering.register(kept, waiting.member, email=ADDRESS, mobile=None, now=timezone.now())
    for made in (Link, Letter, Email, Entry):
        assert not made.objects.exists(), made
    assert Account.objects.get().email is None
    throttling.forgive(limit)
    assert registering.register(kept, waiting.member, email=ADDRESS, mobile=None, now=timezone.now())


def test_a_link_that_is_taken_away_meanwhile_opens_nothing():
    """I14: the callback had read it before."""
    account = an_account()
    arrival.first_sign_in(there(), account, now=timezone.now())
    came = arrival.Arrival(there().round_trip, identity(), "id_token", timezone.now())
    found = linking.find(identity())
    linking.unlink(account, now=timezone.now())
    assert found is not None
    assert arrival.recognise(came, now=timezone.now()) is None
