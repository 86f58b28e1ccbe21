"""`python -m bench size`: what 1,000, 10,000 and 100,000 tasks a second need, and how long a plan waits there.

It computes as `marketplace size` does, by the costs in gateway/sizing/measured.toml, and simulates one system at
several shares of a core. `--from FILE` takes the costs of what `make bench ARGS='idle closed upload --json FILE'`
found, and `--write` keeps them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from bench.report.table import table
from bench.sizing.waiting import Stage, latencies
from gateway.sizing import kept
from gateway.sizing.kept import measured
from gateway.sizing.measured import Measured
from gateway.sizing.needs import BUSY, GIB, MICRO, PARTITIONS, READING, Wish, needs

TASKS_PER_SECOND: Final = (1_000, 10_000, 100_000)
#: Assumed prices a month, to have a cost at all: of a core with 4 GiB of memory, and of a GiB of disk.
CORE_PRICE: Final = 30.0
DISK_PRICE: Final = 0.1
#: Shares of a core that are simulated, the one that is planned with among them.
SHARES: Final = (0.3, 0.5, BUSY, 0.8, 0.9)
#: Plans of a simulation, and the processes of a kind in it.
PLANS: Final = 20_000
MEMBERS: Final = 4
#: What runs on this machine alone, and what the client itself takes.
_LOCAL: Final = ("supervisor", "client", "all")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="found", type=Path, metavar="FILE", help="costs that the bench has found")
    parser.add_argument("--write", action="store_true", help=f"keep them in {kept.FILE.name}")
    options = parser.parse_args()
    if options.write and not options.found:
        parser.error("--write needs --from FILE")
    costs = measured()
    if options.found:
        costs = taken(json.loads(options.found.read_text("utf-8")), costs)
    if options.write:
        kept.FILE.write_text(written(costs), "utf-8")
    print("\n".join([*sizes(costs), "", *waits(costs)]))


def sizes(costs: Measured) -> list[str]:
    """Return what each rate needs, as a table."""
    rows = []
    for tasks in TASKS_PER_SECOND:
        for documents in (False, True):
            wish = Wish(tasks / costs.tasks, costs.tasks, documents=documents)
            found = needs(wish, costs)
            of = {part.name: part for part in found.parts}
            rows.append([
                f"{tasks:,}", "yes" if documents else "no", f"{found.systems}", found.limit, f"{found.cores:,}",
                *(f"{of[name].processes:,}" for name in ("gateway", "worker", "projections", "broker", "postgres")),
                f"{found.disk / GIB / 1024:,.1f}", f"{found.month(CORE_PRICE, DISK_PRICE):,.0f}",
            ])  # fmt: skip
    head = ["tasks/s", "documents", "systems", "limit of one", "cores", "gateways", "workers", "projections", "brokers",
            "databases", "disks, TiB", "a month"]  # fmt: skip
    about = f"{costs.at}, {costs.machine}; 90 days on disk, three copies"
    prices = f"prices a month, assumed: {CORE_PRICE:g} a core with 4 GiB, {DISK_PRICE:g} a GiB of disk"
    return [f"{about}; {prices}", "", *table(head, rows)]


def waits(costs: Measured) -> list[str]:
    """Return how long a plan takes where processes are busy for such a share of their cores, as a table."""
    rows = []
    for share in SHARES:
        took = [1000 * seconds for seconds in latencies(*simulated(costs, share), PLANS)]
        rows.append([f"{share:.0%}", *(f"{took[int(part * len(took))]:.1f}" for part in (0.5, 0.99, 0.999))])
    head = ["busy", "p50, ms", "p99, ms", "p99.9, ms"]
    return [
        "simulated: gateway, relay, worker, projections, the database aside; nothing in batches",
        "",
        *table(head, rows),
    ]


def simulated(costs: Measured, share: float) -> tuple[list[Stage], float]:
    """Return a system's stages, and the rate at which its workers are busy for such a share of their cores."""
    worker, projections = costs.approval["worker"] * MICRO, costs.approval["projections"] * MICRO
    rate = share * MEMBERS / worker
    relay = costs.relay * MICRO
    door = costs.approval["gateway"] * MICRO - relay
    stages = [
        Stage(door, _members(rate, door, share)),
        Stage(relay, _members(rate, relay, share)),
        Stage(worker, MEMBERS, PARTITIONS),
        Stage(projections, _members(rate, projections, share), PARTITIONS),
    ]
    return stages, rate


def _members(rate: float, seconds: float, share: float) -> int:
    return max(round(rate * seconds / share), 1)


def taken(found: Mapping[str, Any], before: Measured) -> Measured:
    """Return the costs that the bench has found for this system; bytes on disk stay, which it does not measure."""
    figures = found["medians"]["this system"]
    approval = _of(figures, "closed/cost/cpu_us/", figures["closed/plans_per_s"])
    uploads = _of(figures, "upload/cost/cpu_us/", figures["upload/uploads_per_s"])
    upload = {name: us for name, us in uploads.items() if name in READING}
    machine = f"{found['machine']['cores']} cores, {found['machine']['processor']}"
    relay = approval["gateway"] * before.relay / before.approval["gateway"]
    return replace(
        before,
        at=found["machine"]["at"][:10],
        machine=machine,
        approval=approval,
        upload=upload,
        relay=round(relay, 1),
        wal=round(figures["closed/cost/postgres/wal_bytes"]),
    )


def _of(figures: Mapping[str, float], beginning: str, rate: float) -> dict[str, float]:
    """Return what one more plan costs each process: without what a second costs in which there is none.

    Where that is more than it was with plans, what they cost is not known.
    """
    costs = {}
    for name in (full.removeprefix(beginning) for full in figures if full.startswith(beginning)):
        if name not in _LOCAL:
            without = figures[f"idle/core/{name}"] / MICRO / rate
            if (more := round(figures[beginning + name] - without, 1)) > 0:
                costs[name] = more
    return costs


def written(costs: Measured) -> str:
    """Return the costs as TOML."""
    lines = [
        "# What one plan costs: microseconds of processor time by process, else bytes (gateway/sizing/measured.py)."
    ]
    tables = []
    for name, value in asdict(costs).items():
        if isinstance(value, dict):
            tables += ["", f"[{name}]", *(f"{process} = {us}" for process, us in value.items())]
        else:
            lines.append(f"{name} = {json.dumps(value)}")
    return "\n".join([*lines, *tables]) + "\n"
