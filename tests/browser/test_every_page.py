"""Axe looks at every page that there is: a new one cannot be forgotten."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import Match, Route

from gateway.http.door import Resource
from gateway.ui.routes import ui_routes
from tests.browser.test_pages import PAGES

HERE = Path(__file__).parent
#: Pages that another test opens, for they need more than rows: the file in which axe looks at them.
ELSEWHERE = {
    "/retries": "test_letters",
    "/letters": "test_letters",
    "/letters/{record_id}": "test_letters",
    "/letters/dry-run": "test_letters",
    "/letters/jobs/{job_id}": "test_replays",
    "/set-aside/{seq}": "test_every_alert",
    "/alerts": "test_alerts",
    "/alerts/{alert_id}": "test_alerts",
    "/system": "test_system",
    "/system/says": "test_system_says",
    "/tasks/{task_id}/menu": "test_row_menus",
}
#: What answers to GET and is no page: it leads on, or is a file.
LEADS_ON = {
    *("/login/oidc", "/login/oidc/back", "/login/oidc/leave", "/dead"),
    *("/plans/{plan_id}/phase1", "/tasks/{task_id}/text"),
    *("/letters/{record_id}/edit", "/set-aside/{seq}/edit", "/set-aside/{seq}/removal"),
}
FILES = (".csv", ".xlsx", ".json", ".ics")


def _pages() -> dict[str, Route]:
    """Return the pages by path."""
    routes = [route for route in ui_routes() if isinstance(route, Route)]
    return {
        route.path: route
        for route in routes
        if isinstance(route.app, Resource) and "GET" in route.app.operations and not route.path.endswith(FILES)
    }


def _looked_at(routes: dict[str, Route]) -> set[str]:
    found = set()
    for address in PAGES.values():
        scope = {"type": "http", "path": address.partition("?")[0], "method": "GET", "headers": []}
        found |= {next(path for path, route in routes.items() if route.matches(scope)[0] is not Match.NONE)}
    return found


def test_axe_looks_at_every_page() -> None:
    routes = _pages()
    looked_at = _looked_at(routes)
    assert set(routes) - looked_at - set(ELSEWHERE) - LEADS_ON == set()
    assert set(ELSEWHERE) | LEADS_ON <= set(routes)
    assert not set(ELSEWHERE) & looked_at
    for file in ELSEWHERE.values():
        assert "violations" in (HERE / f"{file}.py").read_text("utf-8"), file
