"""Refuses requests for unknown host names, and requests that a proxy and the gateway can read in two ways.

A page of another site that reaches the gateway by DNS rebinding asks under that site's name.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.problems.problem import Problem

#: Probes ask by IP address; they learn only that the process lives.
_PROBES: Final = "/health/"
#: Headers that a request may have once. The gateway reads the first, and a proxy may have read the other.
ONCE: Final = frozenset({b"host", b"authorization", b"content-type", b"idempotency-key", b"if-match", b"x-csrf-token"})
#: Encoded slashes: routes are matched after decoding, so a proxy's rules for paths have judged another path.
_SLASHES: Final = re.compile(rb"%(?:2f|5c)", re.IGNORECASE)


class AllowedHosts:
    """ASGI middleware: refuses requests whose Host is none of `hosts` (`name` or `name:port`); empty: takes all.

    In any case it refuses a request with two headers of ONCE, one of HTTP/1.1 without a Host (RFC 9112, RFC 9110), and
    one with an encoded slash in its path.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = dict[bytes, bytes]()
        twice = b""
        for name, value in scope["headers"]:
            if name in ONCE:
                twice = name if name in said else twice
                said[name] = value
        if b"host" not in said and scope.get("http_version") == "1.1":
            await _refuse("The request has no Host.", scope, receive, send)
            return
        if _SLASHES.search(scope.get("raw_path") or b""):
            await _refuse("The path has an encoded slash, and no address here has one.", scope, receive, send)
            return
        known = not self._hosts or scope["path"].startswith(_PROBES) or self._knows(said.get(b"host", b""))
        if known and not twice:
            await self.app(scope, receive, send)
            return
        why = "The gateway is not asked by this name: see MARKETPLACE_ALLOWED_HOSTS."
        if twice:
            why = f"The request has more than one {twice.decode().title()}."
        await _refuse(why, scope, receive, send)

    def _knows(self, said: bytes) -> bool:
        host = said.decode("latin-1").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return bool({host, name} & self._hosts)


async def _refuse(why: str, scope: Scope, receive: Receive, send: Send) -> None:
    response = Problem("bad-request", why).response(scope["path"], scope["state"]["request_id"])
    await response(scope, receive, send)
