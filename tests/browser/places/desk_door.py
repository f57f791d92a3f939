"""The agents' door, their first sign-in, and what they keep of their own access."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from accounts import codes
from accounts.models import Authenticator, Code
from accounts.support.door.second_factor import Seed, base64
from msa_portal.demo.personas import DEMO_PASSWORD
from tests.agents import an_agent, code_at
from tests.browser.places.desk import in_turn, inside, link, submit
from tests.browser.places.place import Place, Then, Visit, at, fill
from tests.browser.states.desk import CAMILLE, at_desk, demo_agent

DOOR, MINE = "/support/connexion/", "/support/mon-acces/"
CHOSEN = "Grange-Rouge+Vent7"


def desk_door() -> Iterator[Place]:
    known = {"email": demo_agent(CAMILLE).email, "password": DEMO_PASSWORD}
    half_way = fill(known, "Continuer")
    yield Place("bureau-porte", at(DOOR))
    yield Place("bureau-porte-vide", at(DOOR), submit_alone("Continuer"))
    yield Place("bureau-porte-refusee", at(DOOR), fill({**known, "password": "Autre-Chose+2026"}, "Continuer"))
    yield Place("bureau-porte-code", at(DOOR), half_way)
    yield Place("bureau-porte-code-refuse", at(DOOR), in_turn(half_way, fill({"code": "000000"}, "Se connecter")))
    yield Place("bureau-porte-secours", at(DOOR), in_turn(half_way, recovery))
    yield Place("bureau-premiere-refusee", at("/support/premiere-connexion/x/"))
    chosen = fill({"new_password1": CHOSEN, "new_password2": CHOSEN}, "Continuer")
    yield Place("bureau-premiere-mot-de-passe", invited)
    wrong = fill({"new_password1": "court", "new_password2": "autre"}, "Continuer")
    yield Place("bureau-premiere-a-corriger", invited, wrong)
    yield Place("bureau-premiere-telephone", invited, chosen)
    yield Place("bureau-premiere-codes", invited, in_turn(chosen, connect("Terminer")))
    yield from own_access()


def own_access() -> Iterator[Place]:
    yield Place("bureau-mon-acces", inside(MINE, CAMILLE))
    yield Place("bureau-mon-acces-mot-de-passe", inside(f"{MINE}mot-de-passe/", CAMILLE))
    yield Place("bureau-mon-acces-mot-de-passe-a-corriger", inside(f"{MINE}mot-de-passe/", CAMILLE), press_last)
    yield Place("bureau-mon-acces-codes", inside(f"{MINE}codes/", CAMILLE))
    yield Place("bureau-mon-acces-codes-montres", fresh(f"{MINE}codes/"), shown_code)
    yield Place("bureau-mon-acces-telephone", inside(f"{MINE}telephone/", CAMILLE))
    yield Place("bureau-mon-acces-telephone-nouveau", fresh(f"{MINE}telephone/"), shown_code)


def invited() -> Visit:
    """Somebody who has just been added opens the link of the mail."""
    account, now = an_agent(caisse="68"), timezone.now()
    secret = codes.issue_link(account, Code.Purpose.AGENT_SETUP, life=settings.AGENT_SETUP_LIFE, now=now)
    return Visit(f"/support/premiere-connexion/{secret}/", {})


def fresh(path: str):  # type: ignore[no-untyped-def]
    """The telephone's code of this moment was used by nobody yet."""

    def visit() -> Visit:
        cookies = at_desk(CAMILLE)
        Authenticator.objects.update(last_t=-1)
        return Visit(path, cookies)

    return visit


def shown_code(page: Page) -> None:
    for field in page.locator("#content [type=password]").all():
        field.fill(DEMO_PASSWORD)
    page.locator("#content [name=code]").fill(demo_agent(CAMILLE).code(now=timezone.now()))
    press_last(page)


def press_last(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('form').forEach(each => each.noValidate = true)")
    with page.expect_navigation():
        page.locator("#content form button[type=submit]").last.click()


def connect(button: str) -> Then:
    def do(page: Page) -> None:
        seed = Seed(base64.b32decode(page.locator(".seed").inner_text().replace(" ", "")))
        page.locator("[name=code]").fill(code_at(seed=seed))
        submit_alone(button)(page)

    return do


def submit_alone(button: str) -> Then:
    def do(page: Page) -> None:
        page.evaluate("() => document.querySelectorAll('form').forEach(each => each.noValidate = true)")
        with page.expect_navigation():
            page.get_by_role("button", name=button).first.click()

    return do


def recovery(page: Page) -> None:
    link("Je n'ai pas mon téléphone")(page)


__all__ = ["desk_door", "submit"]
