"""The result of an action, shown once on the page that follows it."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.ui.forms import own_path

COOKIE: Final = "flash"
#: The most rows that are listed; further ones are counted.
ROW_LIMIT: Final = 15
#: A cookie holds 4 kB, in base 64.
SIZE_LIMIT: Final = 2800


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one of many: a text, already in the reader's language, and where to look."""

    text: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Flash:
    """`tone` is done, info or fail."""

    tone: str
    text: str
    rows: list[Row] = field(default_factory=list)
    more: int = 0


def store(response: Response, flash: Flash, *, secure: bool) -> None:
    """Show `flash` on the next page of this browser; what does not fit is counted."""
    rows = [Row(row.text[:240], row.path) for row in flash.rows[:ROW_LIMIT]]
    while True:
        kept = Flash(flash.tone, flash.text[:400], rows, len(flash.rows) - len(rows))
        plain = json.dumps(asdict(kept), ensure_ascii=False, separators=(",", ":")).encode()
        if len(plain) <= SIZE_LIMIT or not rows:
            break
        rows = rows[:-1]
    text = base64.urlsafe_b64encode(plain).decode().rstrip("=")
    response.set_cookie(COOKIE, text, max_age=60, path="/", samesite="strict", httponly=True, secure=secure)


def read(request: Request) -> Flash | None:
    """Return the message that the action before this page stored; None if there is none, or it is unreadable."""
    try:
        data: Any = json.loads(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "") + "=="))
        # only paths of this site: a planted cookie must not lead elsewhere
        rows = [Row(str(r["text"]), own_path(str(r["path"]), "")) for r in data["rows"]]
        return Flash(str(data["tone"]), str(data["text"]), rows, int(data["more"]))
    except (binascii.Error, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
