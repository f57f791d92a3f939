"""Django's PostgreSQL backend, asked less often whether its connection still lives."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at the socket where Django asks the server, at each request, with a statement of its own.

    A server that has gone, or has ended the session, has said so: something can be read where nothing is expected, and
    then it is asked as before. A quiet socket costs a microsecond, the question a tenth of what a page costs.
    """

    def is_usable(self) -> bool:
        connection: Any = self.connection
        if connection is None or connection.closed:
            return False
        waiting = select.poll()
        waiting.register(connection.pgconn.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return super().is_usable() if waiting.poll(0) else True
