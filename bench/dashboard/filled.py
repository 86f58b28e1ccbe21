"""A Postgres that is filled by SQL as if it had been at work for long, and a gateway on it."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import asyncpg
import psutil

import schemas
from bench.cost.statements import SETTINGS
from bench.evaluate.golden import SEED, write_golden
from bench.evaluate.reading import read
from local import probes
from local.ports import free_port
from local.postgres import Postgres
from local.service import Service
from projections.migrate import migrate
from schemas.catalogue import newest
from schemas.events import ENVELOPE
from schemas.facts import DocumentFacts
from schemas.slo import LIMITS, Measure
from schemas.topics import AGENTS
from streams.analysis.rules.analyst import analyse

#: Settings of the log that hold from the start of the server on; all others can be switched.
AT_START: Final = ("logging_collector", "log_destination")
#: What happens to a plan and its tasks.
EVENTS: Final = (
    *("plan.uploaded", "plan.channel.analyzed", "plan.analyzed", "plan.approved", "plan.phase1.created"),
    *("task.started", "task.completed", "task.failed", "task.retried"),
)
_EXAMPLES: Final = Path(schemas.__file__).parent / "examples"
_SQL: Final = tuple(Path(__file__).with_name(name) for name in ("fill.sql", "fill_access.sql"))
#: The document that one plan in a hundred was made from, and that of all others: one without orders.
_LARGE: Final = "Order.all.shopee.xlsx"
_SMALL: Final = "relatorio_loja.docx"


@dataclass(frozen=True, slots=True)
class Filled:
    """A gateway at `url`, which takes `key`, and its database with the folder of that one's log; the pids of both."""

    url: str
    key: str
    gateway: int
    postgres: int
    database: str
    log: Path

    def cpu_s(self) -> float:
        """Return the processor time that both have taken, sessions that have ended left out."""
        server = psutil.Process(self.postgres)
        every = [psutil.Process(self.gateway), server, *server.children()]
        return sum(sum(one.cpu_times()[:2]) for one in every)


@contextmanager
def filled(folder: Path, plans: int, say: Callable[[str], None]) -> Iterator[Filled]:
    """Start Postgres and a gateway in the folder, with so many plans in the database."""
    postgres = Postgres(folder / "postgres", log=folder / "postgres.log")
    with postgres:
        say(f"fills a database with {plans:,} plans and {plans * 5:,} tasks")
        asyncio.run(fill(postgres.url, plans))
        asyncio.run(_log_apart(postgres.url))
        postgres.restart()
        with served(folder, postgres) as system:
            yield system


@contextmanager
def served(folder: Path, postgres: Postgres) -> Iterator[Filled]:
    """Start a gateway on a database that is filled."""
    url, key = f"http://127.0.0.1:{free_port()}", "mrs_bench_" + secrets.token_urlsafe(32)
    env = {
        "MARKETPLACE_DATABASE_URL": postgres.url,
        "MARKETPLACE_PORT": url.rpartition(":")[2],
        "MARKETPLACE_BOOTSTRAP_KEY": key,
        "MARKETPLACE_LIMITS": "commands=off,reads=off,uploads=off",
    }
    answers = partial(probes.http_answers, f"{url}/health/live")
    with Service("gateway", "gateway", env=env, log=folder / "gateway.log", probe=answers) as gateway:
        assert gateway.pid is not None
        assert postgres.pid is not None
        yield Filled(url, key, gateway.pid, postgres.pid, postgres.url, folder / "postgres" / "data" / "log")


async def fill(database: str, plans: int) -> None:
    """Fill a new database; it is analysed and vacuumed, as one that has been at work is."""
    connection = await asyncpg.connect(database, command_timeout=3600)
    try:
        await migrate(database)
        async with connection.transaction():
            for name, value in {"plans": str(plans), "group": AGENTS, **documents()}.items():
                await connection.execute("select set_config($1, $2, true)", f"bench.{name}", value)
            await connection.execute("set local synchronous_commit = off")
            for file in _SQL:
                await connection.execute(file.read_text("utf-8"))
        await connection.execute("vacuum analyze")
        await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _log_apart(database: str) -> None:
    """Have the server write its log as files that can be read, from its next start on."""
    connection = await asyncpg.connect(database)
    for name in AT_START:
        await connection.execute(f"alter system set {name} = '{SETTINGS[name]}'")
    await connection.close()


def documents() -> dict[str, str]:
    """Return the JSON of a plan, as reading and rules make it of documents whose truth is known."""
    with tempfile.TemporaryDirectory() as folder:
        golden = {one.path.name: one for one in write_golden(Path(folder), SEED, 500)}
        large, small = (_facts(read(golden[name].path, name, golden[name].channels).facts) for name in (_LARGE, _SMALL))
    found = analyse("shopee", large).to_dict()
    first = found["phases"][0]
    parts = {"phases": found["phases"], "opportunities": found["opportunities"]}
    said: dict[str, dict[str, Any]] = {"plan.channel.analyzed": found, "plan.approved": {**parts, "phase1": None}}
    return {
        "facts": json.dumps(large.to_dict()),
        "few_facts": json.dumps(small.to_dict()),
        "opportunities": json.dumps(found["opportunities"]),
        "opportunity": found["opportunities"][0]["id"],
        "phases": json.dumps(found["phases"]),
        "phase1": json.dumps({**first, "origin": "channel", "rule": ""}),
        **{type_.replace(".", "_"): json.dumps({**example(type_), **said.get(type_, {})}) for type_ in EVENTS},
        "measures": ",".join(one for one in Measure if one not in (Measure.SEEN, Measure.DOWN)),
        "timed": ",".join(LIMITS),
    }


def example(type_: str) -> dict[str, Any]:
    """Return the data of an event's example, in its latest version."""
    latest = newest(type_)
    found: dict[str, Any] = json.loads((_EXAMPLES / f"{type_}.v{latest.version}.json").read_text("utf-8"))
    return {name: value for name, value in found.items() if name not in ENVELOPE}


def _facts(facts: DocumentFacts | None) -> DocumentFacts:
    assert facts is not None, "a golden document can be read"
    return facts
