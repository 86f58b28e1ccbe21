"""Ends processes that are silent or deaf, and says which are gone."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import asyncpg
import structlog

from schemas.flags import Flag
from schemas.process.connection import Db
from schemas.process.liveness import GONE, TOLD, born
from schemas.topics import PROJECTIONS, group_of
from streams.settings import LONGEST_DEADLINE_S
from streams.watchdog.broker import BrokerView
from streams.watchdog.consumption import STILL_S
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import Place
from streams.watchdog.view import Process, SystemView

log = structlog.get_logger("watchdog")

#: A role is told to end again only after so long.
TOLD_S: Final = 30.0
#: A process with work under way is left alone for longer than any may take (streams.analysis.channel.HARD_LIMIT_S).
UNDER_WAY_S: Final = LONGEST_DEADLINE_S + 90.0
#: A process whose loop stands still ends itself much sooner. One that is silent for so long cannot, stopped or not.
SILENT_S: Final = 60.0
#: One that moves, and leaves a partition lying while it has nothing in hand, is given so many times the patience.
PARTLY: Final = 3.0


class Processes:
    """`gone` counts the processes that ended without a word, `ended` those that were ended here.

    `delays`: topic -> for how long its records wait there on purpose, in seconds.
    """

    def __init__(
        self, view: SystemView, broker: BrokerView, patience: Patience, delays: Mapping[str, float] | None = None
    ) -> None:
        self._view = view
        self._broker = broker
        self._patience = patience
        self._delays = dict(delays or {})
        self._host = socket.gethostname()
        self._since = time.monotonic()
        self._missing: set[int] = set()
        self._told_at: dict[str, float] = {}
        self._off_at = -1e9
        self.gone = 0
        self.ended = 0

    @property
    def unsure(self) -> bool:
        """Say whether a process is to be looked at again soon: it is gone, unless it takes its lock just now."""
        return bool(self._missing)

    def begin(self) -> None:
        """Say that the connection is new."""
        self._since = time.monotonic()
        self._missing.clear()

    async def see_to(self, connection: asyncpg.Connection, off: frozenset[str]) -> None:
        """Look at what `SystemView.look` has seen."""
        if time.monotonic() - self._since < self._patience.settle_s:
            return
        missing = {p.worker_id for p in self._view.processes if not p.connected and p.silent_s > 0.2}
        for process in self._view.processes:
            if process.worker_id in missing & self._missing:  # seen twice: not one that takes its lock just now
                await self._say_gone(connection, process)
            elif process.connected and process.silent_s > self._patience.stopped_s:
                self._end_frozen(process)
        self._missing = missing
        if Flag.QUEUE_PROCESSING in off:
            self._off_at = time.monotonic()
        if Flag.AUTOMATIC_RECOVERY not in off:
            await self._end_deaf(connection)

    async def _say_gone(self, connection: asyncpg.Connection, process: Process) -> None:
        self.gone += 1
        log.warning("process is gone", role=process.role, pid=process.pid, host=process.host)
        await connection.execute(
            "select flow.worker_stop($1, $2)",
            process.worker_id,
            GONE if process.told_to_end is None else f"{TOLD}{process.told_to_end}",
        )

    def _end_frozen(self, process: Process) -> None:
        if not self._patience.kill or process.host != self._host or process.pid == os.getpid():
            return
        if not process.born or born(process.pid) != process.born:
            return  # another process has this pid now, or this system does not tell
        # one that is stopped will not end itself; any other has a thread that sees to it
        if _state(process.pid) == "T" or process.silent_s > SILENT_S:
            self.ended += 1
            log.error("process is frozen, killing it", role=process.role, pid=process.pid, silent_s=process.silent_s)
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process.pid, signal.SIGKILL)

    async def _end_deaf(self, connection: asyncpg.Connection) -> None:
        """Tell deaf processes to end; their supervisor starts them again.

        What was switched off just now, and a broker that does not answer, keep everybody waiting: that is no deafness.
        """
        if self._broker.error or time.monotonic() - self._off_at < self._patience.deaf_s:
            return
        for process in self._view.processes:
            if group_of(process.role) is None or not process.connected or process.told_to_end is not None:
                continue
            left = self._left(process)
            if left and process.age_s >= self._patience.young_s:
                self.ended += 1
                why = _deaf(left)
                log.error("process is deaf, telling it to end", role=process.role, pid=process.pid, why=why)
                await connection.execute(
                    "update flow.worker set told_to_end = $2 where worker_id = $1 and told_to_end is null",
                    process.worker_id,
                    why,
                )

    def _left(self, process: Process) -> list[Place]:
        """Return the partitions that a process leaves lying; nothing where it may have its reasons.

        One that moves has: the partition waits for its turn behind others, as long as there are others in hand.
        """
        view, deaf_s = self._view, self._patience.deaf_s
        projects = group_of(process.role) == PROJECTIONS
        if projects:
            deaf_s = max(deaf_s, STILL_S)
        still_s = view.still_s(process)
        if still_s >= (UNDER_WAY_S if process.busy else deaf_s):
            factor = 1.0
        elif not projects and view.idle_s(process) >= PARTLY * deaf_s:
            factor = PARTLY
        else:
            return []
        if process.places is None:
            left = self._left_by_all(process) if factor == 1.0 else {}
        else:
            left = self._view.left_s(process)
        return sorted(
            place for place, for_s in left.items() if for_s >= factor * deaf_s + self._delays.get(place[1], 0.0)
        )

    def _left_by_all(self, process: Process) -> dict[Place, float]:
        """Return the still partitions of a process that does not tell its assignment, as an earlier version.

        There are none as long as one process of the role moves.
        """
        peers = [p for p in self._view.processes if p.role == process.role and p.connected]
        patience = self._patience
        if any(p.busy or p.age_s < patience.young_s or self._view.still_s(p) < patience.deaf_s for p in peers):
            return {}
        told = frozenset[Place]().union(*(p.places or () for p in peers))
        group = group_of(process.role)
        return {at: s for at, s in self._broker.still().items() if at[0] == group and at not in told}

    async def tell_to_end(self, connection: Db, role: str, why: str) -> None:
        """Ask every process of a role to end; each reads it with its next heartbeat."""
        now = time.monotonic()
        if now - self._told_at.get(role, -TOLD_S) < TOLD_S:
            return
        self._told_at[role] = now
        self.ended += 1
        log.error("role is told to end and begin again", role=role, why=why)
        await connection.execute(
            "update flow.worker set told_to_end = $2 where role = $1 and stopped_at is null and told_to_end is null"
            " and started_at < now() - make_interval(secs => $3)",  # another watchdog may have told those before them
            role,
            why,
            self._patience.young_s,
        )


def _deaf(left: Sequence[Place]) -> str:
    """Say what a process leaves lying, in words that pages translate."""
    topic, partition = left[0][1:]
    if len(left) == 1:
        return f"deaf: nothing is taken from {topic}/{partition}"
    return f"deaf: nothing is taken from {topic}/{partition} and {len(left) - 1} more"


def _state(pid: int) -> str:
    """Return the state of a process as the kernel names it: T is stopped. Empty where it cannot be seen."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - a file of the kernel
            return file.read().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""
