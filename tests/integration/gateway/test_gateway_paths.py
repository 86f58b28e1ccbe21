"""An address has one way to be written: what a proxy may take for another one leads nowhere."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_smuggling import answered


async def asked(gateway: Running, target: str, accept: str = "*/*") -> tuple[int, str]:
    """Ask for a target as it is written; return status and answer."""
    key = gateway.keys["admin"]
    head = f"GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nAccept: {accept}\r\n"
    said = (await answered(gateway, f"{head}Connection: close\r\n\r\n".encode())).decode()
    return int(said.split()[1]), said.partition("\r\n\r\n")[2]


@pytest.mark.parametrize("slash", ["%2F", "%2f", "%5C", "%5c"])
@pytest.mark.parametrize(
    "target", ["/api{}tasks", "/{}api/tasks", "/api/tasks{}", "/health{}live", "/static{}app.js", "/login{}oidc"]
)
async def test_an_encoded_slash_leads_nowhere(gateway: Running, target: str, slash: str) -> None:
    status, said = await asked(gateway, target.format(slash))

    assert (status, "encoded slash" in said) == (400, True)


async def test_no_way_to_a_plan_or_a_page_is_beside_the_door(gateway: Running) -> None:
    """The shortcut to one plan, and pages, are asked as all others."""
    plan_id: UUID = await seed.add_plan(gateway.pool)
    assert (await asked(gateway, f"/api/marketplace/analysis/{plan_id}"))[0] == 200
    for target in (f"/api/marketplace%2Fanalysis/{plan_id}", f"/plans%2F{plan_id}", f"/plans/{plan_id}%2Fhistory"):
        assert (await asked(gateway, target, "text/html"))[0] == 400, target


@pytest.mark.parametrize(
    "target",
    [
        "//api/tasks", "/api//tasks", "/api/tasks/", "/api/./tasks", "/./api/tasks", "/api/x/../tasks",
        "/x/../api/tasks", "/api/%2e%2e/api/tasks", "/api/%2E/tasks", "/api/tasks.", "/api/tasks;a=b", "/api;a/tasks",
        "/api/..;/api/tasks", "/API/tasks", "/api/tasks%00", "/api/tasks%20", "/api/%C0%AFtasks", "/api%252Ftasks",
        "//tasks", "/tasks/.", "/tasks;x", "/./tasks",
    ],
)  # fmt: skip
async def test_what_only_looks_like_an_address_is_none(gateway: Running, target: str) -> None:
    assert (await asked(gateway, target))[0] == 404


async def test_a_letter_may_be_encoded_and_the_door_is_the_same(gateway: Running) -> None:
    """By RFC 3986 it is the same address; a proxy knows that, too."""
    assert (await asked(gateway, "/%61pi/tasks"))[0] == 200
    said = await answered(gateway, b"GET /%61pi/tasks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 401 ")
