"""Hostile clients, in a process of their own: `python -m bench.crowd.hostile KIND URL KEY`, until its input ends.

It prints a line of JSON when it has begun, and one at its end: what it did, and how it was answered.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import uvloop

from bench.load.connection import Connection
from bench.load.documents import MEDIA, form
from gateway.access.limits import DEFAULT_LIMITS

#: How many times its limit of reads the client asks for.
TIMES: Final = 50
READS: Final = 64
SLOW: Final = 1000
#: Slow connections come from so many addresses of this machine, else the share of one address would end the attack.
ADDRESSES: Final = 5
#: Seconds between two bytes of a slow connection.
BYTE_S: Final = 1.0
DOCUMENTS: Final = 10
#: Rows of a slow document: reading it takes seconds of processor time.
ROWS: Final = 400_000
PATH: Final = "/api/marketplace/analysis?limit=20"
Counts = Counter[str]
#: How a connection tells that it has ended; uvloop says so by a RuntimeError where that happens while it is written to.
ENDED: Final = (OSError, asyncio.IncompleteReadError, RuntimeError)


async def requests(url: str, key: str, counts: Counts) -> None:
    """Read at 50 times the limit of one key, over 64 connections."""
    await _flood(url, counts, lambda _: f"Authorization: Bearer {key}")


async def wrong_keys(url: str, _: str, counts: Counts) -> None:
    """Guess keys from one address as fast as that, each another one."""
    await _flood(url, counts, _guess)


async def wrong_keys_of_many(url: str, _: str, counts: Counts) -> None:
    """Guess keys through a proxy that is known, which says of each request that it is from another address."""
    await _flood(url, counts, lambda n: f"{_guess(n)}\r\nX-Forwarded-For: {address_of(n)}")


def address_of(number: int) -> str:
    """Return an address of its own for each request, of a network that is nobody's."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _guess(number: int) -> str:
    return f"Authorization: Bearer mrs_{number:012x}_{'A' * 43}"


async def _flood(url: str, counts: Counts, head_of: Callable[[int], str]) -> None:
    """Read at 50 times the limit of one key, over 64 connections, the n-th time with the n-th head."""
    rate = DEFAULT_LIMITS["reads"].rate * TIMES
    began, sent = time.monotonic(), 0

    async def one() -> None:
        nonlocal sent
        connection = Connection(url, "")
        while True:
            sent += 1
            connection.head = head_of(sent)
            await asyncio.sleep(max(0.0, began + sent / rate - time.monotonic()))
            try:
                status, _ = await connection.request("GET", PATH)
            except ENDED:
                counts["closed"] += 1
                connection.close()
                continue
            counts[str(status)] += 1

    await asyncio.gather(*(one() for _ in range(READS)))


async def connections(url: str, _: str, counts: Counts) -> None:
    """Hold 1,000 connections that send a byte of a request's head each second; one that is closed begins anew."""
    parts = urlsplit(url)

    async def one(number: int) -> None:
        local = (f"127.0.0.{number % ADDRESSES + 2}", 0)
        while True:
            try:
                reader, writer = await asyncio.open_connection(parts.hostname, parts.port, local_addr=local)
            except OSError:
                counts["refused"] += 1
                await asyncio.sleep(BYTE_S)
                continue
            counts["opened"] += 1
            said = b"GET / HTTP/1.1\r\nX-Slow: "
            while not reader.at_eof() and not writer.is_closing():
                try:
                    writer.write(said)
                    async with asyncio.timeout(BYTE_S):
                        await reader.read(4096)
                except TimeoutError:
                    said = b"a"
                except ENDED:
                    break
            counts["closed"] += 1
            writer.close()

    await asyncio.gather(*(one(number) for number in range(SLOW)))


async def documents(url: str, key: str, counts: Counts) -> None:
    """Have ten slow documents read at a time, over and over."""
    body = form(0, ROWS)

    async def one() -> None:
        connection = Connection(url, key)
        while True:
            try:
                status, _ = await connection.request("POST", "/api/marketplace/analysis/upload/preview", body, MEDIA)
            except ENDED:
                counts["closed"] += 1
                connection.close()
                continue
            counts[str(status)] += 1
            await asyncio.sleep(0.1)

    await asyncio.gather(*(one() for _ in range(DOCUMENTS)))


KINDS: Final[dict[str, Callable[[str, str, Counts], Awaitable[None]]]] = {
    "requests": requests,
    "wrong keys": wrong_keys,
    "wrong keys of many": wrong_keys_of_many,
    "connections": connections,
    "documents": documents,
}


async def _attack(kind: str, url: str, key: str) -> None:
    counts: Counts = Counter()
    attack = asyncio.ensure_future(KINDS[kind](url, key, counts))
    print(json.dumps({"begun": kind}), flush=True)
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await asyncio.wait({attack, ended}, return_when=asyncio.FIRST_COMPLETED)
    if attack.done():
        attack.result()
    attack.cancel()
    print(json.dumps(counts), flush=True)


def main() -> None:
    """Attack until the input ends."""
    kind, url, key = sys.argv[1:]
    uvloop.run(_attack(kind, url, key))


if __name__ == "__main__":
    main()
