"""Sees to processes: says which are gone, ends those that are frozen or deaf; their supervisor starts them again."""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import suppress
from typing import Final

import asyncpg
import structlog

from schemas.liveness import born
from streams.watchdog.broker import BrokerView
from streams.watchdog.deadlines import Db
from streams.watchdog.settings import Patience
from streams.watchdog.signs import Process, Signs

log = structlog.get_logger("watchdog")

#: After a (new) connection of our own: the others may still be on their way back, too.
SETTLE_S: Final = 4.0
#: A process that has just begun is not deaf: it may wait for the partitions of one that was killed.
YOUNG_S: Final = 20.0
#: A role is told to end again only after so long.
TOLD_S: Final = 30.0
#: role -> the group whose lag it has to work off
GROUP_OF: Final = {"worker": "agents", "runner": "analysis"}


class Processes:
    """`gone` counts the processes that ended without a word, `ended` those that were ended here."""

    def __init__(self, signs: Signs, broker: BrokerView, patience: Patience) -> None:
        self._signs = signs
        self._broker = broker
        self._patience = patience
        self._host = socket.gethostname()
        self._since = time.monotonic()
        self._missing: set[int] = set()
        self._told_at: dict[str, float] = {}
        self.gone = 0
        self.ended = 0

    def begin(self) -> None:
        """Say that the connection is new."""
        self._since = time.monotonic()
        self._missing.clear()

    async def see_to(self, connection: asyncpg.Connection, off: frozenset[str]) -> None:
        """Look at what `Signs.look` has seen."""
        if time.monotonic() - self._since < SETTLE_S:
            return
        missing = {p.worker_id for p in self._signs.processes if not p.connected and p.silent_s > 0.2}
        for process in self._signs.processes:
            if process.worker_id in missing & self._missing:  # seen twice: not one that takes its lock just now
                await self._say_gone(connection, process)
            elif self._signs.frozen(process):
                self._end_frozen(process)
        self._missing = missing
        if "automatic_recovery" not in off and "queue_processing" not in off:
            for role, group in GROUP_OF.items():
                await self._end_deaf(connection, role, group)

    async def _say_gone(self, connection: asyncpg.Connection, process: Process) -> None:
        self.gone += 1
        log.warning("process is gone", role=process.role, pid=process.pid, host=process.host)
        await connection.execute(
            "select flow.worker_stop($1, $2)", process.worker_id, "gone without a word: its connection closed"
        )

    def _end_frozen(self, process: Process) -> None:
        if not self._patience.kill or process.host != self._host or process.pid == os.getpid():
            return
        if not process.born or born(process.pid) != process.born:
            return  # another process has this pid now, or this system does not tell
        # one that is stopped will not end itself; any other has a thread that sees to it
        if _state(process.pid) == "T" or process.silent_s > 60:
            self.ended += 1
            log.error("process is frozen, killing it", role=process.role, pid=process.pid, silent_s=process.silent_s)
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process.pid, signal.SIGKILL)

    async def _end_deaf(self, connection: asyncpg.Connection, role: str, group: str) -> None:
        patience = self._patience
        living = [p for p in self._signs.processes if p.role == role and p.connected]
        if not living or self._broker.away_s or self._broker.still_s(group) < patience.deaf_s:
            return
        if any(
            p.age_s < YOUNG_S or self._signs.still_s(p) < patience.deaf_s or p.progress.get("in_flight") for p in living
        ):
            return
        await self.tell_to_end(connection, role, f"deaf: {self._broker.lag(group)} records wait and nothing moves")

    async def tell_to_end(self, connection: Db, role: str, why: str) -> None:
        """Ask every process of a role to end; each sees it with its next beat."""
        now = time.monotonic()
        if now - self._told_at.get(role, -TOLD_S) < TOLD_S:
            return
        self._told_at[role] = now
        self.ended += 1
        log.error("role is told to end and begin again", role=role, why=why)
        await connection.execute(
            "update flow.worker set told_to_end = $2 where role = $1 and stopped_at is null and told_to_end is null",
            role,
            why,
        )


def _state(pid: int) -> str:
    """Return the state of a process as the kernel names it: T is stopped. Empty where it cannot be seen."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - a file of the kernel
            return file.read().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""
