"""Pages show to a sign-in of a limited key what its scopes permit, and all of that; they say what it is limited to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.routing import Match

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.app import all_routes
from gateway.http.door import Resource
from tests.browser.conftest import Opener, Site
from tests.browser.test_pages import PAGES, ROLES
from tests.support.patience import PATIENCE_S

_SHOWN = [path for name, path in PAGES.items() if ROLES.get(name, "analyst") is not None]
_ROUTES = [route for route in all_routes() if isinstance(getattr(route, "endpoint", None), Resource)]


class _Forms(HTMLParser):
    """The addresses that the forms of a page post to, by form and by button."""

    def __init__(self) -> None:
        super().__init__()
        self.actions: set[str] = set()
        self._ids: dict[str, str] = {}
        self._in: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag == "form":
            self._in = of.get("action") if of.get("method") == "post" else None
            if self._in is not None and of.get("id"):
                self._ids[of["id"] or ""] = self._in
        elif tag == "button" and of.get("type") != "button":
            led = of.get("formaction") or self._ids.get(of.get("form") or "", self._in)
            if led:
                self.actions.add(led)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None


def _door(action: str) -> Any:
    """Return the door's resource where a form is posted to."""
    scope = {"type": "http", "method": "POST", "path": action.partition("?")[0], "headers": []}
    for route in _ROUTES:
        if route.matches(scope)[0] is not Match.NONE:
            return route.endpoint  # type: ignore[attr-defined]
    raise AssertionError(f"a form leads nowhere: {action}")


def _needed(door: Any) -> KeyScope | None:
    return door.scopes[door.operations["POST"]]  # type: ignore[no-any-return]


@asynccontextmanager
async def signed_in(site: Site, *scopes: KeyScope, role: Role = Role.ADMIN) -> AsyncIterator[httpx.AsyncClient]:
    made = await site.services.access.keys.create(f"limited {uuid4()}", role, "test", scopes=scopes)
    async with httpx.AsyncClient(base_url=site.url, timeout=PATIENCE_S) as browser:
        assert (await browser.post("/login", data={"key": made.key})).status_code == 303
        yield browser


_Shown = dict[str, dict[str, KeyScope | None]]


async def _shown(browser: httpx.AsyncClient) -> _Shown:
    """Return what can be posted from each page that can be opened, and of which scope it is."""
    found: _Shown = {}
    for path in _SHOWN:
        answer = await browser.get(path)
        if answer.status_code == 200:
            forms = _Forms()
            forms.feed(answer.text)
            found[path] = {_door(action).path: _needed(_door(action)) for action in forms.actions}
    return found


@pytest.fixture(scope="module")
async def all_of_it(site: Site) -> _Shown:
    async with signed_in(site) as browser:
        found = await _shown(browser)
    assert set(found) == set(_SHOWN)
    assert {scope for scopes in found.values() for scope in scopes.values()} == {None, *KeyScope}
    return found


@pytest.mark.parametrize("scope", list(KeyScope))
async def test_buttons_are_those_that_the_door_lets_pass(site: Site, all_of_it: _Shown, scope: KeyScope) -> None:
    async with signed_in(site, KeyScope.READ, scope) as browser:
        found = await _shown(browser)
    may = (None, KeyScope.READ, scope)
    for path, posted in found.items():
        assert posted == {to: needed for to, needed in all_of_it[path].items() if needed in may}, path
    assert {"/", "/plans", "/tasks"} <= set(found)


async def test_the_page_says_what_the_key_is_limited_to_and_leads_to_no_page_that_it_may_not_open(
    site: Site, opened: Opener
) -> None:
    async with signed_in(site, KeyScope.READ, KeyScope.TASKS) as browser:
        page = await browser.get("/plans")
        assert "by a key that is limited to reading, working on tasks" in " ".join(page.text.split())
        for path in ("/audit", "/keys", "/people", "/webhooks"):
            assert f'href="{path}"' not in page.text
        refused = await browser.get("/keys")
        assert refused.status_code == 403
        assert "The key that you signed in with is limited" in refused.text
        found = await browser.get("/search")
        assert "Upload a document" not in found.text


async def test_a_key_that_cannot_read_signs_out(site: Site) -> None:
    async with signed_in(site, KeyScope.UPLOAD) as browser:
        refused = await browser.get("/plans")
        assert refused.status_code == 403
        token = refused.text.split('name="csrf_token" value="')[1].split('"')[0]
        assert (await browser.post("/logout", data={"csrf_token": token})).status_code == 303
        assert (await browser.get("/plans")).status_code == 303, "to the login page"
