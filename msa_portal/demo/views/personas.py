"""The page that says whom one can be and what they type."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Account, login_of_nir
from msa_portal.demo.agents import AGENTS
from msa_portal.demo.companies import COMPANIES, EXPECTED
from msa_portal.demo.neighbours import NEIGHBOURS
from msa_portal.demo.personas import DEMO_PASSWORD, personas


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    everybody = personas(today=timezone.localdate())
    logins = [login_of_nir(persona.nir.number) for persona in everybody]
    taken = Account.objects.filter(login_fingerprint__in=logins).values_list("login_fingerprint", flat=True)
    having = {bytes(login) for login in taken}
    known = [(persona, login in having) for persona, login in zip(everybody, logins, strict=True)]
    agents = [(agent, agent.code(now=timezone.now())) for agent in AGENTS]
    at_the_desk = {"companies": COMPANIES, "expected": EXPECTED, "neighbours": NEIGHBOURS, "agents": agents}
    return render(request, "dev/personas.html", {"known": known, "password": DEMO_PASSWORD, **at_the_desk})
