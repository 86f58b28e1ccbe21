"""Refuses requests for unknown host names, so that another site's page cannot reach the gateway by DNS rebinding."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.problems.problem import Problem

#: Probes ask by address, and are told no more than that it lives.
_PROBES: Final = "/health/"


class AllowedHosts:
    """ASGI middleware: refuses requests whose Host is none of `hosts` (`name` or `name:port`); empty: takes all."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._hosts or scope["path"].startswith(_PROBES):
            await self.app(scope, receive, send)
            return
        host = next((v for n, v in scope["headers"] if n == b"host"), b"").decode("latin-1").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if {host, name} & self._hosts:
            await self.app(scope, receive, send)
            return
        problem = Problem("bad-request", "The gateway is not asked by this name: see MARKETPLACE_ALLOWED_HOSTS.")
        await problem.response(scope["path"], scope["state"]["request_id"])(scope, receive, send)
