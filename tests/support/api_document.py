"""The API's own document, made once for all tests that look at it: each making takes some 0.3 s of processor time."""

from __future__ import annotations

from functools import cache
from typing import Any

from gateway.app import all_routes
from gateway.http.openapi import document


@cache
def api_document() -> dict[str, Any]:
    """Return the document of all routes. Nobody changes it."""
    return document(all_routes())
