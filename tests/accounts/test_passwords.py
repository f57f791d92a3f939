"""The rule for passwords, the gauge's words, and the temporary one (D03 to D06, R9, R13, R17)."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.core.exceptions import ValidationError

from accounts import passwords
from accounts.models import Account
from accounts.passwords import KINDS, LENGTH, PERSONAL, Level, judge
from tests.members import OWN_PASSWORD

LONG = "Verger+Tranquille7-" * 3


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("", {LENGTH, KINDS}),
        ("Ab1?xyz", {LENGTH}),
        ("Ab1?xyzw", set()),
        (LONG[:50], set()),
        (LONG[:51], {LENGTH}),
        ("vergertranquille", {KINDS}),
        ("VERGERTRANQUILLE7", {KINDS}),
        ("verger tranquille", {KINDS}),
        ("verger tranquille 7", set()),
        ("Vergertranquille7", set()),
        ("VERGER+TRANQUILLE7", set()),
        ("vergé+tranquilÉ", set()),
        ("        ", {KINDS}),
        ("Abc 12 défg", set()),
    ],
)
def test_8_to_50_characters_and_3_of_4_kinds(password: str, missing: set[str]) -> None:
    """D06; whoever sees a password typed can ask for this half of the rule alone (D08)."""
    assert set(judge(password).missing) & {LENGTH, KINDS} == missing & {LENGTH, KINDS}
    assert passwords.meets_rule(password) == (not missing)


@pytest.mark.parametrize("special", list("?./:;,=><@&é\"'(-_ç)€ \u00a0"))
def test_any_special_character_counts_as_one_or_as_a_letter(special: str) -> None:
    assert KINDS not in judge(f"Kilowatt9{special}").missing


@pytest.mark.parametrize(
    "password",
    [
        "Password1!", "Azerty123!", "Azerty.123", "AZERTY-123", "Motdepasse1", "MotDePasse1!", "Bonjour123",
        "Soleil123!", "Qwerty123!", "Aa123456", "Doudou123!", "Azertyuiop1", "Aaaaaaa1", "Abcdefg1", "P@ssw0rd",
    ],
)  # fmt: skip
def test_common_passwords_are_refused_french_ones_too(password: str) -> None:
    """R9."""
    judged = judge(password)
    assert not judged.accepted
    assert judged.level is Level.WEAK


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    [
        "Lamy-Tranquille7", "xx-FRITZ-xx-99", "Fr\u00edtz+Verger7", "Verger+08091963", "Verger+19630908",
        "Verger+080963x", "Nir-1630967482229",
        "A1630967b+verger", "Verger 08/09/1963", "Verger 08 09 1963", "l.a.m.y+Verger7",
    ],
)  # fmt: skip
def test_a_password_that_names_the_member_is_refused(account: Account, password: str) -> None:
    """R9: name, birth date and NIR, however they are written."""
    assert PERSONAL in judge(password, personal=passwords.personal_words(account)).missing


@pytest.mark.django_db
def test_another_password_is_nobodys_name(account: Account) -> None:
    assert judge(OWN_PASSWORD, personal=passwords.personal_words(account)).accepted


def test_the_gauge_has_three_words() -> None:
    """D05."""
    assert [str(judge(each).level) for each in ("azerty", "Grillon-42", "Verger+Tranquille7-Hibou")] == [
        "faible", "moyen", "fort"
    ]  # fmt: skip


@pytest.mark.parametrize("password", ["x" * 10_000, "\x00" * 20, "🦉" * 30, "\ud800abcdefgh", "ﬁ" * 30])
def test_nothing_typed_breaks_the_judge(password: str) -> None:
    judge(password)


def test_each_missing_thing_has_its_own_sentence_and_code() -> None:
    with pytest.raises(ValidationError) as refused:
        passwords.check("abc")
    assert {error.code for error in refused.value.error_list} >= {LENGTH, KINDS}


@pytest.mark.parametrize(
    "english", ["a", "abcabcabc", "19851985", "drowssap", "P4ssw0rd", "qwerty", "AAAAAAAAA", "sequence"]
)
def test_the_advice_is_french(english: str) -> None:
    """R9."""
    assert all(sentence in passwords.ADVICE.values() for sentence in judge(english).advice)


def test_a_temporary_password_has_12_characters_without_look_alikes() -> None:
    """R13."""
    made = {passwords.temporary_password() for _ in range(200)}
    assert len(made) == 200
    assert {len(each) for each in made} == {12}
    assert not set("".join(made)) & set("0O1IL2Z5S8BUV") - {"L"}


@pytest.mark.parametrize(
    "typed",
    [
        "ACDEFGHJKLMN",
        "ACDE-FGHJ-KLMN",
        "acde fghj klmn",
        " acde-fghj-klmn ",
        "ACDE\u00a0FGHJ\u00a0KLMN",
        "a-c-d-efghjklmn",
    ],
)
def test_it_is_taken_however_it_was_copied(typed: str) -> None:
    assert passwords.as_typed(typed) == "ACDEFGHJKLMN"
    assert passwords.grouped("ACDEFGHJKLMN") == "ACDE-FGHJ-KLMN"


@pytest.mark.parametrize("blank", ["\u2011", "\u2013", "\t", "\u202f", "\u00a0"])
def test_it_is_taken_with_the_hyphens_and_blanks_of_a_word_processor(blank: str) -> None:
    assert passwords.as_typed(f"ACDE{blank}FGHJ{blank}KLMN") == "ACDEFGHJKLMN"


def test_passwords_are_kept_as_argon2id() -> None:
    """R17."""
    kept = make_password(OWN_PASSWORD)
    assert kept.startswith("argon2$argon2id$v=19$")
    assert identify_hasher(kept).algorithm == "argon2"
