"""What an agent does for a member: for a reason, once, journaled, told to the member (issue 5, Support desk 4).

The attacks first: another caisse's member, no token, no reason, a role without the right, a file that is shut again.
"""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts import codes, contact, letters, retention
from accounts.identity.email import Email as Address
from accounts.models import (
    Account,
    BadAddress,
    Channel,
    Code,
    CorrectionRequest,
    Email,
    Entry,
    Event,
    Letter,
    Member,
    Role,
)
from accounts.sign_in import AccountClosed, How, SignInRefused, come_in, sign_in
from accounts.support.file import acts, corrections
from accounts.support.file.acts import ACTS, Act, Outcome
from accounts.support.roles import ROLES, May
from accounts.throttling import TooManyAttempts
from franceconnect.models import Link
from msa_portal.urls import DESK
from tests.accounts.support.member_files import elsewhere, opened, place
from tests.agents import an_agent, at_desk
from tests.browser.states import signed_in
from tests.members import A_MOMENT, GARCIN, OWN_PASSWORD, a_member, an_account
from tests.stories.caller import Caller, last_mail_to

pytestmark = pytest.mark.django_db
# Reading the addresses has put every act there.
assert DESK
NIR = "1 63 09 67 482 229"
# What each one's own fields are given.
FIELDS: dict[str, dict[str, str]] = {
    "telephones": {"mobile": "06 39 98 10 99", "landline": "", "fax": ""},
    "email": {"email": "neuf@ferme.example"},
    "correction-identite": {"subject": "name", "note": "LAMI, d'après l'acte de naissance"},
}
EVERY_ACT = [pytest.param(act, id=act.slug) for act in ACTS.values()]


def link(account: Account) -> None:
    made = Link(account=account, issuer="https://fc", subject_fingerprint=b"s" * 32, created_at=A_MOMENT)
    made.last_used_at, made.subject = A_MOMENT, "sub"
    made.save(force_insert=True)


def fit_for(act: Act, **columns: Any) -> Account:
    """An account for which there is something to do."""
    account = an_account(is_active=act.slug != "reactiver", **columns)
    link(account)
    return account


def pressed(caller: Caller, act: Act, account: Account, **fields: str) -> Caller:
    assert account.member is not None
    caller.visit(place(account.member, "actes", act.slug))
    reason = {"reason": next(iter(act.reasons))} if "reason" not in fields else {}
    return caller.press(act.label, **{**FIELDS.get(act.slug, {}), **reason, **fields})


def done() -> list[Entry]:
    return list(Entry.objects.filter(event=Event.SUPPORT_ACT).order_by("pk"))


def state(account: Account) -> list[Any]:
    """Whatever an act may change."""
    tables = (Account, Code, Email, Letter, Link, CorrectionRequest)
    return [sorted(map(repr, table.objects.values())) for table in tables]  # type: ignore[attr-defined]


# Attacks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", EVERY_ACT)
def test_not_for_a_member_of_another_caisse(act: Act) -> None:
    """404, a line, and nothing has changed."""
    account = an_account(elsewhere(), is_active=act.slug != "reactiver")
    link(account)
    caller = at_desk(an_agent(Role.LEAD))
    caller.client.handler.enforce_csrf_checks = False
    before = state(account)
    typed = {**FIELDS.get(act.slug, {}), "reason": next(iter(act.reasons))}
    assert caller.client.post(place(account.member, "actes", act.slug), typed).status_code == 404
    assert state(account) == before
    assert Entry.objects.filter(event=Event.SUPPORT_REFUSED, detail__why="scope").count() == 1
    assert done() == []


@pytest.mark.parametrize("act", EVERY_ACT)
@pytest.mark.parametrize("attack", ["no token", "no reason", "another reason", "not opened", "by address"])
def test_nothing_is_done_by_a_form_that_is_not_whole(act: Act, attack: str) -> None:
    account = fit_for(act)
    caller = at_desk(an_agent(Role.LEAD)) if attack == "not opened" else opened(account.member, Role.LEAD)
    before = state(account)
    typed = {**FIELDS.get(act.slug, {}), "reason": next(iter(act.reasons))}
    here = place(account.member, "actes", act.slug)
    if attack == "by address":
        assert caller.client.get(here, typed).status_code == 200
    elif attack == "no token":
        assert caller.client.post(here, typed).status_code == 403
    else:
        caller.client.handler.enforce_csrf_checks = False
        typed["reason"] = {"no reason": "", "another reason": "curiosity"}.get(attack, typed["reason"])
        answer = caller.client.post(here, typed)
        assert answer.status_code == (302 if attack == "not opened" else 200)
        assert attack == "not opened" or "Choisissez un motif" in answer.content.decode()
    assert state(account) == before
    assert done() == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", EVERY_ACT)
def test_only_for_whom_the_table_allows_it(role: str, act: Act) -> None:
    """R20: neither offered, nor shown, nor done."""
    account = fit_for(act)
    allowed = act.what in ROLES[role]
    agent = an_agent(role)
    caller = opened(account.member, agent=agent) if May.SEE_MEMBERS in ROLES[role] else at_desk(agent)
    assert caller.offers(act.label) is allowed
    here = place(account.member, "actes", act.slug)
    assert caller.client.get(here).status_code == (200 if allowed else 404)
    if not allowed:
        caller.client.handler.enforce_csrf_checks = False
        before = state(account)
        assert caller.client.post(here, {"reason": next(iter(act.reasons))}).status_code == 404
        assert state(account) == before


def test_an_act_that_is_none_is_refused(account: Account) -> None:
    caller = opened(account.member)
    assert caller.client.get(place(account.member, "actes", "effacer")).status_code == 404


@pytest.mark.parametrize("act", EVERY_ACT)
def test_a_file_that_is_shut_again_stops_the_act(held_clock, act: Act) -> None:
    """The page stood open over lunch."""
    account = fit_for(act)
    caller = opened(account.member, Role.LEAD).visit(place(account.member, "actes", act.slug))
    held_clock.shift(timedelta(minutes=29))
    caller.client.get("/support/")
    held_clock.shift(timedelta(minutes=1))
    before = state(account)
    caller.press(act.label, **FIELDS.get(act.slug, {}), reason=next(iter(act.reasons)))
    caller.sees("Rien n'a été fait", "Dites pourquoi")
    assert state(account) == before


def plain(text: str) -> str:
    return " ".join(text.split())


# Every act ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", EVERY_ACT)
def test_it_says_what_will_happen_then_does_it_and_tells_everybody(act: Act) -> None:
    """Label, reason, journal, mail: for each."""
    account = fit_for(act)
    agent = an_agent(Role.LEAD)
    caller = opened(account.member, agent=agent).follow(act.label)
    caller.sees(act.label, plain(act.will), plain(act.told))
    caller.sees("Par e-mail, à son adresse prouvée")
    pressed(caller, act, account).sees("C'est fait. L'adhérent en est informé par e-mail.")
    [line] = done()
    reason = next(iter(act.reasons))
    expected = {"act": act.what, "verb": act.slug, "reason": reason, "by": agent.pk.hex}
    assert (line.account, line.detail) == (account.pk, expected)
    body = plain(Email.objects.get(kind="support_act").content["text"])
    assert plain(act.told) in body
    assert act.reasons[reason] in body
    assert Email.objects.filter(kind="support_act", account=account).count() == 1
    caller.visit(place(account.member)).sees(act.past)


@pytest.mark.parametrize("act", EVERY_ACT)
def test_two_clicks_do_it_once(held_clock, act: Act) -> None:
    account = fit_for(act)
    caller = opened(account.member, Role.LEAD).visit(place(account.member, "actes", act.slug))
    caller.client.handler.enforce_csrf_checks = False
    typed = {**FIELDS.get(act.slug, {}), "reason": next(iter(act.reasons))}
    here = place(account.member, "actes", act.slug)
    for _ in range(2):
        assert caller.client.post(here, typed).status_code in (200, 302)
    assert len(done()) == 1
    assert Email.objects.filter(kind="support_act").count() == 1
    assert Code.objects.filter(purpose=Code.Purpose.TEMPORARY_PASSWORD).count() <= 1


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_the_same_moment_do_it_once() -> None:
    """Two processes, one outcome: the second waits for the first and finds it done."""
    account, agents_ = an_account(), [an_agent(Role.LEAD), an_agent(Role.NATIONAL)]
    act, outcomes, together = ACTS["mot-de-passe-par-email"], [], Barrier(2)

    def go(agent: Account) -> None:
        try:
            together.wait()
            member = Account.objects.select_related("member").get(pk=account.pk).member
            assert member is not None
            outcomes.append(acts.carry_out(act, member, by=agent, reason="call", now=timezone.now()))
        finally:
            connections.close_all()

    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    threads = [Thread(target=go, args=[agent]) for agent in agents_]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == [Outcome.DONE, Outcome.JUST_DONE]
    assert Code.objects.count() == 1
    assert len(done()) == 1


@pytest.mark.parametrize("act", EVERY_ACT)
def test_without_a_proven_address_a_letter_tells(act: Act) -> None:
    """R8, R7: never to an address that may be a stranger's; the page says so."""
    account = fit_for(act, email_proven_at=None, last_login=None)
    caller = opened(account.member, Role.LEAD).visit(place(account.member, "actes", act.slug))
    caller.sees("Par courrier, car son adresse e-mail n'est pas prouvée")
    pressed(caller, act, account).sees("informé par courrier")
    assert not Email.objects.filter(kind="support_act").exists()
    expected = Letter.Kind.TEMPORARY_PASSWORD if act.tells_by_itself else Letter.Kind.SUPPORT_ACT
    [letter] = Letter.objects.all()
    assert letter.kind == expected
    if not act.tells_by_itself:
        assert letter.content["told"] == act.told
        assert "MSA Alsace" in letter.content["who"]


def test_where_nothing_can_be_sent_the_agent_says_so(db: None) -> None:
    account = an_account(a_member(address="", postcode="", city=""), email_proven_at=None)
    caller = opened(account.member).visit(place(account.member, "actes", "fermer-les-sessions"))
    caller.sees("nous n'avons aucune adresse sûre")
    pressed(caller, ACTS["fermer-les-sessions"], account).sees("Dites-le à l'adhérent")
    assert not Email.objects.exists()
    assert not Letter.objects.exists()


def test_an_act_names_neither_agent_nor_number_in_its_mail(account: Account) -> None:
    pressed(opened(account.member), ACTS["debloquer"], account)
    body = last_mail_to("fritz.lamy@example.org")
    assert "Camille" not in body
    assert "1630967482229" not in body.replace(" ", "")
    assert "Un conseiller de la MSA Alsace" in " ".join(body.split())
    assert "/mon-compte/consultations/" in body


# A new temporary password ---------------------------------------------------------------------------------------------


def test_a_temporary_password_by_email_is_shown_to_nobody_and_works(account: Account) -> None:
    caller = pressed(opened(account.member), ACTS["mot-de-passe-par-email"], account)
    shown = caller.response.content.decode()
    email = Email.objects.get(kind="temporary_password")
    secret = next(line for line in email.content["text"].splitlines() if len(line) == 14 and line.count("-") == 2)
    assert secret not in shown
    assert secret not in repr(list(Entry.objects.values()))
    who = sign_in(bytes(account.login_fingerprint), secret, browser=b"b" * 32, network="n", now=timezone.now())
    assert who.how is How.TEMPORARY_PASSWORD


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"email": None}, "Aucune adresse e-mail n'est connue"),
        # R5: whoever registered by post may have typed a mailbox of their own.
        ({"opened_by": Channel.POST, "last_login": None}, "attend le premier mot de passe envoyé par courrier"),
        # R8: typed and never read.
        ({"email_proven_at": None, "last_login": A_MOMENT}, "n'est pas prouvée"),
    ],
)
def test_no_password_to_a_mailbox_that_may_be_a_stranger_s(db: None, columns: dict[str, Any], said: str) -> None:
    account = an_account(**columns)
    caller = opened(account.member).visit(place(account.member, "actes", "mot-de-passe-par-email")).sees(said)
    caller.client.handler.enforce_csrf_checks = False
    caller.client.post(place(account.member, "actes", "mot-de-passe-par-email"), {"reason": "call"})
    assert not Code.objects.exists()
    assert done() == []


def test_a_new_address_and_a_password_to_it_take_three_days(held_clock, account: Account) -> None:
    """An insider, or a caller with a good story: the old address may say no before."""
    caller = opened(account.member)
    pressed(caller, ACTS["email"], account, email="voleur@example.org")
    link = Email.objects.get(kind="email_change_link").content["text"]
    secret = next(line for line in link.splitlines() if "/email/lien/" in line).rstrip("/").rpartition("/")[2]
    contact.change_email(secret, now=timezone.now())
    caller.visit(place(account.member, "actes", "mot-de-passe-par-email")).sees("moins de 72 heures")
    assert not Code.objects.filter(purpose=Code.Purpose.TEMPORARY_PASSWORD).exists()
    assert "email_changed" in Email.objects.values_list("kind", flat=True)
    held_clock.shift(timedelta(hours=73))
    caller = opened(account.member).visit(place(account.member, "actes", "mot-de-passe-par-email"))
    caller.does_not_see("moins de 72 heures")


def test_a_temporary_password_by_post_once_a_day(held_clock, account: Account) -> None:
    """R5, R13."""
    act = ACTS["mot-de-passe-par-courrier"]
    caller = opened(account.member)
    pressed(caller, act, account)
    held_clock.shift(timedelta(minutes=2))
    caller.visit(place(account.member, "actes", act.slug)).sees("un par jour au plus")
    assert Letter.objects.count() == 1


def test_no_letter_to_an_address_that_is_bad(account: Account) -> None:
    """R5: until somebody has made sure of it."""
    letter = letters.post(Letter.Kind.TEMPORARY_PASSWORD, member=account.member, now=timezone.now())
    mark = letter.address_fingerprint
    BadAddress.objects.create(member=account.member, fingerprint=mark, since=timezone.now())
    caller = opened(account.member).visit(place(account.member, "actes", "mot-de-passe-par-courrier"))
    caller.sees("Un courrier est revenu de cette adresse")


# Locked out -----------------------------------------------------------------------------------------------------------


def test_unlocking_forgets_every_wait_of_this_account_and_no_other(held_clock, account: Account) -> None:
    """R12: from whatever network and browser, by the minute and by the day."""
    other = an_account(a_member(GARCIN), email="other@example.org")
    places = [("n1", b"a" * 32), ("n2", b"b" * 32)]

    def fail(who: Account, network: str, browser: bytes) -> type[Exception]:
        try:
            sign_in(bytes(who.login_fingerprint), "faux", browser=browser, network=network, now=timezone.now())
        except (SignInRefused, TooManyAttempts) as refused:
            return type(refused)
        raise AssertionError

    for network, browser in places:
        for _ in range(6):
            fail(account, network, browser)
            fail(other, network, browser)
    assert {fail(account, *each) for each in places} == {TooManyAttempts}
    pressed(opened(account.member), ACTS["debloquer"], account)
    for network, browser in places:
        who = sign_in(
            bytes(account.login_fingerprint), OWN_PASSWORD, browser=browser, network=network, now=timezone.now()
        )
        assert who.account == account
    assert {fail(other, *each) for each in places} == {TooManyAttempts}
    # And guessing is counted again from here.
    assert [fail(account, "n3", b"c" * 32) for _ in range(6)][-1] is TooManyAttempts


def forgotten(account: Account, *, times: int = 1, network: str = "192.0.2.90") -> int:
    """D09, from the outside; how many of these requests were passed on."""
    before = Email.objects.filter(kind="forgotten_password").count()
    assert account.member is not None
    for _ in range(times):
        caller = Caller(network).visit("/mot-de-passe/oublie/")
        caller.press("Continuer", login_id=account.member.nir.number).sees("Si un compte existe")
    return Email.objects.filter(kind="forgotten_password").count() - before


def test_unlocking_lets_a_forgotten_password_be_asked_for_again(held_clock, account: Account) -> None:
    """R12: from the network that had asked too often, and by number whatever the network; nobody else's waits end."""
    other = an_account(a_member(GARCIN), email="other@example.org")
    networks = [f"192.0.2.{number}" for number in range(90, 96)]
    for who in (account, other):
        assert forgotten(who, times=4) == 3
        for network in networks:
            forgotten(who, times=2, network=network)
        assert [forgotten(who, network=each) for each in networks] == [0] * len(networks)
    pressed(opened(account.member), ACTS["debloquer"], account)
    assert forgotten(account, times=4) == 3
    assert forgotten(account, network="192.0.2.91") == 1
    assert [forgotten(other, network=each) for each in networks] == [0] * len(networks)


# Sessions, suspended --------------------------------------------------------------------------------------------------


def as_member(account: Account) -> Caller:
    caller = Caller()
    caller.client.cookies.load(signed_in(account, How.PASSWORD))
    return caller


def test_ending_sessions_ends_them_and_not_the_password(account: Account) -> None:
    mine = as_member(account)
    assert mine.visit("/mon-espace/").path == "/mon-espace/"
    pressed(opened(account.member), ACTS["fermer-les-sessions"], account)
    assert mine.visit("/mon-espace/").path == "/connexion/"
    now = timezone.now()
    assert sign_in(bytes(account.login_fingerprint), OWN_PASSWORD, browser=b"b" * 32, network="n", now=now)


def test_nobody_comes_into_a_suspended_account_and_nothing_says_that_it_is(account: Account) -> None:
    """R12, I12: one page for a right and a wrong password; by FranceConnect neither; links and codes end with it."""
    mine, now = as_member(account), timezone.now()
    reset = codes.issue_link(account, Code.Purpose.PASSWORD_RESET, life=timedelta(hours=1), now=now)
    codes.issue_temporary_password(account, "ACDEFGHJKW67", channel=Channel.EMAIL, life=timedelta(days=1), now=now)
    caller = pressed(opened(account.member, Role.LEAD), ACTS["suspendre"], account)
    assert mine.visit("/mon-espace/").path == "/connexion/"
    said = set()
    for number, password in enumerate((OWN_PASSWORD, "Autre-Chose+2026", "ACDE-FGHJ-KW67")):
        tried = Caller(f"192.0.2.{number + 30}").visit("/connexion/")
        said.add(tried.press("Se connecter", login_id=NIR, password=password).text)
        assert tried.path == "/connexion/"
    assert len(said) == 1
    with pytest.raises(AccountClosed):
        come_in(account, how=How.FRANCECONNECT, now=now)
    assert Caller().visit(f"/mot-de-passe/lien/{reset}/").response.status_code == 410
    assert not caller.offers("Suspendre le compte")
    assert not caller.offers("Envoyer un mot de passe")
    pressed(caller, ACTS["reactiver"], account)
    again = Caller("192.0.2.60").visit("/connexion/")
    assert again.press("Se connecter", login_id=NIR, password=OWN_PASSWORD).path == "/mon-espace/"


# FranceConnect --------------------------------------------------------------------------------------------------------


def test_unlinking_takes_the_link_away_even_without_a_password(db: None) -> None:
    """I14: the member could not do it themselves (FS 18); the page says what is needed then."""
    account = an_account(password=None, email_proven_at=A_MOMENT)
    link(account)
    caller = opened(account.member).follow("Dissocier de FranceConnect")
    caller.sees("S'il n'a pas de mot de passe, envoyez-en un provisoire")
    pressed(caller, ACTS["dissocier-franceconnect"], account)
    assert not Link.objects.exists()
    [line] = Entry.objects.filter(event=Event.FRANCECONNECT_UNLINKED)
    assert line.detail == {"by": "support"}
    assert not Email.objects.filter(kind="franceconnect_unlinked").exists()


# Contact details ------------------------------------------------------------------------------------------------------


def test_telephones_change_at_once_and_show_as_they_were(account: Account) -> None:
    caller = opened(account.member).visit(place(account.member, "actes", "telephones"))
    form = next(each for each in caller.page.forms if "mobile" in each.names)
    assert form.values["mobile"] == "06 39 98 10 01"
    caller.press("Corriger les téléphones", mobile="", landline="03 53 01 99 01", reason="call")
    account.refresh_from_db()
    assert (account.mobile, account.landline) == (None, "+33353019901")
    assert not Email.objects.filter(kind="contact_changed").exists()


def test_the_same_telephones_are_nothing_to_do(account: Account) -> None:
    caller = opened(account.member).visit(place(account.member, "actes", "telephones"))
    caller.press("Corriger les téléphones", reason="call").sees("Il n'y avait rien à faire")
    assert done() == []
    caller.visit(place(account.member, "actes", "telephones"))
    caller.press("Corriger les téléphones", reason="call", mobile="06 39 98 10 77").sees("C'est fait")


def test_a_number_that_is_none_is_asked_again(account: Account) -> None:
    caller = opened(account.member).visit(place(account.member, "actes", "telephones"))
    caller.press("Corriger les téléphones", reason="call", mobile="06 12").sees("Il manque des chiffres")
    assert done() == []


def test_a_new_address_counts_once_its_link_was_opened_and_the_old_one_hears_of_it(account: Account) -> None:
    """G01, R13."""
    pressed(opened(account.member), ACTS["email"], account)
    account.refresh_from_db()
    assert account.email == "fritz.lamy@example.org"
    assert "nouvelle adresse e-mail" in " ".join(last_mail_to("fritz.lamy@example.org").split())
    assert "/email/lien/" in last_mail_to("neuf@ferme.example")
    assert contact.pending_email(account, now=timezone.now()) == "neuf@ferme.example"


def test_links_to_new_addresses_have_their_limit(held_clock, account: Account) -> None:
    """R12: five an hour, whoever asks."""
    caller = opened(account.member)
    for number in range(6):
        pressed(caller, ACTS["email"], account, email=f"neuf{number}@ferme.example")
        held_clock.shift(timedelta(seconds=61))
    caller.sees("Trop de messages sont déjà partis")
    assert len(done()) == 5


def test_nobody_s_account_gets_no_new_address(db: None) -> None:
    """R5: only the letter proves whose it is."""
    account = an_account(password=None, opened_by=Channel.POST, email_proven_at=None)
    caller = opened(account.member).visit(place(account.member, "actes", "email"))
    caller.sees("attend le premier mot de passe envoyé par courrier")
    given = {"email": Address.parse("x@example.org")}
    agent = an_agent()
    now = timezone.now()
    assert (
        acts.carry_out(ACTS["email"], account.member, by=agent, reason="call", now=now, given=given) is Outcome.NOTHING
    )


# The registry is wrong ------------------------------------------------------------------------------------------------


def test_a_correction_waits_in_the_list_of_its_caisse_until_it_is_answered(member: Member) -> None:
    """For a member without an account too; the note is sealed; two answers, one outcome."""
    agent = an_agent()
    caller = opened(member, agent=agent).follow("Demander une correction d'identité")
    note = "Né le 9, pièce vue au guichet"
    caller.press("Demander une correction", subject="birth_date", note=note, reason="counter")
    caller.sees("informé par courrier")
    [row] = CorrectionRequest.objects.all()
    assert (row.department, row.subject, row.asked_by, row.note) == ("67", "birth_date", agent.pk, note)
    caller.visit("/support/").sees("Corrections d'identité")
    caller.visit("/support/accounts/correctionrequest/").sees("67-Bas-Rhin", "date de naissance")
    caller.does_not_see("LAMY", "Né le 9")
    caller.visit(f"/support/accounts/correctionrequest/{row.pk}/change/").sees("Né le 9", "LAMY FRITZ")
    caller.press("Répondre", reason="done")
    row.refresh_from_db()
    assert (row.answer, row.decided_by) == ("done", agent.pk)
    assert not corrections.decide(row, CorrectionRequest.Answer.NOTHING, by=agent, now=timezone.now())


def test_the_same_correction_is_asked_for_once(held_clock, member: Member) -> None:
    caller = opened(member)
    said = []
    for _ in range(2):
        caller.visit(place(member, "actes", "correction-identite"))
        caller.press("Demander une correction", subject="name", note="LAMI", reason="call")
        said.append(caller.text)
        held_clock.shift(timedelta(seconds=61))
    assert "C'est fait" in said[0]
    assert "Il n'y avait rien à faire" in said[1]
    assert CorrectionRequest.objects.count() == 1
    caller.visit(place(member, "actes", "correction-identite"))
    caller.press("Demander une correction", subject="name", note="  ", reason="call").sees("Écrivez ce que disent")


def test_an_answered_correction_is_kept_for_a_year_and_one_that_waits_for_ever(member: Member) -> None:
    """R16."""
    now, agent = timezone.now(), an_agent()
    for subject in (CorrectionRequest.Subject.NAME, CorrectionRequest.Subject.GENDER):
        assert corrections.ask(member, subject, "pièce vue", by=agent, now=now)
    answered = CorrectionRequest.objects.get(subject="name")
    assert corrections.decide(answered, CorrectionRequest.Answer.DONE, by=agent, now=now)
    assert retention.purge(now=now + timedelta(days=365))["corrections"] == 0
    assert retention.purge(now=now + timedelta(days=366))["corrections"] == 1
    assert [each.subject for each in CorrectionRequest.objects.all()] == ["gender"]
