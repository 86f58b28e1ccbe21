"""Uploads: from the request with a document until a person can read the plan."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import orjson

from bench.load import documents
from bench.load.connection import Connection
from bench.load.ends import ends
from bench.load.spread import latencies, spread
from bench.parts.window import Bench, Figures, under

#: Rows of each document.
ROWS: Final = 500
WORKERS: Final = 4
QUESTION: Final = """
    select plan_id::text as plan_id, extract(epoch from min(pg_xact_commit_timestamp(xmin)))::float8 as at
      from rm.timeline where plan_id = any($1::uuid[]) and type = 'plan.analyzed' group by plan_id
"""


async def upload(bench: Bench, count: int) -> Figures:
    """Measure a closed loop of a few connections: documents a second, and how long one takes meanwhile."""

    async def work() -> Figures:
        numbers = list(range(count))
        began: dict[str, float] = {}

        async def worker() -> None:
            connection = Connection(bench.system.at.url, bench.system.at.key)
            while numbers:
                body = documents.form(numbers.pop(), ROWS)
                at = time.time()
                began[await _send(connection, body)] = at
            connection.close()

        first = time.time()
        await asyncio.gather(*(worker() for _ in range(WORKERS)))
        done = await ends(bench.database, QUESTION, list(began))
        return {"uploads_per_s": count / (max(done.values()) - first), **spread(latencies(began, done))}

    return under("upload", await bench.cost(work, count))


async def _send(connection: Connection, body: bytes) -> str:
    status, answer = await connection.request("POST", "/api/marketplace/analysis/upload", body, documents.MEDIA)
    if status != 202:
        raise RuntimeError(f"upload answered {status}: {answer[:300]!r}")
    plan: str = orjson.loads(answer)["planId"]
    return plan
