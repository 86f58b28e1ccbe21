"""Keeps the database of a version that is cut: `python -m tests.support.keep_version`, before its commit is tagged.

A whole system of the source tree makes some of each kind: a plan from a file that waits, one at work with its tasks,
one that was rejected, dead letters, an alert. Its database stands as SQL in tests/integration/projections/versions
from then on, and each later version shows that it can take it over.
"""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx
from aiokafka import AIOKafkaProducer

from local.load import Load
from local.postgres import binaries
from local.stack import Stack
from schemas.process.version import build
from tests.support.patience import PATIENCE_S, until

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "tests" / "integration" / "projections" / "versions"
KEY: Final = "mrs_" + "0" * 12 + "_" + "k" * 43
PLANS: Final = "/api/marketplace/analysis"
SALES: Final = ROOT / "tests" / "integration" / "traces_sales.csv"
#: Lines of the file that is uploaded: enough for figures.
ROWS: Final = 8
#: Stands for the name of the machine.
HOST: Final = "host"
#: What guards psql against the text of a dump, and what only people read.
_FOR_PSQL: Final = re.compile(r"^\\(?:un)?restrict .*\n", re.MULTILINE)
_HEADS: Final = re.compile(r"^--\n-- .*\n--\n\n+|^-- Dumped .*\n", re.MULTILINE)


async def fill(stack: Stack) -> None:
    """Let some of each kind happen, until all of it can be read."""
    async with Load(stack.env, KEY) as load, _api(stack) as api:
        at_work, rejected = plans = await load.upload(2)
        file = ("vendas.csv", b"".join(SALES.read_bytes().splitlines(keepends=True)[:ROWS]), "text/csv")
        sent = await api.post(f"{PLANS}/upload", files={"file": file}, data={"channels": "shopee"})
        plans.append(sent.raise_for_status().json()["planId"])
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)

        await load.approve([at_work])
        await load.wait_for_tasks([at_work], within_s=PATIENCE_S)
        await _do(api, f"{PLANS}/{rejected}", {"action": "reject", "reason": "Não agora."})
        done, mine = (await _tasks(load, at_work))[:2]
        await _do(api, f"/api/tasks/{done}", {"action": "start"})
        await _do(api, f"/api/tasks/{done}", {"action": "complete"})
        await _do(api, f"/api/tasks/{mine}", {"action": "assign", "assignee": "ana"})
        await _do(api, f"/api/tasks/{mine}", {"action": "comment", "comment": "Começo amanhã."})
        await _nonsense(stack.env)
        await _until(load, "select count(*) > 0 from rm.dead_letter")
        await _until(load, "select count(*) > 0 from flow.alert")
        await _until(load, "select count(*) = 0 from decide.outbox where published_at is null")
        await _until(load, "select count(*) > 0 from rm.task_comment")
        await _until(load, "select count(*) > 0 from rm.task where status = 'completed'")
        for plan, status in ((at_work, "executing"), (rejected, "rejected")):
            assert await load.wait([plan], [status], within_s=PATIENCE_S) == 1


def _api(stack: Stack) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {KEY}"}
    return httpx.AsyncClient(base_url=stack.env["MARKETPLACE_URL"], headers=headers, timeout=PATIENCE_S)


async def _do(api: httpx.AsyncClient, path: str, body: Mapping[str, str]) -> None:
    """Ask for it, again while the read model does not know the stream yet."""

    async def known() -> httpx.Response | None:
        answer = await api.patch(path, json=body)
        return None if answer.status_code == httpx.codes.NOT_FOUND else answer

    (await until(known)).raise_for_status()


async def _tasks(load: Load, plan: str) -> list[Any]:
    rows = await load.pool.fetch("select task_id from rm.task where plan_id = $1::uuid order by position", plan)
    return [row["task_id"] for row in rows]


async def _nonsense(env: Mapping[str, str]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=env["MARKETPLACE_BROKERS"])
    await producer.start()
    try:
        await producer.send_and_wait("plan.events", b"nonsense", key=b"nobody")
    finally:
        await producer.stop()


async def _until(load: Load, sql: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await load.pool.fetchval(sql):
            await asyncio.sleep(0.1)


def dumped(url: str) -> str:
    """Return the whole database as statements that any client can run."""
    told = subprocess.run(
        [
            str(binaries() / "pg_dump"),
            url,
            "--inserts",
            "--rows-per-insert=500",
            "--no-owner",
            "--exclude-schema=registry",
        ],
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.decode()
    told = _FOR_PSQL.sub("", _HEADS.sub("", told))
    return re.sub(rf"\b{re.escape(socket.gethostname())}\b", HOST, told.replace(f"{ROOT}/", ""))


def main() -> int:
    """Write the file of this tree's version."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", env={"MARKETPLACE_BOOTSTRAP_KEY": KEY})
        with stack:
            asyncio.run(fill(stack))
            for name in ("gateway", "worker", "runner", "projections", "pump", "watchdog", "alerts"):
                stack.pause(name)
                stack.wait_for(name, "paused", 60)
            text = dumped(stack.env["MARKETPLACE_DATABASE_URL"])
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{build().version}.sql"
    file.write_text(text, "utf-8")
    print(f"{file.name}: {len(text)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
