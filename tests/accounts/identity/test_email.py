"""E-mail addresses: one spelling, a mask, a hint (B11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.email import Email
from accounts.identity.refusal import ValueRefused


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("lamy.fritz@gmail.fr", "lamy.fritz@gmail.fr"),
        ("  lamy.fritz@gmail.fr\n", "lamy.fritz@gmail.fr"),
        ("Lamy.Fritz@GMAIL.FR", "Lamy.Fritz@gmail.fr"),
        ("lamy+msa@example.org", "lamy+msa@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("a@château.fr", "a@xn--chteau-xta.fr"),
        ("a@CHA\u0302TEAU.fr", "a@xn--chteau-xta.fr"),
        ("a@sub.example.org", "a@sub.example.org"),
        ("\u200bla\u200bmy@example.org", "lamy@example.org"),
    ],
)
def test_an_address_has_one_spelling(text, address):
    assert Email.parse(text).address == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("lamy", "no_at"),
        ("lamy.gmail.fr", "no_at"),
        ("@gmail.fr", "no_name"),
        ("lamy@", "no_domain"),
        ("lamy@gmail", "no_domain"),
        ("lamy@gmail..fr", "no_domain"),
        ("lamy@.fr", "no_domain"),
        ("lamy@gmail.", "no_domain"),
        ("lamy@gmail.fr.", "no_domain"),
        ("lamy@10.0.0.1", "no_domain"),
        ("lamy@example.x", "no_domain"),
        ("lamy@orange.f", "cut_domain"),
        ("la my@gmail.fr", "bad_character"),
        ("lamÿ@gmail.fr", "bad_character"),
        ("lamy@gmail,fr", "bad_character"),
        ("lamy@gm_ail.fr", "bad_character"),
        ("lamy@-gmail.fr", "bad_character"),
        ("a@b@gmail.fr", "bad_character"),
        (".lamy@gmail.fr", "bad_character"),
        ("Fritz <lamy@gmail.fr>", "bad_character"),
        ("lamy@gmail.fr\nBcc: x", "bad_character"),
        ("lamy\x00@gmail.fr", "bad_character"),
        ("x" * 65 + "@gmail.fr", "too_long"),
        ("a@" + "b." * 130 + "fr", "too_long"),
        ("a" * 10_000, "too_long"),
    ],
)
def test_what_cannot_be_written_to_says_why(text, code):
    with pytest.raises(ValueRefused) as refused:
        Email.parse(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("wanadou.fr", "wanadoo.fr"),
        ("wanado.fr", "wanadoo.fr"),
        ("hotmial.com", "hotmail.com"),
        ("laposte.fr", "laposte.net"),
        ("ornage.fr", "orange.fr"),
        ("yaho.fr", "yahoo.fr"),
    ],
)
def test_a_misspelt_provider_is_hinted_at_never_refused(domain, meant):
    assert Email.parse(f"lamy@{domain}").suggestion == f"lamy@{meant}"


@pytest.mark.parametrize(
    "domain", ["gmail.com", "gmail.fr", "mail.com", "ymail.com", "live.fr", "gaec-lamy.fr", "sfr.fr"]
)
def test_an_honest_domain_is_left_alone(domain):
    assert Email.parse(f"lamy@{domain}").suggestion is None


def test_it_is_masked_on_screen_and_silent_in_logs():
    email = Email.parse("lamy.fritz@gmail.fr")
    assert email.masked == "l•••@gmail.fr"
    assert repr(email) == "Email(•••)"


@given(
    st.one_of(
        st.text(max_size=300),
        st.builds("{}@{}.{}".format, st.text(max_size=9), st.text(max_size=9), st.text(max_size=5)),
    )
)
def test_no_text_raises_anything_but_a_refusal_and_an_address_is_read_again(text):
    try:
        email = Email.parse(text)
    except ValueRefused:
        return
    assert email.address.isascii()
    assert Email.parse(email.address) == email
