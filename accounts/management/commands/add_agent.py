"""`manage.py add_agent --email … --name … --role …`: somebody who will work at the support desk."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.identity.caisses import CAISSES, department
from accounts.identity.email import Email
from accounts.identity.refusal import ValueRefused
from accounts.models import OF_A_CAISSE, Agent, Role, login_of_agent
from accounts.support import agents


class Command(BaseCommand):
    """Prints one JSON object; the link goes to their mailbox and nowhere else."""

    help = "Add an agent of the support desk, or send a new link to one; they choose their password by the mail's link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", help="needed for a new agent")
        parser.add_argument("--role", choices=Role.values, help="needed for a new agent")
        place = parser.add_mutually_exclusive_group()
        place.add_argument("--caisse", choices=sorted(CAISSES), help="of an agent or a lead")
        place.add_argument("--department", help="the caisse that serves this department, by its number")
        parser.add_argument("--new-link", action="store_true", help="for one who is there: closes the access of before")

    def handle(self, **options: Any) -> None:
        try:
            email = Email.parse(options["email"]).address
        except ValueRefused as refused:
            raise CommandError(f"--email: {refused.code}") from None
        now = timezone.now()
        agent = new_link(email, now=now) if options["new_link"] else added(email, options, now=now)
        until = (now + settings.AGENT_SETUP_LIFE).isoformat(timespec="seconds")
        self.stdout.write(json.dumps({"agent": str(agent.pk), "role": agent.role, "link_until": until}))


def new_link(email: str, *, now: Any) -> Agent:
    agent = Agent.objects.select_related("account").filter(account__login_fingerprint=login_of_agent(email)).first()
    try:
        if agent is None:
            raise agents.Gone
        agents.send_link(agent, by=None, now=now)
    except agents.Gone:
        raise CommandError("nobody works at the desk under this address") from None
    return agent


def added(email: str, options: dict[str, Any], *, now: Any) -> Agent:
    if not (options["name"] and options["role"]):
        raise CommandError("--name and --role are needed for a new agent")
    role, caisse = Role(options["role"]), caisse_of(options)
    if (role in OF_A_CAISSE) != bool(caisse):
        raise CommandError(f"--role {role} {'needs' if role in OF_A_CAISSE else 'has no'} --caisse or --department")
    try:
        return agents.add(email=email, name=options["name"], role=role, caisse=caisse, by=None, now=now)
    except agents.AlreadyHere:
        raise CommandError("somebody works at the desk under this address; --new-link sends another link") from None


def caisse_of(options: dict[str, Any]) -> str:
    if not options["department"]:
        return options["caisse"] or ""
    try:
        return department(options["department"]).caisse.code
    except ValueRefused as refused:
        raise CommandError(f"--department: {refused.code}") from None
