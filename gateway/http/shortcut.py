"""Routes the most frequent requests, those for one resource by its id, without a search in the list of routes."""

from __future__ import annotations

import re
from typing import Final

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from schemas.events import ID_TEXT

#: The form of ids, as the door takes them; any other text is another address, or is refused at the door.
_ID: Final = re.compile(ID_TEXT)


class Shortcut:
    """ASGI middleware: passes `<path before the id>/<id>` straight to the resource of a route, all else to the routes.

    Only an id takes the shortcut, so it hides no route that is declared earlier. The resource answers its own failures;
    an unexpected one is answered further out.
    """

    def __init__(self, app: ASGIApp, route: Route) -> None:
        before, _, name = route.path.removesuffix("}").partition("/{")
        if not name.isidentifier() or not route.path.endswith("}"):
            raise ValueError(f"{route.path} does not end with its one parameter")
        self.app = app
        self._before, self._name, self._there = before, name, route.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            before, _, given = scope["path"].rpartition("/")
            if before == self._before and _ID.fullmatch(given):
                scope["path_params"] = {self._name: given}
                await self._there(scope, receive, send)
                return
        await self.app(scope, receive, send)
