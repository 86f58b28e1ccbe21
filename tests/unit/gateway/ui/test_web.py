"""Small rules of the web: addresses, cookies, lists in the URL."""

from __future__ import annotations

import base64
import json

import pytest
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from gateway.ui import flash, forms, lists, preferences


def request(cookie: str = "", language: str = "") -> Request:
    headers = [(b"cookie", cookie.encode()), (b"accept-language", language.encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers})


@pytest.mark.parametrize("path", ["/", "/plans", "/plans?status=open&q=a%20b", "/tasks/1#x"])
def test_own_paths_are_kept(path: str) -> None:
    assert forms.own_path(path, "no") == path


@pytest.mark.parametrize("path", ["", "plans", "//x", "/\\x", "/ x", "/\tx", "/a\\b", "https://x", "/a\nb"])
def test_other_addresses_are_not(path: str) -> None:
    """Nothing that a browser could take for another site."""
    assert forms.own_path(path, "no") == "no"


def test_flash_survives_the_redirect_and_is_cut() -> None:
    """A long result fits a cookie and says how much is not listed."""
    response = Response()
    said = flash.Flash("info", "x" * 1000, [flash.Row("ç" * 500, f"/plans/{n}") for n in range(40)])
    flash.store(response, said, secure=True)
    cookie = response.headers["set-cookie"]
    read = flash.read(request(cookie.partition(";")[0]))

    assert len(cookie) < 4096
    assert read is not None
    assert 0 < len(read.rows) <= flash.ROW_LIMIT
    assert len(read.rows) + read.more == 40
    assert "Secure" in cookie


@pytest.mark.parametrize(
    "said", [b"", b"[1]", b"{}", b'{"rows": [], "tone": "done", "text": "x", "more": 1e999}', b"[" * 2500]
)
def test_a_broken_flash_is_nothing(said: bytes) -> None:
    assert flash.read(request(f"flash={base64.urlsafe_b64encode(said).decode()}")) is None
    assert flash.read(request("flash=!")) is None


def test_a_planted_flash_leads_nowhere() -> None:
    """Links of a flash are of this site, whoever wrote the cookie."""
    data = {"tone": "done", "text": "x", "rows": [{"text": "a", "path": "//evil.example"}], "more": 0}
    read = flash.read(request("flash=" + base64.urlsafe_b64encode(json.dumps(data).encode()).decode()))

    assert read is not None
    assert read.rows == [flash.Row("a", "")]


def test_preferences_take_known_values_only() -> None:
    """A cookie's unknown names and values are dropped; the browser's language serves until one is chosen."""
    read = preferences.read(request("preferences=theme=dark%26language=xx%26evil=1".replace("%26", "&"), "pt"))

    assert (read.theme, read.language) == ("dark", "pt_BR")


def test_a_list_lives_in_its_url() -> None:
    """Filters are kept from link to link; another filter starts at the first page; nonsense is dropped."""
    view = lists.of_plans(
        QueryParams("status=awaiting_approval&channel=shopee&priority=urgent&q=%00a+b&cursor=abc&sort=-uploadedAt")
    )

    assert (view.status, view.channel, view.priority, view.q, view.sort) == (
        "awaiting_approval",
        "shopee",
        "",
        "a b",
        "",
    )
    assert view.url(priority="high") == "/plans?status=awaiting_approval&channel=shopee&priority=high&q=a+b"
    assert view.url(cursor="next").endswith("&cursor=next")
    assert view.narrowed
    assert lists.of_tasks(QueryParams("plan=no&view=board&status=active")).url() == "/tasks?status=active&view=board"
