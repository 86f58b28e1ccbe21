"""`python -m bench where`: what one plan asks of Postgres and the broker at a steady rate, process by process.

Every statement is logged for it, which costs more than the statements: times and latencies of this run say nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import asyncpg

from bench.cost.database import SETTLES_S
from bench.cost.statements import SETTINGS, Sent, by_process, logged
from bench.parts.approvals import capacity, steady
from bench.parts.window import Bench, Figures
from bench.report.table import table
from bench.systems.ours import Ours
from bench.systems.system import Running

#: What is sent less often than this for a plan, and in a second, is not printed.
SELDOM: Final = 0.02


def main() -> None:
    """Start a system whose database logs every statement; count them without work, and at the rate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=50.0, help="approvals a second (50)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long, and how long nothing before (20)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        with Ours(settings=SETTINGS).start(data) as running:
            asyncio.run(_measure(running, data / "postgres" / "data" / "log", options.rate, options.seconds))


async def _measure(running: Running, log: Path, rate: float, seconds: float) -> None:
    database = await asyncpg.connect(running.at.database, server_settings={"application_name": "bench"})
    try:
        bench = Bench(running, database, SETTLES_S)
        await capacity(bench, 100)
        began, first = time.monotonic(), len(list(logged(log)))
        idle = await bench.idle(seconds)
        second, stood = len(list(logged(log))), time.monotonic() - began
        busy = await steady(bench, rate, seconds, "busy")
        every = list(logged(log))
    finally:
        await database.close()
    # the preparation of the plans stands between: only what came after the first approval is theirs
    start = next(n for n, one in enumerate(every[second:], second) if "rm.plan set phases" in one.text)
    _print("without work, in a second", by_process(every[first:second]), stood, idle, "")
    _print(f"at {rate:g} approvals a second, for one", by_process(every[start:]), rate * seconds, busy, "busy/cost/")


def _print(what: str, sent: Mapping[str, Sent], share: float, figures: Figures, prefix: str) -> None:
    print(f"\n## {what}")
    counted = {name.removeprefix(prefix): value for name, value in figures.items() if name.startswith(prefix)}
    print("\n".join(table(["counter", "number"], [[n, f"{v:.3g}"] for n, v in counted.items() if v >= SELDOM])))
    rows = []
    for process, one in sorted(sent.items()):
        rows.append([process, "(transactions)", f"{one.transactions / share:.2f}", ""])
        rows += [
            [process, text, f"{number / share:.2f}", f"{one.ms[text] / share * 1000:.0f}"]
            for text, number in one.statements.most_common()
            if number / share >= SELDOM
        ]
    print("\n".join(["", *table(["process", "statement", "times", "us"], rows)]))


if __name__ == "__main__":
    main()
