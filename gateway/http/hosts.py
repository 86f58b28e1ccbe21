"""Refuses requests for unknown host names, so that another site's page cannot reach the gateway by DNS rebinding."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.problems.problem import Problem

#: Probes ask by address, and are told no more than that it lives.
_PROBES: Final = "/health/"


class AllowedHosts:
    """ASGI middleware: refuses requests whose Host is none of `hosts` (`name` or `name:port`); empty: takes all.

    A request with two of them is refused in any case (RFC 9112): a proxy may have gone by the other one.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = [value for name, value in scope["headers"] if name == b"host"]
        if len(said) <= 1 and (not self._hosts or scope["path"].startswith(_PROBES) or self._knows(*said)):
            await self.app(scope, receive, send)
            return
        why = "The gateway is not asked by this name: see MARKETPLACE_ALLOWED_HOSTS."
        problem = Problem("bad-request", why if len(said) <= 1 else "The request has more than one Host.")
        await problem.response(scope["path"], scope["state"]["request_id"])(scope, receive, send)

    def _knows(self, said: bytes = b"") -> bool:
        host = said.decode("latin-1").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return bool({host, name} & self._hosts)
