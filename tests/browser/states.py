"""Where somebody stands when a page is opened: the rows a visit needs, and the cookie that goes with them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from accounts import codes, login_hint, member_session
from accounts.identity.nir import Nir
from accounts.models import Account, Member, login_of_nir
from accounts.sessions import SessionStore
from accounts.sign_in import How
from enrolment import completion as ending
from enrolment import journey, requests
from enrolment.models import Enrolment
from enrolment.steps import STEPS
from enrolment.views import SESSION_KEY as ENROLMENT
from msa_portal.demo.personas import Persona, personas

Kept = dict[str, Any]
Cookies = dict[str, str]


def persona(slug: str) -> Persona:
    return next(each for each in personas(today=timezone.localdate()) if each.slug == slug)


def answers_of(someone: Persona) -> dict[str, Kept]:
    """What this persona answers at each step, as the journey keeps it, proofs given."""
    return {
        "profil": {"profile": someone.profile},
        "identifiant": {"nir": someone.nir.number},
        "munissez-vous": {},
        "coordonnees": {
            "birth_name": someone.birth_name,
            "given_names": someone.given_names,
            "birth_date": someone.birth_date.iso,
            "email": someone.email,
            "mobile": "",
        },
        "verification": {},
        "affiliation": {"health_cover": "yes" if someone.card else "no"},
        "carte-vitale": {"card_kind": str(someone.card.kind) if someone.card else "none"},
        "numero-de-serie": {"proven": True},
        "paiement": {"proven": True},
        "mot-de-passe": {},
        "conditions": {},
    }


def enrolment_at(slug: str, who: str = "lamy", answers: Mapping[str, Kept] | None = None) -> Enrolment:
    """A journey whose next step is `slug`: everything before it was answered by this persona, or as `answers` say."""
    now = timezone.now()
    enrolment = journey.start(now=now)
    given = {**answers_of(persona(who)), **(answers or {})}
    while (here := journey.current(STEPS, journey.answers_of(enrolment)).slug) != slug:
        journey.record(enrolment, here, given[here], now=now)
    return enrolment


def session(**content: Any) -> Cookies:
    """A session that holds this, as the browser's cookie."""
    store = SessionStore()
    store.update(content)
    store.save()
    return {settings.SESSION_COOKIE_NAME: store.session_key or ""}


def registering(enrolment: Enrolment) -> Cookies:
    return session(**{ENROLMENT: str(enrolment.pk)})


def signed_in(account: Account, how: How = How.PASSWORD) -> Cookies:
    """The session of a member who has just signed in."""
    stamp = int(timezone.now().timestamp())
    return session(
        **{
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: account.get_session_auth_hash(),
            member_session.OPENED: stamp,
            member_session.SEEN: stamp,
            member_session.HOW: how,
        }
    )


def leave_alone(cookies: Cookies, away: timedelta) -> None:
    """The member of this session has done nothing for so long."""
    store = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    store[member_session.SEEN] -= int(away.total_seconds())
    store.save()


def with_hint(number: Nir) -> Cookies:
    content: dict[str, Any] = {}
    login_hint.keep(content, number)
    return session(**content)


def member_of(who: str) -> Member:
    return Member.objects.get(nir_fingerprint=login_of_nir(persona(who).nir.number))


def account_of(who: str) -> Account:
    """The account of a persona, opened now unless they have one; the password is theirs, nothing is confirmed."""
    someone, now = persona(who), timezone.now()
    login = login_of_nir(someone.nir.number)
    if found := Account.objects.with_login(login):
        return found
    account = Account(login_fingerprint=login, member=member_of(who), created_at=now)
    account.email = someone.email
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


def with_temporary_password(who: str, secret: str) -> Account:
    """An account that waits for its first sign-in with this temporary password."""
    account = account_of(who)
    life, now = settings.TEMPORARY_PASSWORD_BY_EMAIL, timezone.now()
    channel, sent_to = "email", account.email
    codes.issue_temporary_password(account, secret, channel=channel, sent_to=sent_to, life=life, now=now)  # type: ignore[arg-type]
    return account


def with_own_password(who: str, password: str) -> Account:
    """An account whose member has chosen a password but has confirmed nothing yet."""
    account = account_of(who)
    account.set_password(password)
    account.save()
    return account


def completed(who: str, answers: Mapping[str, Kept] | None = None) -> Enrolment:
    """A registration that was finished a moment ago; whoever registers by the portal has no account yet."""
    if not persona(who).is_registered:
        Account.objects.filter(login_fingerprint=login_of_nir(persona(who).nir.number)).delete()
    enrolment = enrolment_at("conditions", who, answers)
    ending.complete(enrolment, now=timezone.now())
    return enrolment


def requested() -> Enrolment:
    """A company's request that was filed a moment ago (R1)."""
    enrolment = enrolment_at("demande", answers={"profil": {"profile": "company"}})
    details = {
        "name": "Claire Vasseur",
        "function": "gérante",
        "siret": "73282932000074",
        "email": "claire.vasseur@example.org",
        "phone": "+33388000000",
        "department": "67",
    }
    requests.file(enrolment, kind="company", details=details, now=timezone.now())
    return enrolment
