"""Who may do what at the support desk: this table, and nothing else, says so (issue 5, R16, R20)."""

from collections.abc import Mapping
from enum import StrEnum

from accounts.models import Account, Agent, Role
from accounts.support.refusals import Refused, Why


class May(StrEnum):
    """One thing that an agent may do. Codes: they stand in the journal."""

    SEE_MEMBERS = "see_members"
    SEE_NIR = "see_nir"
    SEND_PASSWORD = "send_password"
    UNLOCK = "unlock"
    END_SESSIONS = "end_sessions"
    UNLINK = "unlink"
    CORRECT_CONTACT = "correct_contact"
    SUSPEND = "suspend"
    ASK_CORRECTION = "ask_correction"
    DECIDE_DEPARTMENTS = "decide_departments"
    DECIDE_COMPANIES = "decide_companies"
    DECIDE_ADDRESSES = "decide_addresses"
    DECIDE_CONFLICTS = "decide_conflicts"
    HANDLE_LETTERS = "handle_letters"
    PRINT_LETTERS = "print_letters"
    SEE_REGISTRATIONS = "see_registrations"
    ASSIST_CALLS = "assist_calls"
    USE_CODE_DESK = "use_code_desk"
    SEE_JOURNAL = "see_journal"
    EXPORT_JOURNAL = "export_journal"
    EDIT_NEWS = "edit_news"
    EDIT_BANNERS = "edit_banners"
    MANAGE_AGENTS = "manage_agents"
    SEND_AGENT_LINK = "send_agent_link"
    MANAGE_CLIENTS = "manage_clients"
    SEE_KEYS = "see_keys"
    KEEP_OWN_ACCESS = "keep_own_access"
    SEE_LIMITS = "see_limits"
    CHANGE_LIMITS = "change_limits"


# Whoever comes in looks after their own password, telephone and codes.
_EVERYBODY = frozenset({May.KEEP_OWN_ACCESS})
_AGENT = _EVERYBODY | frozenset(
    {
        May.SEE_MEMBERS,
        May.SEE_NIR,
        May.SEND_PASSWORD,
        May.UNLOCK,
        May.END_SESSIONS,
        May.UNLINK,
        May.CORRECT_CONTACT,
        May.ASK_CORRECTION,
        May.DECIDE_DEPARTMENTS,
        May.DECIDE_COMPANIES,
        May.DECIDE_ADDRESSES,
        May.HANDLE_LETTERS,
        May.SEE_REGISTRATIONS,
        May.ASSIST_CALLS,
        May.USE_CODE_DESK,
    }
)
_LEAD = _AGENT | {
    May.SUSPEND,
    May.DECIDE_CONFLICTS,
    May.PRINT_LETTERS,
    May.EDIT_NEWS,
    May.MANAGE_AGENTS,
    May.SEND_AGENT_LINK,
}
ROLES: Mapping[str, frozenset[May]] = {
    Role.AGENT: _AGENT,
    Role.LEAD: _LEAD,
    # Everywhere, for all caisses.
    Role.NATIONAL: _LEAD | {May.EDIT_BANNERS},
    # Reads the journal and nothing else: who watches does not act.
    Role.AUDITOR: _EVERYBODY | {May.SEE_JOURNAL, May.EXPORT_JOURNAL},
    # Machines, not members.
    Role.OPERATOR: _EVERYBODY
    | {
        May.MANAGE_CLIENTS,
        May.SEE_KEYS,
        May.SEE_LIMITS,
        May.CHANGE_LIMITS,
        May.USE_CODE_DESK,
        May.EDIT_BANNERS,
        # A telephone is lost on Sundays too.
        May.SEND_AGENT_LINK,
    },
}


def works_here(account: Account) -> bool:
    """Whether this is an agent, now. No query beyond the agent's row, which is read once for a request."""
    if account.kind != Account.Kind.AGENT or not account.is_active:
        return False
    agent = getattr(account, "agent", None)
    return agent is not None and agent.left_at is None


def may(account: Account, what: May) -> bool:
    """Whether this agent may, now. Neither staff nor superuser is a role."""
    return works_here(account) and what in ROLES[account.agent.role]


def hold_rights(by: Account, *others: Agent) -> None:
    """In the transaction of what an agent does: whoever takes their rights away comes after it, or has come before.

    Then none of it is done. Raises Refused. It also puts what one agent does in two windows in a row. `others` are held
    as well, all in one order: of two who send each other away one has done it.
    """
    known = by.agent
    keys = {known.pk, *(each.pk for each in others)}
    held = Agent.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    if (known.pk, known.role, known.caisse, None) not in held.values_list("pk", "role", "caisse", "left_at"):
        raise Refused(Why.ROLE)
