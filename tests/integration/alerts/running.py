"""Alert engines as processes, each with its log."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import asyncpg

from local.service import Service
from tests.support.patience import until
from tests.support.receivers import HttpReceiver

ROUTES = """
[[route]]
to = ["webhook"]
kinds = ["flag-off", "database-away", "database-hangs"]
[patience.flag-off]
opens_s = 0.2
resolves_s = 0.2
[patience.database-away]
opens_s = 1
resolves_s = 1
"""
OFF = "select flow.flag_switch('queue_processing', false, 'a test', 'r', 'Ana')"
ON = "select flow.flag_switch('queue_processing', true, '', 'r', 'Ana')"


class Engines:
    """Starts engines on one database, each with its log."""

    def __init__(self, url: str, hook: HttpReceiver, folder: Path, stack: ExitStack) -> None:
        self._url = url
        self._hook = hook
        self._folder = folder
        self._stack = stack
        self._count = 0
        (folder / "routes.toml").write_text(ROUTES)

    def start(self, **more: str) -> Service:
        self._count += 1
        env = {
            "MARKETPLACE_DATABASE_URL": self._url,
            "MARKETPLACE_ALERT_WEBHOOK_URL": self._hook.url,
            "MARKETPLACE_ALERT_WEBHOOK_SECRET": "h00k",
            "MARKETPLACE_ALERT_ROUTES": str(self._folder / "routes.toml"),
            "MARKETPLACE_LOG": "json",
            **more,
        }
        log = self._folder / f"alerts-{self._count}.log"
        service = Service(f"alerts-{self._count}", "gateway.alerts", env=env, log=log)
        self._stack.callback(service.kill)
        service.start()
        return service


def told(hook: HttpReceiver) -> list[tuple[str, str]]:
    """Return what was told, in order: each message's id and first words."""
    return [(request.json["messageId"], request.json["title"].partition(":")[0]) for request in hook.got]


async def state(pool: asyncpg.Pool) -> dict[str, str]:
    rows = await pool.fetch("select source, progress ->> 'state' as state from flow.running where role = 'alerts'")
    return {row["source"]: row["state"] for row in rows}


async def active(pool: asyncpg.Pool, count: int) -> None:
    """Return once so many engines run, of which one is active."""

    async def settled() -> bool:
        states = list((await state(pool)).values())
        return len(states) == count and states.count("active") == 1

    await until(settled)


async def all_sent(pool: asyncpg.Pool) -> None:
    """Return once every message is marked as sent: that comes after the receiver's answer."""
    await until(lambda: pool.fetchval("select bool_and(state = 'sent') from flow.alert_message"))
