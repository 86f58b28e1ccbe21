"""The services that routes work with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from gateway.access.authenticate import Access
from gateway.access.limits import RateLimiter
from gateway.access.roles import Principal
from gateway.access.upload_bytes import Budget
from gateway.access.visible_plans import reader
from gateway.audit.reading import Readings
from gateway.audit.texts import Writers
from gateway.commands.commands import Commands
from gateway.exports.download_limit import Places
from gateway.live.changes import Live
from gateway.live.streams import Streams
from gateway.outbox.publishing import Publishing
from gateway.services.metrics import Metrics
from gateway.settings import Settings
from gateway.verdict.finding import Verdict
from gateway.verdict.reading import Verdicts
from gateway.verdict.seen import Views
from projections.reads.rows import Reader
from projections.reads.written import Shown

#: Looks back at plans that are folded at a time: each holds a connection, and what it folds in memory.
LOOKS_BACK: Final = 2


@dataclass(frozen=True, slots=True)
class Services:
    """The services that routes use. `viewer`: the caller, if limited to some plans; `pool`: for internal reads.

    What goes to whoever asks is read through `reader` or `shown`.
    """

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
    uploads: Budget = field(default_factory=Budget)
    looking_back: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKS_BACK))
    views: Views = field(default_factory=Views)
    viewer: Principal | None = None

    @property
    def reader(self) -> Reader:
        """Return what reads what the viewer sees, as it is stored."""
        return reader(self.pool, self.viewer)

    @property
    def shown(self) -> Shown:
        """Return what reads for whoever is shown it: what people wrote is in the clear."""
        return Shown(self.reader)

    async def seen_verdict(self, *, now: bool = False) -> Verdict:
        """Return the verdict as the viewer sees it, one of a moment ago unless it is to be of now."""
        found = await (self.verdicts.now() if now else self.verdicts.fresh())
        if self.viewer is None:
            return found
        return await self.views.of(found, self.viewer.teams, self.reader, self.settings.decision_due_s)
