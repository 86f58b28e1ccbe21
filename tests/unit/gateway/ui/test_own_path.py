"""Where a page leads after an action: to this site, whatever a cookie or a form says."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict

import pytest
from starlette.requests import Request

from gateway.ui import flash
from gateway.ui.forms import own_path

ELSEWHERE = [
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "\\\\evil.test",
    "https://evil.test",
    "x",
    "",
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_path_of_another_site_is_none(path: str) -> None:
    assert own_path(path, "/") == "/"


@pytest.mark.parametrize("path", [*ELSEWHERE, "/plans/1"])
def test_a_planted_cookie_leads_nowhere_else(path: str) -> None:
    kept = flash.Flash("done", "text", [flash.Row("row", path)])
    cookie = base64.urlsafe_b64encode(json.dumps(asdict(kept)).encode()).decode().rstrip("=")
    scope = {"type": "http", "headers": [(b"cookie", f"{flash.COOKIE}={cookie}".encode())]}
    found = flash.read(Request(scope))
    assert found is not None
    assert [row.path for row in found.rows] == ["/plans/1" if path == "/plans/1" else ""]
