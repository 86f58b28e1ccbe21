"""No write of another site passes: each that is declared is tried in a browser that has signed in, page or API."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from gateway.access.csrf import FIELD, HEADER
from gateway.app import all_routes
from gateway.http.door import OPEN_PATHS, Operation
from tests.integration.gateway.gateway_running import Running, contents
from tests.integration.gateway.test_gateway_door import declared

WRITES = [one for one in declared(all_routes()) if one[1] != "GET" and one[0] not in OPEN_PATHS]
#: How another site may try it: with what in the headers, and what in the form. {own} is the browser's token.
WAYS: Final[dict[str, tuple[dict[str, str], dict[str, str]]]] = {
    "no token": ({}, {}),
    "no token, and an empty header": ({HEADER: ""}, {}),
    "another sign-in's token": ({}, {FIELD: "{other}"}),
    "another sign-in's token in the header": ({HEADER: "{other}"}, {FIELD: "{own}"}),
    "another site, which has the token": ({"sec-fetch-site": "cross-site"}, {FIELD: "{own}"}),
    "a sister site, which has the token": ({"sec-fetch-site": "same-site"}, {FIELD: "{own}"}),
    "an older browser at another site": ({"origin": "https://evil.test"}, {FIELD: "{own}"}),
    "a page without an origin": ({"origin": "null"}, {FIELD: "{own}"}),
}
_PART: Final = re.compile(r"{(\w+)}")


@pytest.fixture
async def browsers(gateway: Running) -> AsyncIterator[tuple[httpx.AsyncClient, dict[str, str]]]:
    """A browser of an admin, its token, and that of another sign-in of the same admin."""
    async with gateway.browser("admin") as own, gateway.browser("admin") as other:
        tokens = {}
        for name, browser in (("own", own), ("other", other)):
            found = re.search(r'data-csrf="([^"]+)"', (await browser.get("/plans")).text)
            assert found is not None
            tokens[name] = found[1]
        assert tokens["own"] != tokens["other"]
        yield own, tokens


def _body(operation: Operation, form: dict[str, str]) -> dict[str, Any]:
    if operation.streams:  # the token stands before the file
        return {"data": form, "files": {"file": ("s.csv", b"SKU;Valor\nA;1\n")}}
    # a form of another site can be of any of three types; a script of it can send no JSON without asking first
    return {"data": {"reason": "r", **form}} if operation.page else {"json": form}


@pytest.mark.parametrize(("path", "method", "operation"), WRITES, ids=[f"{m} {path}" for path, m, _ in WRITES])
async def test_a_write_of_another_site_is_refused_and_changes_nothing(
    gateway: Running,
    browsers: tuple[httpx.AsyncClient, dict[str, str]],
    path: str,
    method: str,
    operation: Operation,
) -> None:
    browser, tokens = browsers
    url = _PART.sub(lambda part: str(uuid4()) if part[1].endswith("_id") and part[1] != "record_id" else "x", path)
    before = await contents(gateway.pool)
    for way, (headers, form) in WAYS.items():
        shown = {name: value.format(**tokens) for name, value in headers.items()}
        if not operation.page and form.get(FIELD) == "{own}" and HEADER not in headers:
            shown[HEADER] = tokens["own"]  # where a script sends it

        answer = await browser.request(
            method, url, headers=shown, **_body(operation, {n: v.format(**tokens) for n, v in form.items()})
        )

        assert answer.status_code == 403, (way, answer.status_code, answer.text[:300])
        if not operation.page:
            assert answer.json()["type"] == "/docs#csrf", way
    assert await contents(gateway.pool) == before


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_signs_nobody_in(gateway: Running, site: str) -> None:
    """As whom it likes, to see what he does then."""
    async with gateway.client(None) as browser:
        answer = await browser.post("/login", data={"key": gateway.keys["viewer"]}, headers={"sec-fetch-site": site})
        assert (answer.status_code, len(browser.cookies)) == (403, 0)
