"""Error pages: a sentence, a way on, a reference, and nothing of ours (L01, house)."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from msa_portal.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401  the same ones
from msa_portal.views import errors
from tests.stories.caller import Caller

pytestmark = [pytest.mark.django_db]
SECRET = "a name nobody must read"


def breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError(SECRET)


urlpatterns = [*urlpatterns, path("breaks/", breaks)]  # noqa: F811


def test_a_page_that_does_not_exist() -> None:
    caller = Caller().visit("/rien/du-tout/")
    assert caller.response.status_code == 404
    caller.sees("Nous n'avons pas trouvé cette page", "Aller à l'accueil", "Voir l'aide")
    caller.sees(caller.response["X-Request-ID"])


@pytest.mark.urls("tests.msa_portal.test_errors")
def test_a_fault_of_ours_says_so_and_gives_its_reference_and_no_more() -> None:
    answer = Client(raise_request_exception=False).get("/breaks/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Cela vient de nous, pas de vous." in page
    assert answer["X-Request-ID"] in page
    assert SECRET not in page
    assert "ValueError" not in page


@pytest.mark.parametrize(
    ("view", "status"), [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)]
)
def test_each_refusal_is_a_page_of_the_house(view: object, status: int) -> None:
    answer = view(RequestFactory().get("/"))  # type: ignore[operator]
    assert answer.status_code == status
    assert "Aller à l'accueil" in answer.content.decode()


def test_a_body_that_is_too_large_is_refused_before_it_costs_anything() -> None:
    answer = Client().post("/connexion/", {"login_id": "x" * 300_000, "password": "y"})
    assert answer.status_code in (400, 413)
    assert "Aller à l'accueil" in answer.content.decode()


def test_too_many_fields_are_refused() -> None:
    assert Client().post("/connexion/", {f"f{number}": "x" for number in range(200)}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/page"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
def test_another_sites_form_is_never_filled_in_for_anybody(headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/connexion/", {"login_id": "1630967482229", "password": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "1630967482229" not in answer.content.decode().replace(" ", "")


def test_our_own_stale_form_comes_back_with_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/connexion/", {"login_id": "1630967482229", "password": "Faux-Mot-9"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Cette page est restée ouverte trop longtemps" in page
    assert "1630967482229" in page.replace(" ", "").replace("\u00a0", "")
    assert "Faux-Mot-9" not in page
