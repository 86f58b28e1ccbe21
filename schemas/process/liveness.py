"""How a process shows that it lives: a row written every second, and a lock that ends with its connection.

Every package's processes do it, and the database's functions (flow.worker_*) are the contract. No driver is imported
here: the process gives the way to connect. A process whose event loop stands still ends itself, since whoever waits
for it would wait for ever; its supervisor starts it again.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final, Protocol

from schemas.process.log_context import job
from schemas.process.named import named
from schemas.process.pace import Paces
from schemas.process.places import growth
from schemas.process.rest import rest
from schemas.process.rounds import Round
from schemas.process.version import build

#: First half of the session lock that a living process holds; the second is its worker_id.
LOCK: Final = 0x666C6F77
HEARTBEAT_S: Final = 1.0
JOB: Final = "heartbeat"
#: Exit code of a process that was deaf or was told to end; the supervisor starts it again.
EXIT_AGAIN: Final = 76
#: How often a thread looks whether the event loop turns, at most; the loop notes that it does twice as often.
TURNS_S: Final = 1.0
#: A connection or statement that takes longer has failed.
PATIENCE_S: Final = 5.0
#: How long `stop` waits for the last word.
FAREWELL_S: Final = 2.0
#: A clock that is off from the database's by so much, the way of question and answer left out, is told of.
CLOCK_S: Final = 2.0
#: How the last word of a process begins that somebody has asked to end in order.
ASKED: Final = "asked to end by "
#: How the last word of a process begins that the watchdog has told to end, to be started again.
TOLD: Final = "told to end: "
#: What the watchdog writes of a process that ended without saying so.
GONE: Final = "gone without a word: its connection closed"

Progress = Callable[[], Mapping[str, Any]]


class Connection(Protocol):
    """A database connection, as far as a heartbeat needs it."""

    async def fetchval(self, query: str, *args: Any) -> Any: ...
    async def execute(self, query: str, *args: Any) -> Any: ...
    async def close(self) -> Any: ...


class Liveness:
    """Writes the heartbeats of one process.

    `progress` gives short facts for people and for the watchdog; `off` are the names of the flags that are switched
    off, at most a second old. `deaf_after_s`: an event loop that stands still for so long ends the process.
    `tell_standing` is called before it is ended for that, or by the watchdog.
    `leave` begins its end in order, as somebody has asked for.
    """

    def __init__(  # noqa: PLR0913 - how it tells and how it ends, handed in by the one place that builds it
        self,
        connect: Callable[[], Awaitable[Connection]],
        role: str,
        progress: Progress,
        *,
        deaf_after_s: float = 15.0,
        exit_: Callable[[int], Any] = os._exit,
        say: Callable[[str], None] = lambda _: None,
        tell_standing: Callable[[], None] = lambda: None,
        leave: Callable[[], Any] = lambda: None,
    ) -> None:
        self._connect = connect
        self._role = role
        self._progress = progress
        self._paces = Paces()
        self._deaf_after_s = deaf_after_s
        self._turns_s = min(TURNS_S, deaf_after_s / 4)
        self._exit = exit_
        self._say = say
        self._tell_standing = tell_standing
        self._leave = leave
        self._asked = ""
        self.source = f"{role}-{secrets.token_hex(6)}"
        self.worker_id: int | None = None
        self.off: frozenset[str] = frozenset()
        self._connection: Connection | None = None
        self._looped_at = time.monotonic()
        self._stopping = asyncio.Event()
        self._due = asyncio.Event()
        self._clock_off_s = 0.0
        self._reason = ""
        self._ended = asyncio.Event()
        self._ended.set()
        self._watched = threading.Event()

    async def run(self) -> None:
        """Write heartbeats until stopped or cancelled; an outage of the database is waited out."""
        self._ended.clear()
        threading.Thread(target=self._watch, name="deaf-check", daemon=True).start()
        looping = asyncio.get_running_loop().create_task(self._loop())
        try:
            while not self._stopping.is_set():
                with Round(JOB, self._away):  # what fails is the database: the work goes on without it
                    await self._session()
                await self._hang_up()
                await rest(self._stopping, 0.5)
        finally:
            self._watched.set()
            looping.cancel()
            try:
                await self._hang_up()
            finally:
                self._ended.set()

    def _away(self, error: Exception) -> None:
        self._say(f"no heartbeat can be written: {named(error)}"[:200])

    def say_now(self) -> None:
        """Write a heartbeat at once: what `progress` tells has turned, and others act by it."""
        self._due.set()

    async def stop(self, reason: str) -> None:
        """Have `run` say that the process ends in order, and end; return once it has, after FAREWELL_S at the latest.

        `run` alone uses its connection: a connection takes one statement at a time, and a heartbeat may be under way.
        """
        self._reason = f"{ASKED}{self._asked}" if self._asked else reason
        self._stopping.set()
        self._due.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), FAREWELL_S)

    async def _session(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            connection = self._connection = await self._connect()
            if self.worker_id is None:
                self.worker_id = await connection.fetchval(
                    "select flow.worker_start($1, $2, $3, $4, $5, $6)",
                    self.source,
                    self._role,
                    socket.gethostname(),
                    os.getpid(),
                    born(os.getpid()),
                    str(build()),
                )
        # not awaited for ever: an earlier session of ours may not have been cleared away yet
        while not await connection.fetchval("select pg_try_advisory_lock($1, $2)", LOCK, self.worker_id):
            if self._stopping.is_set():
                break
            await rest(self._stopping, 0.1)
        while not self._stopping.is_set():
            async with asyncio.timeout(PATIENCE_S):
                told = dict(self._progress())
                if self._clock_off_s:
                    told["clock_off_s"] = round(self._clock_off_s, 1)
                asked_at, began = time.time(), time.monotonic()
                facts = json.dumps({**told, "per_minute": self._paces.told(told, time.monotonic())})
                said = json.loads(
                    await connection.fetchval("select flow.worker_beat($1, $2::jsonb)", self.worker_id, facts)
                )
            self.off = frozenset(said["off"])
            growth.learn(said.get("partitions"), said.get("dealt_among"))
            self._compare(clock_off(asked_at, time.monotonic() - began, said.get("at")))
            if not said["known"]:
                self.worker_id = None  # the row was swept away, as after a restore: begin anew
                return
            if said["end"]:
                self._end(f"{TOLD}{said['end']}")
            if (asked := said.get("leave")) and not self._asked:
                self._asked = asked
                self._say(f"{ASKED}{asked}")
                self._leave()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), HEARTBEAT_S)
            self._due.clear()
        with suppress(Exception):  # then the lock alone says it
            async with asyncio.timeout(FAREWELL_S):
                await connection.execute("select flow.worker_stop($1, $2)", self.worker_id, self._reason)

    def _compare(self, off_s: float) -> None:
        """Take in how far this clock is off. That it went wrong, or right, is said at once."""
        before, self._clock_off_s = self._clock_off_s, off_s
        if bool(before) != bool(off_s):
            self.say_now()

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await connection.close()

    async def _loop(self) -> None:
        while True:
            self._looped_at = time.monotonic()
            await asyncio.sleep(self._turns_s / 2)

    def _watch(self) -> None:
        """In a thread of its own: see that the event loop turns."""
        rested_at = time.monotonic()
        while not self._watched.wait(self._turns_s):
            now = time.monotonic()
            if now - rested_at > 4 * self._turns_s:
                # this thread did not run either (the machine or the process was frozen): the loop has a new chance
                self._looped_at = now
            rested_at = now
            if now - self._looped_at > self._deaf_after_s:
                with job(JOB):
                    self._end(f"the event loop stands still for {self._deaf_after_s:.0f} s: ending the process")
                return

    def _end(self, why: str) -> None:
        """End the process, which has to be started again; what kept it goes with it, so it is told before."""
        self._say(why)
        with suppress(Exception):  # whatever it is, the process ends
            self._tell_standing()
        self._exit(EXIT_AGAIN)


def clock_off(asked_at: float, took_s: float, theirs: float | None) -> float:
    """Return the seconds by which this clock is ahead of the database's, negative: behind; 0.0 where they agree.

    `asked_at` and `theirs` are seconds since 1970 UTC; the database's was read within the `took_s` after ours.
    """
    if theirs is None:  # functions of an earlier version
        return 0.0
    ahead_s, behind_s = asked_at - theirs, theirs - (asked_at + took_s)
    if ahead_s > CLOCK_S:
        return ahead_s
    return -behind_s if behind_s > CLOCK_S else 0.0


def born(pid: int) -> float:
    """Return when a process began, in seconds since 1970 UTC; 0 where this system does not tell.

    With the pid it names a process for ever, where a pid alone can be used again.
    """
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - a file of the kernel
            ticks = int(file.read().rpartition(")")[2].split()[19])
        with open("/proc/stat", encoding="ascii") as file:  # noqa: PTH123
            booted = next(int(line.split()[1]) for line in file if line.startswith("btime"))
    except (OSError, ValueError, IndexError, StopIteration):
        return 0.0
    return booted + ticks / os.sysconf("SC_CLK_TCK")
