"""The first sign-in of an agent: link, password, telephone, codes on paper (issue 5, 1; R9, R13, R20)."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import throttling
from accounts.models import Account, Agent, Authenticator, Code, Entry, Event, Role
from accounts.support import agents
from accounts.support.door import carried, second_factor, setting_up
from accounts.support.door.views import SET_UP
from accounts.throttling import AGENT_CODE_DAY, AGENT_PASSWORD_DAY
from tests.agents import an_agent, at_desk, code_at
from tests.members import OWN_PASSWORD
from tests.stories.caller import Caller, last_mail_to

pytestmark = pytest.mark.django_db
EMAIL = "camille.dupre@msa.example"
CHOSEN = "Grange-Rouge+Vent7"


def added(email: str = EMAIL) -> Agent:
    return agents.add(email=email, name="Camille Dupré", role=Role.AGENT, caisse="68", by=None, now=timezone.now())


def link(email: str = EMAIL) -> str:
    """The address that their newest mail gives."""
    [found] = re.findall(r"https?://[^/]+(/support/premiere-connexion/[\w-]+/)", last_mail_to(email))
    return str(found)


def password_chosen(place: str, caller: Caller | None = None) -> Caller:
    caller = (caller or Caller()).visit(place)
    return caller.press("Continuer", new_password1=CHOSEN, new_password2=CHOSEN)


def shown_seed(caller: Caller) -> second_factor.Seed:
    """The key that the page writes under the square."""
    [found] = re.findall(r'class="seed"[^>]*>([A-Z2-7 ]+)<', caller.response.content.decode())
    text = found.replace(" ", "")
    return second_factor.Seed(second_factor.base64.b32decode(text + "=" * (-len(text) % 8)))


def set_up(email: str = EMAIL) -> tuple[Caller, second_factor.Seed]:
    caller = password_chosen(link(email))
    seed = shown_seed(caller)
    return caller.press("Terminer", code=code_at(seed=seed)), seed


def test_from_the_mail_to_the_desk(held_clock):
    """Issue 5, 1: password, telephone, codes on paper; then the door, with the next code."""
    account = added().account
    caller, seed = set_up()
    caller.sees("Votre accès est prêt", "ne seront plus affichés")
    on_paper = re.findall(r"<code>(\w{5}-\w{5})</code>", caller.response.content.decode())
    assert len(set(on_paper)) == 10
    caller.follow("me connecter").press("Continuer", email=EMAIL, password=CHOSEN)
    caller.press("Se connecter", code=code_at(seed=seed)).sees("il a déjà servi")
    held_clock.shift(timedelta(seconds=30))
    assert caller.press("Se connecter", code=code_at(seed=seed)).path == "/support/"
    account.refresh_from_db()
    assert account.email_proven_at
    events = set(Entry.objects.filter(account=account.pk).values_list("event", flat=True))
    assert events >= {Event.AGENT_ADDED, Event.AGENT_LINK_SENT, Event.AGENT_SET_UP, Event.SIGN_IN_SUCCEEDED}


@pytest.mark.parametrize("half", ["password", "code"])
def test_who_was_kept_out_for_the_day_comes_in_by_a_new_link(held_clock, half):
    """R12: 25 wrong ones, a stranger's or of a telephone whose clock is wrong; a link makes all that was tried old."""
    account = an_agent(email=EMAIL)
    subject = bytes(account.login_fingerprint).hex() if half == "password" else str(account.pk)
    limit = AGENT_PASSWORD_DAY if half == "password" else AGENT_CODE_DAY
    for _ in range(limit.tries):
        throttling.take((limit, subject), now=timezone.now())
    Caller().visit("/support/connexion/").press("Continuer", email=EMAIL, password=OWN_PASSWORD)
    at_desk(an_agent(Role.LEAD)).visit(f"/support/accounts/agent/{account.pk}/change/").press("Envoyer un nouveau lien")
    caller, seed = set_up()
    held_clock.shift(timedelta(seconds=30))
    caller.visit("/support/connexion/").press("Continuer", email=EMAIL, password=CHOSEN)
    assert caller.press("Se connecter", code=code_at(seed=seed)).path == "/support/"


def test_the_link_spends_nothing_when_it_is_followed():
    """R13: mail scanners follow links."""
    agent = added()
    place = link()
    for method in ("get", "head", "options"):
        getattr(Caller().client, method)(place)
    assert not Code.objects.get(purpose="agent_setup").used_at
    assert not Agent.objects.get(pk=agent.pk).account.has_usable_password()
    assert not Authenticator.objects.exists()
    assert password_chosen(place).path == f"{place}application/"


def test_nothing_is_in_force_before_the_last_step():
    """All or nothing: neither the password, nor the telephone, nor the link alone."""
    account = added().account
    password_chosen(link())
    account.refresh_from_db()
    assert not account.has_usable_password()
    assert not Authenticator.objects.exists()
    assert not Code.objects.get(purpose="agent_setup").used_at


def test_the_link_serves_once():
    added()
    place = link()
    first, second = password_chosen(place), password_chosen(place)
    seeds = shown_seed(first), shown_seed(second)
    first.press("Terminer", code=code_at(seed=seeds[0])).sees("Votre accès est prêt")
    second.press("Terminer", code=code_at(seed=seeds[1])).sees("Ce lien a déjà servi.")
    assert second.response.status_code == 410
    assert Authenticator.objects.get().seed == seeds[0].key.hex()
    assert Caller().visit(place).response.status_code == 410


def test_each_browser_has_another_seed():
    """Who opened the link before has seen a key that will never be in force."""
    added()
    assert shown_seed(password_chosen(link())).key != shown_seed(password_chosen(link())).key


def test_the_recovery_codes_are_not_shown_twice():
    added()
    caller, _seed = set_up()
    caller.visit(f"{link()}application/")
    assert caller.response.status_code == 410
    assert not re.search(r"<code>\w{5}-\w{5}</code>", caller.response.content.decode())


def test_the_link_lasts_72_hours(held_clock):
    added()
    place = link()
    caller = password_chosen(place)
    held_clock.shift(timedelta(hours=72, seconds=1))
    assert Caller().visit(place).sees("72 heures").response.status_code == 410
    assert caller.visit(f"{place}application/").response.status_code == 410


@pytest.mark.parametrize("secret", ["x", "x" * 43, "%00"])
def test_an_invented_link_opens_nothing(secret):
    caller = Caller().visit(f"/support/premiere-connexion/{secret}/")
    assert caller.response.status_code == 410
    caller.sees("Vérifiez que l'adresse de la page est entière")


def test_the_second_page_belongs_to_the_browser_that_chose_the_password():
    added()
    place = link()
    password_chosen(place)
    assert Caller().visit(f"{place}application/").path == place


def test_one_agent_s_choice_is_no_other_s():
    """What waits in the session names its link."""
    added()
    added("autre@msa.example")
    caller = password_chosen(link())
    assert caller.visit(f"{link('autre@msa.example')}application/").path == link("autre@msa.example")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Court+12345", "de 12 à 50 caractères"),
        ("A" * 30 + "b" * 30 + "1+", "de 12 à 50 caractères"),
        ("toutenminuscules", "3 de ces 4 sortes de caractères"),
        ("Camille-Dupre-2026!", "sans votre nom"),
        ("Motdepasse123456", "trop facile à deviner"),
    ],
)
def test_the_password_of_an_agent_is_long(password, said):
    """R9, and longer: it opens many files."""
    added()
    caller = Caller().visit(link())
    caller.press("Continuer", new_password1=password, new_password2=password).sees(said)
    assert caller.text.count(said) == 1


def test_the_password_is_typed_twice():
    added()
    caller = Caller().visit(link())
    caller.press("Continuer", new_password1=CHOSEN, new_password2=CHOSEN + "x").sees("sont différents")


def test_a_wrong_code_sets_nothing_up():
    added()
    caller = password_chosen(link())
    for typed in ("000000", "", "abcdef", "²²²²²²", "1" * 40):
        if typed != code_at(seed=shown_seed(caller)):
            caller.press("Terminer", code=typed)
            assert caller.path.endswith("/application/")
    assert not Authenticator.objects.exists()


def test_the_seed_is_sealed_wherever_it_lies():
    """R20: in the session while it waits, in its column afterwards; the journal and the addresses never have it."""
    added()
    caller = password_chosen(link())
    seed = shown_seed(caller)
    kept = str([each.get_decoded() for each in Session.objects.all()])
    assert SET_UP in kept
    assert seed.key.hex() not in kept
    assert "argon2" not in kept
    caller.press("Terminer", code=code_at(seed=seed))
    rows = str(list(Authenticator.objects.values_list())) + str(list(Entry.objects.values_list()))
    assert seed.key.hex() not in rows
    assert seed.text not in caller.path


def test_the_square_obeys_the_portal_s_policy():
    """An svg in the page: no data address, no style, no script."""
    added()
    caller = password_chosen(link())
    html = caller.response.content.decode()
    assert "<svg" in html
    assert "style=" not in html
    assert "data:" not in html
    assert "unsafe" not in caller.response["Content-Security-Policy"]


def test_the_square_says_what_applications_read():
    seed = second_factor.Seed(b"12345678901234567890")
    assert seed.address("a+b@msa.example") == (
        "otpauth://totp/MSA%20assistance:a%2Bb%40msa.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=MSA%20assistance"
    )
    assert seed.grouped == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_a_new_link_closes_the_access_of_before():
    """Lost telephone: sessions, password, telephone and codes on paper end, at once."""
    account = an_agent(email=EMAIL)
    issued = second_factor.install(account, second_factor.Seed.new(), second_factor.TOTP(b"x"), now=timezone.now())
    caller = at_desk(account)
    agents.send_link(account.agent, by=None, now=timezone.now())
    assert caller.client.get("/support/").status_code == 404
    account.refresh_from_db()
    assert not account.has_usable_password()
    assert not Authenticator.objects.exists()
    assert second_factor.use(account, issued[0], now=timezone.now()) is None
    assert set_up()[0].text.count("Votre accès est prêt") == 1


def test_an_older_link_opens_nothing():
    agent = added()
    older = link()
    agents.send_link(agent, by=None, now=timezone.now())
    assert Caller().visit(older).response.status_code == 410
    assert Caller().visit(link()).response.status_code == 200


def test_who_has_left_sets_nothing_up():
    agent = added()
    place = link()
    caller = password_chosen(place)
    agents.leave(agent, by=None, now=timezone.now())
    assert caller.visit(f"{place}application/").response.status_code == 410
    assert Caller().visit(place).response.status_code == 410


def test_two_browsers_at_the_last_step_set_up_one_access():
    """One conditional UPDATE: the second finds the link used, its password and telephone are nobody's."""
    added()
    secret = link().split("/")[-2]
    one, two = (setting_up.Begun.now(secret, password) for password in (CHOSEN, OWN_PASSWORD))
    assert len(setting_up.complete(one, code_at(seed=one.seed), now=timezone.now())) == 10
    with pytest.raises(setting_up.codes.CodeRefused):
        setting_up._in_force(two, second_factor.TOTP(two.seed.key), now=timezone.now())
    account = Account.objects.get(kind="agent")
    assert account.check_password(CHOSEN)
    assert Authenticator.objects.get().seed == one.seed.key.hex()


def test_what_was_carried_under_one_name_opens_under_no_other():
    session: dict[str, str] = {}
    carried.keep(session, "one", {"a": "b"})
    session["two"] = session["one"]
    assert carried.read(session, "one") == {"a": "b"}
    assert carried.read(session, "two") is None
