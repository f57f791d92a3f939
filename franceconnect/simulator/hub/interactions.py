"""Owns a service's request while its visitor is on the hub's pages."""

from franceconnect.simulator import clock, state
from franceconnect.simulator.errors import HubRefused

# Whoever comes back by the browser's arrow, by a bookmark or too late.
NO_SUCH_REQUEST = "Y190001"


def begin(session: state.Session, client_id: str, parameters: dict[str, str]) -> state.Interaction:
    """Those of this browser that nobody waits for any more are forgotten meanwhile."""
    now = clock.now()
    with state.lock:
        for each in [each for each in session.interactions.values() if _is_over(each, now)]:
            del session.interactions[each.id]
        begun = state.Interaction(state.new_id(), client_id, parameters, now)
        session.interactions[begun.id] = begun
    return begun


def find(session: state.Session, interaction_id: str) -> state.Interaction:
    """This browser's, not answered and not over. Raises HubRefused."""
    found = session.interactions.get(interaction_id)
    if not found or found.answered or _is_over(found, clock.now()):
        raise HubRefused(NO_SUCH_REQUEST)
    return found


def _is_over(interaction: state.Interaction, now: int) -> bool:
    return interaction.created_at + state.INTERACTION_LIFE <= now
