"""Style sheets, scripts and icons: kept by browsers for ever under their content's hash."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class HashedFiles(StaticFiles):
    """A file asked for with its hash (`?v=`) never changes; without it the browser asks again each time."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        scope: Scope = args[2] if len(args) > 2 else kwargs["scope"]
        hashed = b"v" in parse_qs(scope.get("query_string", b""))
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response
