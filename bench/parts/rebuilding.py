"""A rebuild of the read models from the log, beside the live ones, without the swap."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Final

from bench.parts.window import Bench, Figures, under

#: The bench gave each plan five tasks past the log (hosted.py). A difference would be looked at three times.
AS_LOGGED: Final = """
    update rm.plan p
       set phases = (t.data -> 'phases')::jsonb, body = t.body,
           opportunities = case when t.body is null then p.opportunities else '[]' end
      from rm.timeline t
     where p.phases <> '[]' and t.plan_id = p.plan_id and t.type = 'plan.analyzed'
       and not exists (select from rm.timeline l where l.plan_id = t.plan_id and l.stream = t.stream
                                                   and l.type = t.type and l.version > t.version)
"""


async def rebuild(bench: Bench) -> Figures:
    """Build and compare; return events a second, and the processor time of the command and of Postgres for one."""
    at = bench.system.at

    async def work() -> Figures:
        before = os.times()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "projections.rebuild", "--check", "--json"),
            cwd=at.root,
            env={**os.environ, **at.env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        after = os.times()
        if process.returncode not in (0, 1):
            raise RuntimeError(f"the rebuild ended with {process.returncode}: {(output + errors).decode()[-500:]}")
        told = json.loads(output.splitlines()[-1])
        if told["problems"]:
            raise RuntimeError(f"what was rebuilt differs: {told['problems']}")
        used = after.children_user - before.children_user + after.children_system - before.children_system
        return {"events": float(told["records"]), "took_s": told["seconds"], "command_s": used}

    await bench.database.execute(AS_LOGGED)
    found, grown, _ = await bench.grown(work)
    events = found["events"]
    return under(
        "rebuild",
        {
            "events": events,
            "took_s": found["took_s"],
            "events_per_s": events / found["took_s"],
            "cpu_us/command": found["command_s"] / events * 1e6,
            "cpu_us/postgres": grown["cpu_s/postgres"] / events * 1e6,
        },
    )
