"""The last admin cannot be removed, whether it is a person or a key: one rule holds for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.key_changes import Change
from gateway.access.last_admin import LastAdmin
from gateway.access.people import Change as PersonChange
from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from tests.integration.gateway.gateway_running import Running, one_row


@pytest.fixture
async def no_admin(gateway: Running) -> AsyncIterator[None]:
    """Leave no other admin key without an end; afterwards the earlier ones are restored."""
    others = await gateway.pool.fetch(
        "update access.api_key set role = 'operator' where role = 'admin' returning key_id"
    )
    yield
    await gateway.pool.execute("update access.api_key set role = 'viewer' where role = 'admin'")
    ids = [row["key_id"] for row in others]
    await gateway.pool.execute("update access.api_key set role = 'admin' where key_id = any ($1)", ids)


@pytest.mark.parametrize("way", ["end", "demote", "revoke", "give"])
async def test_the_last_admin_cannot_lock_everybody_out(gateway: Running, no_admin: None, way: str) -> None:
    """If a person has the last admin key, the person cannot be ended or demoted, nor the key revoked or given away."""
    people, keys, by = People(gateway.pool), ApiKeys(gateway.pool), Who("test")
    handle, other = (f"root.{uuid4().hex[:8]}" for _ in range(2))
    await people.make(New(handle, "Root", Role.ADMIN), by)
    await people.make(New(other, "Other", Role.VIEWER), by)
    key = await keys.create("laptop", Role.ADMIN, "test", person=handle)

    async def away() -> object:
        match way:
            case "end":
                return await people.end(handle, by)
            case "demote":
                return await people.change(handle, PersonChange(role=Role.OPERATOR), by)
            case "revoke":
                return await keys.revoke(key.key_id, "test")
        return await keys.change(key.key_id, Change(person=other), "test")

    with pytest.raises(LastAdmin):
        await away()
    assert (await one_row(gateway.pool, "select ended_at, role from access.person where handle = $1", handle))[
        "role"
    ] == "admin"
    assert await ApiKeys(gateway.pool).verify(key.key) is not None
    await keys.create("another", Role.ADMIN, "test")
    assert await away()


async def test_an_admin_by_link_alone_keeps_no_door_open(gateway: Running, no_admin: None) -> None:
    people, keys, by = People(gateway.pool), ApiKeys(gateway.pool), Who("test")
    await people.make(New(f"root.{uuid4().hex[:8]}", "Root", Role.ADMIN), by)
    last = await keys.create("last", Role.ADMIN, "test")
    with pytest.raises(LastAdmin):
        await keys.revoke(last.key_id, "test")


async def test_the_refusal_says_what_to_do(gateway: Running, no_admin: None) -> None:
    handle = f"root.{uuid4().hex[:8]}"
    await People(gateway.pool).make(New(handle, "Root", Role.ADMIN), Who("test"))
    key = await ApiKeys(gateway.pool).create("laptop", Role.ADMIN, "test", person=handle)
    async with gateway.bearer(key.key) as root:
        refused = await root.delete(f"/api/people/{handle}")
    assert (refused.status_code, refused.json()["currentStatus"]) == (409, "last-admin")
    assert "Make another one first" in refused.json()["detail"]
