"""What stands between a client's request and its answer: the next page of the way, if any (R2, R15, D01, E01)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from accounts.duties import Duty, next_duty
from accounts.models import Account
from accounts.sign_in import How
from franceconnect import claims, consents, eligibility, subject
from franceconnect.provider import tokens
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.errors import OAuthError
from franceconnect.provider.grants import Authentication


class Step(StrEnum):
    """A page of the way; the value is the name of its address."""

    SIGN_IN = "sign_in"
    PERSONALISE = "personalise_password"
    CONFIRM = "confirm_contact"
    ELIGIBILITY = "eligibility"
    CONSENT = "consent"


# What a client hears that wants no page shown (Core, 3.1.2.6).
SILENT_REFUSALS = {Step.SIGN_IN: "login_required", Step.CONSENT: "consent_required"}
DUTIES = {Duty.PERSONALISE: Step.PERSONALISE, Duty.CONFIRM: Step.CONFIRM}


@dataclass(frozen=True)
class SignedIn:
    """Who is there. `fresh`: they signed in for this very request; `weak`: with a password the rule refuses (D06)."""

    who: Authentication
    how: How | None
    fresh: bool = False
    weak: bool = False


# Who signed in for this very request may read its pages for so long before a shorter max_age counts again.
READING = timedelta(minutes=2)


def next_step(request: AuthorizationRequest, someone: SignedIn | None, *, now: datetime) -> Step | None:
    """None when nothing stands in the way any more. Raises OAuthError when somebody else than expected signed in."""
    if someone is None or needs_sign_in(request, someone, now=now):
        return Step.SIGN_IN
    if not is_expected(request, someone):
        raise OAuthError("login_required", "somebody else than the expected member is signed in")
    account = someone.who.account
    if account.kind != Account.Kind.MEMBER:
        # A company's account says nothing of a person: no service is told of it (R1, J04).
        return Step.ELIGIBILITY
    if duty := next_duty(account, someone.how):
        return DUTIES[duty]
    client = request.known_client
    if client.is_federation and eligibility.missing(
        account, how=someone.how, today=timezone.localdate(now), weak_password=someone.weak
    ):
        return Step.ELIGIBILITY
    if client.asks_consent and ("consent" in request.prompt or not consents.covers(account, client, wanted(request))):
        return Step.CONSENT
    return None


def needs_sign_in(request: AuthorizationRequest, someone: SignedIn, *, now: datetime) -> bool:
    """Core, 3.1.2.1 (prompt, max_age, id_token_hint); FranceConnect's members sign in each time (FI 4)."""
    age = (now - someone.who.at).total_seconds()
    if someone.fresh:
        return request.max_age is not None and age > max(request.max_age, READING.total_seconds())
    return (
        request.known_client.is_federation
        or bool(request.prompt & {"login", "select_account"})
        or (request.max_age is not None and age > request.max_age)
        or not is_expected(request, someone)
    )


def is_expected(request: AuthorizationRequest, someone: SignedIn) -> bool:
    """Whether this is whom the client names: by an id_token_hint, or by `sub` in the claims parameter (Core, 5.5.1)."""
    expected = set(request.subjects)
    if request["id_token_hint"]:
        expected.add(str((tokens.read_id_token(request["id_token_hint"]) or {}).get("sub")))
    return not expected or expected == {subject.of(someone.who.account, request.known_client)}


def wanted(request: AuthorizationRequest) -> frozenset[str]:
    """What the member is asked to share: scopes, and claims asked for one by one; nothing that nobody could explain."""
    single = {f"claim:{name}" for name in request.claims.get("userinfo", {}) if name in claims.TO_OTHERS}
    return (request.scopes & {"openid", *claims.BY_SCOPE}) | single
