"""Who may use the federation: one reason for each condition that is missing (R2, J04 to J10, J15, D08, E06)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Member, NirStatus, Profile
from accounts.sign_in import How
from franceconnect import claims
from franceconnect.eligibility import Missing, incomplete, missing
from msa_portal.demo.personas import personas
from tests.members import GARCIN, OWN_PASSWORD, a_member, an_account
from tests.personas import persona

pytestmark = pytest.mark.django_db
NIR_3 = "3880599350906"
EXPECTED: dict[str, tuple[Missing, ...]] = {
    "lamy": (),
    "keller": (),
    "perrin": (),
    "santucci": (),
    "papadakis": (),
    "benali": (Missing.CERTIFICATION, Missing.NIR_PREFIX),
    "haddad": (Missing.BIRTH_DATE,),
    "garcin": (),
    "orsini": (),
    "moreau": (Missing.DECEASED,),
    "legoff": (),
    "dubreuil": (),
    "kervadec": (),
    "hoarau": (),
}
FARMERS_ONLY = {"santucci": (Missing.PROFILE,), "moreau": (Missing.PROFILE, Missing.DECEASED)}


def reasons(account: Account, how: How | None = How.PASSWORD, **told: Any) -> tuple[Missing, ...]:
    return missing(account, how=how, today=timezone.localdate(), **told)


def account_of(slug: str) -> Account:
    """The persona's account after a whole first sign-in."""
    known = persona(slug)
    return known.account or an_account(known.member, email=known.persona.email)


def test_the_table_knows_every_persona() -> None:
    assert list(EXPECTED) == [each.slug for each in personas(today=date(2026, 11, 20))]


@pytest.mark.parametrize("slug", EXPECTED)
def test_each_persona_is_told_what_is_missing(slug: str) -> None:
    """R2."""
    assert reasons(account_of(slug)) == EXPECTED[slug]


@pytest.mark.parametrize("slug", EXPECTED)
def test_with_individuals_alone_farmers_stay_outside(slug: str, settings: Any) -> None:
    """J05 against J04: a setting."""
    settings.FEDERATION_PROFILES = ["individual"]
    assert reasons(account_of(slug)) == FARMERS_ONLY.get(slug, EXPECTED[slug])


def test_partly_known_birth_dates_may_be_let_in(settings: Any) -> None:
    """J06, FI 17: FranceConnect gets 00 for what nobody knows."""
    settings.FEDERATION_PARTIAL_BIRTH_DATES = True
    account = account_of("haddad")
    assert reasons(account) == ()
    assert claims.pivot_identity(account).birthdate == "1950-00-00"


Change = Callable[[Account], object]


def dossier(**lines: str) -> Change:
    def change(account: Account) -> None:
        account.member.dossier = {**account.member.dossier, **lines}
        account.member.save()

    return change


def columns(**values: Any) -> Change:
    def change(account: Account) -> None:
        for name, value in values.items():
            setattr(account, name, value)
        account.save()

    return change


def member(**values: Any) -> Change:
    return lambda account: Member.objects.update(**values)


def affiliations(**values: Any) -> Change:
    return lambda account: account.member.affiliations.update(**values)


YESTERDAY, TODAY, TOMORROW = (date(2026, 3, 2) + timedelta(days) for days in (-1, 0, 1))
IDENTITY = (Missing.IDENTITY,)


@pytest.mark.usefixtures("held_clock")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (columns(), ()),
        (columns(email=None), (Missing.EMAIL,)),
        (columns(email=None, email_proven_at=None), (Missing.EMAIL,)),
        (columns(email=""), (Missing.EMAIL,)),
        (columns(email="pas-une-adresse"), (Missing.EMAIL,)),
        (columns(email_proven_at=None), (Missing.EMAIL_PROOF,)),
        (columns(is_active=False), (Missing.ACCOUNT,)),
        (columns(password=make_password(None)), (Missing.OWN_PASSWORD,)),
        (columns(password_due_at=timezone.now()), (Missing.OWN_PASSWORD,)),
        (dossier(birth_date="1985-10-00"), (Missing.BIRTH_DATE,)),
        (dossier(birth_date="1985-00-00"), (Missing.BIRTH_DATE,)),
        (dossier(birth_date="1985-13-32"), (Missing.BIRTH_DATE,)),
        (dossier(birth_place=""), IDENTITY),
        (dossier(birth_place="99126"), IDENTITY),
        (dossier(birth_country=""), IDENTITY),
        (dossier(given_names="A" * 257), IDENTITY),
        (dossier(usage_name="A" * 257), IDENTITY),
        (dossier(birth_name=" "), IDENTITY),
        (dossier(gender=""), IDENTITY),
        (dossier(birth_country="99126"), ()),
        *((member(nir_status=each), (Missing.CERTIFICATION,)) for each in NirStatus if each != NirStatus.CERTIFIED),
        (affiliations(profile=Profile.FARMER), ()),
        (affiliations(profile=Profile.SOLIDARITY_CONTRIBUTOR), (Missing.PROFILE,)),
        (affiliations(profile=Profile.GARDENER_EMPLOYER), (Missing.PROFILE,)),
        (affiliations(until=YESTERDAY), (Missing.PROFILE,)),
        (affiliations(until=TODAY), ()),
        (affiliations(since=TODAY), ()),
        (affiliations(since=TOMORROW), (Missing.PROFILE,)),
        (lambda account: account.member.affiliations.all().delete(), (Missing.PROFILE,)),
        (member(deceased=True), (Missing.DECEASED,)),
    ],
)
def test_each_condition_has_its_own_reason(change: Change, expected: tuple[Missing, ...]) -> None:
    """R2: one missing condition, one reason."""
    account = an_account(a_member(GARCIN))
    change(account)
    assert reasons(Account.objects.get()) == expected


@pytest.mark.parametrize(
    ("nir", "expected"),
    [
        ("2720367582905", ()),
        ("3880599350906", (Missing.NIR_PREFIX,)),
        ("4880599350906", (Missing.NIR_PREFIX,)),
        ("7880599350906", (Missing.NIR_PREFIX,)),
        ("8880599350906", (Missing.NIR_PREFIX,)),
    ],
)
def test_a_number_begins_with_1_or_2(nir: str, expected: tuple[Missing, ...]) -> None:
    """J06, J08: 3 and 4 wait, 7 and 8 are temporary, whatever the registry says of them."""
    assert reasons(an_account(a_member(nir))) == expected


@pytest.mark.parametrize(
    ("how", "weak", "expected"),
    [
        (How.PASSWORD, False, ()),
        (None, False, ()),
        (How.PASSWORD, True, (Missing.PASSWORD_RULE,)),
        (How.TEMPORARY_PASSWORD, False, (Missing.OWN_PASSWORD,)),
        # A temporary password is ours, and two kinds of characters only: it is replaced anyway.
        (How.TEMPORARY_PASSWORD, True, (Missing.OWN_PASSWORD,)),
    ],
)
def test_only_a_password_of_one_s_own_that_keeps_the_rule_serves(
    how: How | None, weak: bool, expected: tuple[Missing, ...]
) -> None:
    """D08, J10."""
    assert reasons(an_account(), how, weak_password=weak) == expected


def test_what_members_mend_themselves_comes_first() -> None:
    """Everything at once, in the order in which it is told."""
    account = an_account(a_member(NIR_3, birth_date="1988-00-00", birth_place="?", deceased_on="2026-01-01"))
    account.email_proven_at = None
    account.is_active = False
    account.member.nir_status = NirStatus.WAITING
    account.member.affiliations.all().delete()
    found = reasons(account, How.TEMPORARY_PASSWORD)
    assert found == tuple(each for each in Missing if each not in (Missing.EMAIL, Missing.PASSWORD_RULE))


def test_the_fields_that_lack_are_named() -> None:
    """J15."""
    account = an_account(a_member(birth_place="", gender=""), email_proven_at=None)
    assert incomplete(account) == ("gender", "birthplace", "email")
    assert incomplete(an_account(a_member(GARCIN))) == ()


def test_an_agent_is_no_member() -> None:
    agent = Account(kind=Account.Kind.AGENT, login_fingerprint=b"1" * 32, is_staff=True)
    agent.set_password(OWN_PASSWORD)
    assert reasons(agent) == (Missing.PROFILE,)


def test_one_question_to_the_database_at_most(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The way to FranceConnect has ten statements in all."""
    an_account()
    account = Account.objects.select_related("member").get()
    with django_assert_num_queries(1):
        reasons(account)
    account = Account.objects.select_related("member").prefetch_related("member__affiliations").get()
    with django_assert_num_queries(0):
        reasons(account)
