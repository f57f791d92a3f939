"""Any order of GETs and POSTs, with any data: nobody gets past a proof, skips a step or opens a second account.

Requirements B07, B28, R5, R12, R23; the oracle below is written from the requirements, not taken from the journey.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Account, Email, Event, Letter
from enrolment.models import Enrolment, RegistrationRequest
from enrolment.views import SESSION_KEY
from tests.personas import Known, persona
from tests.stories.registering import COMPANY, FIELDS
from tests.stories.traces import happened

SLUGS = [*FIELDS, "compte-existant", "terminee", "abandonner", "rien"]
PEOPLE = ("lamy", "perrin", "garcin", "moreau")
ALWAYS = {"profil", "identifiant", "munissez-vous", "coordonnees", "mot-de-passe"}
PROOFS = ("numero-de-serie", "paiement")
NAMES = sorted({name for fields in FIELDS.values() for name in fields} | {"unreadable", "cannot_answer"})
BROWSERS = st.sampled_from([0, 1])
WHO = st.sampled_from(PEOPLE)
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["yes", "no", "none", "photo", "company", "other", "1", "0", "\x00", "é" * 300]
)


class Browsers(RuleBasedStateMachine):
    """Two browsers, four people of the registry, whatever comes to mind."""

    known: dict[str, Known]
    clock: time_machine.Traveller

    @initialize()
    def open_browsers(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clients = [Client(REMOTE_ADDR=f"192.0.2.{number}") for number in (1, 2)]
        # Whom the journey of this browser has proven, as the requirements see it.
        self.proven: list[str | None] = [None, None]

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def held(self, browser: int) -> Enrolment | None:
        return Enrolment.objects.filter(pk=self.clients[browser].session.get(SESSION_KEY)).first()

    @rule(browser=BROWSERS, slug=st.sampled_from(SLUGS))
    def look(self, browser: int, slug: str) -> None:
        held = self.held(browser)
        before = held and (held.answers, held.tries_left)
        response = self.clients[browser].get(f"/inscription/{slug}/")
        assert response.status_code in (200, 302, 404, 410)
        if response.status_code == 200 and slug == "conditions":
            assert held is not None
            self.may_end(held)
        after = self.held(browser)
        assert (after and (after.answers, after.tries_left)) == before or response.status_code == 410

    @rule(
        browser=BROWSERS, slug=st.sampled_from(SLUGS), given=st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=6)
    )
    def send_anything(self, browser: int, slug: str, given: dict[str, str]) -> None:
        self.send(browser, slug, given)

    @rule(browser=BROWSERS, slug=st.sampled_from(SLUGS), who=WHO)
    def send_somebody_s_answer_anywhere(self, browser: int, slug: str, who: str) -> None:
        self.send(browser, slug, self.known[who].typed | COMPANY)

    @rule(browser=BROWSERS, slug=st.sampled_from(["profil", "identifiant", "coordonnees", "affiliation"]), who=WHO)
    def change_an_early_answer(self, browser: int, slug: str, who: str) -> None:
        self.send(browser, slug, self.known[who].typed)

    @rule(browser=BROWSERS, who=st.sampled_from(["lamy", "lamy", *PEOPLE]), pages=st.integers(1, 11))
    def go_on_as(self, browser: int, who: str, pages: int) -> None:
        for _ in range(pages):
            slug = self.clients[browser].get("/inscription/").headers["Location"].rstrip("/").rpartition("/")[2]
            self.send(browser, slug, self.known[who].typed)

    @rule(browser=BROWSERS, wrong=st.sampled_from([{"vitale_serial": "11111111111"}, {"amount": "77,77"}]))
    def guess(self, browser: int, wrong: dict[str, str]) -> None:
        for slug in PROOFS:
            self.send(browser, slug, wrong)

    @rule(browser=BROWSERS)
    def give_up(self, browser: int) -> None:
        self.send(browser, "numero-de-serie", {"unreadable": "1"})
        self.send(browser, "paiement", {"cannot_answer": "1"})

    @rule(browser=BROWSERS, slug=st.sampled_from(["mot-de-passe", "conditions", "conditions"]))
    def press_the_last_buttons(self, browser: int, slug: str) -> None:
        self.send(browser, slug, {})

    @rule(hours=st.sampled_from([1, 25]))
    def wait(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))

    def send(self, browser: int, slug: str, given: dict[str, str]) -> None:
        held = self.held(browser)
        accounts = set(Account.objects.values_list("pk", flat=True))
        mails = Email.objects.filter(kind="temporary_password").count()
        response = self.clients[browser].post(f"/inscription/{slug}/", given)
        assert response.status_code in (200, 302, 404, 410, 429), response.status_code
        after = self.held(browser)
        if opened := Account.objects.exclude(pk__in=accounts).first():
            self.was_opened_rightly(browser, slug, held, opened, mails)
        self.note(browser, slug, given, held, after)

    def was_opened_rightly(self, browser: int, slug: str, held: Enrolment | None, opened: Account, mails: int) -> None:
        assert slug == "conditions"
        assert held is not None
        self.may_end(held)
        number = opened.member.nir.number
        assert held.answers["identifiant"]["nir"] == number
        assert number != self.known["moreau"].nir.number
        by_mail = Email.objects.filter(kind="temporary_password").count() > mails
        assert by_mail == (self.proven[browser] == number)

    def may_end(self, held: Enrolment) -> None:
        answers = held.answers
        assert answers.keys() >= ALWAYS
        proven = any(answers.get(slug, {}).get("proven") for slug in PROOFS)
        assert proven or held.tries_left == 0 or answers.get("paiement", {}).get("cannot_answer")

    def note(
        self, browser: int, slug: str, given: dict[str, str], held: Enrolment | None, after: Enrolment | None
    ) -> None:
        """R5: proven by the right answer of the person that the answers name; no longer once one of those changes."""
        if held is None or after is None or held.pk != after.pk:
            self.proven[browser] = None
            return
        fits = slug in PROOFS and held.tries_left > 0 and self.fits(slug, given, held.answers)
        if held.answers != after.answers and slug not in (*PROOFS, "mot-de-passe", "conditions"):
            changed = slug in held.answers and held.answers[slug] != after.answers.get(slug)
            self.proven[browser] = None if changed else self.proven[browser]
        elif fits and held.answers != after.answers:
            self.proven[browser] = held.answers["identifiant"]["nir"]

    def fits(self, slug: str, given: dict[str, str], answers: dict[str, Any]) -> bool:
        for person in (self.known["lamy"], self.known["perrin"]):
            contact = answers.get("coordonnees", {})
            typed = person.typed
            if (
                answers.get("identifiant", {}).get("nir") == person.nir.number
                and contact.get("birth_name") == typed["birth_name"]
                and contact.get("given_names") == typed["given_names"]
                and contact.get("birth_date") == person.persona.birth_date.iso
            ):
                name = "vitale_serial" if slug == "numero-de-serie" else "amount"
                return bool(typed[name]) and given.get(name) == typed[name]
        return False

    @invariant()
    def what_counts_as_proven_was_proven(self) -> None:
        for browser, _ in enumerate(getattr(self, "clients", [])):
            held = self.held(browser)
            if held and any(held.answers.get(slug, {}).get("proven") for slug in PROOFS):
                assert self.proven[browser] == held.answers["identifiant"]["nir"]

    @invariant()
    def nobody_has_two_accounts_or_two_passwords(self) -> None:
        if not hasattr(self, "clients"):
            return
        members = list(Account.objects.values_list("member", flat=True))
        assert len(members) == len(set(members))
        new = len(members) - 1  # Garcin had his before
        secrets = Email.objects.filter(kind="temporary_password").count()
        assert secrets + Letter.objects.filter(kind="temporary_password").count() == new

    @invariant()
    def nobody_has_more_than_three_wrong_answers(self) -> None:
        wrong = [entry.enrolment for entry in happened(Event.REGISTRATION_ANSWERED_WRONGLY)]
        assert all(wrong.count(each) <= 3 for each in set(wrong))

    @invariant()
    def every_request_was_acknowledged(self) -> None:
        asked = RegistrationRequest.objects.count()
        assert Email.objects.filter(kind="request_received").count() == asked


@pytest.mark.django_db
def test_no_order_of_requests_gets_past_a_proof_skips_a_step_or_opens_a_second_account(held_clock):
    """B07, B28, R5, R12, R23."""
    Browsers.known = {slug: persona(slug) for slug in PEOPLE}
    Browsers.clock = held_clock
    run_state_machine_as_test(
        Browsers,
        settings=settings(
            max_examples=40,
            stateful_step_count=16,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # a story of 16 steps is read quicker than it is shrunk
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
