"""Gives each answer a request id, which log lines carry, too, and the security headers for browsers."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.process.log_context import Ids, LogContext

#: Scripts, styles and pictures come from this site only, none inline; no page may be framed.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # not no-referrer: browsers would then send forms with `Origin: null`
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cache-control", b"no-store"),
)
_ON_HTTPS: Final = (*SECURITY_HEADERS, (b"strict-transport-security", b"max-age=31536000"))
_GIVEN: Final = re.compile(rb"[A-Za-z0-9._:-]{1,64}")


class RequestId:
    """ASGI middleware: takes the caller's X-Request-ID if it is valid, or makes one, and returns it in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = next((v for n, v in scope["headers"] if n == b"x-request-id"), None)
        request_id = asked if asked is not None and _GIVEN.fullmatch(asked) else str(uuid4()).encode()
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id.decode()
        standard = _ON_HTTPS if scope["scheme"] == "https" else SECURITY_HEADERS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"x-request-id", request_id)]
                given = {name for name, _ in headers}
                headers += [header for header in standard if header[0] not in given]
                message["headers"] = headers
            await send(message)

        with LogContext(lambda: (_ids(scope),)):
            await self.app(scope, receive, send_with_headers)


def _ids(scope: Scope) -> Ids:
    """Return the ids of a request that are known so far: the route adds the plan's, the door the trace's."""
    state = scope["state"]
    return Ids(state["request_id"], scope.get("path_params", {}).get("plan_id"), state.get("traceparent"))
