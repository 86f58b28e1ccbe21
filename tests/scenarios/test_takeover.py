"""A take-over changes nothing where something has to be done first, and nothing where nothing is lacking."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from local.load import Load
from local.stack import Stack
from projections.settings import Settings
from projections.verify.verify import verify
from tests.scenarios.conftest import KEY
from tests.support.patience import PATIENCE_S
from tests.support.systems import PROCESSES, Systems, running

#: Where the servers are, which stay.
SERVERS = ("MARKETPLACE_DATABASE_URL", "MARKETPLACE_REGISTRY_URL")
#: What a take-over may change.
_STATE = """
    select (select jsonb_agg(o order by topic, partition) from rm.projection_offset o)::text
           || (select count(*) from decide.outbox where published_at is null)"""


async def taken_over(env: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """Run the command; return its status, and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "streams.takeover", "--json"),
        env={**os.environ, **env},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    said, _ = await process.communicate()
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    assert process.returncode is not None
    return process.returncode, found


async def test_it_looks_before_it_changes_anything(tmp_path: Path, systems: Systems) -> None:
    async with systems.system(tmp_path / "data", {"MARKETPLACE_BOOTSTRAP_KEY": KEY}) as stack:
        env = dict(stack.env)
        async with Load(env, KEY) as load:
            plans = await load.upload(8)
            assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == 8
            await load.approve(plans)
            await load.wait_for_tasks(plans, within_s=PATIENCE_S)
        status, said = await taken_over(env)
        assert (status, "processes are at work" in said["error"]) == (1, True), said
    connection = await asyncpg.connect(env["MARKETPLACE_DATABASE_URL"])
    try:
        before = await connection.fetchval(_STATE)
        last = 'select event_id from rm.timeline order by topic, partition, "offset" desc limit 1'
        event, other = await connection.fetchval(last), uuid4()
        rename = "update rm.timeline set event_id = $2 where event_id = $1"
        await connection.execute(rename, event, other)
        status, said = await taken_over(env)
        assert (status, "the mirror gives offsets of its own" in said["error"]) == (1, True), said
        await connection.execute(rename, other, event)

        await connection.execute("update rm.projection_offset set topic = 'elsewhere' where topic = 'goods.events'")
        status, said = await taken_over(env)
        assert (status, "has not the topics elsewhere" in said["error"]) == (1, True), said
        await connection.execute("update rm.projection_offset set topic = 'goods.events' where topic = 'elsewhere'")
        assert await connection.fetchval(_STATE) == before

        status, said = await taken_over(env)
        assert (status, said["lacked"]) == (0, 0), said
        (entry,) = await connection.fetch("select actor, after from audit.entry where action = 'system.takeover'")
        assert (entry["actor"].startswith("machine:"), json.loads(entry["after"])["lacked"]) == (True, 0)
    finally:
        await connection.close()
    assert (await taken_over({**env, "MARKETPLACE_BROKERS": "127.0.0.1:1"}))[0] == 3
    told = {name: value for name, value in env.items() if not name.endswith(("_PORT", "_URL")) or name in SERVERS}
    async with running(Stack(tmp_path / "again", PROCESSES, env=told)):
        assert (await verify(Settings.from_env(env))).problems == []
