"""What the routes work with."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

from gateway.access.authenticate import Access
from gateway.access.limits import RateLimiter
from gateway.audit.reading import Readings
from gateway.commands.commands import Commands
from gateway.live import Live
from gateway.metrics import Metrics
from gateway.outbox.publishing import Publishing
from gateway.settings import Settings
from gateway.verdict.reading import Verdicts


@dataclass(slots=True)
class Streams:
    """How many browsers listen to this gateway."""

    open: int = 0


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
