"""The support desk's lists, with the demonstration's day on them, and a row of each: before it is opened, and open."""

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

from accounts.models import (
    AddressChange,
    Agent,
    BadAddress,
    Banner,
    CorrectionRequest,
    Entry,
    Letter,
    LetterBatch,
    News,
)
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from franceconnect.models import Client, LinkConflict, SigningKey
from tests.browser.places.place import Place, Then, Visit, at
from tests.browser.states.desk import CAMILLE, LEA, MARC, PAUL, SOFIA, at_desk, place_of

# A list: its name, the model, whose desk it is on.
LISTS: tuple[tuple[str, type[Any], str], ...] = (
    ("demandes-departements", DepartmentRequest, CAMILLE),
    ("demandes-inscription", RegistrationRequest, CAMILLE),
    ("changements-adresse", AddressChange, CAMILLE),
    ("adresses-a-verifier", BadAddress, CAMILLE),
    ("corrections", CorrectionRequest, CAMILLE),
    ("courriers", Letter, CAMILLE),
    ("lots", LetterBatch, MARC),
    ("conflits", LinkConflict, MARC),
    ("inscriptions", Enrolment, CAMILLE),
    ("actualites", News, MARC),
    ("conseillers", Agent, MARC),
    ("journal", Entry, PAUL),
    ("bandeaux", Banner, LEA),
    ("services", Client, LEA),
    ("cles", SigningKey, LEA),
)
# Rows that name a member: they are opened by a button first.
OF_A_MEMBER = (DepartmentRequest, AddressChange, BadAddress, CorrectionRequest, LinkConflict)
WITHOUT_ROWS = (Enrolment, SigningKey)


def desk() -> Iterator[Place]:
    for who, name in ((CAMILLE, "conseiller"), (MARC, "responsable"), (SOFIA, "national"), (PAUL, "auditeur")):
        yield Place(f"bureau-accueil-{name}", inside("/support/", who))
    yield Place("bureau-accueil-exploitant", inside("/support/", LEA))
    for name, model, who in LISTS:
        yield Place(f"bureau-{name}", inside(place_of(model), who))
        if model in OF_A_MEMBER:
            yield Place(f"bureau-{name}-avant", first_row(model, who), follow_first)
            yield Place(f"bureau-{name}-ouverte", first_row(model, who), in_turn(follow_first, open_row))
        elif model not in WITHOUT_ROWS:
            yield Place(f"bureau-{name}-ligne", first_row(model, who), follow_first)
    yield Place("bureau-demandes-departements-filtrees", inside(f"{place_of(DepartmentRequest)}?department=68", MARC))
    yield Place("bureau-changements-adresse-aucun", inside(f"{place_of(AddressChange)}?etat=refused", CAMILLE))
    autre = in_turn(row_of("autre"))
    yield Place("bureau-demandes-inscription-autre", first_row(RegistrationRequest, CAMILLE), autre)
    company = in_turn(row_of("entreprise"), submit("Accepter"))
    yield Place("bureau-demandes-inscription-a-corriger", first_row(RegistrationRequest, CAMILLE), company)
    yield Place("bureau-demandes-inscription-autre-code", accepted_company, follow_first)
    yield from written()
    yield from with_history()


def written() -> Iterator[Place]:
    """What is written at the desk, blank and with something to correct."""
    for name, model, who in (("actualites", News, MARC), ("bandeaux", Banner, LEA), ("conseillers", Agent, MARC)):
        path = place_of(model, "add")
        yield Place(f"bureau-{name}-ajouter", inside(path, who))
        yield Place(f"bureau-{name}-a-corriger", inside(path, who), submit("Enregistrer"))
    path = place_of(Client, "add")
    yield Place("bureau-services-ajouter", inside(path, LEA))
    yield Place("bureau-services-a-corriger", inside(path, LEA), submit("Enregistrer"))
    yield Place("bureau-services-secret", first_row(Client, LEA), in_turn(follow_first, submit("Nouveau secret")))


def with_history() -> Iterator[Place]:
    """Who did what here."""
    yield Place("bureau-services-historique", inside(place_of(Client), LEA), in_turn(follow_first, link("Historique")))


def inside(path: str, who: str) -> Callable[[], Visit]:
    return at(path, lambda: at_desk(who))


def first_row(model: type[Any], who: str) -> Callable[[], Visit]:
    return inside(place_of(model), who)


def accepted_company() -> Visit:
    return Visit(f"{place_of(RegistrationRequest)}?etat=accepted", at_desk(CAMILLE))


def in_turn(*steps: Then) -> Then:
    def do(page: Page) -> None:
        for step in steps:
            step(page)

    return do


def follow_first(page: Page) -> None:
    with page.expect_navigation():
        page.locator("#result_list th a, #result_list td a").first.click()


def row_of(kind: str) -> Then:
    def do(page: Page) -> None:
        with page.expect_navigation():
            page.locator("#result_list tbody tr", has_text=kind).locator("a").first.click()

    return do


def open_row(page: Page) -> None:
    submit("Ouvrir")(page)


def submit(button: str) -> Then:
    """Presses it as whoever runs no checks of the browser's own."""

    def do(page: Page) -> None:
        page.evaluate("() => document.querySelectorAll('form').forEach(each => each.noValidate = true)")
        with page.expect_navigation():
            page.locator("main, #content").get_by_role("button", name=button).first.click()

    return do


def link(text: str) -> Then:
    def do(page: Page) -> None:
        with page.expect_navigation():
            page.locator("#container").get_by_role("link", name=text).first.click()

    return do
