"""Writes from a browser: only from our own pages, with the session's token."""

from __future__ import annotations

import hmac
from typing import Final

from starlette.datastructures import Headers

from gateway.access.sessions import Session
from gateway.problems import Problem

HEADER: Final = "x-csrf-token"
FIELD: Final = "csrf_token"


def demand_same_origin(headers: Headers) -> None:
    """Refuse a write that another site started. Browsers say where a request comes from; other clients don't."""
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    foreign = site is not None and site not in ("same-origin", "none")
    if origin is not None and site is None:
        foreign = origin.partition("://")[2] != headers.get("host")
    if foreign:
        raise Problem("csrf", "This request was started by another site.")


def demand_token(session: Session, token: object) -> None:
    """Refuse a write without the session's token."""
    if not isinstance(token, str) or not hmac.compare_digest(token.encode("utf-8", "replace"), session.csrf.encode()):
        raise Problem(
            "csrf",
            f"Send the session's token as the header X-CSRF-Token or the form field {FIELD}: reload the page.",
        )
