"""Compares what the rows of the read models contain with tables that are made anew from the log beside them."""

from __future__ import annotations

import asyncpg

from projections.rebuild.build import Rebuild, Refused
from projections.rebuild.shadow import Stalled
from projections.rebuild.tables import Bound
from projections.settings import Settings
from projections.verify.expected import Report
from schemas.wire import Codec


async def check_contents(settings: Settings, codec: Codec, report: Report, *, schema: str = "rm") -> None:
    """Report each table with rows that the log does not make; who changed them did not ask the log.

    Raises the errors of broker and registry as they are.
    """
    try:
        outcome = await Rebuild(settings, codec, live=schema).run(check=True)
    except (Refused, Stalled, Bound, asyncpg.PostgresError) as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        report.add("contents", f"what rows contain could not be compared: {why}")
        return
    for problem in outcome.problems:
        report.add("contents", problem)
