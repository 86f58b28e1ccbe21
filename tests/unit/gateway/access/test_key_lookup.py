"""However many keys strangers send, a right one waits for no more than the statements that are under way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

import asyncpg
import pytest

from gateway.access import key_lookup
from gateway.access.api_keys import ApiKeys
from gateway.access.key_lookup import KeyLookup
from gateway.access.key_text import new_key, split

KEY_ID, KEY = new_key()


class Pool:
    """A database with one key that answers each statement when it is let."""

    def __init__(self) -> None:
        self.sent: list[set[str]] = []
        self.may: list[asyncio.Event] = []
        self.fails = False

    async def fetch(self, _: str, key_ids: Sequence[str]) -> list[dict[str, Any]]:
        self.sent.append(set(key_ids))
        self.may.append(asyncio.Event())
        await self.may[-1].wait()
        if self.fails:
            raise OSError("the database is away")
        row: dict[str, Any] = {"person_id": None, "name": "k", "role": "viewer", "teamed": False, "teams": []}
        key: dict[str, Any] = {
            "key_id": KEY_ID,
            "secret_sha256": split(KEY)[1],
            "previous": "",
            "lasts_s": None,
            "stale": False,
            "scopes": [],
        }
        return [row | key] if KEY_ID in key_ids else []


@pytest.fixture
def pool() -> Pool:
    return Pool()


def keys_of(pool: Pool) -> ApiKeys:
    return ApiKeys(cast("asyncpg.Pool", pool))


async def turns() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_right_key_goes_with_the_next_statement_whatever_strangers_send(pool: Pool) -> None:
    keys = keys_of(pool)
    strangers = [asyncio.ensure_future(keys.verify(new_key()[1])) for _ in range(500)]
    await turns()
    right = asyncio.ensure_future(keys.verify(KEY))
    await turns()
    assert len(pool.sent) <= key_lookup.AT_ONCE
    for number in range(key_lookup.AT_ONCE):  # what was under way when it came
        pool.may[number].set()
        await turns()
    assert any(KEY_ID in sent for sent in pool.sent)
    for one in pool.may:
        one.set()
    await turns()
    found = right.result()

    assert found is not None
    assert await asyncio.gather(*strangers) == [None] * 500
    assert len(pool.sent) <= key_lookup.AT_ONCE + 1


async def test_many_go_by_several_statements_a_few_at_a_time(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_lookup, "MOST", 10)
    looking = KeyLookup(cast("asyncpg.Pool", pool))
    asked = [asyncio.ensure_future(looking.row_of(f"k{number}")) for number in range(35)]
    await turns()
    assert len(pool.sent) == key_lookup.AT_ONCE
    for number in range(4):
        pool.may[number].set()
        await turns()
    await asyncio.gather(*asked)
    assert [len(sent) for sent in pool.sent] == [10, 10, 10, 5]


async def test_who_asks_alone_waits_for_nobody(pool: Pool) -> None:
    keys = keys_of(pool)
    asked = asyncio.ensure_future(keys.verify(new_key()[1]))
    await turns()
    right = asyncio.ensure_future(keys.verify(KEY))
    await turns()
    pool.may[1].set()
    assert await right is not None
    pool.may[0].set()
    assert await asked is None


async def test_whoever_goes_takes_no_answer_from_the_others(pool: Pool) -> None:
    looking = KeyLookup(cast("asyncpg.Pool", pool))
    first, second = (asyncio.ensure_future(looking.row_of(KEY_ID)) for _ in range(2))
    await turns()
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    pool.may[0].set()
    assert await second is not None
    assert len(pool.sent) == 1


async def test_a_database_that_is_away_is_told_to_all_and_asked_again(pool: Pool) -> None:
    pool.fails = True
    keys = keys_of(pool)
    asked = [asyncio.ensure_future(keys.verify(key)) for key in (KEY, new_key()[1])]
    await turns()
    pool.may[0].set()
    assert [type(one) for one in await asyncio.gather(*asked, return_exceptions=True)] == [OSError] * 2
    pool.fails = False
    again = asyncio.ensure_future(keys.verify(KEY))
    await turns()
    pool.may[1].set()
    assert await again is not None


async def test_what_has_no_form_of_a_key_asks_nothing(pool: Pool) -> None:
    assert await keys_of(pool).verify("mrs_x") is None
    assert pool.sent == []


async def test_a_wrong_secret_is_told_from_a_key_that_is_none(pool: Pool) -> None:
    keys = keys_of(pool)
    asked = [asyncio.ensure_future(keys.find(key)) for key in (f"{KEY}x", new_key()[1])]
    await turns()
    pool.may[0].set()
    first = [(one.principal, one.named) for one in await asyncio.gather(*asked)]
    again = [(one.principal, one.named) for one in [await keys.find(f"{KEY}x")]]
    assert (first, again) == ([(None, True), (None, False)], [(None, True)])
