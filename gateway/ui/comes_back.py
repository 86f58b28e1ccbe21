"""A refused form comes back with what the person wrote: the page that it stands on is the answer, not a redirect to it.

Scripts of the pages send a form without leaving its page, so they keep what was written themselves and are redirected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.ui.filled import filled
from gateway.ui.flash import Flash
from gateway.ui.forms import own_path

#: A request with this header gets the inside of <main> and no frame: what the live update puts in place.
PART_HEADER: Final = "x-part"
#: Headers of a form, which the look at its page has not.
_OF_A_BODY: Final = frozenset({b"content-type", b"content-length", b"transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: where it was sent to, what was written in it, and what is said of it."""

    action: str
    written: Sequence[tuple[str, str]]
    said: Flash

    @property
    def page(self) -> str:
        """The address of the page that it was sent from; "" if it does not say."""
        return own_path(next((value for name, value in self.written if name == "back"), ""), "")

    def in_page(self, page: str) -> str:
        """Return the page with what was written in its form."""
        return filled(page, self.action, self.written)


def refused(request: Request, said: Flash) -> Refused | None:
    """Return the form that this request sent, where a person's browser waits for a page; else None."""
    written = getattr(request.state, "written", None)
    asks = "text/html" in request.headers.get("accept", "") and PART_HEADER not in request.headers
    return Refused(request.url.path, written, said) if written and asks and request.method == "POST" else None


def which(request: Request) -> Refused | None:
    """Return the refused form that a page is made for; None for a page that somebody asked for."""
    found: Refused | None = getattr(request.state, "refused", None)
    return found


class ComesBack(Response):
    """Answers with one of our pages, as if its address had been asked for, and with the refused form in it."""

    def __init__(self, address: str, form: Refused) -> None:
        super().__init__(status_code=422)
        self._address = address
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, _, query = self._address.partition("#")[0].partition("?")
        there: Scope = {
            **scope,
            "method": "GET",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "path_params": {},
            "headers": [one for one in scope["headers"] if one[0] not in _OF_A_BODY],
            "state": {**scope["state"], "refused": self._form, "unread": False},
        }
        # the door of that page checks who asks; what is around all pages is around this answer already
        await scope["router"](there, receive, send)
