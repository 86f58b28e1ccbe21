"""The overview's figures, read at most once a second however many pages ask for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from starlette.requests import Request

from projections.reads import operations, overview
from schemas.lifecycle import PlanStatus, TaskStatus

FRESH_SECONDS: Final = 1.0


T = TypeVar("T")


@dataclass(slots=True)
class _Memo(Generic[T]):
    read: Callable[[Any], Awaitable[T]]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    read_at: float = float("-inf")
    seen: T | None = None

    async def fresh(self, pool: Any) -> T:
        async with self.lock:
            if self.seen is None or time.monotonic() - self.read_at > FRESH_SECONDS:
                self.seen = await self.read(pool)
                self.read_at = time.monotonic()
            return self.seen


@dataclass(frozen=True, slots=True)
class _Memos:
    overview: _Memo[overview.Overview] = field(default_factory=lambda: _Memo(overview.read))
    operations: _Memo[operations.Operations] = field(default_factory=lambda: _Memo(operations.read))


async def current(request: Request) -> overview.Overview:
    """Return figures that are at most `FRESH_SECONDS` old."""
    return await _memos(request).overview.fresh(request.state.services.pool)


async def running(request: Request) -> operations.Operations:
    """Return what runs and what is stuck, at most `FRESH_SECONDS` old."""
    return await _memos(request).operations.fresh(request.state.services.pool)


def forget(request: Request) -> None:
    """Read anew for the next page: something was changed just now."""
    memos = _memos(request)
    memos.operations.read_at = memos.overview.read_at = float("-inf")


def _memos(request: Request) -> _Memos:
    state = request.app.state
    if not hasattr(state, "ui_figures"):
        state.ui_figures = _Memos()
    memos: _Memos = state.ui_figures
    return memos


async def nav_counts(request: Request) -> dict[str, tuple[str, int]]:
    """Return the badges of the navigation: tone and count, only where something asks for a person."""
    seen = await current(request)
    badges = {
        "plans_waiting": ("wait", seen.plans.get(PlanStatus.AWAITING_APPROVAL)),
        "tasks_failed": ("fail", seen.tasks.get(TaskStatus.FAILED)),
    }
    counts = {name: (tone, w.count) for name, (tone, w) in badges.items() if w is not None and w.count}
    if undecided := seen.aside.letters.count:
        counts["dead_letters"] = ("fail", undecided)
    stuck = sum((await running(request)).stuck_by_cause.values())
    return {**counts, "stuck": ("fail", stuck)} if stuck else counts
