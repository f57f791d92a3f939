"""The PostgreSQL of the tests, but one that survives: figures taken without fsync would be somebody else's."""

from tests.services import PostgresServer

HONEST = ("--fsync=on", "--synchronous_commit=on", "--full_page_writes=on", "--autovacuum=on", "--max_wal_size=4GB")


class DurablePostgres(PostgresServer):
    """As Debian installs it, with a socket and a directory of its own."""

    def command(self) -> list[str]:
        return [*super().command(), *HONEST]
