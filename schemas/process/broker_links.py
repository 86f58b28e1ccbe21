"""Connections to brokers: they notice a silent broker, and are not requested without end.

aiokafka has one patience for everything: `request_timeout_ms`. It has to be longer than the longest request, and that
is to join a group. A broker that vanished without closing its connections (a cut cable, a lost host) is waited for
just as long: the heartbeat of a group hangs, and a connection that is being opened keeps the client from others. Here

- a host has CONNECT_S to take a connection, and its broker ANSWER_S for each of the first answers,
- the kernel ends a connection whose other end has acknowledged nothing for SILENT_S, with requests under way or not;
  a slow answer is not silence: the kernel of a living host acknowledges what its broker has not read yet,
- a broker that could not be reached is left alone for a moment, longer each time, LEFT_ALONE_S at most.
"""

from __future__ import annotations

import asyncio
import socket
import time
from functools import wraps
from typing import Any, Final, Protocol

CONNECT_S: Final = 2.0
#: Longer: a broker that has just been started, on a machine with much to do, takes its time.
ANSWER_S: Final = 5.0
SILENT_S: Final = 3.0
#: After the first failure; doubled with each one that follows.
LEFT_ALONE_FIRST_S: Final = 0.05
LEFT_ALONE_S: Final = 0.5
#: Who asks for a broker that is left alone waits so long before the refusal, at most: a client that has no other one
#: would ask at once again. Its other connections are not opened meanwhile, so it is short.
PAUSE_S: Final = 0.1

_MENDED: Final = "_marketplace_links"


class Host(Protocol):
    """The methods and attributes of aiokafka.conn.AIOKafkaConnection that are used here."""

    host: str
    port: int
    _request_timeout: float
    _answer_within: float  # ours
    _writer: Any

    async def connect(self) -> Any: ...

    async def _do_version_lookup(self) -> Any:
        """Ask the first question, once the host has taken the connection."""


class Reach:
    """Which brokers could not be reached lately. Shared by the clients of a process, also those in other threads."""

    def __init__(self) -> None:
        self._failed: dict[tuple[str, int], tuple[float, float]] = {}  # left alone for, until when (monotonic)

    def left_alone(self, host: str, port: int) -> float:
        """Return for how many seconds a broker is still not to be asked; 0 for one that may be."""
        _, until = self._failed.get((host, port), (0.0, 0.0))
        return max(0.0, until - time.monotonic())

    def failed(self, host: str, port: int) -> None:
        """Note that it could not be reached."""
        before, _ = self._failed.get((host, port), (0.0, 0.0))
        pause = min(max(LEFT_ALONE_FIRST_S, 2 * before), LEFT_ALONE_S)
        self._failed[host, port] = pause, time.monotonic() + pause

    def reached(self, host: str, port: int) -> None:
        """Forget its failures."""
        self._failed.pop((host, port), None)


def mend(connection: type[Host]) -> Reach:
    """Make `connection` (aiokafka.conn.AIOKafkaConnection) behave so, in the whole process; once, however often asked.

    Connections that cannot be opened raise OSError or TimeoutError, as before.
    """
    known: Reach | None = vars(connection).get(_MENDED)
    if known is not None:
        return known
    reach = Reach()
    plain, plain_lookup = connection.connect, connection._do_version_lookup  # noqa: SLF001 - there is no other way in

    @wraps(plain)
    async def connect(self: Host) -> Any:
        left = reach.left_alone(self.host, self.port)
        if left:
            await asyncio.sleep(min(left, PAUSE_S))
            raise ConnectionError(f"{self.host}:{self.port} could not be reached, and is left alone for a moment")
        requests_take = self._request_timeout
        self._request_timeout = min(CONNECT_S, requests_take)
        self._answer_within = min(ANSWER_S, requests_take)
        try:
            opened = await plain(self)
        except Exception:
            reach.failed(self.host, self.port)
            raise
        finally:
            self._request_timeout = requests_take
        reach.reached(self.host, self.port)
        return opened

    @wraps(plain_lookup)
    async def first_question(self: Host) -> Any:
        hear(self._writer.get_extra_info("socket"))
        self._request_timeout = self._answer_within
        return await plain_lookup(self)

    connection.connect = connect  # type: ignore[method-assign] # that is the point
    connection._do_version_lookup = first_question  # type: ignore[method-assign] # noqa: SLF001 - as above
    setattr(connection, _MENDED, reach)
    return reach


def hear(link: Any) -> None:
    """Let the kernel end a TCP connection whose other end is silent. Where it cannot be told so, nothing changes."""
    if link is None or link.family not in (socket.AF_INET, socket.AF_INET6):
        return
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", 1),  # asked after a second without a word, and each second from then on
        ("TCP_KEEPINTVL", 1),
        ("TCP_KEEPCNT", int(SILENT_S)),
        ("TCP_USER_TIMEOUT", int(SILENT_S * 1000)),
    ):
        number = getattr(socket, option, None)  # not every system has all of them
        if number is not None:
            link.setsockopt(socket.IPPROTO_TCP, number, value)
