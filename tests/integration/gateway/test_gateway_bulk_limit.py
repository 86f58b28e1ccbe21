"""A command that names many counts as many: refused as a whole, with nothing done, until its caller may go on."""

from __future__ import annotations

from typing import get_args
from uuid import uuid4

import httpx
from starlette.routing import Route

from gateway.access.limits import Limit
from gateway.http.counting import NAMING
from gateway.http.door import Resource
from gateway.routes import api_routes
from gateway.settings import Settings
from tests.integration.gateway.gateway_running import OFF, Running, serving

BULK = "/api/marketplace/analysis/bulk"
PLANS = 20


async def test_a_command_counts_as_many_as_it_names(gateway: Running, database_url: str) -> None:
    limits = {**OFF, "commands": Limit("commands", 0.01, 2 * PLANS + 1)}
    headers = {"authorization": f"Bearer {gateway.keys['admin']}"}
    body = {"action": "reject", "reason": "test", "ids": [str(uuid4()) for _ in range(PLANS)]}
    async with (
        serving(Settings(database_url=database_url, limits=limits)) as (url, _),
        httpx.AsyncClient(base_url=url, headers=headers) as client,
    ):
        first = await client.post(BULK, json=body)
        assert (first.status_code, len(first.json()["results"])) == (200, PLANS)
        assert first.headers["ratelimit"].startswith(f'"commands";r={PLANS + 1};t=')
        assert (await client.post(BULK, json=body)).status_code == 200
        refused = await client.post(BULK, json=body)
        assert (refused.status_code, refused.json()["limit"]) == (429, "commands")
        # it named twenty, its first one was counted before the body was read, and nothing is left
        assert 100 * (PLANS - 2) <= int(refused.headers["retry-after"]) <= 100 * PLANS
        other = {"authorization": f"Bearer {gateway.keys['operator']}"}
        assert (await client.post(BULK, json=body, headers=other)).status_code == 200


async def test_a_command_that_is_refused_for_its_size_does_nothing(gateway: Running, database_url: str) -> None:
    limits = {**OFF, "commands": Limit("commands", 0.01, PLANS)}
    headers = {"authorization": f"Bearer {gateway.keys['admin']}"}
    before = await gateway.pool.fetchval("select count(*) from decide.idempotency")
    async with (
        serving(Settings(database_url=database_url, limits=limits)) as (url, _),
        httpx.AsyncClient(base_url=url, headers=headers) as client,
    ):
        body = {"action": "reject", "reason": "test", "ids": [str(uuid4()) for _ in range(PLANS)]}
        assert (await client.patch(f"{BULK[:-5]}/{uuid4()}", json={"action": "approve"})).status_code == 404
        refused = await client.post(BULK, json=body, headers={"idempotency-key": "of-a-size"})
        assert (refused.status_code, refused.json()["limit"]) == (429, "commands")
    assert await gateway.pool.fetchval("select count(*) from decide.idempotency") == before


def test_what_names_many_is_counted() -> None:
    """Each list of a body that may have more than a hundred entries has a name that is counted."""
    long = set()
    for route in api_routes():
        assert isinstance(route, Route)
        assert isinstance(route.endpoint, Resource)
        for signature in route.endpoint.signatures.values():
            for name, field in (signature.body.model_fields if signature.body else {}).items():
                most = max((getattr(one, "max_length", None) or 0 for one in field.metadata), default=0)
                lists = [one for one in (field.annotation, *get_args(field.annotation)) if str(one).startswith("list[")]
                if lists and most > 100:
                    long.add(name)
    assert long == NAMING
