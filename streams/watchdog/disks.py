"""Reads the free space of the disks of Postgres and of the brokers.

A broker tells how much room its folders have (KIP-827). Postgres cannot, so its folder is looked at where it is on this
machine. What can be known in neither way is said to be unseen.

A server on a full disk ends and tells nothing any more. So folders of this machine are looked at without it, and soon
enough that a full disk is told before the end of its server; of others the last answer is kept, with its age.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias

import asyncpg
from aiokafka.errors import IncompatibleBrokerVersion

from schemas.process.disks import look
from schemas.process.kafka import Brokers
from schemas.process.rounds import Round
from streams.broker.asking import ask
from streams.broker.protocol import LogDirs
from streams.watchdog.clients import Clients

#: How often a server is asked where its folders are, and what is free there.
EVERY_S: Final = 1.0
#: The same while all folders are of this machine, and looked at here: a broker adds up every log for its answer.
KNOWN_S: Final = 10.0
#: How often folders of this machine are looked at: two tries at a broker take as long, after which it is away.
HERE_S: Final = 0.2
#: A disk of which nothing is left for what is written next; `turned` is called when one is, and is no more.
SPENT: Final = 0.01
#: A disk, and when it was seen so.
_Seen: TypeAlias = tuple[dict[str, Any], float]
_Of: TypeAlias = Mapping[str, list[_Seen]]
DATABASE: Final = "database"
BROKER: Final = "broker"
# Over a socket, or from an address of its own machine, the server's folder is one of this machine. Who may not read
# that setting gets no row.
_FOLDER: Final = """
    select s.setting from pg_settings s
     where s.name = 'data_directory' and coalesce(host(inet_server_addr()) = host(inet_client_addr()), true)"""


class ServerDisks:
    """`run` it beside the watchdog. `seen`: the disks as they were seen last; `unseen`: whose are not known."""

    def __init__(self, brokers: Brokers, pool: asyncpg.Pool) -> None:
        self.turned: Callable[[], None] = lambda: None
        self.unseen: list[str] = []
        self._clients = Clients(brokers)
        self._pool = pool
        self._of: dict[str, list[_Seen]] = {}
        self._folder: str | None = None
        self._again: tuple[_Of, _Of] | None = None  # what the thread went by, and what it saw

    @property
    def seen(self) -> list[dict[str, Any]]:
        """Return the disks, each with the seconds since it was seen so."""
        self._take_again()
        now = time.monotonic()
        return [{**disk, "seen_s": round(now - at, 1)} for disks in self._of.values() for disk, at in disks]

    @property
    def all_here(self) -> bool:
        """Say whether all servers have told of their disks, and each is one of this machine."""
        told = [self._of.get(of) for of in (DATABASE, BROKER)]
        return all(disks and all(disk["device"] is not None for disk, _ in disks) for disks in told)

    async def run(self) -> None:
        """Look until cancelled; never raises for an outage."""
        loop, ended = asyncio.get_running_loop(), threading.Event()
        threading.Thread(target=self._keep_looking_here, args=(loop, ended), name="disks", daemon=True).start()
        try:
            while True:
                for of, look_at in ((DATABASE, self._database), (BROKER, self._broker)):
                    with Round("watchdog", lambda _: None):  # what is away is told by others
                        await self._take(of, look_at())
                await asyncio.sleep(KNOWN_S if self.all_here else EVERY_S)
        finally:
            ended.set()
            await self._clients.drop()

    def _keep_looking_here(self, loop: asyncio.AbstractEventLoop, ended: threading.Event) -> None:
        """Look in a thread, which wakes nobody as long as nothing turns: a folder may be one of a server that hangs."""
        while not ended.wait(HERE_S):
            with suppress(RuntimeError):  # the loop has ended
                if self.look_here():
                    loop.call_soon_threadsafe(self._take_again)

    def look_here(self) -> bool:
        """Look again at what is known of this machine's disks, whether or not their servers answer; in any thread.

        Return whether one is full now, or is not any more. What was seen is taken in by whoever asks for `seen`.
        """
        known = dict(self._of)
        again = {of: _again(disks) for of, disks in known.items()}
        self._again = known, again
        return _spent(known) != _spent(again)

    def _take_again(self) -> None:
        if self._again is None:
            return
        (known, again), self._again = self._again, None  # a look that comes in between is lost: the next one is soon
        for of, disks in known.items():
            if self._of[of] is disks:  # the server has not told of them meanwhile
                self._keep(of, again[of])

    async def _take(self, of: str, looking: Any) -> None:
        found = [(disk, time.monotonic()) for disk in await looking]
        # a server that begins or ends answers, and tells nothing of its disks: what was seen of them stays
        self._keep(of, found or self._of.get(of, []))

    def _keep(self, of: str, found: list[_Seen]) -> None:
        spent = _spent(self._of)
        self._of[of] = found
        self.unseen = [one for one, disks in self._of.items() if not disks]
        if spent != _spent(self._of):
            self.turned()

    async def _database(self) -> list[dict[str, Any]]:
        """Return the disk of Postgres. While that is away its folder stays the one that it told."""
        if self._folder is None:
            self._folder = await self._pool.fetchval(_FOLDER) or ""
        found = await asyncio.to_thread(look, DATABASE, self._folder) if self._folder else None
        return [found] if found else []

    async def _broker(self) -> list[dict[str, Any]]:
        """Return the disks of all brokers, as each tells of its own folders. Raises the broker's errors as they are."""
        found: list[dict[str, Any] | None] = []
        try:
            admin = await self._clients.admin()
            nodes: Any = admin._client.cluster.brokers()  # noqa: SLF001 - there is no other way in
            for node in nodes:
                answer = await ask(admin, LogDirs(), node.nodeId)
                found += [await asyncio.to_thread(located, node.host, told) for told in answer.to_object()["results"]]
        except IncompatibleBrokerVersion:  # a broker that tells nothing of its disks
            return []
        except BaseException:
            await self._clients.drop()
            raise
        return [disk for disk in found if disk]


def _spent(of: _Of) -> set[str]:
    """Return which disks are full."""
    every: Iterable[_Seen] = (seen for disks in of.values() for seen in disks)
    return {f"{disk['of']} {disk['path']}" for disk, _ in every if disk["free"] < SPENT * disk["size"]}


def _again(disks: list[_Seen]) -> list[_Seen]:
    """Return disks as they are now where they are of this machine; the others as they were seen."""
    found = []
    for disk, at in disks:
        here = None if disk["device"] is None else look(disk["of"], disk["path"])
        same = here is not None and (here["device"], here["size"]) == (disk["device"], disk["size"])
        found.append(({**disk, "free": here["free"]}, time.monotonic()) if here and same else (disk, at))
    return found


def located(host: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the disk of a broker's folder; None where the broker does not say how large it is.

    Where that folder is on this machine, and of that size, the disk is the one that others see here, too.
    """
    size, free = int(told["total_bytes"]), int(told["usable_bytes"])
    if told["error_code"] or size <= 0 or free < 0:
        return None
    here = look(BROKER, told["log_dir"])
    if here is not None and here["size"] == size:
        return {**here, "free": free}
    return {"of": BROKER, "path": told["log_dir"], "host": host, "device": None, "size": size, "free": free}
