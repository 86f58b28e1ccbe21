"""What fits a query, what a role is offered, and that a search which takes too long is said and holds nothing up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from gateway.access.roles import Principal, Role
from gateway.ui import i18n, navigation
from gateway.ui.pages import search
from gateway.ui.rendering import STATIC
from gateway.ui.routes import ui_routes
from gateway.ui.words.action_words import ACTIONS


@pytest.mark.parametrize(
    ("asked", "texts", "fits"),
    [
        ("", ("Overview",), True),
        ("over", ("Overview",), True),
        ("view", ("Overview",), False),
        ("visão", ("Visão geral", "Overview"), True),
        ("GERAL visao", ("Visão geral", "Overview"), True),
        ("geral over", ("Visão geral", "Overview"), False),
        ("---", ("Overview",), False),
        ("%", ("Overview",), False),
    ],
)
def test_every_word_has_to_begin_a_word_of_one_text(asked: str, texts: tuple[str, ...], fits: bool) -> None:
    assert search.fits(asked, *texts) is fits


async def test_what_takes_too_long_is_late_and_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PATIENCE_S", 0)

    async def never(_db: Any, _asked: str) -> list[search.Hit]:
        await asyncio.Event().wait()
        raise AssertionError

    group = await search._looked_for("plans", "Plans", never, None, "x")
    assert group == search.Group("plans", "Plans", (), late=True)


async def test_what_fails_otherwise_is_not_called_late() -> None:
    async def fails(_db: Any, _asked: str) -> list[search.Hit]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await search._looked_for("plans", "Plans", fails, None, "x")


@pytest.mark.parametrize("role", Role)
def test_a_role_is_offered_the_pages_that_it_may_open(role: Role) -> None:
    who = Principal("k", "n", role)
    request = Request({"type": "http", "state": {"principal": who}})
    offered = {hit.path for hit in search._places(request, "").hits}
    assert offered == {one.path for one in navigation.pages_for(who)}
    assert ("/audit" in offered) is (role is Role.ADMIN)


def test_each_place_that_is_offered_is_a_page_with_an_icon() -> None:
    pages = {getattr(route, "path", "") for route in ui_routes()}
    icons = (STATIC / "icons.svg").read_text("utf-8")
    places = [(one.path, one.icon) for one in ACTIONS] + [(one.path, one.icon) for one in navigation.PAGES]
    for path, icon in places:
        assert path.partition("?")[0].partition("#")[0] in pages, path
        assert f'id="{icon}"' in icons


@pytest.mark.parametrize(
    ("language", "asked", "path"),
    [
        ("en", "approve", "/plans?status=awaiting_approval&sort=uploadedAt"),
        ("en", "replay", "/letters?status=open"),
        ("en", "export excel", "/tasks.xlsx"),
        ("pt_BR", "aprovar", "/plans?status=awaiting_approval&sort=uploadedAt"),
        ("pt_BR", "exportar agenda", "/tasks.ics"),
        ("pt_BR", "stuck", "/plans?stalled=1"),
    ],
)
def test_what_can_be_done_is_found_by_the_words_of_its_buttons(language: str, asked: str, path: str) -> None:
    i18n.use(language)
    request = Request({"type": "http", "state": {"principal": Principal("k", "n", Role.ADMIN)}})
    assert path in {hit.path for hit in search._actions(request, asked).hits}
    assert not search._actions(request, f"{asked} elephant").hits
