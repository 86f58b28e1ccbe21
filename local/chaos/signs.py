"""The system's own signs that something is wrong, and when each was first seen.

Three places are looked at: the supervisor (a process ended), the database (a process was said to be gone, a plan to be
stalled, a breaker opened, a record failed), and the health report. What only an onlooker notices, such as a refused
connection or a lock that nobody holds any more, is no sign.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from contextlib import suppress
from typing import Any, Final

import asyncpg
import httpx

from local.stack import Stack
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.liveness import GONE

#: How often each place is looked at, in seconds. The health report costs the gateway something.
SUPERVISOR_S: Final = 0.02
DATABASE_S: Final = 0.05
HEALTH_S: Final = 0.1
UP: Final = frozenset({"ready", "done", "paused", "skipped"})
#: Events of the system that say that something is wrong.
EVENTS: Final = (
    "plan.stalled",
    "plan.escalated",
    "plan.channel.failed",
    "breaker.opened",
)

_LOOK: Final = """
    select (select coalesce(json_agg(distinct type), '[]') from decide.outbox
             where seq > $1 and type = any($2)) as said,
           (select coalesce(json_agg(distinct data ->> 'role'), '[]') from decide.outbox
             where seq > $1 and type = 'worker.stopped' and data ->> 'reason' = $4) as gone,
           (select count(*) from flow.parked where since > $3 and code <> '') as failed,
           (select count(*) from rm.dead_letter where dead_at > $3) as dead_letters
"""
_BEGIN: Final = "select coalesce(max(seq), 0) as seq, clock_timestamp() as at from decide.outbox"


class Signs:
    """Looks for signs from `start` to `stop`; `arm` forgets what was seen before. `ok`: the system says all is well."""

    def __init__(self, stack: Stack, key: str) -> None:
        self._stack = stack
        self._key = key
        self._armed_at = 0.0
        self._seq = 0
        self._since: Any = None
        self._restarts: dict[str, int] = {}
        self._health = ""
        self._tasks: list[asyncio.Task[None]] = []
        self.first: dict[str, float] = {}
        self._kinds: set[str] = set()
        #: finding of the health report -> when it was first made
        self.said: dict[str, float] = {}
        self.findings: list[str] = []

    async def start(self) -> None:
        """Begin to look, until `stop`."""
        await self.arm()
        self._tasks = [
            asyncio.create_task(one) for one in (self._supervisor(), self._database(), self._ask_for_health())
        ]

    async def stop(self) -> None:
        """Stop looking."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def arm(self) -> None:
        """Count only what is said from now on. The system is well at this moment."""
        connection = await asyncpg.connect(self._stack.env["MARKETPLACE_DATABASE_URL"], timeout=10)
        try:
            row = await connection.fetchrow(_BEGIN)
        finally:
            await connection.close()
        assert row is not None
        self._seq, self._since = row["seq"], row["at"]
        self._restarts = {name: p.restarts for name, p in self._stack.state.processes.items()}
        self.first, self.said, self._kinds = {}, {}, set()
        self._armed_at = time.monotonic()

    def restart_clock(self) -> None:
        """Say that the fault is caused now: signs are counted from here, and what was said before is no answer."""
        self._health, self.findings = "", []
        self.first, self.said, self._kinds = {}, {}, set()
        self._armed_at = time.monotonic()

    @property
    def ok(self) -> bool:
        """Tell whether every process is up and the health report says that all is well."""
        up = all(p.status in UP for p in self._stack.state.processes.values())
        return up and self._health == "ok"

    @property
    def health(self) -> str:
        """Return the last health report, with its findings."""
        return "; ".join((self._health or "no answer", *self.findings))

    def _saw(self, sign: str, asked_at: float) -> None:
        # an answer to a question from before the fault knows nothing of it
        if asked_at >= self._armed_at:
            self.first.setdefault(sign, time.monotonic() - self._armed_at)

    async def _supervisor(self) -> None:
        while True:
            now = time.monotonic()
            for name, process in self._stack.state.processes.items():
                if process.status not in UP or process.restarts > self._restarts.get(name, 0):
                    self._saw(f"supervisor: {name} ended", now)
            await asyncio.sleep(SUPERVISOR_S)

    async def _database(self) -> None:
        while True:
            with suppress(*DATABASE_FAILS):
                connection = await asyncpg.connect(self._stack.env["MARKETPLACE_DATABASE_URL"], timeout=2)
                try:
                    while True:
                        asked_at = time.monotonic()
                        row = await connection.fetchrow(_LOOK, self._seq, list(EVENTS), self._since, GONE, timeout=5)
                        assert row is not None
                        self._read(row, asked_at)
                        await asyncio.sleep(DATABASE_S)
                finally:
                    with suppress(Exception):
                        await connection.close(timeout=1)
            await asyncio.sleep(DATABASE_S)

    def _read(self, row: asyncpg.Record, asked_at: float) -> None:
        for type_ in json.loads(row["said"]):
            self._saw(f"event {type_}", asked_at)
        for role in json.loads(row["gone"]):
            self._saw(f"watchdog: {role} gone", asked_at)
        if row["failed"]:
            self._saw("a record in retry", asked_at)
        if row["dead_letters"]:
            self._saw("a dead letter", asked_at)

    async def _ask_for_health(self) -> None:
        headers = {"Authorization": f"Bearer {self._key}"}
        url = self._stack.env["MARKETPLACE_URL"]
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=5) as client:
            while True:
                asked_at = time.monotonic()
                try:
                    answer = await client.get("/api/system/health")
                except httpx.TransportError:
                    self._health, self.findings = "", []
                else:
                    self._judge(answer, asked_at)
                await asyncio.sleep(HEALTH_S)

    def _judge(self, answer: httpx.Response, asked_at: float) -> None:
        if asked_at < self._armed_at:
            return  # it says how things were before the fault
        if answer.status_code != httpx.codes.OK:
            self._health, self.findings = str(answer.status_code), []
        else:
            document = answer.json()
            self._health, self.findings = document["status"], [str(f) for f in document["findings"]]
        if self._health != "ok":
            self._saw(f"health: {self._health}", asked_at)
            for finding in self.findings:
                kind = re.sub(r"\d+", "#", finding)  # it is said again with other figures all the time
                if kind not in self._kinds:
                    self._kinds.add(kind)
                    self.said[finding] = time.monotonic() - self._armed_at
