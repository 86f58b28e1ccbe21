"""A gateway that really serves, on a free port."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

import asyncpg
import httpx
import uvicorn
from starlette.applications import Starlette

from gateway.access.limits import Limit
from gateway.app import create_app
from gateway.http.connections import Connections, protocol_of
from gateway.intake.reader import Confinement
from gateway.settings import Settings
from projections.reads.written import Shown
from tests.support.patience import PATIENCE_S

OFF = {name: Limit(name, 1, 0) for name in ("reads", "commands", "uploads", "streams", "login", "failures", "guesses")}


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Running:
    """A gateway that serves at `url`; `keys` has one key a role."""

    url: str
    app: Starlette
    pool: asyncpg.Pool
    keys: dict[str, str] = field(default_factory=dict)

    def client(self, role: str | None = "admin", **headers: str) -> httpx.AsyncClient:
        if role is not None:
            headers["authorization"] = f"Bearer {self.keys[role]}"
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=PATIENCE_S)

    @asynccontextmanager
    async def browser(self, role: str, language: str = "en") -> AsyncIterator[httpx.AsyncClient]:
        """Sign in on the page with the key of a role, and stay signed in."""
        async with self.client(None, **{"accept-language": language}) as browser:
            assert (await browser.post("/login", data={"key": self.keys[role]})).status_code == 303
            yield browser

    def bearer(self, key: str) -> httpx.AsyncClient:
        """Return a client with a key that a test has made."""
        return httpx.AsyncClient(base_url=self.url, headers={"authorization": f"Bearer {key}"})


_find = Confinement.find
_granted: list[str] = []


async def _find_once(confinement: Confinement) -> None:
    """Try what this machine grants at the first gateway only: a process for each would find the same."""
    if not _granted:
        await _find(confinement)
        _granted.append(confinement.missing)
    confinement.missing = _granted[0]


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[str, Starlette]]:
    """Serve on a free port. Its event loop is the tests', which stands still at times: that ends no process here."""
    app = create_app(replace(settings, deaf_after=3600.0))
    with patch.object(Confinement, "find", _find_once):
        async with served(app) as url:
            try:
                yield url, app
            finally:
                if hasattr(app.state, "services"):
                    app.state.services.live.stop()


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """Serve an application on a free port, at the address that is given."""
    listening = socket.create_server(("127.0.0.1", 0))
    http = protocol_of(Connections(most=1000, most_of_one=1000))
    config = uvicorn.Config(
        app, http=http, access_log=False, log_level="error", lifespan="on", ws="none", timeout_graceful_shutdown=3
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve([listening]))
    while not server.started:
        assert not task.done(), "it did not start"
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()


async def one_row(pool: asyncpg.Pool, sql: str, *arguments: object) -> Any:
    """The row that there must be, as people are shown it."""
    row = await Shown(pool).fetchrow(sql, *arguments)
    assert row is not None
    return row


async def contents(pool: asyncpg.Pool) -> dict[str, Any]:
    """Everything that a command could have changed: not what the gateway says of its own start, whenever it does."""
    tables = (
        "decide.head",
        "decide.document",
        "(select * from decide.outbox where type not like 'worker.%')",
        "decide.idempotency",
    )
    rows = {t: await pool.fetchval(f"select coalesce(sum(hashtext(t::text)::bigint), 0) from {t} t") for t in tables}
    # not when a key was used last
    return rows | {"keys": await pool.fetch("select key_id, role, revoked_at from access.api_key order by key_id")}
