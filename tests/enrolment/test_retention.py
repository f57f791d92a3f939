"""How long the journey's rows stay (R16)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enrolment import journey, retention
from enrolment.models import Enrolment


@pytest.mark.django_db
def test_journeys_go_24_hours_after_they_began_finished_or_not(held_clock):
    """R16."""
    journey.start(now=timezone.now())
    held_clock.shift(timedelta(hours=12))
    later = journey.start(now=timezone.now())
    held_clock.shift(timedelta(hours=12, seconds=1))
    assert retention.purge(now=timezone.now()) == {"enrolments": 1}
    assert Enrolment.objects.get() == later
