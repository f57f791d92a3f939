"""The operator's page of limits: seen, changed within bounds, taken back (issue 5, operator; R12, R13, R20, R21)."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import changed_limits, throttling
from accounts.models import ChangedLimit, Entry, Event, Role
from accounts.support import limits
from accounts.support.roles import ROLES, May
from tests.agents import an_agent, at_desk
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
LIMITS, ONE = "/support/limites/", "/support/limites/message_checks/"
OTHERS = [each for each in Role if each != Role.OPERATOR]


@pytest.fixture(autouse=True)
def _looks() -> None:
    changed_limits.forget_cache()


@pytest.fixture
def operator() -> Caller:
    return at_desk(an_agent(Role.OPERATOR))


def send(caller: Caller, place: str, **form: str) -> int:
    caller.client.handler.enforce_csrf_checks = False
    answer = caller.client.post(place, form)
    caller.client.handler.enforce_csrf_checks = True
    return int(answer.status_code)


def test_every_limit_is_shown_in_french(operator):
    """R12."""
    operator.visit(LIMITS).sees("Connexion, par identifiant", "15 minutes")
    for name in settings.THROTTLES:
        operator.sees(name)
        assert limits.WORDS.get(name), f"{name} has no words"


def test_the_list_asks_little(operator):
    """Issue 5, 10."""
    operator.visit(ONE).press("Changer", tries="70", reason="attack")
    with CaptureQueriesContext(connection) as asked:
        operator.visit(LIMITS)
    assert len(asked) <= 10, [each["sql"] for each in asked]


def test_another_number_for_a_while_and_back(operator):
    """In force at once here, shown with who and when, journaled twice."""
    setting = settings.THROTTLES["message_checks"][0]
    operator.visit(LIMITS).follow("Vérification d'un message, par réseau").sees(f"{setting} sur 10 minutes")
    operator.press("Changer", tries=str(2 * setting), reason="crowd").sees("dans les 10 secondes", "Une limite est")
    operator.sees("par Camille Dupré")
    assert throttling.MESSAGE_CHECKS.tries == 2 * setting
    operator.follow("Vérification d'un message").press("Revenir au réglage").sees("C'est enregistré")
    operator.does_not_see("Une limite est changée", "Camille Dupré, le")
    assert throttling.MESSAGE_CHECKS.tries == setting
    reasons = Entry.objects.filter(event=Event.LIMIT_CHANGED).order_by("pk").values_list("detail__reason", flat=True)
    assert list(reasons) == ["crowd", "restored"]


@pytest.mark.parametrize("typed", ["", "0", "5", "601", "1e9", "-1", "mille", "9" * 30, "10\x00"])
def test_a_number_out_of_bounds_is_refused_in_words(operator, typed, settings):
    settings.THROTTLES = {**settings.THROTTLES, "message_checks": (60, 600, 60, 600)}
    operator.visit(ONE).press("Changer", tries=typed, reason="attack")
    operator.sees("Tapez un nombre de 6 à 600." if typed else "Ce champ est exigé.")
    assert not ChangedLimit.objects.exists()


def test_a_reason_is_asked(operator):
    operator.visit(ONE).press("Changer", tries="70").sees("motif")
    assert send(operator, ONE, tries="70", seen="60", reason="because") == 200
    assert not ChangedLimit.objects.exists()


def test_what_protects_one_person_only_falls(operator):
    """R13: four letters with a secret in thirty days."""
    place = f"{LIMITS}secret_letter_month/"
    operator.visit(place).sees("ne dépasse jamais le réglage")
    operator.press("Changer", tries="5", reason="crowd").sees("Tapez un nombre de 1 à 4.")
    operator.press("Changer", tries="3", reason="attack").sees("C'est enregistré")
    assert throttling.SECRET_LETTER_MONTH.tries == 3


def test_what_cannot_fall_further_has_no_form(operator):
    operator.visit(f"{LIMITS}secret_letter_day/").sees("ne se change pas d'ici")
    assert not operator.offers("Changer")
    assert send(operator, f"{LIMITS}secret_letter_day/", tries="2", seen="1", reason="crowd") == 200
    assert not ChangedLimit.objects.exists()


def test_nobody_shortens_what_the_journal_keeps(operator):
    """An operator who lets a colleague try addresses by hand would lower the number of lines about it first."""
    operator.visit(f"{LIMITS}support_refused/").sees("ne se change pas d'ici")
    assert not operator.offers("Changer")
    fewest, most = changed_limits.bounds("support_refused")
    assert fewest == most == changed_limits.setting("support_refused")
    with pytest.raises(changed_limits.OutOfBounds):
        changed_limits.change(
            "support_refused",
            tries=3,
            seen=fewest,
            reason=changed_limits.Reason.CALM,
            by=an_agent(Role.OPERATOR),
            now=timezone.now(),
        )


def test_the_second_operator_reads_what_the_first_decided(operator):
    second = at_desk(an_agent(Role.OPERATOR)).visit(ONE)
    setting = settings.THROTTLES["message_checks"][0]
    operator.visit(ONE).press("Changer", tries=str(setting + 1), reason="attack")
    second.press("Changer", tries=str(setting + 2), reason="attack").sees("Quelqu'un vient de changer")
    assert ChangedLimit.objects.get().tries == setting + 1
    second.press("Changer", tries=str(setting + 2), reason="attack").sees("C'est enregistré")


# Whose it is ----------------------------------------------------------------------------------------------------------


def test_the_right_is_the_operator_s_alone():
    assert [role for role in Role if May.CHANGE_LIMITS in ROLES[role]] == [Role.OPERATOR]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_or_changes_one(role):
    caller = at_desk(an_agent(role))
    for place in (LIMITS, ONE):
        assert caller.client.get(place).status_code == 404
    form = {"tries": "70", "seen": str(settings.THROTTLES["message_checks"][0]), "reason": "attack"}
    assert send(caller, ONE, **form) == 404
    assert send(caller, f"{ONE}reglage/", seen="60") == 404
    assert not ChangedLimit.objects.exists()
    assert Entry.objects.filter(event=Event.SUPPORT_REFUSED).count() == 4


@pytest.mark.parametrize("name", ["nothing", "1630967482229", "sign_in'--", "%00"])
def test_a_limit_that_is_none_is_not_found(operator, name):
    for place in (f"{LIMITS}{name}/",):
        assert operator.client.get(place).status_code == 404
        assert send(operator, place, tries="1", seen="1", reason="attack") == 404
        assert send(operator, f"{place}reglage/", seen="1") == 404
    assert "1630967482229" not in str(list(Entry.objects.values_list("detail")))


def test_nothing_changes_without_the_token_of_the_form(operator):
    """CSRF; and an address that is followed changes nothing."""
    form = {"tries": "70", "seen": str(settings.THROTTLES["message_checks"][0]), "reason": "attack"}
    assert operator.client.post(ONE, form).status_code == 403
    assert operator.client.post(f"{ONE}reglage/", form).status_code == 403
    assert operator.client.get(ONE, form).status_code == 200
    assert operator.client.get(f"{ONE}reglage/", form).status_code == 405
    assert send(operator, f"{ONE}reglage/", seen="x") == 404
    assert not ChangedLimit.objects.exists()
