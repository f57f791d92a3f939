"""The journey's verbs, on steps that know nothing of forms (B07, B28, R5, R16)."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from enrolment import journey
from enrolment.answers import Answers
from enrolment.models import Enrolment


def stage(name: str, *, when: str = "", end: bool = False) -> type[journey.Stage]:
    """A step called `name` that applies when the step `when` was answered with yes."""

    class Made:
        slug: ClassVar[str] = name
        is_end: ClassVar[bool] = end

        @classmethod
        def applies(cls, answers: Answers) -> bool:
            return not when or bool(answers.of(when).get("yes"))

    return Made


STAGES = [stage("a"), stage("b", when="a"), stage("end", when="b", end=True), stage("c"), stage("d")]
YES: dict[str, Any] = {"yes": True}
NO: dict[str, Any] = {"yes": False}


def answered(**kept: dict[str, Any]) -> Answers:
    return Answers(kept, 3)


@pytest.mark.parametrize(
    ("answers", "way", "current"),
    [
        (answered(), ["a", "c", "d"], "a"),
        (answered(a=YES), ["a", "b", "c", "d"], "b"),
        (answered(a=NO), ["a", "c", "d"], "c"),
        (answered(a=YES, b=YES), ["a", "b", "end", "c", "d"], "end"),
        (answered(a=YES, b=YES, end=YES, c=YES), ["a", "b", "end", "c", "d"], "end"),
        (answered(a=YES, b=NO, c=YES), ["a", "b", "c", "d"], "d"),
        (answered(a=NO, b=YES, c=YES, d=YES), ["a", "end", "c", "d"], "end"),
        (answered(a=NO, c=YES, d=YES), ["a", "c", "d"], "d"),
    ],
)
def test_the_way_follows_the_answers_and_the_caller_stands_at_the_first_gap(answers, way, current):
    """B28: an end can be reached and not passed; with everything done one stands at the last."""
    assert [each.slug for each in journey.way(STAGES, answers)] == way
    assert journey.current(STAGES, answers).slug == current


@pytest.mark.parametrize(
    ("slug", "reached"), [("a", True), ("b", True), ("end", False), ("c", False), ("d", False), ("nothing", False)]
)
def test_only_what_lies_before_the_gap_is_reached(slug, reached):
    """B28."""
    assert journey.reaches(STAGES, answered(a=YES, d=YES), slug) is reached


@pytest.mark.parametrize(("slug", "earlier"), [("a", None), ("b", "a"), ("c", "b"), ("d", "c")])
def test_precedent_is_the_step_before_on_the_way(slug, earlier):
    """B07."""
    found = journey.before(STAGES, answered(a=YES, b=NO), slug)
    assert (found.slug if found else None) == earlier


@pytest.mark.parametrize(
    ("answers", "slug", "later"),
    [
        (answered(a=YES), "a", "b"),
        (answered(a=NO), "a", "c"),
        (answered(a=NO, c=YES), "a", "c"),
        (answered(a=NO, c=YES), "c", "d"),
        (answered(a=YES, b=YES), "a", "b"),
        (answered(a=YES, b=YES), "b", "end"),
        (answered(a=NO, c=YES), "gone", "d"),
    ],
)
def test_suivant_is_the_next_step_and_never_past_the_gap(answers, slug, later):
    """B07, B28."""
    assert journey.after(STAGES, answers, slug).slug == later


@pytest.fixture
def enrolment(db: None, held_clock: object) -> Enrolment:
    started = journey.start(now=timezone.now())
    for slug, kept in KEPT.items():
        journey.record(started, slug, kept, now=timezone.now())
    return started


KEPT: dict[str, dict[str, Any]] = {
    "profil": {"profile": "individual"},
    "identifiant": {"nir": "1630967482229"},
    "affiliation": {"health_cover": "yes"},
    "numero-de-serie": {"proven": True},
    "mot-de-passe": {},
}


def test_the_same_answer_again_forgets_nothing(enrolment):
    """R5."""
    journey.record(enrolment, "identifiant", {"nir": "1630967482229"}, now=timezone.now())
    assert Enrolment.objects.get().answers == KEPT


@pytest.mark.parametrize("slug", ["profil", "identifiant", "affiliation"])
def test_another_answer_forgets_the_proof_and_what_rests_on_it(enrolment, slug):
    """R5: the other answers stay."""
    journey.record(enrolment, slug, {"other": 1}, now=timezone.now())
    left = Enrolment.objects.get().answers
    assert left == {name: kept for name, kept in KEPT.items() if name in ("profil", "identifiant", "affiliation")} | {
        slug: {"other": 1}
    }
    assert enrolment.answers == left


def test_a_proof_checked_against_answers_that_have_changed_is_not_kept(enrolment):
    """R5: the number became another one between the look and the record."""
    journey.record(enrolment, "identifiant", {"nir": "2720367582905"}, now=timezone.now())
    looked_at = Answers({"profil": KEPT["profil"], "identifiant": KEPT["identifiant"]}, 3)
    journey.record(enrolment, "numero-de-serie", {"proven": True}, rests_on=looked_at, now=timezone.now())
    assert "numero-de-serie" not in Enrolment.objects.get().answers
    assert not journey.answers_of(enrolment).is_proven


def test_a_proof_checked_against_the_answers_as_they_stand_is_kept(enrolment):
    """R5."""
    journey.record(enrolment, "identifiant", {"nir": "2720367582905"}, now=timezone.now())
    looked_at = journey.answers_of(Enrolment.objects.get())
    journey.record(enrolment, "paiement", {"proven": True}, rests_on=looked_at, now=timezone.now())
    assert Enrolment.objects.get().answers["paiement"] == {"proven": True}


def test_a_finished_or_vanished_journey_takes_no_answer(enrolment):
    """B25: a late tab changes nothing and meets no error of ours."""
    Enrolment.objects.update(completed_at=timezone.now())
    journey.record(enrolment, "profil", {"profile": "other"}, now=timezone.now())
    assert Enrolment.objects.get().answers == KEPT
    Enrolment.objects.all().delete()
    journey.record(enrolment, "profil", {"profile": "other"}, now=timezone.now())
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("text", [None, "", "x", "00000000-0000-0000-0000-000000000000", "\x00", "é" * 40])
def test_an_id_that_is_none_finds_nothing(db, text):
    assert journey.find(text, now=timezone.now()) is None


def test_a_journey_lives_24_hours(enrolment, held_clock):
    """R16."""
    held_clock.shift(timedelta(hours=24) - timedelta(seconds=1))
    assert journey.find(str(enrolment.pk), now=timezone.now()) == enrolment
    held_clock.shift(timedelta(seconds=1))
    assert journey.find(str(enrolment.pk), now=timezone.now()) is None
