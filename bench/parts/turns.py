"""Systems take turns: each is started, warmed, measured and ended, so that none disturbs another."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import asyncpg
import uvloop

from bench.parts.approvals import capacity
from bench.parts.every import EMPTY, PARTS, SHARED
from bench.parts.sizes import Sizes
from bench.parts.window import Bench, Figures
from bench.report.figures import Block, order
from bench.systems.ours import Ours
from bench.systems.system import NotHereError, Running, System

Say = Callable[[str], None]


def turns(systems: Sequence[System], parts: Sequence[str], sizes: Sizes, say: Say) -> Iterator[Block]:
    """Yield what was found of each system in each round. One that is not here is left out, and it is said why."""
    absent: set[str] = set()
    for round_ in range(sizes.rounds):
        for system in order([one for one in systems if one.name not in absent], round_):
            for asked in shifts(parts, ours=isinstance(system, Ours), round_=round_):
                say(f"round {round_ + 1} of {sizes.rounds}: {system.name}")
                try:
                    yield turn(system, asked, sizes, round_, say)
                except NotHereError as error:
                    absent.add(system.name)
                    say(f"{system.name} is left out: {error}")


def shifts(parts: Sequence[str], *, ours: bool, round_: int) -> list[list[str]]:
    """Return the parts of a round, grouped by the starts of the system that serve them.

    The first round of ours has all of it, others and later rounds what all systems share. What a system does without
    work comes first each time: the other parts are told it. Parts with an empty log have a start of their own.
    """
    asked = [name for name in parts if name != "idle" and (name in SHARED or (ours and round_ == 0))]
    together = [name for name in asked if name not in EMPTY]
    found = [["idle", *together]] if together or list(parts) == ["idle"] else []
    return found + [["idle", name] for name in asked if name in EMPTY]


def turn(system: System, parts: Sequence[str], sizes: Sizes, round_: int, say: Say) -> Block:
    """Measure one system on data of its own. Raises NotHereError."""
    figures: Figures = {}
    restarts: dict[str, int] = {}
    failed = ""
    with tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder:
        try:
            with system.start(Path(folder) / "data") as running:
                uvloop.run(_measure(running, parts, sizes, figures, say))
                restarts = running.restarts()
        except NotHereError:
            raise
        except Exception as error:  # what was found until then is kept; the bench fails at its end
            failed = f"{type(error).__name__}: {error}"
            say(f"{system.name} failed: {failed}")
    return Block(system.name, round_, figures, restarts, failed)


async def _measure(running: Running, parts: Sequence[str], sizes: Sizes, figures: Figures, say: Say) -> None:
    at = running.at
    database = await asyncpg.connect(at.database, server_settings={"application_name": "bench"})
    try:
        bench = Bench(running, database, sizes.settle_s)
        await capacity(bench, sizes.warm)  # statements are planned, code is warm, connections are open
        for name in parts:
            async for found in PARTS[name](bench, sizes, figures):
                figures |= found
                say("  " + ", ".join(sorted({one.partition("/")[0] for one in found})))
    finally:
        await database.close()
