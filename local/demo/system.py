"""The system that the demo works with: found where one runs, else started."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from gateway.access.api_keys import ApiKeys
from gateway.access.roles import Role
from gateway.cli.client import Client
from gateway.cli.connection import Connection, ensure_key
from gateway.cli.failures import Refused, Unreachable
from local.ports import asked_port
from local.stack import Stack, State
from local.state import ProcessState

#: Seconds for everything to come up: the first time the broker is downloaded.
START_S = 300.0
#: The demo starts slowly where the network is slow; what is waited for is said at least this often.
REMIND_S = 15.0
#: For so long the link works that the demo prints.
LINK_MINUTES = 60
UP = frozenset({"ready", "done"})

Say = Callable[[str], None]


class DemoFailed(Exception):  # noqa: N818 - it says what it is
    """Raised where the demo cannot go on; the message says why, for a person."""


@dataclass(frozen=True)
class System:
    """A system that serves. `stack` is None where somebody else had started it."""

    url: str
    key: str
    stack: Stack | None

    def client(self) -> Client:
        return Client(Connection(self.url, self.key, "demo"))


@contextmanager
def running(data_dir: Path, say: Say) -> Iterator[System]:
    """Yield a system that serves; one that was started here is stopped at the end."""
    key = ensure_key(data_dir)
    state = State.load(data_dir)
    if state is not None and state.running:
        say(f"found the system that runs already (process {state.pid})")
        yield _served(System(state.urls["dashboard"], key, None), state.env["MARKETPLACE_DATABASE_URL"])
        return
    # who asks the local system needs its key: `state.json` carries it, for its owner only
    own = {"MARKETPLACE_BOOTSTRAP_KEY": key, "MARKETPLACE_API_KEY": key}
    stack = Stack(data_dir, env=own, gateway_port=asked_port(os.environ))
    say("starting the system (the first time, the broker is downloaded)")
    stack.launch()
    try:
        _wait(stack, say)
        yield _served(System(stack.state.urls["dashboard"], key, stack), stack.env["MARKETPLACE_DATABASE_URL"])
    finally:
        if not stack.join(0):
            say("stopping everything; the data is kept")
        stack.stop()


def _wait(stack: Stack, say: Say) -> None:
    began = reminded = time.monotonic()
    told: set[str] = set()
    ready = False
    while not ready:
        ready = stack.ready  # asked before the processes are looked at, so that the last one is told of, too
        now = time.monotonic()
        for name, process in stack.state.processes.items():
            if process.status in UP and name not in told:
                told.add(name)
                reminded = now
                say(f"  {name:<12} {process.status:<6} {now - began:5.1f} s")
        if stack.failure:
            raise DemoFailed(stack.failure)
        if now - began > START_S:
            raise DemoFailed(f"not ready in {START_S:.0f} s: {_waiting(stack.state.processes)}")
        if now - reminded > REMIND_S:
            reminded = now
            say(f"  still waiting: {_waiting(stack.state.processes)}")
        time.sleep(0.05)


def _waiting(processes: dict[str, ProcessState]) -> str:
    return ", ".join(f"{name} is {one.status}" for name, one in processes.items() if one.status not in UP)


def _served(system: System, database_url: str) -> System:
    """See that the key opens the gateway, and put it into the database of one that was started without it."""
    with system.client() as client:
        try:
            client.get("/api/channels")
        except Refused as refusal:
            if refusal.status != 401:
                raise DemoFailed(f"{refusal.title}: {refusal.detail}") from None
            asyncio.run(_store_key(database_url, system.key))
            client.get("/api/channels")
        except Unreachable as failure:
            raise DemoFailed(f"{failure.title}: {failure.detail}") from None
    return system


def sign_in_link(client: Client, system: System) -> str:
    """Return a link that signs a browser in once, in the role of the system's key."""
    key_id = system.key.split("_")[1]
    made = client.send("POST", f"/api/keys/{key_id}/link", {"minutes": LINK_MINUTES})
    return f"{system.url}{made['path']}"


async def _store_key(database_url: str, key: str) -> None:
    async with asyncpg.create_pool(database_url, min_size=1, max_size=1) as pool:
        await ApiKeys(pool).ensure(key, "demo", Role.ADMIN)
