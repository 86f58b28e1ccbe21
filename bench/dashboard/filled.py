"""A Postgres that is filled by SQL as if it had been at work for long, and a gateway on it."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import asyncpg
import psutil

import schemas
from bench.cost.statements import SETTINGS
from bench.dashboard.histories import MODELS, PARTITIONS, history
from bench.evaluate.golden import SEED, write_golden
from bench.evaluate.reading import read
from local import probes
from local.ports import free_port
from local.postgres import Postgres
from local.service import Service
from projections.migrate import migrate
from projections.plans.merging import merge_changes
from projections.rebuild.shadow import BULK
from projections.rows import Recorded, fold
from projections.run.writer import put, rows_of
from schemas.catalogue import newest
from schemas.events import ENVELOPE
from schemas.facts import DocumentFacts
from schemas.lifecycle import PLAN, TASK
from schemas.slo import LIMITS, Measure
from schemas.topics import AGENTS
from streams.analysis.proof.promise import checks
from streams.analysis.rules.analyst import analyse

#: Settings of the log that hold from the start of the server on; all others can be switched.
AT_START: Final = ("logging_collector", "log_destination")
#: What happens to a plan and its tasks.
EVENTS: Final = (
    *PLAN.leads_to,
    "plan.channel.analyzed",
    "plan.channel.failed",
    *(rule.event for rule in TASK.rules.values()),
)
_EXAMPLES: Final = Path(schemas.__file__).parent / "examples"
_NAMES, _PLANS, _REST, _ACCESS = (
    Path(__file__).with_name(name).read_text("utf-8")
    for name in ("fill_names.sql", "fill_plans.sql", "fill.sql", "fill_access.sql")
)
#: The document that one plan in a hundred was made from, and that of all others: one without orders.
_LARGE: Final = "Order.all.shopee.xlsx"
_SMALL: Final = "relatorio_loja.docx"


@dataclass(frozen=True, slots=True)
class Filled:
    """A running gateway (`url`, `key`) and its database, with the folder of the database's log and both pids."""

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
    """Start Postgres and a gateway in the folder, with so many plans. A filled database is used as it is."""
    data, log, full = folder / "postgres", folder / "postgres.log", folder / "filled"
    if not full.exists():
        say(f"fills a database with {plans:,} plans")
        began = time.monotonic()
        with Postgres(data, log=log, durable=False) as filling:  # nobody needs what a crash would leave of it
            asyncio.run(fill(filling.url, plans))
            asyncio.run(_log_apart(filling.url))
        full.touch()
        say(f"filled in {time.monotonic() - began:.0f} s")
    with Postgres(data, log=log) as postgres, served(folder, postgres) as system:
        yield system


@contextmanager
def served(folder: Path, postgres: Postgres) -> Iterator[Filled]:
    """Start a gateway on a database that is filled."""
    url, kept = f"http://127.0.0.1:{free_port()}", folder / "key"
    if not kept.exists():  # a database takes the first key alone
        kept.write_text("mrs_bench_" + secrets.token_urlsafe(32), "ascii")
    key = kept.read_text("ascii")
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
    await migrate(database)
    settings = {**await fill_plans(database, plans, datetime.now(UTC).replace(microsecond=0)), "group": AGENTS}
    await _run(database, settings, _REST, _ACCESS)
    connection = await asyncpg.connect(database, command_timeout=3600)
    await connection.execute("vacuum analyze")
    await connection.execute("checkpoint")
    await connection.close()


async def fill_plans(database: str, plans: int, latest: datetime, written: int = MODELS) -> dict[str, object]:
    """Write plans and their tasks, the newest uploaded at `latest`; return what the other tables need of them.

    `written`: so many plans are written by the projections' own code, MODELS or more; all others are copies.
    """
    made = documents()
    said = {name: json.loads(made[name.replace(".", "_")]) for name in EVENTS}
    known = {"plans": plans, "models": MODELS, "written": written, "partitions": PARTITIONS, "latest": latest, **made}
    await project(database, (one for n in range(min(plans, written) + 1) for one in history(n, latest, said)))
    # two sessions for two cores: each compresses the history of every second plan
    await asyncio.gather(*(_run(database, {**known, "part": part}, _PLANS) for part in (0, 1)))
    return known


async def project(database: str, records: Iterable[Recorded]) -> None:
    """Write what the projections make of records, by their own code."""
    connection = await asyncpg.connect(database, server_settings={"search_path": "rm"})
    left = iter(records)
    while batch := list(islice(left, BULK)):
        await put(connection, merge_changes(fold(row for one in batch for row in rows_of(one))))
    await connection.execute("analyze")  # copies are joined with them
    await connection.close()


async def _run(database: str, settings: Mapping[str, object], *scripts: str) -> None:
    """Run scripts of SQL in one transaction, with settings that they find as bench.*."""
    connection = await asyncpg.connect(database, command_timeout=3600)
    try:
        async with connection.transaction():
            for name, value in settings.items():
                await connection.execute("select set_config($1, $2, true)", f"bench.{name}", str(value))
            await connection.execute("set local synchronous_commit = off")
            for script in (_NAMES, *scripts):
                await connection.execute(script)
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
    analysis = analyse("shopee", large)
    found = {**analysis.to_dict(), "checks": checks(analysis.opportunities, large.for_channel("shopee"))}
    parts = {"phases": found["phases"], "opportunities": found["opportunities"]}
    said = {"plan.channel.analyzed": found, "plan.analyzed": parts, "plan.approved": {**parts, "phase1": None}}
    return {
        "facts": json.dumps(large.to_dict()),
        "few_facts": json.dumps(small.to_dict()),
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
