"""The page that says whom one can be, and what they type."""

import html

import pytest
from django.utils import timezone

from msa_portal.demo.companies import COMPANIES
from msa_portal.demo.neighbours import NEIGHBOURS
from msa_portal.demo.personas import DEMO_PASSWORD, personas
from tests.personas import persona

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite,
    pytest.mark.urls("tests.msa_portal.demo.portal_with_demo"),
]


def section(page: str, slug: str) -> str:
    return page.partition(f'id="{slug}"')[2].partition("</section>")[0]


def test_every_persona_is_there_with_what_they_type(client, held_clock):
    page = client.get("/dev/personas/").content.decode()
    for each in personas(today=timezone.localdate()):
        told = section(page, each.slug)
        assert each.nir.grouped.replace(" ", "\u00a0") in told
        assert each.birth_date.typed in told
        assert each.email in told
        assert all(department.label.replace("'", "&#x27;") in told for department in each.departments)
    lamy = section(page, "lamy")
    assert "01024576124" in lamy
    assert "124,50\u00a0€" in lamy
    assert "19 février 2026" not in lamy
    assert "18 février 2026" in lamy
    assert "pas de carte" in section(page, "benali")


def test_who_has_an_account_is_said(client):
    persona("garcin")
    page = client.get("/dev/personas/").content.decode()
    assert DEMO_PASSWORD in section(page, "garcin")
    assert "pas encore inscrit" in section(page, "lamy")


def test_companies_and_the_people_of_the_desk_are_there_with_their_numbers(client):
    """R1: a SIRET for each stage; a number for whoever an agent looks for."""
    page = client.get("/dev/personas/").content.decode()
    for each in COMPANIES:
        assert each.siret.grouped.replace(" ", "\u00a0") in page
        assert html.escape(each.why) in page
    for each in NEIGHBOURS:
        told = page.partition(f'id="{each.slug}"')[2].partition("</div>")[0]
        assert each.nir.grouped.replace(" ", "\u00a0") in told
        assert html.escape(each.why) in told
    assert "pas encore inscrit" not in page.partition('id="assistance"')[2]


def test_the_page_costs_few_queries(client, django_assert_max_num_queries):
    persona("garcin")
    with django_assert_max_num_queries(2):
        client.get("/dev/personas/")
