"""How much a whole flow asks of the database, for a member who has many grants already (issue 3, Figures)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from franceconnect.models import Client, Grant
from tests.members import an_account
from tests.oidc.clients import standard
from tests.oidc.visitor import Visitor, whole_flow
from tests.stories.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def test_a_flow_with_a_live_session_takes_ten_statements_and_three_commits_at_most(signing_keys):
    """Consent remembered, journal written, replay protection on; a thousand old grants change nothing."""
    account = an_account()
    party = standard(auth_method=Client.AuthMethod.POST, skip_authorization=False).but(scope="openid profile email")
    visitor = Visitor()
    sign_in(visitor)
    whole_flow(party, visitor)
    some = Grant.objects.get()
    then = timezone.now() - timedelta(days=1)
    Grant.objects.bulk_create(
        Grant(
            user=account, application=some.application, code=f"{n:064x}", expires=then, auth_time=then, acr="eidas1",
            amr="pwd", redirect_uri=some.redirect_uri, scope=some.scope,
        )
        for n in range(1000)
    )  # fmt: skip
    sent = party.request()
    with CaptureQueriesContext(connection) as asked:
        visitor.bring(sent)
        answer = party.ask_for_tokens(party.code(sent, visitor.left_for), sent)
        who = party.ask_who(answer.json()["access_token"])
    assert who.status == 200
    told = [query["sql"] for query in asked.captured_queries]
    statements = [sql for sql in told if not sql.startswith(AROUND)]
    assert len(statements) <= 10, "\n".join(sql[:160] for sql in statements)
    assert commits(told) <= 3


def commits(told: list[str]) -> int:
    """Transactions that wrote: those begun, and each write that stands alone."""
    inside, alone = False, 0
    for sql in told:
        inside = (inside or sql == "BEGIN") and sql != "COMMIT"
        alone += not inside and sql.startswith(("INSERT", "UPDATE", "DELETE"))
    return told.count("COMMIT") + alone
