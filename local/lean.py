"""A lean HTTP/1.1 transport for httpx: the measuring side shares cores with the system and must not be the bottleneck.

httpx' own looks through all of its connections for each request: of 64 that wait, each costs milliseconds.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import httpx

#: Answers to these have no body, whatever their head says.
_NO_BODY: Final = frozenset((204, 304))


@dataclass(frozen=True, slots=True)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def open(self) -> bool:
        return not (self.reader.at_eof() or self.writer.is_closing())

    async def exchange(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read its answer. Raises httpx.ReadError and RemoteProtocolError."""
        try:
            self.writer.write(_head(request) + request.content)
            head = await self.reader.readuntil(b"\r\n\r\n")
            status, headers = int(head[9:12]), _headers(head)
            length = 0 if status in _NO_BODY or request.method == "HEAD" else int(headers["content-length"])
            content = await self.reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError) as error:
            raise httpx.ReadError(f"the connection ended before the answer did: {error}", request=request) from error
        except (ValueError, KeyError, asyncio.LimitOverrunError) as error:
            raise httpx.RemoteProtocolError(f"an answer without a length: {error}", request=request) from error
        return httpx.Response(status, headers=headers, content=content, request=request)


class Lean(httpx.AsyncBaseTransport):
    """At most `most` kept-alive connections, one request at a time on each. For answers with a length, without TLS."""

    def __init__(self, most: int) -> None:
        self._slots = asyncio.Semaphore(most)
        self._idle: list[_Connection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer. Raises what httpx' own does: ConnectError and ConnectTimeout if nothing was sent."""
        await request.aread()
        within = request.extensions.get("timeout", {})
        async with self._slots:
            connection = await self._connected(request, within.get("connect"))
            kept = False
            try:
                async with asyncio.timeout(within.get("read")):
                    answer = await connection.exchange(request)
            except TimeoutError as error:
                raise httpx.ReadTimeout("no answer in time", request=request) from error
            else:
                if kept := answer.headers.get("connection") != "close":
                    self._idle.append(connection)
                return answer
            finally:
                if not kept:
                    connection.writer.close()

    async def _connected(self, request: httpx.Request, within: float | None) -> _Connection:
        while self._idle:
            if (idle := self._idle.pop()).open:
                return idle
            idle.writer.close()
        try:
            async with asyncio.timeout(within):
                return _Connection(*await asyncio.open_connection(request.url.host, request.url.port or 80))
        except TimeoutError as error:
            raise httpx.ConnectTimeout("not connected in time", request=request) from error
        except OSError as error:
            raise httpx.ConnectError(str(error), request=request) from error

    async def aclose(self) -> None:
        """Close the connections that are idle."""
        while self._idle:
            self._idle.pop().writer.close()


def _head(request: httpx.Request) -> bytes:
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%b: %b" % header for header in request.headers.raw]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _headers(head: bytes) -> httpx.Headers:
    pairs = (line.partition(b":") for line in head.split(b"\r\n")[1:] if line)
    return httpx.Headers([(name.strip(), value.strip()) for name, _, value in pairs])
