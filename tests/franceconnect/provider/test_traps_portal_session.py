"""What the portal asks a password for is not to be had on the way to a service (G01, D01, D06, R8, R15)."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts import outbox
from accounts.models import Account, Channel, Code
from tests.members import GARCIN, NEXT_PASSWORD, OWN_PASSWORD, a_member, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.visitor import Visitor
from tests.stories.signing_in import EMAIL, digits_in_mail_to, temporary_password

pytestmark = [pytest.mark.django_db]
THIEF = "voleur@example.org"
TOO_SIMPLE = "simple"
# What the pages of the second duty take.
CONTACT_FORMS = [
    ("coordonnees/", {"email": THIEF, "mobile": "+33639981099"}),
    ("coordonnees/email/", {"code": "000000"}),
    ("coordonnees/email/", {"again": "1"}),
    ("coordonnees/email/", {"skip": "1"}),
]


def garcin() -> Account:
    return an_account(a_member(GARCIN, birth_name="GARCIN"), email="garcin@example.org")


def weak(account: Account) -> Account:
    account.set_password(TOO_SIMPLE)
    account.save()
    return account


def is_unchanged(account: Account) -> None:
    """Neither the contact details nor their proof, and nothing is on its way to the thief."""
    outbox.sweep(now=timezone.now())
    assert not any(THIEF in message.to for message in mail.outbox)
    assert not Code.objects.filter(purpose=Code.Purpose.EMAIL_PROOF).exists()
    now = Account.objects.get(pk=account.pk)
    for name in ("email", "email_proven_at", "mobile", "contact_confirmed_at"):
        assert getattr(now, name) == getattr(account, name), name


# The address ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signed_in", ["in the portal", "for the request"])
def test_a_session_that_was_left_open_gives_nobody_another_address(visitor: Visitor, signed_in: str) -> None:
    """G01: in Mon compte the password is asked first; with it the thief would have the next one sent to them."""
    account = an_account(email_proven_at=None)
    if signed_in == "in the portal":
        visitor.visit("/connexion/").sign_in()
    visitor.bring(standard(skip_authorization=False).request())
    if signed_in == "for the request":
        visitor.sign_in()
    assert visitor.offers("Autoriser")
    for page, fields in CONTACT_FORMS:
        path = visitor.way(page)
        assert visitor.visit(path).path == visitor.way("autorisation/")
        assert visitor.send(path, **fields).path == visitor.way("autorisation/")
    is_unchanged(account)


def test_what_is_proven_on_the_way_to_franceconnect_is_of_who_signed_in_there(visitor: Visitor) -> None:
    """R2, R15: whoever has the portal's session in the same browser keeps what is theirs."""
    lamy, other = an_account(email_proven_at=None), garcin()
    fc = franceconnect()
    sent = fc.request()
    visitor.visit("/connexion/").sign_in(GARCIN)
    visitor.bring(sent).sign_in().follow("Confirmer mon adresse email").press("Je confirme mes coordonnées")
    visitor.press("Valider", code=digits_in_mail_to(EMAIL))
    assert fc.identity(fc.redeem(fc.code(sent, visitor.left_for), sent))["email"] == EMAIL
    lamy.refresh_from_db()
    assert lamy.email_proven_at
    assert Account.objects.get(pk=other.pk).email == "garcin@example.org"


# The password ---------------------------------------------------------------------------------------------------------


def test_a_weak_password_of_one_member_opens_no_way_to_another_s(visitor: Visitor) -> None:
    """G01: the request remembered « too simple », and the next member's password was replaced unasked."""
    lamy, other = weak(an_account()), garcin()
    visitor.bring(standard(skip_authorization=False).request()).sign_in(password=TOO_SIMPLE)
    page = visitor.way("mot-de-passe/")
    for whose in (lamy, other):
        if whose == other:
            visitor.visit("/mon-espace/").press("Se déconnecter").visit("/connexion/").sign_in(GARCIN)
        assert "new_password1" not in {name for form in visitor.visit(page).page.forms for name in form.names}
        visitor.send(page, new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert Account.objects.get(pk=other.pk).check_password(OWN_PASSWORD)
    assert Account.objects.get(pk=lamy.pk).check_password(TOO_SIMPLE)


def test_the_password_replaced_for_franceconnect_is_that_of_who_typed_it(visitor: Visitor) -> None:
    """D08, R15: the portal's session of somebody else goes on, and no other one is opened."""
    lamy, other = weak(an_account()), garcin()
    fc = franceconnect()
    sent = fc.request()
    visitor.visit("/connexion/").sign_in(GARCIN)
    visitor.bring(sent).sign_in(password=TOO_SIMPLE).follow("Choisir un autre mot de passe")
    visitor.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert fc.redeem(fc.code(sent, visitor.left_for), sent)
    assert Account.objects.get(pk=lamy.pk).check_password(NEXT_PASSWORD)
    assert Account.objects.get(pk=other.pk).check_password(OWN_PASSWORD)
    visitor.visit("/mon-espace/").sees("GARCIN").does_not_see("LAMY")


@pytest.mark.parametrize("kind", [standard, franceconnect])
@pytest.mark.parametrize(
    ("page", "fields"), [("", {}), ("conditions/", {}), ("autorisation/", {"allow": "1"}), *CONTACT_FORMS]
)
def test_nothing_is_confirmed_under_a_temporary_password(
    visitor: Visitor, kind: Any, page: str, fields: dict[str, str]
) -> None:
    """D01: the password first, then the contact details, then anything else, whatever address is opened."""
    account = an_account(password=None, email_proven_at=None)
    secret = temporary_password(account, Channel.POST)
    visitor.bring(kind(skip_authorization=False).request()).sign_in(password=secret)
    path, password_first = visitor.way(page), visitor.way("mot-de-passe/")
    assert visitor.visit(path).path == password_first
    if fields:
        assert visitor.send(path, **fields).path == password_first
    assert not visitor.left_for
    is_unchanged(account)
