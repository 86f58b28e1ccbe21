"""Every page of a system that has nothing yet is shown: no plan, no task, no letter, no alert, no webhook."""

from __future__ import annotations

import httpx
import pytest

from gateway.ui.routes import ui_routes
from tests.integration.gateway.test_gateway_door import declared

#: All but the way to a company's provider, which an own test has.
PAGES = sorted(
    path
    for path, method, _ in declared(ui_routes())
    if method == "GET" and "{" not in path and not path.startswith("/login/oidc")
)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_of_a_system_without_anything_is_shown(admin: httpx.AsyncClient, path: str) -> None:
    answer = await admin.get(path, follow_redirects=True)
    assert answer.status_code == 200, answer.text[-2000:]
