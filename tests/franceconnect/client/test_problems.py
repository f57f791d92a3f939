"""One row, one page for each way a round trip may end without a sign-in (FS 6, FS 24, facts B5 and A6 to A8)."""

import html
import re

import pytest
from django.urls import reverse

from accounts.models import Account
from franceconnect.client import problems
from franceconnect.client.problems import BY_CODE, PROBLEMS
from tests.franceconnect.client.voyage import asked_in, journaled, leave, problem_of

pytestmark = pytest.mark.django_db

# Facts A6 to A8, B2, B4, B5.
CODES = [
    "Y010004", "Y010006", "Y010007", "Y010008", "Y010009", "Y010011", "Y010012", "Y010013", "Y010015",
    "Y020017", "Y020019", "Y020021", "Y020022", "Y020023", "Y020025", "Y020026", "Y020027", "Y020029", "Y020030",
    "Y100001", "Y100002", "Y100018", "Y100011", "Y180001", "Y600006",
    "Y030007", "Y04EA6EF", "Y04C013C", "Y0434A7B", "Y049E20B", "Y100019", "Y100009",
]  # fmt: skip
# What agents may still hear: the names of before, and those that FranceConnect's own tests give (facts A7, C).
OF_BEFORE = [
    "E010004", "E010006", "E010007", "E010008", "E010009", "E010011", "E010012", "E010013", "E010015",
    "E020005", "E020007", "E020008", "E020009", "E020010", "E020011", "E020018",
]  # fmt: skip
FROM_MACHINES = ["invalid_client", "invalid_grant", "invalid_token"]
AT_THE_CALLBACK = [
    "access_denied", "server_error", "temporarily_unavailable",
    "invalid_request", "invalid_scope", "invalid_acr", "invalid_idp_hint",
]  # fmt: skip
ERRORS = AT_THE_CALLBACK + FROM_MACHINES


@pytest.mark.parametrize("code", [*CODES, *OF_BEFORE, *ERRORS])
def test_every_error_has_a_row_and_agents_find_it(code):
    """B5, A6 to A8: agents type what somebody reads to them."""
    found = problems.find(f" {code.lower()} ")
    assert found is not None
    assert code in found.codes
    assert problems.find(code) == problems.of(found.slug) == found


@pytest.mark.parametrize("code", [each for each in OF_BEFORE if each.startswith("E01")])
def test_a_code_of_before_has_the_cause_of_its_number(code):
    """A7: what the register of births answered."""
    assert problems.find(code) == problems.find(f"Y{code[1:]}")


def test_nothing_else_is_found():
    assert problems.find("Y999999") is None
    assert problems.find("") is None
    with pytest.raises(KeyError):
        problems.of("nulle-part")


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_a_row_is_whole_and_well_typeset(problem):
    """Words for the member and words for agents, in French; a sign never begins a line."""
    texts = (problem.title, problem.what_happened, problem.what_to_do, problem.for_agents)
    assert all(texts)
    assert not any(re.search(r" [:;?!»]|« ", text) for text in texts)
    assert not any(re.search(r"\s\s|\s$|^\s", text) for text in texts)
    assert not problem.title.endswith(".")
    assert all(text.endswith(".") for text in texts[1:])
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", problem.slug)
    for_members = " ".join(texts[:3])
    assert not re.search(
        r"RNIPP|token|\bjeton\b|eIDAS|OpenID|invalide|erreur|échec|\bNIR\b", for_members, re.IGNORECASE
    )


def test_slugs_and_codes_are_not_taken_twice():
    codes = [code for problem in PROBLEMS for code in problem.codes]
    slugs = [problem.slug for problem in PROBLEMS]
    assert len(set(codes)) == len(codes)
    assert len(set(slugs)) == len(slugs)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_a_page_says_what_happened_what_to_do_and_the_other_way_in(client, problem):
    """FS 6: back to our own ways in; the page works for whoever opens it, without a reference."""
    page = client.get(reverse("franceconnect:problem", args=[problem.slug]))
    text = html.unescape(page.content.decode())
    assert page.status_code == 200
    assert problem.title in text
    assert problem.what_happened in text
    assert problem.what_to_do in text
    assert f'href="{reverse("accounts:sign_in")}"' in text
    assert (reverse("franceconnect:start") in text) is problem.retry
    assert "tel:+33969363703" in text
    assert "donnez cette référence" not in text
    assert problem.for_agents not in text


def test_no_other_page_has_such_an_address(client):
    assert client.get(reverse("franceconnect:problem", args=["nulle-part"])).status_code == 404


@pytest.mark.parametrize("error", AT_THE_CALLBACK)
def test_franceconnect_s_errors_lead_to_their_page(simulator, error):
    """FS 6, FS 24, B5: asked of the simulator, as it comes back to the callback."""
    simulator.turn(error=error, error_description="")
    problem = problem_of(simulator.walk(leave()))
    assert error in problems.of(problem.slug).codes
    assert journaled() == [{"slug": problem.slug, "code": ""}]
    assert not Account.objects.exists()


@pytest.mark.parametrize("code", CODES)
def test_franceconnect_s_code_says_more_than_its_error(simulator, code):
    """FS 6, FS 24, A6 to A8: whatever the error's name."""
    simulator.turn(error="access_denied", error_description=f"authentication refused ({code})")
    problem = problem_of(simulator.walk(leave()))
    assert problem.slug == BY_CODE[code].slug
    assert problem.code == code
    assert journaled() == [{"slug": problem.slug, "code": code}]


def test_who_gives_up_is_not_told_of_a_refusal(simulator):
    """FS 6, B5: « User auth aborted »."""
    assert problem_of(simulator.give_up(leave())).slug == "abandon"


def test_what_we_have_never_heard_of_has_a_page_too():
    """FS 6: with the code, if there is one; whatever its length."""
    problem, code = problems.told_by(
        {"error": "out_of_order", "error_description": "Y770001 <script>alert(1)</script>"}
    )
    assert (problem.slug, code) == ("autre-erreur", "Y770001")
    problem, code = problems.told_by({"error": ["x"], "error_uri": {"a": 1}, "error_description": "y" * 100_000})
    assert (problem.slug, code) == ("autre-erreur", "")


def test_what_is_journaled_is_a_code_and_nothing_else(simulator):
    """FS 23: a description may hold anything; nothing of it is kept but FranceConnect's code."""
    simulator.turn(error="access_denied", error_description="ORSINI Marie, née le 12/01/1960 Y01000412345")
    assert problem_of(simulator.walk(leave())).code == ""
    assert journaled() == [{"slug": "refus", "code": ""}]


def test_a_member_comes_to_the_page_with_the_reference_of_the_journal(simulator, client):
    """FS 6, FS 23: reference and code are on the page and in no address."""
    begun = client.get(reverse("franceconnect:start"))
    simulator.turn(error="access_denied", error_description="Y010008")
    answer = client.get(simulator.walk(begun["Location"]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("franceconnect:problem", args=["etat-civil-introuvable"])
    text = client.get(answer["Location"]).content.decode()
    assert answer["X-Request-ID"] in text
    assert "Y010008" in text
    # Another problem's page knows nothing of it.
    other = client.get(reverse("franceconnect:problem", args=["refus"])).content.decode()
    assert answer["X-Request-ID"] not in other
    assert "state" not in asked_in(answer["Location"])
