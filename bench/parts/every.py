"""The parts of a system's turn, by name, in the order in which they are done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from bench.parts import approvals
from bench.parts.growth import growth
from bench.parts.limit import limit
from bench.parts.rebuilding import rebuild
from bench.parts.scale import scale
from bench.parts.sizes import Sizes
from bench.parts.uploads import upload
from bench.parts.window import Bench, Figures

#: A part yields its figures as it goes; it is told what earlier parts of the same turn have found.
Part = Callable[[Bench, Sizes, Mapping[str, float]], AsyncIterator[Figures]]


async def _idle(bench: Bench, sizes: Sizes, _: Mapping[str, float]) -> AsyncIterator[Figures]:
    yield await approvals.idle(bench, sizes.idle_s)


async def _closed(bench: Bench, sizes: Sizes, _: Mapping[str, float]) -> AsyncIterator[Figures]:
    yield await approvals.capacity(bench, sizes.closed)


async def _open(bench: Bench, sizes: Sizes, found: Mapping[str, float]) -> AsyncIterator[Figures]:
    rates = {f"open {rate:g}": rate for rate in sizes.rates}
    if capacity := found.get("closed/plans_per_s"):
        rates[f"open {approvals.LOADED:.0%} of capacity"] = approvals.LOADED * capacity
    for name, rate in rates.items():
        yield await approvals.steady(bench, rate, sizes.lasts(rate), name)


async def _burst(bench: Bench, sizes: Sizes, _: Mapping[str, float]) -> AsyncIterator[Figures]:
    for count in sizes.bursts:
        yield await approvals.burst(bench, count)


async def _upload(bench: Bench, sizes: Sizes, _: Mapping[str, float]) -> AsyncIterator[Figures]:
    yield await upload(bench, sizes.uploads)


async def _rebuild(bench: Bench, _sizes: Sizes, _: Mapping[str, float]) -> AsyncIterator[Figures]:
    yield await rebuild(bench)


async def _limit(bench: Bench, sizes: Sizes, _: Mapping[str, float]) -> AsyncIterator[Figures]:
    yield await limit(bench, sizes.limit)


async def _scale(bench: Bench, sizes: Sizes, _: Mapping[str, float]) -> AsyncIterator[Figures]:
    async for found in scale(bench, sizes.members, sizes.closed):
        yield found


async def _growth(bench: Bench, sizes: Sizes, _: Mapping[str, float]) -> AsyncIterator[Figures]:
    async for found in growth(bench, sizes.steps, sizes.measured):
        yield found


PARTS: Final[Mapping[str, Part]] = {
    "idle": _idle,
    "closed": _closed,
    "open": _open,
    "burst": _burst,
    "upload": _upload,
    "rebuild": _rebuild,
    "limit": _limit,
    "scale": _scale,
    "growth": _growth,
}
#: What begins with a log in which there is nothing.
EMPTY: Final = ("growth",)
#: What every system can be asked; the others are this system's own, and are done in one round: they take long.
SHARED: Final = ("idle", "closed", "open", "burst")
