"""Each page of the journey costs at most 12 queries, shown or answered (B28, and the aim of « make bench »)."""

from typing import Any

import pytest

from tests.stories.registering import COMPANY, FIELDS, Registrant, registrant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

LIMIT = 12


def standing_at(slug: str) -> Registrant:
    if slug == "demande":
        return Registrant(COMPANY | {"profile": "company", "email": "odile@example.org"}).until(slug)
    return registrant("lamy", **({"health_cover": "no"} if slug == "paiement" else {}))[0].until(slug)


@pytest.mark.parametrize("slug", FIELDS)
def test_a_step_is_shown_within_its_queries(slug, django_assert_max_num_queries):
    """B28."""
    caller = standing_at(slug)
    with django_assert_max_num_queries(LIMIT):
        assert caller.client.get(caller.path).status_code == 200


@pytest.mark.parametrize("slug", FIELDS)
def test_a_step_is_answered_within_its_queries(slug, django_assert_max_num_queries):
    """B28: savepoints, which only a test's own transaction makes of transactions, do not count."""
    caller = standing_at(slug)
    with django_assert_max_num_queries(100) as seen:
        response = post(caller, {name: caller.answers[name] for name in FIELDS[slug]})
    assert response.status_code == 302
    sent = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    assert len(sent) <= LIMIT, "\n".join(each[:120] for each in sent)


def post(caller: Registrant, typed: dict[str, str]) -> Any:
    token = caller.page.forms[-1].values["csrfmiddlewaretoken"]
    return caller.client.post(caller.path, typed | {"csrfmiddlewaretoken": token})
