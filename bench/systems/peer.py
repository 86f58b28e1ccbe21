"""What all peers share: the same Postgres settings, the same plans, the same end of a plan."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import asyncpg

from bench.cost.database import SETTINGS
from bench.systems.hosted import phase
from bench.systems.system import Address, Running
from local import probes
from local.ports import free_port
from local.postgres import Postgres
from local.server import Server

PEERS: Final = Path(__file__).parents[1] / "peers"
QUESTION: Final = """
    select plan_id::text as plan_id, extract(epoch from max(pg_xact_commit_timestamp(xmin)))::float8 as at
      from task where plan_id = any($1::uuid[]) group by plan_id having count(*) = 5
"""

#: Environment, folder for data and logs, and the probe of its door -> its servers, in the order of their start.
Servers = Callable[[Mapping[str, str], Path, Callable[[], bool]], Sequence[Server]]


@dataclass
class RunningPeer:
    """Runs Postgres and the programs of a peer."""

    address: Address
    servers: Sequence[Server]

    @property
    def at(self) -> Address:
        return self.address

    def prepare(self, count: int) -> list[str]:
        plans = [str(uuid.uuid4()) for _ in range(count)]
        asyncio.run(_insert(self.address.database, plans))
        return plans

    def pids(self) -> dict[str, int]:
        return {one.name: one.pid for one in self.servers if one.pid is not None}

    def restarts(self) -> dict[str, int]:
        """Return the programs that have ended: nothing starts them again."""
        return {one.name: 1 for one in self.servers if one.pid is None}


@contextmanager
def started(folder: Path, servers: Servers, requirements: str = "") -> Iterator[Running]:
    """Start Postgres with the tables that all peers have (and `requirements`, more of it), then the peer's programs."""
    folder.mkdir(parents=True)
    postgres = Postgres(folder / "postgres", log=folder / "postgres.log")
    with ExitStack() as opened:
        opened.enter_context(postgres)
        asyncio.run(_set_up(postgres.url, (PEERS / "schema.sql").read_text("utf-8") + requirements))
        postgres.restart()
        port, key = free_port(), secrets.token_urlsafe(32)
        env = {"DATABASE_URL": postgres.url, "DOOR_PORT": str(port), "DOOR_KEY": key}
        url = f"http://127.0.0.1:{port}"
        programs = servers(env, folder, partial(probes.http_answers, f"{url}/health/live"))
        for program in programs:
            opened.enter_context(program)
        yield RunningPeer(Address(url, key, postgres.url, QUESTION), [postgres, *programs])


async def _set_up(url: str, tables: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(tables)
    for name, value in SETTINGS.items():
        await connection.execute(f"alter system set {name} = '{value}'")
    await connection.close()


async def _insert(url: str, plans: Sequence[str]) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        "insert into plan (plan_id, status, title, phases)"
        " select id, 'awaiting_approval', 'Carga', $2::jsonb from unnest($1::uuid[]) id",
        plans,
        json.dumps([phase()]),
    )
    await connection.close()
