"""How a database that is away, going or coming shows itself to a driver's user."""

from __future__ import annotations

from typing import Final

import asyncpg

#: The last is what the driver says of a connection that the server cut off while it was being put back or begun.
DATABASE_AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
