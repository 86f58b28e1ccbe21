"""What all notifiers share: how a failure is told, and that no secret is told with it."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Final, Protocol

import httpx

from gateway.alerts.message import Message
from schemas.process.named import named

#: One call over HTTP.
HTTP_S: Final = 10.0
#: Where no connection is taken, on any machine.
_NOBODY: Final = "http://127.0.0.1:1/"
#: Answers that mean "later"; other refusals come again however often they are asked for.
_LATER: Final = frozenset({408, 425, 429})
#: The longest wait that a receiver can ask for.
_MOST_S: Final = 3600.0


class Failed(Exception):  # noqa: N818 - it says what it is
    """A message did not arrive. `final`: the same call would fail again; `retry_s`: when the receiver asks for it."""

    def __init__(self, why: str, *, final: bool = False, retry_s: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.final = final
        self.retry_s = retry_s


class Notifier(Protocol):
    """A way out. `gathers`: it can tell of several alerts in one message.

    `acknowledges`: it keeps incidents, and is told that somebody here has acknowledged one.
    """

    @property
    def gathers(self) -> bool: ...
    @property
    def acknowledges(self) -> bool: ...
    @property
    def secrets(self) -> tuple[str, ...]: ...
    async def send(self, message: Message) -> str:
        """Return the receiver's answer, in a few words. Raises Failed; any other exception counts as a failure, too."""
        ...


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets: libraries quote addresses, and some of these are keys."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text.replace("\0", "")


@cache
def trusted() -> ssl.SSLContext:
    """Return what certificates are believed by, read once: it takes longer than all else of a message."""
    return httpx.create_ssl_context()


async def ready() -> None:
    """Load what the first message would wait for: certificates, and what the client needs for a connection."""
    with suppress(httpx.HTTPError):
        async with httpx.AsyncClient(verify=trusted(), timeout=0.5, trust_env=False) as client:
            await client.get(_NOBODY)


async def post(url: str, content: bytes, headers: Mapping[str, str], good: Iterable[int] = range(200, 300)) -> str:
    """Post JSON; return the answer in short. Raises Failed."""
    sent = {"Content-Type": "application/json", "User-Agent": "marketplace-alerts", **headers}
    try:
        async with httpx.AsyncClient(timeout=HTTP_S, follow_redirects=False, verify=trusted()) as client:
            response = await client.post(url, content=content, headers=sent)
    except httpx.UnsupportedProtocol as error:
        raise Failed(named(error, 200), final=True) from error
    except httpx.HTTPError as error:
        raise Failed(named(error, 200)) from error
    said = " ".join(response.text.split())[:200]
    told = f"HTTP {response.status_code}" + (f": {said}" if said else "")
    if response.status_code in good:
        return told
    final = response.status_code < 500 and response.status_code not in _LATER
    raise Failed(told, final=final, retry_s=_retry_after(response))


def _retry_after(response: httpx.Response) -> float | None:
    asked = response.headers.get("retry-after", "")
    return min(float(asked), _MOST_S) if asked.isascii() and asked.isdigit() else None
