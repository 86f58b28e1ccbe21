"""The result of a soak, for people, for scripts, and for docs/reliability.md."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from local.chaos.memory import BROKER_MIB, GROWTH_MIB, GROWTH_SHARE
from local.chaos.report import seconds
from local.chaos.sessions import MORE
from local.chaos.soak import Soak, Struck


def line(struck: Struck) -> str:
    """Return the line of one fault."""
    by = f"by {struck.detected_by}" if struck.detected_by else "nothing was said"
    return (
        f"{struck.at_s:7.1f} s  {struck.scenario:<20} detected after {seconds(struck.detected_s):>8}"
        f"  healed after {seconds(struck.healed_s, digits=1):>7}  {by}"
    )


def as_json(soak: Soak) -> dict[str, Any]:
    """Return the soak as a document; seconds and MiB."""
    return {
        "seed": soak.seed,
        "seconds": round(soak.seconds, 1),
        "plans": soak.plans,
        "histories": soak.histories,
        "slowestPlan": round(soak.slowest_s, 3),
        "slowestAnswer": round(soak.answered_s, 3),
        "faults": [asdict(s) for s in soak.struck],
        "records": soak.report.records,
        "events": soak.report.events,
        "repeats": soak.report.repeats,
        "poison": soak.report.poison,
        "tasks": soak.report.tasks,
        "counts": dict(soak.report.counts),
        "memory": [asdict(t) for t in soak.memory],
        "failures": soak.failures,
        "verdict": "failed" if soak.failures else "ok",
    }


def markdown(soak: Soak) -> str:
    """Return the report."""
    found = [s.detected_s for s in soak.struck if s.detected_s is not None]
    healed = [s.healed_s for s in soak.struck if s.healed_s is not None]
    verified = "no gap, no duplicate, no drift" if soak.report.ok else str(dict(soak.report.counts))
    summary = (
        f"{soak.seconds / 60:.1f} minutes, seed {soak.seed}: {len(soak.struck)} faults, {soak.plans} plans, "
        f"{soak.report.tasks} tasks, {soak.report.records} records in the log, {soak.report.repeats} of them repeats "
        f"and {soak.report.poison} poison.\nDetected after {_spread(found)}, healed after {_spread(healed)}; the "
        f"slowest plan waited {soak.slowest_s:.1f} s, the slowest approval for its answer {soak.answered_s:.1f} s. "
        f"Verification: {verified}. What clients saw of {soak.histories} plans was checked. "
        f"Verdict: **{'FAILED' if soak.failures else 'passed'}**."
    )
    lines = [
        summary,
        "",
        "| fault | times | detected after | healed after |",
        "|---|---|---|---|",
    ]
    by_name: dict[str, list[Struck]] = {}
    for struck in soak.struck:
        by_name.setdefault(struck.scenario, []).append(struck)
    for name, of in sorted(by_name.items()):
        detected = _spread([s.detected_s for s in of if s.detected_s is not None])
        recovered = _spread([s.healed_s for s in of if s.healed_s is not None])
        lines.append(f"| `{name}` | {len(of)} | {detected} | {recovered} |")
    rule = (
        f"Memory (own, MiB). Flat: grows by at most {GROWTH_MIB:.0f} MiB or {GROWTH_SHARE:.0%} of its mean over the "
        "whole soak, at the slope over all lives of the process, each after its first five minutes (a sixth of a "
        "shorter soak); in the second half none is ended on purpose; the broker: never more than "
        f"{BROKER_MIB:.0f} MiB; the database: all that its sessions grow by in their lives, and at most {MORE:.0f} "
        "sessions more."
    )
    lines += [
        "",
        rule,
        "",
        "| process | lives | mean | most | growth over the soak | flat |",
        "|---|---|---|---|---|---|",
    ]
    for t in soak.memory:
        growth = "-" if t.growth_mib is None else f"{t.growth_mib:+.1f}"
        lines.append(
            f"| {t.name} | {t.lives} | {t.mean_mib:.0f} | {t.most_mib:.0f} | {growth} | {'yes' if t.flat else 'NO'} |"
        )
    return "\n".join(lines) + "\n"


def _spread(values: Sequence[float]) -> str:
    """Return the median and the worst."""
    if not values:
        return "-"
    return f"{statistics.median(values):.2f} s (worst {max(values):.2f} s)"
