"""Settings of database sessions that hold a lock for as long as their process lives."""

from __future__ import annotations

from typing import Final

#: A silent client is asked after so long whether it is still there,
KEEPALIVE_IDLE_S: Final = 5
#: and again after so long,
KEEPALIVE_INTERVAL_S: Final = 3
#: so many times. Then the session ends, and its locks go.
KEEPALIVE_COUNT: Final = 3
#: How long a host that vanished without closing its connections keeps its locks, at most.
VANISHED_S: Final = KEEPALIVE_IDLE_S + KEEPALIVE_INTERVAL_S * KEEPALIVE_COUNT

#: For `server_settings`. A killed process closes its socket at once; a host that loses its power or its network closes
#: nothing, and the server's own patience with it is two hours.
LOCK_HOLDER: Final = {
    "tcp_keepalives_idle": str(KEEPALIVE_IDLE_S),
    "tcp_keepalives_interval": str(KEEPALIVE_INTERVAL_S),
    "tcp_keepalives_count": str(KEEPALIVE_COUNT),
    "tcp_user_timeout": str(VANISHED_S * 1000),
}
