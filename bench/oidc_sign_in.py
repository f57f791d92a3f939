"""A sign-in on the way to FranceConnect (J02, R15): what it costs beside the hash of the password.

FranceConnect's own request → the sign-in page → its form → back at FranceConnect with a code.
"""

import secrets
import statistics
from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib.auth.hashers import make_password

from accounts.models import Account, Email, Throttle
from bench.pages import percentile
from bench.provider.aims import aimed
from bench.provider.portal import registered
from bench.sign_in import production_hash
from bench.visit import Cost, Visitor
from msa_portal.demo.personas import DEMO_PASSWORD
from tests.personas import Known, persona

FULL, SMALL, WARM_UP = 60, 15, 3
BESIDE = "≤ 9"
Steps = tuple[Cost, Cost, Cost, float]


def run(small: bool) -> list[dict]:
    member = persona("garcin")
    client = registered("franceconnect-integration").client
    callback = client.redirect_uris.split()[0]
    rounds = WARM_UP + (SMALL if small else FULL)
    with production_hash() as spent:
        Account.objects.filter(member=member.member).update(password=make_password(DEMO_PASSWORD))
        browser = Visitor()
        signed = [sign_in(browser, member, client.client_id, callback, spent) for _ in range(rounds)]
    return list(rows(signed[WARM_UP:]))


def sign_in(browser: Visitor, member: Known, client_id: str, callback: str, spent: list[float]) -> Steps:
    """The request, the page, the form, and what of the last was the hash; the browser is known after the first."""
    Throttle.objects.all().delete()
    Email.objects.all().delete()
    asked = browser.visit(f"/oidc/authorize?{urlencode(france_connect_asks(client_id, callback))}")
    page = browser.visit(asked.location)
    spent.clear()
    sent = browser.press("Se connecter", login_id=member.nir.grouped, password=DEMO_PASSWORD)
    if not sent.location.startswith(f"{callback}?code=") or len(spent) != 1:
        raise RuntimeError(f"not signed in: {sent.status} to {sent.location}, {len(spent)} hashes")
    return asked, page, sent, spent[0]


def france_connect_asks(client_id: str, callback: str) -> dict[str, str]:
    """Fact sheet A2: this and nothing else."""
    return {
        "client_id": client_id,
        "scope": "openid profile email birth",
        "response_type": "code",
        "redirect_uri": callback,
        "acr_values": "eidas1",
        "state": secrets.token_hex(32),
        "nonce": secrets.token_hex(32),
        "prompt": "login",
    }


def rows(signed: list[Steps]) -> Iterator[dict]:
    asked, pages, forms, hashes = zip(*signed, strict=True)
    beside = sorted(form.cpu_ms - hashed for form, hashed in zip(forms, hashes, strict=True))
    yield from (row(what, costs) for what, costs in (("authorize", asked), ("the sign-in page", pages)))
    spent = round(statistics.median(beside), 1)
    # Quiet: what a machine with nothing else to do comes to.
    cpu = {"CPU ms": spent, "quiet ms": round(percentile(beside, 10), 1), **aimed(spent, BESIDE)}
    yield row("the form sent, beside its hash", forms) | cpu
    yield {"what": "the hash", "CPU ms": round(statistics.median(hashes), 1)}


def row(what: str, costs: tuple[Cost, ...]) -> dict:
    return {
        "what": what,
        "CPU ms": round(statistics.median(cost.cpu_ms for cost in costs), 1),
        "quiet ms": round(percentile(sorted(cost.cpu_ms for cost in costs), 10), 1),
        "of PostgreSQL": round(statistics.median(cost.database_ms for cost in costs), 1),
        "SQL": max(len(cost.statements) for cost in costs),
    }
