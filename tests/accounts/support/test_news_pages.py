"""News and banners at the desk (issue 5, Support desk 9; F09, R20, R22)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from accounts import banners
from accounts.models import Banner, Entry, Event, News, Role
from tests.agents import an_agent, at_desk
from tests.members import A_MOMENT, an_account
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
NEWS, BANNERS = "/support/accounts/news/", "/support/accounts/banner/"
TYPED = {"title": "Fermeture du guichet", "body": "Le 24 décembre.\n<b>Gras</b>", "published_at": "2026-03-01T08:00"}


def post(caller: Caller, place: str, **fields: Any) -> int:
    caller.client.handler.enforce_csrf_checks = False
    return int(caller.client.post(place, fields).status_code)


def a_banner(text: str = "Le paiement en ligne est arrêté.", **columns: Any) -> Banner:
    now = timezone.now()
    told = {"starts_at": now - timedelta(minutes=1), "ends_at": now + timedelta(hours=1), **columns}
    return Banner.objects.create(text=text, **told)


# News -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("caisse", ["13", "", "x"])
def test_a_lead_writes_for_their_caisse_alone(caisse):
    lead = at_desk(an_agent(Role.LEAD))
    assert post(lead, f"{NEWS}add/", **TYPED, caisse=caisse) == 404
    assert not News.objects.exists()
    assert Entry.objects.get(event=Event.SUPPORT_REFUSED).detail["why"] == "scope"


def test_another_caisse_s_news_are_not_there():
    theirs = News.objects.create(caisse="13", title="Marseille", body="x", published_at=A_MOMENT)
    of_all = News.objects.create(caisse="", title="Pour tous", body="x", published_at=A_MOMENT)
    lead = at_desk(an_agent(Role.LEAD)).visit(NEWS).does_not_see("Marseille", "Pour tous")
    for row in (theirs, of_all):
        assert lead.client.get(f"{NEWS}{row.pk}/change/").status_code == 404
        assert post(lead, f"{NEWS}{row.pk}/change/", **TYPED, caisse="68") == 404
    assert set(News.objects.values_list("title", flat=True)) == {"Marseille", "Pour tous"}


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR, Role.OPERATOR])
def test_who_tells_nothing_finds_no_page(role):
    caller = at_desk(an_agent(role))
    assert caller.client.get(NEWS).status_code == 404
    assert post(caller, f"{NEWS}add/", **TYPED, caisse="68") == 404


def test_a_lead_s_news_stand_in_their_members_space():
    """F09: as plain text, whatever was typed."""
    lead = an_agent(Role.LEAD)
    caller = at_desk(lead).visit(f"{NEWS}add/").press("Enregistrer", **TYPED).sees("C'est enregistré", "en ligne")
    row = News.objects.get()
    assert (row.caisse, row.title) == ("68", TYPED["title"])
    [line] = Entry.objects.filter(event=Event.NEWS_CHANGED)
    assert line.detail == {"row": str(row.pk), "new": True, "by": lead.pk.hex, "caisse": "68"}
    member = Caller()
    member.client.force_login(an_account())
    member.visit("/mon-espace/").sees("Fermeture du guichet", "<b>Gras</b>")
    page = f"{NEWS}{row.pk}/change/"
    caller.visit(page).press("Enregistrer", until="2026-02-01T08:00").sees("La fin vient après la parution")
    caller.visit(page).press("Enregistrer", until="2026-03-02T08:00").sees("C'est enregistré")
    assert not caller.offers("Supprimer")


def test_two_clicks_tell_it_once():
    """It could not be removed again."""
    national = at_desk(an_agent(Role.NATIONAL))
    now = timezone.localtime()
    panne = {
        "text": "Panne",
        "starts_at": f"{now:%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }
    for _ in range(2):
        assert post(national, f"{NEWS}add/", **TYPED, caisse="") == 302
        assert post(national, f"{BANNERS}add/", **panne) == 302
    national.visit(NEWS).sees("C'est enregistré", "C'est déjà enregistré")
    assert (News.objects.count(), Banner.objects.count()) == (1, 1)
    assert Entry.objects.filter(event__in=(Event.NEWS_CHANGED, Event.BANNER_CHANGED)).count() == 2
    # Another one is another one.
    assert post(national, f"{NEWS}add/", **{**TYPED, "title": "Autre"}, caisse="") == 302
    assert News.objects.count() == 2


UNREADABLE = ["0001-01-01T00:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"]


@pytest.mark.parametrize("moment", UNREADABLE)
@pytest.mark.parametrize("name", ["published_at", "until"])
def test_a_moment_that_nobody_can_read_again_closes_no_page(name, moment):
    """PostgreSQL keeps it, Python does not: the list and the space of every member of the caisse would be down."""
    lead = at_desk(an_agent(Role.LEAD))
    assert post(lead, f"{NEWS}add/", **{**TYPED, "caisse": "68", name: moment}) == 200
    lead.visit(f"{NEWS}add/").press("Enregistrer", **{**TYPED, name: moment}).sees("Tapez une date entre 2000 et 2999")
    assert not News.objects.exists()
    lead.visit(NEWS)
    member = Caller()
    member.client.force_login(an_account())
    member.visit("/mon-espace/")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01T00:00", "0001-01-01T02:00"),
        ("0001-01-01T00:00+14:00", "0001-01-01T02:00+14:00"),
        ("9999-12-31T22:59-14:00", "9999-12-31T23:59-14:00"),
    ],
)
def test_nor_does_a_banner_s(start, end):
    national = at_desk(an_agent(Role.NATIONAL))
    assert post(national, f"{BANNERS}add/", text="Panne", starts_at=start, ends_at=end) == 200
    assert not Banner.objects.exists()
    national.visit(BANNERS)


def test_the_national_support_writes_for_all():
    caller = at_desk(an_agent(Role.NATIONAL)).visit(f"{NEWS}add/").sees("Toutes les caisses")
    caller.press("Enregistrer", **TYPED, caisse="").sees("Toutes les caisses")
    assert News.objects.get().caisse == ""


# Banners --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.AUDITOR])
def test_a_banner_is_not_a_caisse_s(role):
    caller = at_desk(an_agent(role))
    row = a_banner()
    assert caller.client.get(BANNERS).status_code == 404
    assert post(caller, f"{BANNERS}{row.pk}/change/", text="x") == 404


@pytest.mark.parametrize("role", [Role.NATIONAL, Role.OPERATOR])
def test_a_banner_stands_on_every_page_while_it_lasts(role, held_clock):
    """Announced to whoever does not see it (R22), as plain text."""
    caller = at_desk(an_agent(role)).visit(f"{BANNERS}add/")
    typed = {"text": "Paiements arrêtés <b>jusqu'à</b> 18 h.", "starts_at": "2026-03-02T09:00"}
    caller.press("Enregistrer", **typed, ends_at="2026-03-02T08:00").sees("La fin vient après le début")
    caller.press("Enregistrer", **typed, ends_at="2026-05-02T08:00").sees("31 jours plus tard au plus")
    caller.press("Enregistrer", **typed, ends_at="2026-03-02T18:00").sees("C'est enregistré", "en ligne")
    for place in ("/", "/connexion/", "/inscription/", "/aide/", "/pas-une-page/"):
        visitor = Caller().visit(place)
        visitor.sees("Paiements arrêtés <b>jusqu'à</b> 18 h.")
        assert '<p role="status">Paiements' in visitor.response.content.decode(), place
    held_clock.shift(timedelta(hours=9))
    Caller().visit("/").does_not_see("Paiements arrêtés")
    assert Entry.objects.filter(event=Event.BANNER_CHANGED).count() == 1


def test_pages_ask_the_database_once_in_a_while(django_assert_num_queries):
    """The hot paths pay nothing for it."""
    a_banner()
    Caller().visit("/").sees("Le paiement en ligne est arrêté.")
    with django_assert_num_queries(0):
        Caller().visit("/").sees("Le paiement en ligne est arrêté.")


def test_a_database_that_does_not_answer_changes_nothing(monkeypatch, client):
    """And the page that says so tells what was known before, without asking."""
    a_banner()
    now = timezone.now()
    assert banners.current(now=now) == ["Le paiement en ligne est arrêté."]
    monkeypatch.setattr(banners, "_known", banners._Known(banners._known.banners, 0.0))

    def down(*args: Any, **columns: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(Banner.objects, "filter", down)
    assert banners.current(now=now) == ["Le paiement en ligne est arrêté."]
    assert banners.known(now=now + timedelta(hours=2)) == []


def test_a_banner_begins_and_ends_by_itself(held_clock):
    """Between two looks at the database too."""
    now = timezone.now()
    a_banner("Bientôt.", starts_at=now + timedelta(seconds=30), ends_at=now + timedelta(seconds=50))
    assert banners.current(now=now) == []
    assert banners.known(now=now + timedelta(seconds=31)) == ["Bientôt."]
    assert banners.known(now=now + timedelta(seconds=50)) == []


@pytest.mark.parametrize(
    "place", ["/support/", "/support/mon-acces/", "/support/accounts/agent/", "/support/connexion/"]
)
def test_a_banner_stands_at_the_desk_too(place):
    """Agents are the first who are asked; once on a page, as plain text, before everything else."""
    a_banner("Paiements <b>arrêtés</b>.")
    agent = an_agent(Role.LEAD)
    caller = (Caller() if "connexion" in place else at_desk(agent)).visit(place).sees("Paiements <b>arrêtés</b>.")
    assert caller.path == place
    html = caller.response.content.decode()
    assert html.count("Paiements") == 1
    assert html.index("Paiements") < html.index("<header")


def test_a_banner_of_yesterday_is_not_at_the_desk():
    a_banner(starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1))
    at_desk(an_agent()).visit("/support/").does_not_see("Le paiement en ligne est arrêté.")


def test_the_page_of_a_fault_has_the_banner(client, monkeypatch):
    a_banner()
    Caller().visit("/")
    monkeypatch.setattr("msa_portal.views.public.DepartmentHelpForm", None)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Le paiement en ligne est arrêté." in answer.content.decode()
