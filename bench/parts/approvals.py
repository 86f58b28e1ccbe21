"""Approvals: how many a second, how soon at a steady rate, and what comes of thousands at one instant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bench.load.loops import Connections, closed, opened
from bench.load.spread import due, latencies, mean, spread
from bench.parts.window import Bench, Figures, under

WORKERS: Final = 64
#: Connections that are open while thousands are approved at one instant.
OPEN: Final = 1000
#: The share of the capacity that was found at which latency is asked for.
LOADED: Final = 0.8


async def idle(bench: Bench, seconds: float) -> Figures:
    """Measure a system with nothing to do: the share of a core, and how often it asks anyway."""
    return under("idle", await bench.idle(seconds))


async def capacity(bench: Bench, count: int) -> Figures:
    """Measure a closed loop: plans a second, from the first request until the last task can be read."""
    plans = await bench.prepare(count)

    async def work() -> Figures:
        began = await closed(bench.system.at.url, bench.system.at.key, plans, WORKERS)
        done = await bench.ends(plans)
        return {"plans_per_s": count / (max(done.values()) - began)}

    return under("closed", await bench.cost(work, count))


async def steady(bench: Bench, rate: float, seconds: float, name: str) -> Figures:
    """Measure an open loop: requests are due at a steady rate, and latency counts from then."""
    moments = due(rate, seconds)
    plans = await bench.prepare(len(moments))
    return under(name, {"rate": rate, **await bench.cost(lambda: _opened(bench, plans, moments), len(plans))})


async def burst(bench: Bench, count: int) -> Figures:
    """Approve so many plans at one instant, while OPEN connections are open."""
    plans = await bench.prepare(count)
    found = await bench.cost(lambda: _opened(bench, plans, [0.0] * count, idle=OPEN), count)
    return under(f"burst {count:,}", found)


async def _opened(bench: Bench, plans: Sequence[str], moments: Sequence[float], idle: int = 0) -> Figures:
    connections = Connections(bench.system.at.url, bench.system.at.key)
    try:
        await connections.open(idle)
        sent = await opened(connections, plans, moments)
        done = await bench.ends(plans)
    finally:
        connections.close()
    first, last = min(sent.due.values()), max(done.values())
    return {
        **spread(latencies(sent.due, done)),
        **under("answer", spread(latencies(sent.due, sent.answered))),
        "client_late_ms": mean(latencies(sent.due, sent.sent)),
        "plans_per_s": len(plans) / (last - first),
        "took_s": last - first,
    }
