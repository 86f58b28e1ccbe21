"""What a failed call to the database means, by the exception that a driver's user sees: away, unable, or any failure.

Everything else derives from these three. A place that differs says why.
"""

from __future__ import annotations

from typing import Final

import asyncpg

#: No server takes the call: it is away, on its way down or up, or lets no more clients in. TimeoutError is an OSError.
DATABASE_AWAY: Final[tuple[type[Exception], ...]] = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, cancelled
    asyncpg.TooManyConnectionsError,
    # it takes nobody to this database: renamed or gone while it is restored, another password since it was changed
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that the server cut off while it was being begun or put back
)
#: Among these: one statement took too long, and others may be answered.
DATABASE_SLOW: Final[tuple[type[Exception], ...]] = (TimeoutError, asyncpg.QueryCanceledError)
#: Away, or there and unable just now: the same call succeeds later, and its failure is nobody's.
DATABASE_UNABLE: Final[tuple[type[Exception], ...]] = (
    *DATABASE_AWAY,
    asyncpg.InsufficientResourcesError,  # disk or memory full
    asyncpg.TransactionRollbackError,  # deadlock, serialisation
    asyncpg.ReadOnlySQLTransactionError,  # a standby, during a failover
    asyncpg.ObjectNotInPrerequisiteStateError,  # a lock that is not free, a database that is closed to connections
)
#: Whatever the database says, a refused statement included: for those who go on without it and never raise.
DATABASE_FAILS: Final[tuple[type[Exception], ...]] = (*DATABASE_UNABLE, asyncpg.PostgresError)
