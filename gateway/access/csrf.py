"""Accept a browser's write only if it comes from our own page with the sign-in's token."""

from __future__ import annotations

import hmac
from typing import Final

from starlette.datastructures import Headers

from gateway.access.sign_ins import SignIn
from gateway.problems.problem import Problem

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


def demand_token(sign_in: SignIn, token: object) -> None:
    """Refuse a write without the sign-in's token."""
    if not isinstance(token, str) or not hmac.compare_digest(token.encode("utf-8", "replace"), sign_in.csrf.encode()):
        raise Problem(
            "csrf",
            f"Send the sign-in's token as the header X-CSRF-Token or the form field {FIELD}: reload the page.",
        )
