"""An event of every type, on every topic that takes it, which nobody of ours has signed: nothing comes of any."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from local.load import Load
from local.stack import Stack
from schemas import headers as h
from schemas.catalogue import newest
from schemas.events import Event
from schemas.registry import placements, wait_for_codec
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, groups
from schemas.wire import Codec, from_record
from tests.contract.golden import golden
from tests.scenarios.conftest import KEY
from tests.support.forging import letters, put, untouched, waiting_plan
from tests.support.systems import Systems

#: Who forges signs so: what comes of an event that is believed has its actor.
FORGER = "forger-7f3a1c5e"
#: Tables that tell of records that nobody believes.
TELLING = {"rm.dead_letter"}
_TABLES = """
    select table_schema || '.' || table_name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema in ('access', 'audit', 'decide', 'flow', 'rm')"""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory, systems: Systems) -> AsyncIterator[Stack]:
    env = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_LIMITS": "reads=off"}
    async with systems.system(tmp_path_factory.mktemp("kinds"), env) as whole:
        yield whole


def forged(type_: str, topic: str, plan: str) -> Event:
    """Return an event as it could be the plan's next one."""
    event = from_record(type_, dict(golden(type_, newest(type_).version).record))
    of_plan = topic in (PLAN_EVENTS, TASK_EVENTS) or topic.startswith("analysis.")
    data = {**event.data, **({"plan_id": plan} if "plan_id" in event.data else {})}
    changed: dict[str, Any] = {"event_id": str(uuid.uuid4()), "actor": FORGER, "data": data}
    if of_plan:
        changed["correlation_id"] = plan
        if event.stream.startswith("plan-"):
            changed |= {"stream": f"plan-{plan}", "version": 3}
    return replace(event, **changed)


async def traces(load: Load) -> set[str]:
    """Return the tables that have a row of the forger's."""
    names = [row[0] for row in await load.pool.fetch(_TABLES)]
    counts = {
        name: await load.pool.fetchval(f"select count(*) from {name} x where x::text like '%{FORGER}%'")
        for name in names
    }
    return {name for name, count in counts.items() if count}


async def test_an_event_of_any_type_that_nobody_signed_changes_nothing(system: Stack) -> None:
    codec: Codec = await asyncio.to_thread(wait_for_codec, system.env["MARKETPLACE_REGISTRY_URL"])
    # the agents look at what they act on alone: of the rest the projections tell
    readers = {name: next(of for of in reversed(groups()) if name in groups()[of].topics) for name, _ in placements()}
    async with Load(system.env, KEY) as load:
        plan = await waiting_plan(load)
        places: dict[str, tuple[str, str]] = {}
        for topic, type_ in placements():
            event = forged(type_, topic, plan)
            value = codec.encode(topic, event)
            place = await put(system, topic, event.correlation_id, value, h.for_event(event, None))
            places[place] = (topic, type_)
        assert len(places) > 40
        for place, (topic, type_) in places.items():
            assert await letters(load, place, [readers[topic]]) <= {"unsigned", "misplaced"}, type_
        assert await traces(load) <= TELLING
        await untouched(load, plan)
