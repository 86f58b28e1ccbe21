"""`python -m bench webhooks`: what an approval costs where webhooks are told of all events, and where there is none.

One system takes turns, there and back: without webhooks, and with some that were just registered. A turn stands for a
while, then approves at a steady rate and ends once every event has been told. The receiver answers at once; its
processor time is the client's.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
import orjson
import uvloop

from bench.cost.database import SETTLES_S
from bench.load.connection import Connection
from bench.load.ends import WAIT_S
from bench.load.loops import Connections, opened
from bench.load.spread import due
from bench.parts.approvals import capacity
from bench.parts.window import Bench, Figures, under
from bench.report.figures import Block, medians, order
from bench.report.table import all_figures
from bench.systems.ours import Ours
from bench.systems.system import Address, Running

#: What an approval tells: itself, its phase and five tasks.
EVENTS: Final = 7
_LOOK_S: Final = 0.5
_TOLD: Final = "select count(*) from flow.webhook_delivery where state = 'sent' and webhook_id = any ($1::uuid[])"
#: From when the log got an approval until its receiver had it, and how fast all of them were told.
_HOW: Final = """
    with told as (
        select extract(epoch from d.ended_at - t.recorded_at)::float8 as s
          from flow.webhook_delivery d join rm.timeline t on t.event_id = d.event_id and t.plan_id = d.plan_id
         where d.webhook_id = any ($1::uuid[]) and d.type = 'plan.approved')
    select percentile_cont(0.5) within group (order by s) * 1000 as "told_p50_ms",
           percentile_cont(0.99) within group (order by s) * 1000 as "told_p99_ms",
           (select count(*) / extract(epoch from max(ended_at) - min(asked_at))::float8 from flow.webhook_delivery
             where webhook_id = any ($1::uuid[])) as "told_per_s"
      from told"""


def main() -> None:
    """Start a system, measure it with webhooks and without, print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--webhooks", type=int, default=2, help="how many there are where there are any (2)")
    parser.add_argument("--rate", type=float, default=5.0, help="approvals a second (5)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long, and how long nothing before (20)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder:
        ours = Ours(env={"MARKETPLACE_WEBHOOK_NETWORKS": "127.0.0.0/8"})
        with ours.start(Path(folder) / "data") as running:
            uvloop.run(_measure(running, options))


async def _measure(running: Running, options: argparse.Namespace) -> None:
    database = await asyncpg.connect(running.at.database, server_settings={"application_name": "bench"})
    blocks: list[Block] = []
    async with _receiver() as url:
        bench = Bench(running, database, SETTLES_S)
        await capacity(bench, 100)
        for round_ in range(options.rounds):
            for count in order([0, options.webhooks], round_):
                name = f"{count} webhooks"
                print(f"round {round_ + 1} of {options.rounds}: {name}", flush=True)
                found = await _turn(bench, url, count, due(options.rate, options.seconds), options.seconds)
                blocks.append(Block(name, round_, found))
    await database.close()
    of_each = medians(blocks).items()
    print("\n".join(all_figures({of: {n: v for n, v in each.items() if _matters(n)} for of, each in of_each})))


def _matters(figure: str) -> bool:
    """Say whether webhooks have to do with a figure: who asks the broker, and who waits for it, is others' matter."""
    return not any(f"{kind}/" in figure for kind in ("requests", "switches"))


async def _turn(bench: Bench, url: str, count: int, moments: list[float], seconds: float) -> Figures:
    plans = await bench.prepare(len(moments))
    at = bench.system.at
    connections = Connections(at.url, at.key)
    hooks = [await _registered(at, f"erp-{n}", f"{url}/{n}") for n in range(count)]

    async def work() -> Figures:
        await opened(connections, plans, moments)
        await bench.ends(plans)
        async with asyncio.timeout(WAIT_S):
            while await bench.database.fetchval(_TOLD, hooks) < len(plans) * EVENTS * count:
                await asyncio.sleep(_LOOK_S)
        return {}

    try:
        found = under("idle", await bench.idle(seconds)) | under("busy", await bench.cost(work, len(plans)))
        if hooks:
            how = await bench.database.fetchrow(_HOW, hooks)
            assert how is not None
            found |= under("busy", dict(how))
    finally:
        connections.close()
        for hook in hooks:
            await _asked(at, "DELETE", f"/{hook}")
    return found


async def _registered(at: Address, name: str, url: str) -> str:
    """Register a webhook for all events; return its id."""
    answer = await _asked(at, "POST", "", orjson.dumps({"name": name, "url": url}))
    made: str = orjson.loads(answer)["webhookId"]
    return made


async def _asked(at: Address, method: str, path: str, body: bytes = b"") -> bytes:
    """Return the answer of the API. Raises RuntimeError where it refuses."""
    connection = Connection(at.url, at.key)
    status, answer = await connection.request(method, f"/api/webhooks{path}", body)
    connection.close()
    if status >= 300:
        raise RuntimeError(f"{method} was refused: {answer.decode()}")
    return answer


@asynccontextmanager
async def _receiver() -> AsyncIterator[str]:
    """A receiver on a free port that takes whatever it is sent."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        (length,) = [int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"]
        await reader.readexactly(length)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
