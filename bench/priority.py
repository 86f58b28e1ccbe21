"""`python -m bench priority`: what a flood of low-priority work costs high-priority work, on a real system.

Uploads: high ones at a steady pace on an idle system, from the announcement until the plan can be read and approved;
then the same, and normal ones, while a flood of low ones is announced and worked off. Then every lane is filled while
the agents are held, and it is counted who gets how much. Last, the same two steps for approvals, until every task can
be read. Beginnings are due at fixed times, so a late beginning counts as latency.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.lanes.figures import Spread
from bench.lanes.flood import approvals, contended_lanes, flooded_uploads, idle_uploads
from bench.lanes.pace import Bench
from local.llm.server import StandInAgent
from local.stack import Stack
from streams.runner import RULES_AT_ONCE


async def measure(bench: Bench, *, contended: int) -> dict[str, Any]:
    """Return the figures of every phase."""
    result: dict[str, Any] = {"uploads_idle": await idle_uploads(bench)}
    result["uploads_flood"] = await flooded_uploads(bench)
    if contended:
        result["contended"] = await contended_lanes(bench, contended)
    result["approvals_idle"], result["approvals_flood"] = await approvals(bench)
    for what in ("uploads", "approvals"):
        idle = Spread(**result[f"{what}_idle"]["latency"]["high"])
        flood = result[f"{what}_flood"]
        flood["over_idle"] = {lane: Spread(**found).over(idle) for lane, found in flood["latency"].items()}
    result["restarts"] = {name: one.restarts for name, one in bench.stack.state.processes.items() if one.restarts}
    return result


def main() -> None:
    """Start a system of its own, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flood", type=int, default=10_000, help="low-priority uploads")
    parser.add_argument("--samples", type=int, default=100, help="high-priority uploads on the idle system")
    parser.add_argument("--every", type=float, default=0.2, help="seconds between two high-priority ones")
    parser.add_argument("--contended", type=int, default=600, help="plans of each lane when all are full; 0: none")
    parser.add_argument("--concurrency", type=int, default=16, help="analyses under way at once")
    parser.add_argument("--agent-seconds", type=float, default=0.0, help="an agent that takes so long; 0: the rules")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    key = "mrs_bench_" + secrets.token_urlsafe(32)
    env = {
        "MARKETPLACE_BOOTSTRAP_KEY": key,
        "MARKETPLACE_LIMITS": "commands=off,reads=off",
        "MARKETPLACE_LOG": "json",
        "MARKETPLACE_ANALYSIS_CONCURRENCY": str(options.concurrency),
        "OPENAI_API_KEY": "",
        "OPENAI_BASE_URL": "",
    }
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="marketplace-bench-")))
        if options.agent_seconds:
            agent = opened.enter_context(StandInAgent([f"slow:{options.agent_seconds}"]))
            env["OPENAI_BASE_URL"] = agent.base_url
        stack = opened.enter_context(Stack(folder, env=env))
        bench = Bench(stack, key, options.flood, options.samples, options.every)
        result = asyncio.run(measure(bench, contended=options.contended))
    result["concurrency"] = options.concurrency if options.agent_seconds else min(options.concurrency, RULES_AT_ONCE)
    print(json.dumps(result) if options.json else "\n".join(report(result)))


def report(result: Mapping[str, Any]) -> list[str]:
    """Return the lines that are printed for people."""
    lines = [f"analyses under way at once: {result['concurrency']}"]
    for what, way in (("uploads", "upload -> plan readable"), ("approvals", "approval -> every task readable")):
        idle, flood = result[f"{what}_idle"], result[f"{what}_flood"]
        lines += ["", f"{way}, ms"]
        rows = [("high, idle", idle, "high", None)]
        rows += [(f"{lane}, flood", flood, lane, flood["over_idle"][lane]) for lane in flood["latency"]]
        for name, phase, lane, over in rows:
            found = phase["latency"][lane]
            times = "  ".join(f"{k} {found[f'{k}_ms']:g}" for k in ("p50", "p90", "p99", "max"))
            ratio = "" if over is None else "  x idle: " + ", ".join(f"{k} {v:g}" for k, v in over.items())
            lines.append(f"  {name:14} n={found['count']:<5} {times}{ratio}")
            for which, key in (("median", "legs_ms"), ("slowest tenth", "slow_legs_ms")):
                legs = ", ".join(f"{leg} {ms:g}" for leg, ms in phase[key][lane].items())
                lines.append(f"{' ' * 17}{which}: {legs}")
        lines.append(f"  low: {flood['low']} in {flood['worked_off_s']:g} s, all ended ({flood['low_per_s']}/s)")
        if "analyzed" in flood:
            both = ", ".join(f"{lane} {found['p50_ms']:g}" for lane, found in flood["analyzed"].items())
            lines.append(f"  upload -> analysis in the log, p50: {both}")
        if "phase1" in flood:
            both = ", ".join(f"{lane} {found['p50_ms']:g}" for lane, found in flood["phase1"].items())
            lines.append(f"  approval -> Phase 1 in the log, p50: {both}")
        if flood.get("overtaken"):
            share = statistics.median(passed / waiting for waiting, passed in flood["overtaken"])
            lines.append(f"  low ones found waiting that a high one overtook, p50: {share:.0%}")
        if flood.get("stalled"):
            lines.append(f"  plans that the watchdog called stalled, by cause: {flood['stalled']}")
        if "cpu_us_per_plan" in flood:
            lines.append("  CPU a plan (us): " + ", ".join(f"{k} {v}" for k, v in flood["cpu_us_per_plan"].items()))
        lines += ["  " + ", ".join(f"{k} {v:g}" for k, v in entry.items()) for entry in flood["backlog"]]
    if "contended" in result:
        found = result["contended"]
        lines += ["", f"share of the agents while all lanes wait ({found['each']} plans each), and by weight"]
        lines.append(
            "  " + ", ".join(f"{lane} {s:.3f} ({found['by_weight'][lane]:.3f})" for lane, s in found["shares"].items())
        )
    if result["restarts"]:
        lines += ["", f"processes that were started again meanwhile: {result['restarts']}"]
    return lines


if __name__ == "__main__":
    main()
