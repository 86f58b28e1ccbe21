"""Keys change, and signing begins, while a system lives: what was there is believed, what nobody signed is not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from local.chaos.faults.records import last_records
from local.load import Load
from local.signing_keys import keys_file
from local.stack import Stack
from projections.rebuild.build import Rebuild
from projections.settings import Settings
from projections.verify.verify import verify
from schemas import headers as h
from schemas.registry import wait_for_codec
from schemas.topics import PLAN_EVENTS, declared
from streams.provision.signing_begins import begin_belief
from streams.settings import Settings as StreamSettings
from tests.scenarios.conftest import KEY
from tests.support.forging import approval, letters, put, untouched, verified, waiting_plan
from tests.support.patience import PATIENCE_S
from tests.support.systems import PROCESSES, Systems


async def test_keys_change_without_a_stop(tmp_path: Path, systems: Systems) -> None:
    """A second key is believed by all before it signs; what the first has signed stays true."""
    keys = tmp_path / "keys"
    one, two = f"one {'01' * 32}\n", f"two {'02' * 32}\n"
    keys.write_text(one)
    env = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_SIGNING_KEYS_FILE": str(keys)}
    async with systems.system(tmp_path / "data", env) as whole, Load(whole.env, KEY) as load:
        plan = await waiting_plan(load)
        for told in (one + two, two + one):
            keys.write_text(told)
            for name in ("gateway", "worker", "runner", "projections", "pump"):
                pid = await asyncio.to_thread(whole.kill, name)
                await asyncio.to_thread(whole.wait_for, name, "ready", 60.0, pid)
        await load.approve([plan])

        assert (await load.wait_for_tasks([plan], within_s=PATIENCE_S))[plan] > 0
        signers = await signers_of(whole.env, plan)
        assert {signers[t] for t in ("plan.uploaded", "plan.analyzed")} == {"one"}
        assert {signers[t] for t in ("plan.approved", "plan.phase1.created")} == {"two"}
        report = await verify(Settings.from_env(whole.env))
        assert (report.problems, report.poison) == ([], 0)


async def signers_of(env: Mapping[str, str], plan: str) -> dict[str, str]:
    """Return event type -> id of the key that signed it, of a plan's own events."""
    records = await last_records(env["MARKETPLACE_BROKERS"], (PLAN_EVENTS,), 1000)
    own = [dict(r.headers) for r in records if r.key == plan.encode()]
    return {r[h.TYPE].decode(): r[h.SIGNATURE].decode().split(".")[0] for r in own}


async def test_what_was_there_before_signing_began_goes_on_and_nothing_later_does(
    tmp_path: Path, systems: Systems
) -> None:
    env = {**await systems.bare(), "MARKETPLACE_BOOTSTRAP_KEY": KEY}
    without_worker = [name for name in PROCESSES if name != "worker"]
    old = Stack(tmp_path / "old", without_worker, env={**env, "MARKETPLACE_SIGNING": "off"})
    await asyncio.to_thread(old.start, 120)
    async with Load(old.env, KEY) as load:
        (unread,) = await load.upload(1)  # no worker takes it up before the upgrade
        await load.wait([unread], ["analyzing"], within_s=PATIENCE_S)
    await asyncio.to_thread(old.stop)

    new = Stack(tmp_path / "new", PROCESSES, env=env)
    assert Settings.from_env({**env, **keys_of(tmp_path / "new")}).signing.mode == "require"
    noted = await begin_belief(StreamSettings.from_env({**env, **keys_of(tmp_path / "new")}))
    await asyncio.to_thread(new.start, 120)
    try:
        codec = await asyncio.to_thread(wait_for_codec, env["MARKETPLACE_REGISTRY_URL"])
        async with Load(new.env, KEY) as load:
            assert noted == sum(topic.partitions for topic in declared().values())
            assert await load.wait([unread], ["awaiting_approval"], within_s=PATIENCE_S) == 1

            forged = approval(unread)
            place = await put(new, PLAN_EVENTS, unread, codec.encode(PLAN_EVENTS, forged), h.for_event(forged, None))

            assert await letters(load, place) == {"unsigned"}
            await untouched(load, unread)
            rebuilt = await Rebuild(Settings.from_env(new.env), codec).run(check=True)
            assert rebuilt.problems == []
            assert (await verified(new)).counts == {"forged": 1}
    finally:
        await asyncio.to_thread(new.stop)


def keys_of(data: Path) -> dict[str, str]:
    return {"MARKETPLACE_SIGNING_KEYS_FILE": str(keys_file(data))}
