"""The liveness of a stream process: what it needs of the settings, and the flag that holds work back."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

import asyncpg
import structlog

from schemas.process.liveness import Connection, Liveness, Progress
from schemas.process.sessions import LOCK_HOLDER
from streams.settings import Settings

#: Switched off, nothing is taken from the topics: what waits there waits on.
QUEUE_PROCESSING: Final = "queue_processing"


def liveness_of(settings: Settings, role: str, progress: Progress) -> Liveness:
    """Return the liveness of this process; `run` it as a task of its own."""
    log = structlog.get_logger("liveness")

    def connect() -> Awaitable[Connection]:
        return asyncpg.connect(
            settings.database_url,
            timeout=5,
            command_timeout=5,
            server_settings={"application_name": f"liveness-{role}", **LOCK_HOLDER},
        )

    return Liveness(connect, role, progress, deaf_after_s=settings.deaf_after_s, say=log.warning)
