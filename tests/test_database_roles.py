"""The rights of deploy/postgresql/grants.sql suffice for the portal and the worker, and go no further (R20, R21)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, models, transaction
from django.utils import timezone

from accounts import journal
from accounts.models import Affiliation, Entry, JournalSeal, Member
from accounts.resealing import reseal, sealed_columns
from msa_portal import retention
from tests.stories.caller import last_mail_to
from tests.stories.registering import Registrant, registrant

SQL = Path(__file__).resolve().parent.parent / "deploy" / "postgresql"
ROLES = ("msa_owner", "msa_portal", "msa_worker", "msa_backup")
NEW_PASSWORD = "Verger+Tranquille7"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles() -> None:
    """The roles of production, in this test's transaction only."""
    with connection.cursor() as cursor:
        for role in ROLES:
            cursor.execute(f"CREATE ROLE {role}")
        cursor.execute((SQL / "grants.sql").read_text(encoding="utf-8"))


def become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")


def refused(statement: str) -> bool:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
    return True


def first_day() -> Registrant:
    """A registration, the first sign-in and both duties."""
    caller, known = registrant("lamy")
    become("msa_portal")
    caller.finish()
    sent = re.search(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2}\b", last_mail_to(known.persona.email))
    assert sent
    caller.visit("/connexion/").press("Se connecter", login_id=known.nir.grouped, password=sent[0])
    caller.press("Valider", new_password1=NEW_PASSWORD, new_password2=NEW_PASSWORD)
    caller.visit("/coordonnees/confirmer/").press("Je confirme mes coordonnées")
    return caller.visit("/mon-espace/")


def test_a_whole_first_day_needs_no_more_than_the_portals_role():
    assert "LAMY" in first_day().text.upper()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_entry SET event = 'x'",
        "DELETE FROM accounts_entry",
        "UPDATE accounts_entry SET seal_id = NULL",
        "DELETE FROM accounts_journalseal",
        "UPDATE accounts_journalseal SET purged_at = now()",
        "UPDATE accounts_member SET deceased = false",
        "DELETE FROM accounts_payment",
        "TRUNCATE accounts_throttle",
        "UPDATE franceconnect_signingkey SET retires_at = now()",
        "DELETE FROM franceconnect_signingkey",
        "DROP TABLE accounts_code",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
    ],
)
def test_the_portals_role_cannot_rewrite_the_journal_or_the_registry(statement):
    """R21: who answers requests adds lines to the journal and changes none."""
    become("msa_portal")
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_worker_seals_and_forgets_but_changes_no_line():
    first_day()
    become("msa_worker")
    now = timezone.now()
    assert journal.seal(now=now + timedelta(minutes=5)) > 5
    assert journal.verify() == Entry.objects.count()
    assert refused("UPDATE accounts_entry SET event = 'x'")
    assert refused("UPDATE accounts_journalseal SET chain_digest = ''")
    assert retention.purge(now=now + timedelta(days=800))["journal"] > 5
    assert not Entry.objects.exists()
    assert JournalSeal.objects.get().purged_at


def test_the_worker_seals_the_registry_again_but_adds_and_removes_nobody():
    """R20: rotate_nir_key --reseal."""
    first_day()
    become("msa_worker")
    assert all(reseal(model, field)[1] == 0 for model, field in sealed_columns())
    assert models.QuerySet(Member).update(updated_at=timezone.now()) == 1
    assert refused("DELETE FROM accounts_member")
    assert Affiliation.objects.exists()


def test_the_roles_that_are_made_are_those_that_get_rights():
    made = re.findall(r"^CREATE ROLE (\w+)", (SQL / "roles.sql").read_text(encoding="utf-8"), re.MULTILINE)
    granted = re.findall(r"\bmsa_\w+", re.sub("--.*", "", (SQL / "grants.sql").read_text(encoding="utf-8")))
    assert tuple(made) == ROLES
    assert set(granted) == {"msa_portal", "msa_worker"}
