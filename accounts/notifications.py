"""Every message we send, one function and one template each (R21). None carries the NIR."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import letters, membership, outbox, public_codes
from accounts.identity.caisses import Caisse, Department
from accounts.models import Account, Channel, Company, Email, Letter, Member
from accounts.passwords import grouped


def temporary_password(account: Account, password: str, *, now: datetime) -> None:
    """B27: the provisional password, for one use within 24 hours."""
    until = now + settings.TEMPORARY_PASSWORD_BY_EMAIL
    context = {"password": grouped(password), "until": until, "url": _url("accounts:sign_in")}
    life = settings.TEMPORARY_PASSWORD_BY_EMAIL
    _email("temporary_password", account, context, to=account.email or "", now=now, life=life)


def temporary_password_letter(member: Member, password: str, *, until: datetime, registering: bool) -> dict[str, Any]:
    """R5: what the letter with the provisional password says."""
    return {"password": grouped(password), "until": until.isoformat(), "registering": registering}


def company_code_letter(company: Company, code: str, *, until: datetime, registering: bool) -> dict[str, Any]:
    """R1: what the letter with a company's code says."""
    told = {"code": grouped(code), "until": until.isoformat(), "registering": registering}
    return {**told, "reference": company.details["reference"]}


def registration_confirmation_letter(member: Member, *, now: datetime) -> None:
    """R7: tells the true person that a space was opened in their name. Without a secret, it may try a bad address."""
    if letters.has_address(member):
        letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=member, now=now)


def password_reset_link(account: Account, secret: str, *, now: datetime) -> None:
    """D09: the link that lets the member choose a new password."""
    context = {"url": _url("accounts:reset_link", secret)}
    _email("password_reset_link", account, context, now=now, life=settings.RESET_LINK_LIFE)


def password_changed(account: Account, *, now: datetime) -> None:
    """Tells the member that the password is a new one."""
    _email("password_changed", account, {"at": now, "url": _url("accounts:forgotten_password")}, now=now)


def email_proof_code(account: Account, code: str, *, to: str, now: datetime) -> None:
    """E03, R8: six digits that prove an address."""
    _email("email_proof_code", account, {"code": code}, to=to, now=now, life=settings.EMAIL_CODE_LIFE)


def email_change_link(account: Account, secret: str, *, to: str, now: datetime) -> None:
    """R13: the link that proves the new address."""
    context = {"url": _url("accounts:email_link", secret)}
    _email("email_change_link", account, context, to=to, now=now, life=settings.EMAIL_CHANGE_LIFE)


def email_changed(account: Account, secret: str, *, to: str, now: datetime) -> None:
    """R13: tells the old address, with an undo for 72 hours."""
    context = {"url": _url("accounts:email_undo", secret), "until": now + settings.EMAIL_CHANGE_UNDO}
    _email("email_changed", account, context, to=to, now=now)


def contact_changed(account: Account, *, now: datetime) -> None:
    """Tells the member that a telephone number was changed."""
    _email("contact_changed", account, {"at": now}, now=now)


def address_change_received(account: Account, *, now: datetime) -> None:
    """G03: acknowledges the request; the law wants an acknowledgement (ordonnance 2005-1516, art. 5)."""
    _email("address_change_received", account, {"at": now}, now=now)


def address_change_decided(account: Account, *, accepted: bool, reason: str, now: datetime) -> None:
    """G03: what the caisse has decided, and why not.

    On paper it goes to the address that the registry has now, accepted or not: the new one was typed by somebody who
    may not be the member, and counts once an import brings it. A true person who asked for nothing must hear of it
    where they live (R7); who has moved reads it if their post is sent on, and in Mon compte.
    """
    decided = {"accepted": accepted, "reason": reason}
    if not _posted_answer(Letter.Kind.ADDRESS_DECIDED, account, now=now, **decided):
        _email("address_change_decided", account, {"at": now, **decided}, now=now)


def federation_sign_in(
    account: Account, secret: str, *, reference: str, family: str, at: datetime, now: datetime
) -> None:
    """J16, I16: the account has served for a sign-in through FranceConnect, to a service that nobody names to us."""
    context = {
        "at": at,
        "family": family,
        "reference": grouped(reference),
        "url": _url("franceconnect:not_me", secret),
        "until": now + settings.NOT_ME_LIFE,
    }
    _email("federation_sign_in", account, context, now=now)


def sign_in_disputed(account: Account, *, to: str, by_post: bool, reference: str, at: datetime, now: datetime) -> None:
    """J16: the account is closed to whoever had a way in; how the member gets a new one."""
    context = {
        "at": at,
        "reference": grouped(reference),
        "by_post": by_post,
        "url": _url("accounts:forgotten_password"),
    }
    _email("sign_in_disputed", account, context, to=to, now=now)


def franceconnect_registered(account: Account, secret: str, *, to: str, now: datetime) -> None:
    """B29, R8: the space is open; the link proves the address that FranceConnect gave."""
    context = {"at": now, "url": _url("accounts:email_link", secret)}
    _email("franceconnect_registered", account, context, to=to, now=now, life=settings.EMAIL_CHANGE_LIFE)


def franceconnect_linked(account: Account, *, now: datetime) -> None:
    """I13: from now on FranceConnect opens this account. Somebody hears of it: where no address is proven, by post."""
    if not _email("franceconnect_linked", account, {"at": now, "url": _url("franceconnect:dissociate")}, now=now):
        _post_instead(Letter.Kind.FRANCECONNECT_LINKED, account, now=now)


def franceconnect_unlinked(account: Account, *, now: datetime) -> None:
    """I14: FranceConnect opens this account no more."""
    if not _email("franceconnect_unlinked", account, {"at": now, "url": _url("accounts:forgotten_password")}, now=now):
        _post_instead(Letter.Kind.FRANCECONNECT_UNLINKED, account, now=now)


def franceconnect_conflict_decided(account: Account, *, is_free: bool, now: datetime) -> None:
    """FS 13: an agent has looked; the member may link anew, or the link that is there stays."""
    if not _posted_answer(Letter.Kind.FRANCECONNECT_CONFLICT, account, now=now, is_free=is_free):
        context = {"at": now, "is_free": is_free, "url": _url("franceconnect:associate")}
        _email("franceconnect_conflict_decided", account, context, now=now)


def agent_setup(account: Account, secret: str, *, now: datetime) -> None:
    """Issue 5, no. 1: the link by which an agent chooses a password and connects a telephone."""
    until = now + settings.AGENT_SETUP_LIFE
    context = {"url": _url("admin:set_up", secret), "until": until}
    _email("agent_setup", account, context, to=account.email or "", now=now, life=settings.AGENT_SETUP_LIFE)


def agent_recovered(account: Account, *, left: int, at_door: bool = True, now: datetime) -> None:
    """Issue 5, no. 1: a code that was meant for the day the telephone is lost let somebody in, or begins another one.

    The second asks for no password: whoever finds a desk left open and the paper beside it needs none.
    """
    _email("agent_recovered", account, {"at": now, "left": left, "at_door": at_door}, to=account.email or "", now=now)


def agent_access_changed(account: Account, *, what: str, now: datetime) -> None:
    """Issue 5, no. 1: the password, the telephone or the codes on paper of an agent are new ones."""
    _email("agent_access_changed", account, {"at": now, "what": what}, to=account.email or "", now=now)


def support_act(account: Account, told: str, *, who: str, now: datetime) -> None:
    """Issue 5, no. 4: an agent has done something to the account; where no address is proven, a letter says so."""
    # A company has no file that anybody opens: its account is its request.
    url = _url("accounts:consultations") if account.member_id else ""
    context = {"told": told, "who": who, "at": now, "url": url}
    _email("support_act", account, context, now=now)


def support_act_letter(member: Member, told: str, *, who: str, now: datetime) -> None:
    """The same on paper. It holds no secret."""
    letters.post(Letter.Kind.SUPPORT_ACT, member=member, now=now, told=told, who=who)


def request_received(*, to: str, reference: str, caisse: Caisse, kind: str, now: datetime) -> None:
    """R1: acknowledges a company's or other declarant's request."""
    context = {"reference": reference, "caisse": caisse, "kind": kind, "at": now}
    _write("request_received", to, context, account=None, now=now)


def request_accepted(*, to: str, reference: str, caisse: Caisse, kind: str, now: datetime) -> None:
    """R1: the code comes by post, or the caisse calls. To an address that nobody has proven: no secret, no name."""
    context = {"reference": reference, "caisse": caisse, "kind": kind, "url": _url("accounts:company_sign_in")}
    _write("request_accepted", to, context, account=None, now=now)


def request_refused(*, to: str, reference: str, caisse: Caisse, reason: str, now: datetime) -> None:
    """R1: why, and whom to call."""
    context = {"reference": reference, "caisse": caisse, "reason": reason}
    _write("request_refused", to, context, account=None, now=now)


def department_request_received(account: Account, reference: str, department: Department, *, now: datetime) -> None:
    """H08: acknowledges the request; the law wants an acknowledgement (ordonnance 2005-1516, art. 5)."""
    context = {"reference": reference, "department": department, "at": now, "url": _url("departments:overview")}
    _email("department_request_received", account, context, now=now)


def department_accepted(
    account: Account, reference: str, department: Department, sending: str, *, now: datetime
) -> None:
    """R11: the letter with the code is on its way, or waits for something."""
    context = {"reference": reference, "department": department, "sending": sending}
    _email("department_accepted", account, {**context, "url": _url("departments:overview")}, now=now)


def department_refused(account: Account, reference: str, department: Department, reason: str, *, now: datetime) -> None:
    """R11: why, whom to call, and that they may ask again."""
    told = {"reference": reference, "reason": reason}
    if not _posted_answer(Letter.Kind.DEPARTMENT_REFUSED, account, now=now, department=department.label, **told):
        context = {**told, "department": department, "url": _url("departments:overview")}
        _email("department_refused", account, context, now=now)


def department_opened(account: Account, department: Department, *, now: datetime) -> None:
    """R11: the code was used; the true person hears of it, for a letter may be taken from its box (R7)."""
    context = {"department": department, "at": now, "url": _url("accounts:forgotten_password")}
    if not _email("department_opened", account, context, now=now):
        _post_instead(Letter.Kind.DEPARTMENT_OPENED, account, now=now, department=department.label)


def department_reminder(account: Account, reference: str, department: Department, *, now: datetime) -> None:
    """H08: « quelques jours » are over and the code was not used."""
    context = {"reference": reference, "department": department, "url": _url("departments:overview")}
    _email("department_reminder", account, context, now=now)


def departments_changed(
    account: Account,
    *,
    opened: Iterable[Department],
    closed: Iterable[Department],
    answered: Iterable[Department] = (),
    now: datetime,
) -> None:
    """F02: what the registry has opened and closed, all of it in one e-mail; `answered`: had been asked for (R11)."""
    changes = {"opened": list(opened), "closed": list(closed), "answered": list(answered)}
    _email("departments_changed", account, {**changes, "url": _url("accounts:space")}, now=now)


def _post_instead(kind: Letter.Kind, account: Account, *, now: datetime, **details: Any) -> None:
    """What tells the true member of a change is written on paper when no address is theirs for sure (R7, R8)."""
    if account.member and letters.can_be_posted_to(account.member):
        letters.post(kind, member=account.member, now=now, **details)


def _posted_answer(kind: Letter.Kind, account: Account, *, now: datetime, **details: Any) -> bool:
    """An answer that a member waits for: on paper for who wants paper or has no proven address, where one can go."""
    member, reads_paper = account.member, account.documents_by == Channel.POST or not account.email_proven_at
    if member is None or not reads_paper or not letters.can_be_posted_to(member):
        return False
    letters.post(kind, member=member, now=now, **details)
    return True


def _email(
    name: str,
    account: Account,
    context: dict[str, Any],
    *,
    now: datetime,
    to: str = "",
    life: timedelta = outbox.LIFE,
) -> Email | None:
    # What is not proven may be a stranger's: nothing goes there but what proves it, and that names no caisse (R8).
    address = to or (account.email if account.email_proven_at else "")
    if not address:
        return None
    is_theirs = name == "temporary_password" or bool(account.email_proven_at and address == account.email)
    if is_theirs:
        context["caisse"] = _caisse_of(account, now=now)
    return _write(name, address, context, account=account, now=now, life=life)


def _caisse_of(account: Account, *, now: datetime) -> Caisse | None:
    if account.kind == Account.Kind.COMPANY:
        return account.company.place.caisse
    return membership.of(account.member, on=timezone.localdate(now)).caisse if account.member else None


def _write(
    name: str,
    to: str,
    context: dict[str, Any],
    *,
    account: Account | None,
    now: datetime,
    life: timedelta = outbox.LIFE,
) -> Email:
    """The code at the foot is the row's: who doubts the message asks us for it."""

    def write(public_code: str) -> Email:
        proof = {"verify_url": _url("accounts:verify_message"), "public_code": public_codes.shown(public_code)}
        content = _content(name, to, {**context, **proof})
        return outbox.put(name, account=account, content=content, now=now, life=life, public_code=public_code)

    return public_codes.write_with_a_code(write)


def _content(name: str, to: str, context: dict[str, Any]) -> dict[str, str]:
    """The template's first line is the subject; the HTML says the same as the text."""
    known = {"home": settings.BASE_URL, **context}
    with timezone.override(settings.TIME_ZONE):
        text = render_to_string(f"emails/{name}.txt", known)
    subject, _, body = text.strip().partition("\n")
    body = body.strip() + "\n"
    html = render_to_string("emails/layout.html", {"subject": subject, "paragraphs": body.strip().split("\n\n")})
    return {"to": to, "subject": subject, "text": body, "html": html}


def _url(name: str, *args: str) -> str:
    return settings.BASE_URL + reverse(name, args=args)
