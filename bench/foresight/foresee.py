"""`python -m bench foresight`: whether it can be known beforehand which plans go wrong, and whether that may be said.

Without more it judges the model by histories that are made up: outages, and pure chance, in which it has to find
nothing; exit status 1 where it is otherwise. `--database URL` judges it by a history of yours, of which it only reads
events (`rm.timeline`); exit status 1 where the model is not proven by it: better than the base rate beyond chance, and
what it says is what comes, within two points on average.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable
from typing import Any, Final

import asyncpg

from bench.foresight.judging import Judgement, judge
from bench.foresight.model import Model
from bench.foresight.simulated import KINDS, events
from bench.foresight.steps import TYPES, Event, Foreseen, Seer
from bench.report.table import table

_EVENTS: Final = """
    select plan_id::text as plan, type, extract(epoch from recorded_at)::float8 as at,
           case when type = 'plan.uploaded' then json_array_length(data -> 'channels') else 0 end as channels,
           case when type = 'plan.uploaded' then (data ->> 'size_bytes')::bigint else 0 end as size_bytes
      from rm.timeline where type = any ($1) order by recorded_at, topic, "offset", version"""


def main() -> None:
    """Judge the model on each history and print the result; fail if it is not proven on the last one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", help="URL of a database whose history judges it")
    parser.add_argument("--plans", type=int, default=20_000, help="plans of a history that is made up (20,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the histories that are made up (1)")
    options = parser.parse_args()
    if options.database:
        sys.exit(not _judged("your history", asyncio.run(_recorded(options.database))))
    proven = {kind: _judged(f"made up: {kind}", events(kind, options.plans, options.seed)) for kind in KINDS}
    sys.exit(proven != {"outages": True, "chance": False})


async def _recorded(url: str) -> list[Event]:
    connection = await asyncpg.connect(url)
    try:
        return [event_of(row) for row in await connection.fetch(_EVENTS, list(TYPES))]
    finally:
        await connection.close()


def event_of(row: Any) -> Event:
    """Return the event of a row."""
    return Event(row["plan"], row["type"], row["at"], row["channels"] or 0, row["size_bytes"] or 0)


def _judged(name: str, history: Iterable[Event]) -> bool:
    seer = Seer()
    found = list(seer.read(history))
    judgement = judge(found)
    print("\n".join([f"{name}: {len(found)} steps that ended", "", *told(judgement, found, seer.model), ""]))
    return judgement is not None and judgement.proven


def told(judgement: Judgement | None, found: list[Foreseen], model: Model) -> list[str]:
    """Return a judgement as lines of text."""
    if judgement is None:
        return [f"Of {len(found)} steps, {sum(one.bad for one in found)} of which went wrong, nothing can be told."]
    shown = [[f"{one.steps:,}", f"{one.said:.1%}", f"{one.came:.1%}"] for one in judgement.classes]
    better = f"{judgement.skill:+.1%}, {judgement.sure:+.1f} standard errors"
    weights = ", ".join(f"{name} {weight:+.1f}" for name, weight in model.weights())
    return [
        f"went wrong: {judgement.bad:,} ({judgement.bad / judgement.steps:.2%})",
        f"Brier score: {judgement.brier:.4f}, of the base rate {judgement.base_brier:.4f}: {better}",
        f"what came is beside what was said by {100 * judgement.beside:.1f} points on average",
        "",
        *table(["steps", "said", "came"], shown),
        "",
        f"weighs: {weights}",
        f"proven: {'yes, it may be shown' if judgement.proven else 'no, it says nothing'}",
    ]
