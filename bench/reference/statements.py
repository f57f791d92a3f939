"""What a flow of the reference sends to its database."""

from bench.provider.flow import Client, Endpoints
from bench.provider.in_process import commits, statements, statements_of_a_flow


def count(at: list[str], client: list[str]) -> tuple[int, int]:
    """Statements and commits of one flow."""
    sent = statements_of_a_flow(Endpoints(*at), Client(*client))
    return statements(sent), commits(sent)
