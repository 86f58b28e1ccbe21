"""Events that cannot be published, with nothing but the command line: seen, mended, and in the log in their order."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from local.signing_keys import keys_file
from projections.settings import Settings
from schemas import outbox_seal
from schemas.process.signing import KEYS_FILE, Signing
from schemas.registry import wait_for_codec
from tests.integration.cli.conftest import Marketplace
from tests.support.log_readers import reader_of
from tests.support.outbox import put_rejection, rejection
from tests.support.patience import PATIENCE_S


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that these commands need."""
    return ("gateway",)


@pytest.fixture
async def pool(marketplace: Marketplace) -> AsyncIterator[asyncpg.Pool]:
    """Connections that seal what they put in, as those of a gateway do."""
    seals = outbox_seal.session(Signing.from_env({KEYS_FILE: str(keys_file(marketplace.data_dir))}).own)
    async with asyncpg.create_pool(marketplace.database_url, min_size=0, max_size=2, server_settings=seals) as made:
        yield made


async def until(pool: asyncpg.Pool, condition: str, plan: str, within_s: float = PATIENCE_S) -> None:
    give_up = time.monotonic() + within_s
    while not await pool.fetchval(f"select bool_and({condition}) from decide.outbox where key = $1", plan):
        assert time.monotonic() < give_up, condition
        await asyncio.sleep(0.05)


def of(document: dict[str, Any], plan: str) -> list[dict[str, Any]]:
    return [one for one in document["items"] if one["planId"] == plan]


async def test_an_event_is_mended_and_goes_out_with_what_waited_behind_it(
    marketplace: Marketplace, pool: asyncpg.Pool
) -> None:
    plan = str(uuid.uuid4())
    seq = str(await put_rejection(pool, plan, 1, reason=7))
    for version in (2, 3):
        await put_rejection(pool, plan, version)
    await until(pool, "held_at is not null", plan)

    (listed,) = of(marketplace.json("outbox", "list"), plan)
    assert (str(listed["seq"]), listed["behind"], listed["version"]) == (seq, 2, 1)
    assert "reason" in listed["reason"]
    told = marketplace("outbox", "list", "--plan", plan).stdout
    assert seq in told
    assert f"plan-{plan}" in told
    assert marketplace.json("outbox", "show", seq)["data"] == rejection(plan, reason=7)
    assert '"reason": 7' in marketplace("outbox", "show", seq).stdout
    advice = marketplace.json("doctor", status=None)["recommendations"]
    assert any("marketplace outbox edit" in one for one in advice)

    edit = ("outbox", "edit", seq, "--reason", "um número", "--file", "-")
    assert "--reason" in marketplace("outbox", "edit", seq, status=2).stderr
    assert "--file" in marketplace(*edit[:-2], status=2).stderr
    refused = marketplace(*edit, said="{", status=1).stderr
    assert "not valid JSON" in refused
    assert marketplace.alone(*edit, said="{").stderr == refused  # a process of its own reads what it is given, too
    assert "not a JSON object" in marketplace(*edit, said="[]", status=1).stderr
    assert "schema" in marketplace(*edit, said=json.dumps(rejection(plan, reason=8)), status=1).stderr
    assert "stays where it was" in marketplace(*edit, said=json.dumps(rejection("other")), status=1).stderr
    assert "cannot be read" in marketplace(*edit[:-1], "/nowhere.json", status=2).stderr
    edited = marketplace.json(*edit, said=json.dumps(rejection(plan)))

    assert edited["edits"] == 1
    assert [d["path"] for d in edited["differences"]] == ["/reason"]
    await until(pool, "published_at is not null", plan)
    shown = marketplace.json("outbox", "show", seq)
    assert (shown["state"], shown["original"]) == ("published", rejection(plan, reason=7))
    assert "um número" in marketplace("outbox", "show", seq).stdout
    assert of(marketplace.json("outbox", "list", "--all"), plan) == []
    assert "in the log" in marketplace(*edit, said=json.dumps(rejection(plan, reason="s")), status=1).stderr
    assert await in_the_log(marketplace, f"plan-{plan}") == [1, 2, 3]
    assert "There is no event" in marketplace("outbox", "show", "999999999", status=1).stderr


async def in_the_log(marketplace: Marketplace, stream: str) -> list[int]:
    """Return the versions of a stream in the order in which they stand in the log."""
    env = json.loads((marketplace.data_dir / "state.json").read_text())["env"]
    settings = Settings.from_env(env)
    async with reader_of(settings, wait_for_codec(settings.registry_url)) as log:
        await log.read_to(await log.ends())
        return [version for name, version in log.expected.ids if name == stream]
