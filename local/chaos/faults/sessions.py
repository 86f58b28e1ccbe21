"""Sessions of the database that end, that are taken by somebody else, or that hold what others need."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import Final

import asyncpg
import httpx

from local.chaos.scene import Scene
from schemas.process.database_away import DATABASE_FAILS

#: How these faults call themselves: they end everybody else's sessions, and not their own.
NAME: Final = "chaos"
_OTHERS: Final = "select pid from pg_stat_activity where backend_type = 'client backend' and application_name <> $1"
#: A transaction may be open for so many seconds where one stays open: longer than a statement of the system may take,
#: so that none of its own is told on a busy machine.
OPEN_S: Final = 8
#: What counts as the fault is that it is open for longer: the clock begins so long before, in seconds.
BEFORE_S: Final = 0.5
#: So many ask at once: several times the connections of a gateway's pool.
ASK: Final = 40
#: The gateway answers within its own limits, 8 s for a request; longer says that it does not.
ANSWERED_S: Final = 30.0
#: More than any server here lets in.
_MANY: Final = 1000


async def lose_sessions(scene: Scene) -> None:
    """End one session after the other, as an administrator or a proxy does: ten a second, for 3 to 5 s."""
    connection = await _connected(scene)
    try:
        for _ in range(scene.rng.randint(30, 50)):
            pids = [row["pid"] for row in await connection.fetch(_OTHERS, NAME)]
            chosen = scene.rng.choice(pids)
            scene.cause(lambda: None)
            await connection.execute("select pg_terminate_backend($1)", chosen)
            await asyncio.sleep(0.1)
    finally:
        await connection.close(timeout=5)


async def kill_a_backend(scene: Scene) -> None:
    """Kill the process of one session by SIGKILL, as a kernel out of memory does: the server then begins anew."""
    connection = await _connected(scene)
    try:
        pids = [row["pid"] for row in await connection.fetch(_OTHERS, NAME)]
    finally:
        await connection.close(timeout=5)
    chosen = scene.rng.choice(sorted(pids))
    scene.cause(lambda: os.kill(chosen, signal.SIGKILL))


async def use_up_connections(scene: Scene) -> None:
    """Take all connections that the database lets in, those of the system too, and keep them for 4 to 6 s."""
    taken: list[asyncpg.Connection] = []
    try:
        await _take_all(scene, taken)
        pids = [row["pid"] for row in await taken[0].fetch(_OTHERS, NAME)]
        scene.cause(lambda: None)
        await taken[0].execute("select pg_terminate_backend(pid) from unnest($1::int[]) pid", pids)
        await _take_all(scene, taken)
        scene.notes["taken"] = len(taken)
        await scene.for_a_while(4.0, 6.0)
    finally:
        await asyncio.gather(*(one.close(timeout=5) for one in taken), return_exceptions=True)


async def hold_a_lock(scene: Scene) -> None:
    """Keep a transaction open that lets nobody write plans, as a forgotten session of a person does, for 6 to 9 s."""
    connection = await _connected(scene)
    try:
        async with connection.transaction():
            await connection.execute("lock table rm.plan in share mode")
            scene.cause(lambda: None)
            await scene.for_a_while(6.0, 9.0)
    finally:
        await connection.close(timeout=5)


async def leave_a_transaction_open(scene: Scene) -> None:
    """Keep a transaction open that has looked once and does nothing since, as a forgotten report does.

    The time counts from when it is about to be open for too long, and it stays for 6 to 9 s more.
    """
    connection = await _connected(scene)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("select")
            await asyncio.sleep(OPEN_S - BEFORE_S)
            scene.cause(lambda: None)
            await scene.for_a_while(6.0, 9.0)
    finally:
        await connection.close(timeout=5)


async def fill_the_pool(scene: Scene) -> None:
    """Have many ask for costs, which somebody's lock keeps from being read, until each connection waits; for 6 to 9 s.

    Others, who ask for something else, get no connection either: they are told to ask again, and nothing is lost.
    """
    connection, done = await _connected(scene), asyncio.Event()
    headers = {"Authorization": f"Bearer {scene.site.key}"}
    url, limits = scene.site.stack.env["MARKETPLACE_URL"], httpx.Limits(max_connections=ASK)
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=ANSWERED_S, limits=limits) as client:
        try:
            async with connection.transaction():
                await connection.execute("lock table rm.unit_cost in access exclusive mode")
                scene.cause(lambda: None)
                asking = [asyncio.create_task(_ask(client, done)) for _ in range(ASK)]
                await scene.for_a_while(6.0, 9.0)
        finally:
            done.set()
            await connection.close(timeout=5)
        answers = [one for found in await asyncio.gather(*asking) for one in found]
    if not any(status == httpx.codes.SERVICE_UNAVAILABLE for status, _ in answers):
        scene.problems.append("nobody was told to ask again: the pool was not full")
    unclear = sorted({status for status, again in answers if status != httpx.codes.OK and not again})
    if unclear:
        scene.problems.append(f"answers without a word when to ask again: {unclear}")


async def _ask(client: httpx.AsyncClient, done: asyncio.Event) -> list[tuple[int, str]]:
    """Ask for costs again and again; return the statuses and when to ask again. No answer within a time is status 0."""
    found: list[tuple[int, str]] = []
    while not done.is_set():
        try:
            answer = await client.get("/api/marketplace/costs")
        except httpx.TransportError:
            found.append((0, ""))
        else:
            found.append((answer.status_code, answer.headers.get("retry-after", "")))
    return found


async def _take_all(scene: Scene, taken: list[asyncpg.Connection]) -> None:
    """Connect until the server lets nobody in."""
    with suppress(*DATABASE_FAILS):
        while len(taken) < _MANY:
            taken.append(await _connected(scene))


async def _connected(scene: Scene) -> asyncpg.Connection:
    url = scene.site.stack.env["MARKETPLACE_DATABASE_URL"]
    return await asyncpg.connect(url, timeout=10, server_settings={"application_name": NAME})
