"""The overview's figures, read at most once a second however many pages ask for them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

from projections.reads import overview

FRESH_SECONDS: Final = 1.0


@dataclass(slots=True)
class _Memo:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    read_at: float = float("-inf")
    seen: overview.Overview | None = None


async def current(request: Request) -> overview.Overview:
    """Return figures that are at most `FRESH_SECONDS` old."""
    state = request.app.state
    if not hasattr(state, "ui_figures"):
        state.ui_figures = _Memo()
    memo: _Memo = state.ui_figures
    async with memo.lock:
        if memo.seen is None or time.monotonic() - memo.read_at > FRESH_SECONDS:
            memo.seen = await overview.read(request.state.services.pool)
            memo.read_at = time.monotonic()
        return memo.seen


async def nav_counts(request: Request) -> dict[str, tuple[str, int]]:
    """Return the badges of the navigation: tone and count, only where something asks for a person."""
    seen = await current(request)
    badges = {
        "plans_waiting": ("wait", seen.plans.get("awaiting_approval")),
        "tasks_failed": ("fail", seen.tasks.get("failed")),
    }
    return {name: (tone, w.count) for name, (tone, w) in badges.items() if w is not None and w.count}
