"""« Mon accès », attacked first: a desk left open gives nobody a way in (issue 5, no. 1; R9, R12, R20, R21)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Account, Authenticator, Code, Entry, Event, KnownBrowser, Role
from accounts.support import agents
from accounts.support.door import carried, own_access, second_factor
from accounts.support.door.own_access_pages import NEW_PHONE
from accounts.support.roles import ROLES, May
from tests.accounts.support.test_setting_up import CHOSEN, shown_seed
from tests.agents import an_agent, at_desk, code_at, come_in
from tests.members import OWN_PASSWORD
from tests.stories.caller import Caller, last_mail_to

pytestmark = pytest.mark.django_db
OWN = "/support/mon-acces/"
PASSWORD, CODES, PHONE, NEW = f"{OWN}mot-de-passe/", f"{OWN}codes/", f"{OWN}telephone/", f"{OWN}telephone/nouveau/"
EMAIL = "camille@msa.example"
CHANGE, SHOW, CONNECT = "Changer mon mot de passe", "Afficher 10 nouveaux codes", "Relier ce téléphone"


@pytest.fixture
def account() -> Account:
    return an_agent(email=EMAIL)


def typed(**fields: str) -> dict[str, str]:
    return {"old_password": OWN_PASSWORD, "code": code_at(), "new_password1": CHOSEN, "new_password2": CHOSEN, **fields}


def is_in(caller: Caller) -> bool:
    return caller.client.get("/support/").status_code == 200


def on_paper(caller: Caller) -> list[str]:
    return re.findall(r"<code>(\w{5}-\w{5})</code>", caller.response.content.decode())


def begun(account: Account, caller: Caller | None = None) -> Caller:
    """The new telephone's square is on the screen."""
    caller = (caller or at_desk(account)).visit(PHONE).press("Continuer", code=code_at())
    assert caller.path == NEW, caller.text
    return caller


def events() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("event", flat=True))


# Whose it is ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_own_access(role):
    caller = at_desk(an_agent(role)).visit("/support/").follow("Mon accès").sees("Camille Dupré", "Votre accès")
    for page in (PASSWORD, CODES, PHONE):
        assert caller.client.get(page).status_code == 200
    assert May.KEEP_OWN_ACCESS in ROLES[role]


def test_nobody_else_has_one(account):
    assert Caller().client.get(OWN).status_code == 404
    caller = at_desk(account)
    agents.leave(account.agent, by=None, now=timezone.now())
    for page in (OWN, PASSWORD, CODES, PHONE, NEW):
        assert caller.client.get(page).status_code == 404


@pytest.mark.parametrize("page", [PASSWORD, CODES, PHONE, NEW])
def test_nothing_is_taken_without_the_token_of_the_form(account, page):
    """CSRF; and an address that is followed changes nothing."""
    caller = begun(account) if page == NEW else at_desk(account)
    later = code_at(timezone.now() + timedelta(seconds=30))
    assert caller.client.post(page, typed(code=later)).status_code == 403
    assert caller.client.get(page, typed(code=later)).status_code == 200
    account.refresh_from_db()
    assert account.check_password(OWN_PASSWORD)
    assert not set(events()) & {Event.AGENT_PASSWORD_CHANGED, Event.AGENT_CODES_RENEWED, Event.AGENT_PHONE_CHANGED}


# The password ---------------------------------------------------------------------------------------------------------


def test_another_password_ends_what_the_former_opened(account, held_clock):
    """Sessions elsewhere, browsers, half a sign-in; here it goes on, and a mail says so."""
    elsewhere, half = come_in(account), Caller("192.0.2.44")
    held_clock.shift(timedelta(seconds=30))
    half.visit("/support/connexion/").press("Continuer", email=EMAIL, password=OWN_PASSWORD)
    caller = at_desk(account).visit(PASSWORD).press(CHANGE, **typed()).sees("Votre mot de passe est changé")
    assert is_in(caller)
    assert not is_in(elsewhere)
    held_clock.shift(timedelta(seconds=30))
    half.press("Se connecter", code=code_at())
    assert half.path == "/support/connexion/"
    assert KnownBrowser.objects.filter(account=account).count() == 1
    assert Entry.objects.filter(event=Event.AGENT_PASSWORD_CHANGED, account=account.pk).count() == 1
    assert "mot de passe de votre accès à l'assistance est nouveau" in last_mail_to(EMAIL)
    new = Caller("192.0.2.45").visit("/support/connexion/").press("Continuer", email=EMAIL, password=CHOSEN)
    assert is_in(new.press("Se connecter", code=code_at()))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old_password": "Autre-Chose+2026"}, "Ce n'est pas votre mot de passe actuel."),
        ({"code": "000000"}, "Ce code ne correspond pas"),
        ({"code": ""}, "Ce champ est exigé."),
        ({"new_password1": "Court+1", "new_password2": "Court+1"}, "de 12 à 50 caractères"),
        ({"new_password1": "Camille-Dupre-2026!", "new_password2": "Camille-Dupre-2026!"}, "sans votre nom"),
        ({"new_password2": "x"}, "sont différents"),
        ({"new_password1": OWN_PASSWORD, "new_password2": OWN_PASSWORD}, "un autre mot de passe que l'actuel"),
    ],
)
def test_what_does_not_fit_changes_nothing(account, fields, said):
    """The rule is that of the first sign-in (R9)."""
    caller = at_desk(account).visit(PASSWORD).press(CHANGE, **typed(**fields)).sees(said)
    account.refresh_from_db()
    assert account.check_password(OWN_PASSWORD)
    assert Event.AGENT_PASSWORD_CHANGED not in events()
    html = caller.response.content.decode()
    assert OWN_PASSWORD not in html
    assert CHOSEN not in html


def test_the_field_of_the_new_password_tells_nothing_of_the_present_one(account):
    """No oracle beside the counter: only what was typed as the present one is compared."""
    caller = at_desk(account).visit(PASSWORD)
    for _ in range(7):
        guess = {"old_password": "Autre-Chose+2026", "code": "", "new_password1": OWN_PASSWORD}
        caller.press(CHANGE, **typed(**guess)).does_not_see("que l'actuel")
    assert Event.AGENT_ACCESS_REFUSED not in events()


def test_guessing_the_password_ends_in_a_wait_here_and_not_at_the_door(account, held_clock):
    """R12: and a right one waits as well."""
    caller = at_desk(account).visit(PASSWORD)
    for left in (4, 3, 2):
        caller.press(CHANGE, **typed(old_password="Autre-Chose+2026")).sees(f"{left} essais")
    caller.press(CHANGE, **typed(old_password="Autre-Chose+2026")).sees("un essai")
    caller.press(CHANGE, **typed(old_password="Autre-Chose+2026")).sees("Attendez une minute")
    assert caller.press(CHANGE, **typed()).sees("attendez une minute").response.status_code == 429
    account.refresh_from_db()
    assert account.check_password(OWN_PASSWORD)
    lines = Entry.objects.filter(event=Event.AGENT_ACCESS_REFUSED).order_by("pk")
    assert [line.detail for line in lines] == [{"at": "password"}] * 5 + [{"at": "password", "limit": "agent_password"}]
    assert is_in(come_in(account))


def test_a_wrong_password_leaves_the_code_for_the_next_try(account):
    caller = at_desk(account).visit(PASSWORD).press(CHANGE, **typed(old_password="Autre-Chose+2026"))
    caller.press(CHANGE, **typed()).sees("Votre mot de passe est changé")


# Codes, here and at the door ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "button"), [(CODES, SHOW), (PHONE, "Continuer"), (PASSWORD, CHANGE)])
def test_a_code_serves_once_wherever_it_is_typed(account, held_clock, page, button):
    """What was read over a shoulder at the door opens nothing here."""
    caller = come_in(account)
    fields = typed() if page == PASSWORD else {"code": code_at()}
    caller.visit(page).press(button, **fields).sees("il a déjà servi")
    held_clock.shift(timedelta(seconds=30))
    fields["code"] = code_at()
    caller.press(button, **fields).does_not_see("il a déjà servi")
    assert Entry.objects.filter(event=Event.AGENT_ACCESS_REFUSED, detail__at="code").count() == 1


@pytest.mark.parametrize(("page", "button"), [(CODES, SHOW), (PHONE, "Continuer")])
def test_guessing_codes_is_counted_with_the_door(account, page, button):
    """R12: a second place to guess at gives no second series of guesses."""
    caller = at_desk(account).visit(page)
    for _ in range(3):
        caller.press(button, code="00000")
    door = Caller().visit("/support/connexion/").press("Continuer", email=EMAIL, password=OWN_PASSWORD)
    door.press("Se connecter", code="00000").sees("un essai")
    caller.press(button, code="00000").sees("Attendez une minute")
    assert caller.press(button, code=code_at()).response.status_code == 429
    assert Authenticator.objects.count() == 1


# Codes on paper -------------------------------------------------------------------------------------------------------


def test_ten_other_codes_shown_once(account):
    before = second_factor.new_recovery_codes(account, now=timezone.now())
    caller = at_desk(account).visit(OWN).sees("10 restent").follow("Renouveler").press(SHOW, code=code_at())
    issued = on_paper(caller.sees("ne seront plus affichés"))
    assert len(set(issued)) == 10
    assert not set(issued) & set(before)
    assert "no-store" in caller.response["Cache-Control"]
    assert not on_paper(caller.visit(CODES))
    assert "Les anciens ne servent plus." in last_mail_to(EMAIL)
    assert Event.AGENT_CODES_RENEWED in events()
    now = timezone.now()
    assert [second_factor.use(account, each, now=now) for each in (before[0], issued[0])] == [None, "recovery"]
    kept = str(list(Entry.objects.values_list())) + str([each.get_decoded() for each in Session.objects.all()])
    assert not any(each in kept for each in issued)


def test_a_code_on_paper_renews_none(account):
    """Who found the paper would make it theirs for ever."""
    [paper, *_] = second_factor.new_recovery_codes(account, now=timezone.now())
    caller = at_desk(account)
    caller.visit(CODES).press(SHOW, code=paper).sees("Ce code ne correspond pas")
    caller.visit(PASSWORD).press(CHANGE, **typed(code=paper)).sees("Ce code ne correspond pas")
    assert second_factor.recovery_codes_left(account, now=timezone.now()) == 10


# Another telephone ----------------------------------------------------------------------------------------------------


def test_another_telephone_replaces_the_former(account, held_clock):
    """The square, a code of the new one, ten codes; then the door knows the new one only."""
    elsewhere = come_in(account)
    held_clock.shift(timedelta(seconds=30))
    caller = begun(account)
    seed = shown_seed(caller)
    assert seed.key.hex() not in str([each.get_decoded() for each in Session.objects.all()])
    caller.press(CONNECT, code=code_at(seed=seed)).sees("Votre nouveau téléphone est relié")
    assert len(set(on_paper(caller))) == 10
    assert is_in(caller)
    assert not is_in(elsewhere)
    assert Authenticator.objects.get().seed == seed.key.hex()
    assert "Un autre téléphone montre maintenant les codes" in last_mail_to(EMAIL)
    assert Event.AGENT_PHONE_CHANGED in events()
    held_clock.shift(timedelta(seconds=30))
    door = Caller().visit("/support/connexion/").press("Continuer", email=EMAIL, password=OWN_PASSWORD)
    door.press("Se connecter", code=code_at()).sees("Ce code ne correspond pas")
    assert is_in(door.press("Se connecter", code=code_at(seed=seed)))


def test_a_lost_telephone_is_replaced_with_a_code_on_paper(account):
    """It is spent, and its agent hears of it."""
    [paper, *_] = second_factor.new_recovery_codes(account, now=timezone.now())
    caller = at_desk(account).visit(PHONE).press("Continuer", code=paper)
    assert caller.path == NEW
    told = last_mail_to(EMAIL)
    assert "pour commencer à relier un autre téléphone" in told
    # Nobody signed in, and no password was asked for.
    assert "avec votre mot de passe" not in " ".join(told.split())
    assert Event.AGENT_RECOVERED in events()
    at_desk(account).visit(PHONE).press("Continuer", code=paper).sees("il a déjà servi")


def test_half_way_nothing_has_changed(account, held_clock):
    """The former telephone goes on until the new one has shown a code; a wrong one installs nothing."""
    caller = begun(account)
    former = Authenticator.objects.get()
    for wrong in ("000000", "", "abcdef", "1" * 40, code_at()):
        assert caller.press(CONNECT, code=wrong).path == NEW
    assert Authenticator.objects.get().pk == former.pk
    held_clock.shift(timedelta(seconds=30))
    assert is_in(come_in(account))


def test_without_the_first_half_there_is_no_second(account):
    assert at_desk(account).visit(NEW).path == PHONE
    caller = at_desk(account)
    caller.client.handler.enforce_csrf_checks = False
    answer = caller.client.post(NEW, {"code": code_at()})
    assert answer["Location"] == PHONE
    assert Event.AGENT_PHONE_CHANGED not in events()


def test_the_half_of_another_agent_is_no_half(account):
    """What waits in a session is one agent's: a browser that changes hands begins again."""
    caller = begun(account)
    kept = caller.client.session[NEW_PHONE]
    other = at_desk(an_agent())
    session = other.client.session
    session[NEW_PHONE] = kept
    session.save()
    assert other.visit(NEW).sees("Recommencez ici").path == OWN
    assert Authenticator.objects.get(user=account).pk


def test_the_first_half_lasts_five_minutes(account, held_clock):
    caller = begun(account)
    seed = shown_seed(caller)
    held_clock.shift(timedelta(minutes=5))
    caller.press(CONNECT, code=code_at(seed=seed)).sees("Recommencez ici")
    assert Authenticator.objects.get().seed != seed.key.hex()
    assert NEW_PHONE not in caller.client.session


def test_two_telephones_that_were_begun_at_once_are_one(account, held_clock):
    """The second finds that the one it was to replace is gone."""
    one, two = begun(account), None
    held_clock.shift(timedelta(seconds=30))
    two = begun(account, at_desk(account))
    seeds = shown_seed(one), shown_seed(two)
    assert seeds[0].key != seeds[1].key
    halves = [own_access.NewPhone.of(carried.read(each.client.session, NEW_PHONE) or {}) for each in (one, two)]
    one.press(CONNECT, code=code_at(seed=seeds[0])).sees("est relié")
    # The other session has ended; a request that was on its way already is answered all the same.
    assert not is_in(two)
    account.refresh_from_db()
    with pytest.raises(own_access.BeginAgain):
        own_access.connect_phone(account, halves[1], code=code_at(seed=seeds[1]), now=timezone.now())
    assert Authenticator.objects.get().seed == seeds[0].key.hex()


def attempt(account: Account, verb: str, half: own_access.NewPhone) -> Any:
    now = timezone.now()
    if verb == "password":
        told: dict[str, Any] = {"old": OWN_PASSWORD, "code": code_at(), "browser": b"b" * 32}
        return own_access.change_password(account, CHOSEN, **told, now=now)
    if verb == "codes":
        return own_access.renew_codes(account, code=code_at(), now=now)
    return own_access.connect_phone(account, half, code=code_at(seed=half.seed), now=now)


@pytest.mark.parametrize("verb", ["password", "codes", "phone"])
@pytest.mark.parametrize("ended_by", ["link", "leave"])
def test_who_is_shut_out_meanwhile_changes_nothing(account, verb, ended_by, monkeypatch):
    """A new link or leaving, between the proof and the row: what it has closed stays closed."""
    former = Authenticator.objects.get()
    half = own_access.NewPhone(str(former.pk), second_factor.Seed.new(), timezone.now() + timedelta(minutes=5))
    agent, now, lock = Account.objects.get(pk=account.pk).agent, timezone.now(), own_access._lock

    def late(asked: Account) -> None:
        if ended_by == "link":
            agents.send_link(agent, by=None, now=now)
        else:
            agents.leave(agent, by=None, now=now)
        lock(asked)

    monkeypatch.setattr(own_access, "_lock", late)
    with pytest.raises(own_access.BeginAgain):
        attempt(account, verb, half)
    account.refresh_from_db()
    assert not account.check_password(CHOSEN)
    assert not set(events()) & {Event.AGENT_PASSWORD_CHANGED, Event.AGENT_CODES_RENEWED, Event.AGENT_PHONE_CHANGED}
    assert not Code.objects.filter(account=account, purpose="agent_recovery", used_at=None).exists()
