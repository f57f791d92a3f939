"""The support desk's pages that are no list: a member found and their file, codes, the telephone, the post, limits."""

from collections.abc import Callable, Iterator

from django.utils import timezone
from playwright.sync_api import Page

from accounts.support.file import consultations, file_address
from enrolment import calling
from enrolment.models import Enrolment
from msa_portal.demo import desk
from msa_portal.demo.neighbours import neighbour
from tests.browser.places.desk import in_turn, inside, submit
from tests.browser.places.place import Place, Then, Visit, fill
from tests.browser.states.desk import CAMILLE, INES, LEA, MARC, PAUL, agent_account, at_desk

SEARCH = "/support/adherents/"
# One of each shape: plain, with fields, with a list and a note, one that something hinders, one of another room.
ACTS = ("debloquer", "telephones", "correction-identite", "mot-de-passe-par-courrier", "suspendre", "dissocier")


def desk_pages() -> Iterator[Place]:
    yield from members()
    yield Place("bureau-codes", inside("/support/codes/", CAMILLE))
    yield Place("bureau-codes-trouve", inside("/support/codes/", CAMILLE), fill({"code": "y010008"}, "Chercher"))
    yield Place("bureau-codes-inconnu", inside("/support/codes/", CAMILLE), fill({"code": "ZZZ"}, "Chercher"))
    yield Place("bureau-telephone", inside("/support/telephone/", CAMILLE))
    wrong = fill({"digits": "000000"}, "Voir où il en est")
    yield Place("bureau-telephone-inconnu", inside("/support/telephone/", CAMILLE), wrong)
    yield Place("bureau-telephone-trouve", inside("/support/telephone/", CAMILLE), a_caller)
    yield Place("bureau-courriers-revenus", inside("/support/courriers-revenus/", CAMILLE))
    scanned = in_turn(fill_area("AAAAA-AAAAA\nillisible"), submit("Noter"))
    yield Place("bureau-courriers-revenus-notes", inside("/support/courriers-revenus/", CAMILLE), scanned)
    yield Place("bureau-journal-exporter", inside("/support/journal/export/", PAUL))
    yield Place("bureau-limites", inside("/support/limites/", LEA))
    yield Place("bureau-limite", inside("/support/limites/sign_in_day/", LEA))
    yield Place("bureau-limite-a-corriger", inside("/support/limites/sign_in_day/", LEA), submit("Changer"))


def members() -> Iterator[Place]:
    schmitt = neighbour("schmitt")
    yield Place("bureau-recherche", inside(SEARCH, CAMILLE))
    yield Place("bureau-recherche-vide", inside(SEARCH, CAMILLE), submit("Chercher"))
    by_number = fill({"nir": schmitt.number}, "Chercher")
    yield Place("bureau-recherche-trouve", inside(SEARCH, CAMILLE), by_number)
    yield Place("bureau-recherche-autre-caisse", inside(SEARCH, INES), by_number)
    yield Place("bureau-dossier-motif", of("schmitt"))
    yield Place("bureau-dossier-motif-oublie", of("schmitt"), submit("Ouvrir le dossier"))
    yield Place("bureau-dossier", of("schmitt", opened=True))
    yield Place("bureau-dossier-sans-compte", of("fischer", opened=True))
    yield Place("bureau-dossier-courrier-revenu", of("klein", opened=True))
    yield Place("bureau-dossier-franceconnect", of("hertzog", opened=True))
    yield Place("bureau-dossier-numero", of("schmitt", "numero", opened=True))
    yield Place("bureau-dossier-numero-montre", of("schmitt", "numero", opened=True), with_a_reason("Afficher"))
    for slug in ACTS:
        who = "hertzog" if slug == "dissocier" else "klein" if slug.startswith("mot") else "schmitt"
        yield Place(f"bureau-acte-{slug}", of(who, "actes", slug, opened=True))
    corrected = of("schmitt", "actes", "correction-identite", opened=True)
    yield Place("bureau-acte-a-corriger", corrected, submit("Demander"))


def of(who: str, *rest: str, opened: bool = False) -> Callable[[], Visit]:
    """A page about this member, at the desk of the lead of their caisse."""

    def visit() -> Visit:
        cookies, member = at_desk(MARC), desk.member(who)
        if opened:
            reason = consultations.Consultation.Reason.CALL
            consultations.begin(member, reason, by=agent_account(MARC), now=timezone.now())
        return Visit(SEARCH + "/".join([file_address.of(member.pk), *rest, ""]), cookies)

    return visit


def with_a_reason(button: str) -> Then:
    def do(page: Page) -> None:
        page.locator("#content [type=radio]").first.check()
        submit(button)(page)

    return do


def fill_area(text: str) -> Then:
    return lambda page: page.locator("textarea").first.fill(text)


def a_caller(page: Page) -> None:
    """Somebody whose answers were wrong reads their six digits aloud."""
    stuck = Enrolment.objects.get(tries_left=0, completed_at=None)
    page.locator("[name=digits]").fill(calling.begin(stuck, now=timezone.now()))
    submit("Voir où il en est")(page)
