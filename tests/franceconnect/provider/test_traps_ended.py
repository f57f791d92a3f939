"""Nothing that a service holds outlives what ends a member's sessions: codes, tokens, requests on the way.

R12, R13, R15, J16, D09, G01.
"""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Account
from franceconnect import notices
from tests.members import LAMY, NEXT_PASSWORD, OWN_PASSWORD, a_member, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty, Sent, Tokens
from tests.oidc.visitor import Visitor, new_code, whole_flow
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import EMAIL, link_in_mail_to, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]
CHOSEN = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}
THIEF = "voleur@example.org"
Act = Callable[[], object]


# What the member does, at another computer ----------------------------------------------------------------------------


def at_home() -> Caller:
    return Caller("198.51.100.4")


def changes_the_password() -> None:
    """G01."""
    sign_in(at_home(), path="/mon-compte/mot-de-passe/").press("Enregistrer", password=OWN_PASSWORD, **CHOSEN)
    assert Account.objects.get().check_password(NEXT_PASSWORD)


def chooses_another_after_forgetting_it() -> None:
    """D09."""
    at_home().visit("/mot-de-passe/oublie/").press("Continuer", login_id=LAMY)
    at_home().visit(link_in_mail_to(EMAIL)).press("Enregistrer", **CHOSEN)
    assert Account.objects.get().check_password(NEXT_PASSWORD)


def says_it_was_not_me() -> None:
    """J16."""
    notices.signed_in(Account.objects.get(), family="Firefox", now=timezone.now())
    found = re.search(r"(/franceconnect/ce-n-est-pas-moi/[\w-]+/)", last_mail_to(EMAIL))
    assert found
    at_home().visit(found[1]).press("Protéger mon compte").sees("Votre compte est protégé")


def takes_the_address_back() -> None:
    """R13: somebody with the password had changed it."""
    sign_in(at_home(), path="/mon-compte/email/").press(
        "Envoyer le lien de confirmation", email=THIEF, password=OWN_PASSWORD
    )
    at_home().visit(link_in_mail_to(THIEF)).press("Confirmer cette adresse")
    at_home().visit(link_in_mail_to(EMAIL)).press("Rétablir mon adresse").sees("Votre ancienne adresse est rétablie")


def has_the_sessions_ended() -> None:
    """R14: what every way of shutting somebody out does."""
    account = Account.objects.get()
    account.session_generation += 1
    account.save(update_fields=["session_generation"])


def is_stopped() -> None:
    """By the support desk."""
    assert Account.objects.update(is_active=False) == 1


ENDS = [
    changes_the_password,
    chooses_another_after_forgetting_it,
    says_it_was_not_me,
    takes_the_address_back,
    has_the_sessions_ended,
    is_stopped,
]


def signs_in_elsewhere() -> None:
    sign_in(at_home()).sees("Mon espace privé")


def changes_a_telephone() -> None:
    sign_in(at_home(), path="/mon-compte/telephones/").press("Enregistrer", mobile="06 39 98 10 02")
    assert Account.objects.get().mobile == "+33639981002"


# What is held meanwhile -----------------------------------------------------------------------------------------------


def held_by(party: RelyingParty, visitor: Visitor) -> tuple[Tokens, Sent, str]:
    """A live token that has not served yet, and a code that waits."""
    return whole_flow(party, visitor), *new_code(party, visitor)


@pytest.mark.parametrize("end", ENDS)
def test_neither_code_nor_token_outlives_it(account: Account, visitor: Visitor, end: Act) -> None:
    """A stranger at two services: between code and token as well as between token and userinfo."""
    party, fc = standard(), franceconnect()
    held = [(each, *held_by(each, visitor)) for each in (party, fc)]
    end()
    for service, tokens, sent, code in held:
        assert service.ask_for_tokens(code, sent).json()["error"] == "invalid_grant"
        assert service.ask_who(tokens.access_token).status == 401
    silent = party.request(prompt="none")
    assert party.callback(silent, visitor.bring(silent).left_for)["error"] == "login_required"


@pytest.mark.parametrize("act", [lambda: None, signs_in_elsewhere, changes_a_telephone])
def test_what_ends_no_session_takes_nothing_away(account: Account, visitor: Visitor, act: Act) -> None:
    """The control."""
    held = [(each, *held_by(each, visitor)) for each in (standard(), franceconnect())]
    act()
    for service, tokens, sent, code in held:
        assert service.ask_who(tokens.access_token).status == 200
        assert service.identity(service.redeem(code, sent))["sub"] == tokens.claims["sub"]


@pytest.mark.parametrize("end", ENDS)
def test_a_request_on_the_way_forgets_who_was_there(visitor: Visitor, end: Act) -> None:
    """For FranceConnect its own sign-in counts, for others the portal's session: neither page is read any more."""
    an_account(a_member(gender=""))
    pages = []
    for party, page in ((franceconnect(), "conditions/"), (standard(skip_authorization=False), "autorisation/")):
        visitor.bring(party.request()).sign_in()
        assert visitor.path == visitor.way(page)
        pages.append(visitor.path)
    end()
    for page in pages:
        assert visitor.visit(page).path == visitor.way("connexion/")
        assert visitor.send(page, allow="1").path == visitor.way("connexion/")
        assert not visitor.left_for


def test_what_is_given_after_a_change_is_worth_something_again(account: Account, visitor: Visitor) -> None:
    """Only what was given before ended: the new password serves at once, at both kinds of service."""
    changes_the_password()
    for party in (standard(), franceconnect()):
        assert party.identity(whole_flow(party, visitor, password=NEXT_PASSWORD))
