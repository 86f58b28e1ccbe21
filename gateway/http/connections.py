"""Bounds the number of connections and the time and size of a request's head; uvicorn has no such limits.

Without any key a stranger can open connections, send half a request or an endless header, or read no answer. Each of
these is bounded here, whatever the application does. A refusal is an answer that names the limit, if it can be sent.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import resource
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import orjson
import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway.http.untaken import TAKEN_S, Watched
from gateway.problems.problem import Problem

log = structlog.get_logger("gateway")

#: Bytes of a request line and its headers together. Browsers with large cookies send 4 to 8 KiB.
HEAD_BYTES: Final = 64 * 1024
#: Seconds from the connect, or from the first byte of a later request, to the end of the headers.
HEAD_S: Final = 15.0
#: The share of the process's file descriptors that connections may use; database, broker and files need the rest.
DESCRIPTOR_SHARE: Final = 0.5
#: Seconds between two log lines about the same refusal.
LOG_EVERY_S: Final = 60.0

#: uvicorn's logger: it writes a line for each invalid request, which any stranger can send.
_UVICORN: Final = "uvicorn.error"

#: A target in absolute form, and its host, which overrides the header Host (RFC 9112, 3.2.2).
_ABSOLUTE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#@]*)")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(slots=True)
class Connections:
    """Counts connections in total and by address. `most` and `most_of_one` are the limits, `head_s` is a head's time.

    `taken_s`: the seconds within which a client has to read some of a waiting answer. Addresses of declared proxies
    count in the total only: many clients stand behind them.
    """

    most: int
    most_of_one: int
    proxies: str = ""
    head_s: float = HEAD_S
    taken_s: float = TAKEN_S
    open: int = 0
    timed: int = 0  # connections whose head is being waited for
    refused: Counter[str] = field(default_factory=Counter)
    _of: Counter[str] = field(default_factory=Counter)
    _logged: dict[str, float] = field(default_factory=dict)
    _exempt: tuple[Network, ...] = ()
    _all_exempt: bool = False

    def __post_init__(self) -> None:
        self.most = min(self.most, int(resource.getrlimit(resource.RLIMIT_NOFILE)[0] * DESCRIPTOR_SHARE))
        said = [one.strip() for one in self.proxies.split(",") if one.strip()]
        self._all_exempt = "*" in said
        self._exempt = tuple(found for one in said if (found := _network(one)) is not None)

    def take(self, address: str) -> str:
        """Count a connection; return the name of the limit that refuses it, "" for none."""
        if self.open >= self.most:
            return "connections"
        if self._of[address] >= self.most_of_one and not self._is_proxy(address):
            return "connections-of-one"
        self.open += 1
        self._of[address] += 1
        return ""

    def give_back(self, address: str) -> None:
        """Count the end of a connection that was taken."""
        self.open -= 1
        self._of[address] -= 1
        if self._of[address] <= 0:
            del self._of[address]

    def refuse(self, limit: str, address: str) -> None:
        """Count a refusal, and log it if no line said so lately."""
        self.refused[limit] += 1
        now = asyncio.get_running_loop().time()
        if now - self._logged.get(limit, -LOG_EVERY_S) >= LOG_EVERY_S:
            self._logged[limit] = now
            log.warning("a connection is refused", limit=limit, address=address, open=self.open)

    def _is_proxy(self, address: str) -> bool:
        if self._all_exempt:
            return True
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._exempt)


class Seldom(logging.Filter):
    """A filter of log lines.

    It passes a warning once in a while, however often strangers cause it, and all that is worse.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is written."""
        if record.levelno > logging.WARNING:
            return True
        due = record.created - self._said.get(str(record.msg), -LOG_EVERY_S) >= LOG_EVERY_S
        if due:
            self._said[str(record.msg)] = record.created
        return due


def protocol_of(connections: Connections) -> type[HttpToolsProtocol]:
    """Return the protocol with which uvicorn serves within these limits."""
    logger = logging.getLogger(_UVICORN)
    if not any(isinstance(one, Seldom) for one in logger.filters):
        logger.addFilter(Seldom())

    class Bounded(BoundedProtocol):
        bounds = connections

    return Bounded


class BoundedProtocol(HttpToolsProtocol):
    """One connection: it is refused, or the heads of its requests are bounded in size and time."""

    bounds: Connections
    transport: Watched
    _address = ""
    _counted = False
    _head = 0  # bytes of the head that is being read
    _behind = False  # the head is read: a header that comes now is a trailer, behind the body
    _due: asyncio.TimerHandle | None = None  # when it has to be complete; None while none is being read

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(Watched(transport, self.loop, self.bounds.taken_s, self._untaken))
        self._address = self.client[0] if self.client else ""
        limit = self.bounds.take(self._address)
        if limit:
            detail = "This server has as many connections as it takes. Try again."
            if limit == "connections-of-one":
                detail = f"Your address has {self.bounds.most_of_one} connections open, which is the limit. Close some."
            self._end(limit, Problem("unavailable", detail, headers={"Retry-After": "5"}))
            return
        self._counted = True
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_read()
        self.transport.unwatch()
        if self._counted:
            self._counted = False
            self.bounds.give_back(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._due is None and self._idle:
            self._wait_for_head()
        if self._due is not None:
            self._head += len(data)
        super().data_received(data)
        if self._due is not None and self._head > HEAD_BYTES:
            self._too_large()

    def on_message_begin(self) -> None:
        if self._due is None:  # one that follows in the same packet
            self._wait_for_head()
        self._behind = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._behind:
            self._trailer()
        else:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._head_is_read()
        self._behind = True
        if (absolute := _ABSOLUTE.match(self.url)) and sum(name == b"host" for name, _ in self.headers) <= 1:
            self.headers[:] = [*((n, v) for n, v in self.headers if n != b"host"), (b"host", absolute[1])]
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > HEAD_BYTES:
            self._too_large()
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self.transport.is_closing():
            super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.transport.watch()

    @property
    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        self._head = 0
        self.bounds.timed += 1
        self._due = self.loop.call_later(self.bounds.head_s, self._too_slow)

    def _head_is_read(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
            self.bounds.timed -= 1

    def _too_large(self) -> None:
        detail = f"The request line and its headers are larger than {HEAD_BYTES // 1024} KiB."
        self._end("head-bytes", Problem("head-too-large", detail, limit=HEAD_BYTES))

    def _trailer(self) -> None:
        # uvicorn would take a trailer for a header, whatever a proxy made of it, and keep any number of them
        if not self._idle and not self.pipeline and not self.cycle.response_started:
            self.transport.write(_written(Problem("bad-request", "Trailers, behind a body in chunks, are not taken.")))
        self._end("trailers", None)

    def _too_slow(self) -> None:
        if self._head == 0:
            self._end("head-seconds", None)  # it has asked for nothing: nobody waits for an answer
            return
        detail = f"The headers were not complete after {self.bounds.head_s:g} s."
        self._end("head-seconds", Problem("request-timeout", detail))

    def _untaken(self) -> None:
        self.bounds.refuse("answer-untaken", self._address)
        self.transport.abort()

    def _end(self, limit: str, problem: Problem | None) -> None:
        if self.transport.is_closing():
            return
        self._head_is_read()
        self.bounds.refuse(limit, self._address)
        if problem is not None and self._idle:
            self.transport.write(_written(problem))
        self.transport.close()


def _written(problem: Problem) -> bytes:
    body = orjson.dumps(problem.body())
    headers = {
        **problem.headers,
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return STATUS_LINE[problem.status] + lines.encode("latin-1") + b"\r\n" + body


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
