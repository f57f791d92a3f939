"""The public pages (A02, A05, A08, C10, L01 to L05, L07)."""

import pytest

from tests.stories.caller import Caller

pytestmark = [pytest.mark.django_db]


def test_the_home_page_has_two_doors_and_help() -> None:
    """A02."""
    caller = Caller().visit("/").sees("Mon espace privé", "Se connecter", "S'inscrire")
    assert caller.follow("Se connecter").path == "/connexion/"
    assert Caller().visit("/").follow("S'inscrire").path == "/inscription/profil/"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("67", "MSA Alsace"), ("68", "MSA Alsace"), ("2A", "MSA Corse"), ("2b", "MSA Corse"), ("1", "MSA Ain"),
        ("01", "MSA Ain"), (" 13 ", "MSA Provence Azur"),
    ],
)  # fmt: skip
def test_help_is_found_by_the_number_of_the_department(typed: str, said: str) -> None:
    """C10."""
    Caller().visit("/aide/").press("Valider", department=typed).sees(said.split()[1])


@pytest.mark.parametrize("typed", ["", "96", "abc", "\x00", "x" * 10_000, "<script>", "20"])
def test_another_number_is_told_in_words(typed: str) -> None:
    caller = Caller().visit("/aide/").press("Valider", department=typed)
    assert caller.response.status_code == 200
    assert "<script>" not in caller.response.content.decode().split("</head>")[1].replace("<script>x", "")


@pytest.mark.parametrize(
    "path", ["/conditions-generales/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/aide/"]
)
def test_each_page_of_the_foot_can_be_read(path: str) -> None:
    """L01 to L05, L07."""
    caller = Caller().visit(path)
    assert caller.response.status_code == 200
    assert caller.title
    assert len(caller.text) > 500


def test_public_pages_set_no_session_cookie() -> None:
    for path in ("/", "/aide/", "/conditions-generales/"):
        caller = Caller().visit(path)
        assert "session" not in caller.client.cookies
