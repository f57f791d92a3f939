"""A number of tries that an operator has decided, as each process knows it (issue 5, operator; R12, R13)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import changed_limits, throttling
from accounts.changed_limits import ChangedMeanwhile, OutOfBounds, Reason
from accounts.models import ChangedLimit, Entry, Event, Role
from tests.agents import an_agent

pytestmark = pytest.mark.django_db
NETWORK, LETTERS = "message_checks", "secret_letter_month"


@pytest.fixture(autouse=True)
def _looks() -> None:
    changed_limits.forget_cache()


def decide(name: str = NETWORK, *, tries: int, seen: int | None = None, **told: Any) -> bool:
    seen = settings.THROTTLES[name][0] if seen is None else seen
    told = {"by": an_agent(Role.OPERATOR), "now": timezone.now(), "reason": Reason.ATTACK, **told}
    return changed_limits.change(name, tries=tries, seen=seen, **told)


def tries_that_pass() -> int:
    passed = 0
    try:
        while passed < 1000:
            throttling.take((throttling.MESSAGE_CHECKS, "192.0.2.77"), now=timezone.now())
            passed += 1
    except throttling.TooManyAttempts:
        pass
    return passed


def test_what_is_decided_is_counted_and_what_is_taken_back_is_not():
    setting = settings.THROTTLES[NETWORK][0]
    assert decide(tries=setting // 10)
    assert throttling.MESSAGE_CHECKS.tries == setting // 10
    assert tries_that_pass() == setting // 10
    assert changed_limits.restore(NETWORK, seen=setting // 10, by=an_agent(Role.OPERATOR), now=timezone.now())
    assert throttling.MESSAGE_CHECKS.tries == setting
    assert not ChangedLimit.objects.exists()


def test_a_process_asks_once_for_all_limits_and_then_no_more():
    ChangedLimit.objects.create(limit=NETWORK, tries=50, changed_at=timezone.now(), changed_by=an_agent().pk)
    with CaptureQueriesContext(connection) as asked:
        read = [throttling.Limit(name).tries for name in settings.THROTTLES for _ in range(3)]
    assert len([each for each in asked if "changedlimit" in each["sql"]]) == 1
    assert 50 in read
    with CaptureQueriesContext(connection) as asked:
        read = [throttling.Limit(name).tries for name in settings.THROTTLES]
    assert len(asked) == 0


def test_another_process_knows_it_after_ten_seconds(monkeypatch):
    """Known at most so long: what was read before that is asked again."""
    setting = settings.THROTTLES[NETWORK][0]
    clock = [1000.0]
    monkeypatch.setattr(changed_limits, "monotonic", lambda: clock[0])
    assert throttling.MESSAGE_CHECKS.tries == setting
    ChangedLimit.objects.create(limit=NETWORK, tries=setting - 1, changed_at=timezone.now(), changed_by=an_agent().pk)
    clock[0] += changed_limits.KNOWN_FOR - 0.1
    assert throttling.MESSAGE_CHECKS.tries == setting
    clock[0] += 0.2
    assert throttling.MESSAGE_CHECKS.tries == setting - 1


def test_a_database_that_does_not_answer_leaves_the_settings_and_what_was_known(monkeypatch):
    setting = settings.THROTTLES[NETWORK][0]

    class Broken:
        def values_list(self, *columns: str) -> Any:
            raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(ChangedLimit, "objects", Broken())
        assert throttling.MESSAGE_CHECKS.tries == setting
    changed_limits.know({NETWORK: setting - 1}, until=0.0)
    with monkeypatch.context() as broken:
        broken.setattr(ChangedLimit, "objects", Broken())
        assert throttling.MESSAGE_CHECKS.tries == setting - 1


@pytest.mark.parametrize("name", settings.THROTTLES)
def test_ten_times_more_or_less_and_a_promise_never_more(name):
    """R9, R12, R13: what guards one person's secret, or what the law counts, is only lowered."""
    setting = settings.THROTTLES[name][0]
    fewest, most = changed_limits.bounds(name)
    assert 1 <= fewest <= setting <= most <= 10 * setting
    assert (most > setting) is (name in changed_limits.MAY_RISE)
    for tries in (0, -1, fewest - 1, most + 1):
        with pytest.raises(OutOfBounds):
            decide(name, tries=tries)
    assert not ChangedLimit.objects.exists()
    assert not Entry.objects.filter(event=Event.LIMIT_CHANGED).exists()


@pytest.mark.parametrize(
    "name",
    ["sign_in", "sign_in_day", "agent_code_day", "identity_answers", LETTERS, "secret_letter_day", "agent_calls"],
)
def test_promises_are_among_those_that_only_fall(name):
    assert name not in changed_limits.MAY_RISE


def test_each_that_may_rise_is_a_limit():
    assert set(settings.THROTTLES) >= changed_limits.MAY_RISE


def test_a_setting_that_falls_takes_its_bounds_along(settings):
    """A number decided under the former setting is no way around the new one; nor is one written by hand."""
    decide(LETTERS, tries=3)
    settings.THROTTLES = {**settings.THROTTLES, LETTERS: (2, 10, 10, 10)}
    changed_limits.forget_cache()
    assert throttling.SECRET_LETTER_MONTH.tries == 2
    ChangedLimit.objects.update(tries=1_000_000)
    changed_limits.forget_cache()
    assert throttling.SECRET_LETTER_MONTH.tries == 2
    assert changed_limits.restore(LETTERS, seen=2, by=an_agent(), now=timezone.now())
    assert not ChangedLimit.objects.exists()


def test_the_journal_has_codes_and_numbers():
    """R21."""
    operator, now = an_agent(Role.OPERATOR), timezone.now()
    setting = settings.THROTTLES[NETWORK][0]
    assert decide(tries=setting + 1, reason=Reason.CROWD, by=operator, now=now)
    assert changed_limits.restore(NETWORK, seen=setting + 1, by=operator, now=now)
    first, second = Entry.objects.filter(event=Event.LIMIT_CHANGED).order_by("pk")
    told = {"limit": NETWORK, "setting": setting, "by": operator.pk.hex}
    assert first.detail == {**told, "tries": setting + 1, "before": setting, "reason": "crowd"}
    assert second.detail == {**told, "tries": setting, "before": setting + 1, "reason": "restored"}
    assert first.account == operator.pk


def test_what_is_the_same_number_is_no_change():
    setting = settings.THROTTLES[NETWORK][0]
    assert not decide(tries=setting)
    assert not changed_limits.restore(NETWORK, seen=setting, by=an_agent(), now=timezone.now())
    assert not Entry.objects.filter(event=Event.LIMIT_CHANGED).exists()


def test_the_second_of_two_who_saw_the_same_number_reads_the_first_one_s():
    setting = settings.THROTTLES[NETWORK][0]
    decide(tries=setting + 1)
    for tries in (setting + 2, setting - 1):
        with pytest.raises(ChangedMeanwhile):
            decide(tries=tries, seen=setting)
    with pytest.raises(ChangedMeanwhile):
        changed_limits.restore(NETWORK, seen=setting, by=an_agent(), now=timezone.now())
    assert ChangedLimit.objects.get().tries == setting + 1
    assert decide(tries=setting + 2, seen=setting + 1, now=timezone.now() + timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_changed", [False, True], ids=["first", "again"])
def test_of_eight_at_once_one_decides(is_changed):
    setting, operator = settings.THROTTLES[NETWORK][0], an_agent(Role.OPERATOR)
    seen = setting - 1 if is_changed else setting
    if is_changed:
        decide(tries=seen, by=operator)

    def one(number: int) -> bool:
        try:
            return decide(tries=setting + number, seen=seen, by=operator)
        except ChangedMeanwhile:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as many:
        decided = list(many.map(one, range(1, 9)))
    assert decided.count(True) == 1
    assert ChangedLimit.objects.get().tries == setting + decided.index(True) + 1
    assert Entry.objects.filter(event=Event.LIMIT_CHANGED).count() == 1 + is_changed
