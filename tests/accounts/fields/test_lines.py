"""One line of free text: what is read, what is refused (G03, R1)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.fields import LineField


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12  rue de l'Église", "12 rue de l'Église"), (" gérant\t", "gérant"), ("E\u0301glise", "Église")],
)
def test_a_line_is_read_with_single_spaces(typed, read):
    assert LineField().clean(typed) == read


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("   ", "required"),
        ("x" * 81, "too_long"),
        ("x" * 10_240, "max_length"),
        ("gé\ufffdrant", "bad_character"),
        ("a\x00b", "null_characters_not_allowed"),
        ("a\x07b", "bad_character"),
    ],
)
def test_what_cannot_be_read_or_kept_is_refused(typed, code):
    with pytest.raises(ValidationError) as refused:
        LineField().clean(typed)
    assert refused.value.code == code
