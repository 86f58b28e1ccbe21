"""`python -m bench crowd`: what hostile clients, 1,000 slow connections and ten slow documents cost everybody else.

A system of its own with the limits that it has by default. Others read lists and approve plans at a steady pace, first
while nobody attacks, then during each attack, in turns. Latency counts from the moment when a request was due. The
attacks come from a process of their own on the same machine, and what that takes is told: it is no cost of the system.
Exit status 1 where the median of the turns' p99 is above LIMIT times what it is while nobody attacks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import psutil
import uvloop

from bench.crowd.hostile import KINDS, PATH
from bench.load.connection import Connection
from bench.load.loops import Connections, opened
from bench.load.spread import at, due, latencies
from bench.report.machine import machine
from bench.report.table import table
from bench.systems.ours import ROOT, Ours
from bench.systems.system import Running

#: How many times as long others may wait at p99 during an attack.
LIMIT: Final = 2.0
QUIET: Final = "nobody"
READS_A_SECOND: Final = 20.0
APPROVALS_A_SECOND: Final = 10.0
#: Seconds of an attack before others are measured.
BEGUN_S: Final = 3.0
DEFAULTS: Final = {
    "MARKETPLACE_LIMITS": "commands=500/2000",
    "MARKETPLACE_CONNECTIONS_OF_ONE": "500",
    "MARKETPLACE_TRUSTED_PROXIES": "127.0.0.1",  # what it forwards for is believed: one attack says so
}


@dataclass(slots=True)
class Phase:
    """One turn: how long others waited, in milliseconds, shortest first; and what the attackers did."""

    reads: list[float]
    approvals: list[float]
    attack: dict[str, int] = field(default_factory=dict)
    attacker_core: float = 0.0


def main() -> None:
    """Measure, print, fail where others wait too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each phase (20)")
    parser.add_argument("--turns", type=int, default=3, help="each phase so often (3)")
    parser.add_argument("--attacks", nargs="+", choices=list(KINDS), default=list(KINDS), help="some of them alone")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder,
        Ours(env=DEFAULTS).start(Path(folder) / "data") as running,
    ):
        phases = uvloop.run(_measured(running, options.seconds, options.turns, options.attacks))
    print("\n".join([*(f"{name}: {value}" for name, value in machine().items()), "", *told(phases)]))
    sys.exit(any(ratio > LIMIT for ratios in over(phases).values() for ratio in ratios))


async def _measured(running: Running, seconds: float, turns: int, kinds: Sequence[str]) -> dict[str, list[Phase]]:
    key = await _key(running)
    many = round(APPROVALS_A_SECOND * seconds)
    plans = await asyncio.to_thread(running.prepare, many * (turns * (len(kinds) + 1) + 1))
    await _phase(running, plans[:many], seconds)  # statements are planned, code is warm
    found: dict[str, list[Phase]] = {kind: [] for kind in (QUIET, *kinds)}
    for turn in range(turns):
        for n, kind in enumerate(found):
            start = many * (turn * len(found) + n + 1)
            print(f"turn {turn + 1} of {turns}: {kind}", file=sys.stderr, flush=True)
            found[kind].append(await _under(running, key, kind, plans[start : start + many], seconds))
    return found


async def _key(running: Running) -> str:
    """Return a new API key of another user, who may read and upload."""
    wanted = {"name": f"hostile-{secrets.token_hex(4)}", "role": "analyst"}
    async with httpx.AsyncClient(base_url=running.at.url, timeout=30) as client:
        headers = {"Authorization": f"Bearer {running.at.key}", "Idempotency-Key": secrets.token_hex(8)}
        made = await client.post("/api/keys", json=wanted, headers=headers)
        made.raise_for_status()
        key: str = made.json()["key"]
        return key


async def _under(running: Running, key: str, kind: str, plans: Sequence[str], seconds: float) -> Phase:
    if kind == QUIET:
        return await _phase(running, plans, seconds)
    with _attack(kind, running.at.url, key) as attacker:
        await asyncio.sleep(BEGUN_S)
        cost = psutil.Process(attacker.pid).cpu_times()
        began = time.monotonic()
        phase = await _phase(running, plans, seconds)
        after = psutil.Process(attacker.pid).cpu_times()
        took = time.monotonic() - began
        phase.attacker_core = (after.user + after.system - cost.user - cost.system) / took
        assert attacker.stdin is not None
        assert attacker.stdout is not None
        attacker.stdin.close()
        phase.attack = json.loads(await asyncio.to_thread(attacker.stdout.readline))
    return phase


@contextmanager
def _attack(kind: str, url: str, key: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.crowd.hostile", kind, url, key]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        if not process.stdout.readline():
            raise RuntimeError(f"the attack by {kind} did not begin")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def _phase(running: Running, plans: Sequence[str], seconds: float) -> Phase:
    """Read and approve at a steady pace, and return how long each took."""
    connections = Connections(running.at.url, running.at.key)
    try:
        sent, reads = await asyncio.gather(
            opened(connections, plans, due(APPROVALS_A_SECOND, seconds)[: len(plans)]), _reads(running, seconds)
        )
    finally:
        connections.close()
    return Phase(reads, latencies(sent.due, sent.answered))


async def _reads(running: Running, seconds: float) -> list[float]:
    began = time.monotonic()
    free: list[Connection] = []

    async def one(moment: float) -> float:
        await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
        connection = free.pop() if free else Connection(running.at.url, running.at.key)
        status, body = await connection.request("GET", PATH)
        if status != 200:
            raise RuntimeError(f"a read was answered {status}: {body[:200]!r}")
        free.append(connection)
        return (time.monotonic() - began - moment) * 1000

    try:
        return sorted(await asyncio.gather(*map(one, due(READS_A_SECOND, seconds))))
    finally:
        for connection in free:
            connection.close()


def middle(phases: Sequence[Phase], share: float) -> tuple[float, float]:
    """Return the median over all turns of a percentile, in milliseconds: for reads and for approvals."""
    return (
        statistics.median(at(phase.reads, share) for phase in phases),
        statistics.median(at(phase.approvals, share) for phase in phases),
    )


def over(found: Mapping[str, Sequence[Phase]]) -> dict[str, tuple[float, float]]:
    """Return, for each attack, the p99 of others' waits as a multiple of the p99 without an attack."""
    quiet = middle(found[QUIET], 0.99)
    attacks = {kind: middle(phases, 0.99) for kind, phases in found.items() if kind != QUIET}
    return {kind: (reads / quiet[0], approvals / quiet[1]) for kind, (reads, approvals) in attacks.items()}


def told(found: Mapping[str, Sequence[Phase]]) -> list[str]:
    """Return the table that is printed, and the verdict."""
    ratios = over(found)
    rows: list[list[str]] = []
    for kind, phases in found.items():
        p50 = middle(phases, 0.5)
        times = ["", ""] if kind == QUIET else [f" (x {ratio:.1f})" for ratio in ratios[kind]]
        cells = [f"{a:.1f}, {b:.1f}{c}" for a, b, c in zip(p50, middle(phases, 0.99), times, strict=True)]
        rows.append([kind, *cells, _answers(phases), f"{statistics.median(p.attacker_core for p in phases):.2f}"])
    head = ["attack", "reads: p50, p99, ms", "approvals: p50, p99, ms", "what it did", "the attackers, of a core"]
    bad = [kind for kind, pair in ratios.items() if max(pair) > LIMIT]
    verdict = (
        f"p99 is MORE than x {LIMIT:g} under: {', '.join(bad)}" if bad else f"p99 is within x {LIMIT:g} under each"
    )
    return [*table(head, rows), "", verdict]


def _answers(phases: Sequence[Phase]) -> str:
    counts: Counter[str] = Counter()
    for phase in phases:
        counts.update(phase.attack)
    return ", ".join(f"{what} {many:,}" for what, many in counts.items())
