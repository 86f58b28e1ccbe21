"""The door: takes an approval, and writes the decision and a job in one transaction. Answers once it is committed."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

_KEY = f"Bearer {os.environ['DOOR_KEY']}".encode()
_DECIDE = """
    update plan set status = 'approved', version = version + 1, decided_by = $2, decided_at = now(), changed_at = now()
     where plan_id = $1 and status = 'awaiting_approval'
"""
#: What the library sends for a job, inside of a transaction that is not its own.
_DEFER = """
    select procrastinate_defer_jobs_v1(array[
        row('default', 'phase1', 0, null, null, $1::jsonb, null)::procrastinate_job_to_defer_v1])
"""


async def live(_: Request) -> JSONResponse:
    return JSONResponse({"status": "up"})


async def approve(request: Request) -> JSONResponse:
    if not hmac.compare_digest(request.headers.get("authorization", "").encode(), _KEY):
        return JSONResponse({"title": "who are you"}, 401)
    try:
        plan = UUID(request.path_params["id"])
        asked = json.loads(await request.body())
    except ValueError:
        return JSONResponse({"title": "not understood"}, 422)
    if asked != {"action": "approve"}:
        return JSONResponse({"title": "not understood"}, 422)
    pool: asyncpg.Pool = request.app.state.pool
    async with pool.acquire() as connection, connection.transaction():
        if await connection.execute(_DECIDE, plan, "bench") == "UPDATE 0":
            return JSONResponse({"title": "it does not wait for an approval"}, 409)
        await connection.execute(_DEFER, json.dumps({"plan": str(plan)}))
    return JSONResponse({"planId": str(plan), "status": "approved"}, 202)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=8, max_size=8) as pool:
        app.state.pool = pool
        yield


app = Starlette(
    routes=[
        Route("/health/live", live),
        Route("/api/marketplace/analysis/{id}", approve, methods=["PATCH"]),
    ],
    lifespan=lifespan,
)

if __name__ == "__main__":
    config = uvicorn.Config(app, "127.0.0.1", int(os.environ["DOOR_PORT"]), access_log=False, log_level="warning")
    asyncio.run(uvicorn.Server(config).serve())
