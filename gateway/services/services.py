"""What the routes work with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from gateway.access.authenticate import Access
from gateway.access.limits import RateLimiter
from gateway.audit.reading import Readings
from gateway.audit.texts import Writers
from gateway.commands.commands import Commands
from gateway.exports.places import Places
from gateway.live.changes import Live
from gateway.live.streams import Streams
from gateway.outbox.publishing import Publishing
from gateway.services.metrics import Metrics
from gateway.settings import Settings
from gateway.verdict.reading import Verdicts
from projections.reads.written import Shown

#: Looks back at plans that are folded at a time: each holds a connection, and what it folds in memory.
LOOKS_BACK: Final = 2


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    pool: asyncpg.Pool
    commands: Commands
    live: Live
    access: Access
    limiter: RateLimiter
    metrics: Metrics
    publishing: Publishing
    streams: Streams
    verdicts: Verdicts
    readings: Readings
    writers: Writers
    downloads: Places = field(default_factory=Places)
    looking_back: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKS_BACK))

    @property
    def shown(self) -> Shown:
        """Return what reads for whoever is shown it: what people wrote is in the clear."""
        return Shown(self.pool)
