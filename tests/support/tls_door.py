"""A door in front of a server that has no TLS of its own, such as the build of Postgres here: nobody passes without."""

from __future__ import annotations

import asyncio
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.patience import PATIENCE_S
from tests.support.secure_broker import certificates

HOST = "127.0.0.1"
#: What a client sends first that asks for TLS: eight bytes, as Postgres' protocol has them.
ASKS = struct.pack(">II", 8, 80877103)


@dataclass
class Door:
    """`port`: where it is; `ca`: by whom its certificate is signed. `taken` and `turned_away` count."""

    ca: Path
    port: int = 0
    taken: int = 0
    turned_away: int = 0

    def url(self, plain: str, *, user: str = "", password: str = "", ca: Path | None = None, mode: str = "") -> str:
        """Return the way through the door for a URL that leads to the server behind it."""
        scheme, _, rest = plain.partition("://")
        login, _, place = rest.rpartition("@")
        who = f"{user}:{password}" if user else login
        end = f"sslmode={mode or 'verify-full'}" + ("" if mode else f"&sslrootcert={ca or self.ca}")
        return f"{scheme}://{who}@{HOST}:{self.port}/{place.partition('/')[2]}?{end}"


@contextmanager
def tls_door(folder: Path, behind: int, *, asked: bool = True) -> Iterator[Door]:
    """Run one until the end of the block, in a thread of its own; `behind`: the server's port.

    `asked`: a client asks for TLS in the way of Postgres; else it begins with it, as one of https does.
    """
    folder.mkdir(exist_ok=True)
    ca, own = certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    door, loop, ready = Door(ca), asyncio.new_event_loop(), threading.Event()

    async def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if asked:
                if await reader.readexactly(len(ASKS)) != ASKS:
                    door.turned_away += 1
                    return
                writer.write(b"S")
                await writer.drain()
                await writer.start_tls(context)
            door.taken += 1
            inner, outer = await asyncio.open_connection(HOST, behind)
            try:
                await asyncio.gather(_pass_on(reader, outer), _pass_on(inner, writer))
            finally:
                outer.transport.abort()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the door closes; or an ssl.SSLError is an OSError: somebody who does not believe the certificate
        finally:
            writer.transport.abort()

    async def run() -> None:
        server = await asyncio.start_server(enter, HOST, 0, ssl=None if asked else context)
        door.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stopping.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await server.wait_closed()
        for _ in range(10):  # an aborted transport ends in the turns of the loop that follow
            await asyncio.sleep(0)

    stopping = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    ready.wait(60)
    try:
        yield door
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(PATIENCE_S)
        loop.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
