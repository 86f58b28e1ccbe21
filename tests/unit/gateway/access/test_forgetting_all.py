"""Who sees what has changed: nobody is remembered as he was, though he was asked for just then or listens already."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import asyncpg
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.key_text import new_key, split
from gateway.access.sign_ins import SignIns
from gateway.operations import system_changes
from gateway.operations.system_changes import Known, watch
from gateway.services.services import Services
from tests.support.patience import PATIENCE_S

KEY_ID, KEY = new_key()


class Pool:
    """A database that answers each lookup of a key or sign-in when it is let, with another team each time."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.asked = 0

    async def fetch(self, *_: Any) -> list[dict[str, Any]]:
        return [await self.fetchrow()]

    async def fetchrow(self, *_: Any) -> dict[str, Any]:
        self.asked += 1
        team = f"team {self.asked}"
        await self.may.wait()
        owner = {"person_id": "p", "handle": "ana", "person_role": "analyst", "teamed": True, "teams": [team]}
        key = {"key_id": KEY_ID, "name": "k", "role": "analyst", "secret_sha256": split(KEY)[1], "previous": ""}
        sign_in = {"csrf": "c", "expires_at": datetime.now(UTC), "sign_in_id": uuid4()}
        return owner | key | sign_in | {"lasts_s": None, "stale": False, "scopes": []}


async def test_a_key_that_was_asked_for_before_is_not_remembered_after() -> None:
    pool = Pool()
    keys = ApiKeys(cast("asyncpg.Pool", pool))
    before = asyncio.ensure_future(keys.verify(KEY))
    while not pool.asked:
        await asyncio.sleep(0)
    keys.forget_all()
    pool.may.set()
    await before

    assert pool.asked == 1
    assert keys.remembered(KEY) is None
    after = await keys.verify(KEY)
    assert after is not None
    assert (after.teams, keys.remembered(KEY)) == (("team 2",), after)


async def test_a_sign_in_that_was_asked_for_before_is_not_remembered_after() -> None:
    pool = Pool()
    sign_ins = SignIns(cast("asyncpg.Pool", pool))
    before = asyncio.ensure_future(sign_ins.verify("token"))
    await asyncio.sleep(0)
    sign_ins.forget_all()
    pool.may.set()
    await before

    later = [await sign_ins.verify("token") for _ in range(2)]
    assert [one.principal.teams for one in later if one is not None] == [("team 2",), ("team 2",)]


async def test_a_change_before_the_first_look_ends_whoever_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener may have been let in with the rights from before the change."""
    versions, ended, looked = iter((1, 2)), [], asyncio.Event()

    async def fetchval(_: str) -> int:
        return next(versions)

    async def listened() -> None:
        return

    async def look(services: Services, known: Known) -> Known:
        await system_changes.teams_changed(services, known.teams)
        looked.set()
        await asyncio.Event().wait()
        return known

    monkeypatch.setattr(system_changes, "_look", look)
    services = SimpleNamespace(
        pool=SimpleNamespace(fetchval=fetchval),
        live=SimpleNamespace(listened=listened),
        access=SimpleNamespace(forget_all=lambda: ended.append("access")),
        streams=SimpleNamespace(end_all=lambda: ended.append("streams")),
    )
    watched = asyncio.ensure_future(watch(cast("Services", services)))
    await asyncio.wait_for(looked.wait(), PATIENCE_S)
    watched.cancel()
    with suppress(asyncio.CancelledError):
        await watched
    assert ended == ["access", "streams"]
