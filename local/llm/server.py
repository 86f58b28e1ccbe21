"""Runs the stand-in inside this process, on a real socket, in a thread of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from typing import Self

import uvicorn

from .app import Script, Served, create_app

_START_S = 10.0


class StandInAgent:
    """A stand-in chat server: `with StandInAgent(["status:500", "good"]) as agent: agent.base_url`.

    The behaviours answer one request each, in order; the last one stays.
    """

    def __init__(self, behaviours: Sequence[str] = ("good",), *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._script = Script()
        self._script.set(behaviours)
        self._socket = socket.create_server((host, port))
        self._host, self.port = host, int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            create_app(self._script), log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True, name="stand-in-agent"
        )

    @property
    def base_url(self) -> str:
        """Return the address that OPENAI_BASE_URL has to name."""
        return f"http://{self._host}:{self.port}/v1"

    @property
    def served(self) -> list[Served]:
        """Return the requests so far, oldest first."""
        return list(self._script.journal)

    def behave(self, *behaviours: str) -> None:
        """Replace the script and forget the requests so far."""
        self._script.set(behaviours)
        self._script.journal.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        ends_at = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > ends_at:
                raise RuntimeError("the stand-in agent did not start")
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(_START_S)
        self._socket.close()
