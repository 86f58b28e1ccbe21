"""A drill that goes wrong must say so: here the system is broken in ways that it cannot mend, or mends too quietly."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from gateway.verdict.kinds import Kind
from local.chaos import run as module
from local.chaos.faults.records import last_records, producer_for
from local.chaos.run import Pace, run
from local.chaos.scenarios import PLAIN, Scenario
from local.chaos.scene import Scene
from local.chaos.site import Site
from local.chaos.verdict import Thresholds, failures
from schemas import headers
from schemas.belief import seal
from schemas.process.signing import Signing
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS
from tests.support.patience import PATIENCE_S

#: A task of a plan that has all of them, that no client asks after any more, and that the watchdog has let go.
SETTLED = """
    select t.task_id from rm.task t join rm.plan p using (plan_id)
     where p.phase1 is not null and p.plan_id <> all($1::uuid[])
       and jsonb_array_length(p.phase1 -> 'tasks') = (select count(*) from rm.task o where o.plan_id = p.plan_id)
       and not exists (select 1 from flow.deadline d where d.plan_id = p.plan_id)
     limit 1
"""


async def steal_a_task(scene: Scene) -> None:
    """Delete a task of a plan with which everybody is done, and forget what was answered: it is asked for again."""
    await scene.witnesses.stop()
    assert await scene.load.pool.execute("delete from decide.idempotency where key like 'witness-%'") != "DELETE 0"
    task = None
    async with asyncio.timeout(PATIENCE_S):
        while task is None:
            await asyncio.sleep(0.1)
            task = await scene.load.pool.fetchval(SETTLED, list(scene.traffic.open))
    scene.cause(lambda: None)
    assert await scene.load.pool.execute("delete from rm.task where task_id = $1", task) == "DELETE 1"


async def bury_a_good_record(scene: Scene) -> None:
    """Make a dead letter of an approval, as a handler that fails for good would; its plan has its tasks all along."""
    brokers = scene.site.stack.env["MARKETPLACE_BROKERS"]
    records = [
        r for r in await last_records(brokers, (PLAN_EVENTS,), 200) if (headers.TYPE, b"plan.approved") in r.headers
    ]
    good = records[0]
    said = {
        headers.GROUP: "agents",
        headers.ORIG_TOPIC: good.topic,
        headers.ORIG_PARTITION: good.partition,
        headers.ORIG_OFFSET: good.offset,
        headers.ERROR_CODE: "planted",
    }
    scene.cause(lambda: None)
    async with producer_for(brokers) as producer:
        carried = [*good.headers, *((name, str(value).encode()) for name, value in said.items())]
        sealed = seal(Signing.from_env(scene.site.stack.env).own, good.key, good.value, carried)
        await producer.send_and_wait(AGENTS_DLQ, good.value, key=good.key, headers=sealed)


async def stop_the_agents(scene: Scene) -> None:
    """Stop whatever could make a Phase 1, for good."""
    names = ("worker", "watchdog", "runner")
    for name in names:
        scene.cause(lambda name=name: scene.site.stack.pause(name))  # type: ignore[misc] # the name of this turn
    for name in names:
        await asyncio.to_thread(scene.site.stack.wait_for, name, "paused", 30)


async def test_what_is_lost_or_dead_and_what_does_not_heal_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WATCHED_S", 8.0)
    monkeypatch.setattr(module, "CALM_WITHIN_S", 2.0)
    pace = Pace(rate=10.0, plans=40)
    with Site(replace(PLAIN, env=(*PLAIN.env, ("MARKETPLACE_VERIFY_PATIENCE", "2")))) as site:
        buried = await run(Scenario("bury", "", bury_a_good_record, None), site, 1, pace)
        stolen = await run(Scenario("steal", "", steal_a_task, None), site, 1, pace)
        stopped = await run(Scenario("stop", "", stop_the_agents, frozenset({Kind.ROLE_MISSING})), site, 1, pace)

    assert (buried.lost, buried.duplicated) == (0, 0)  # log and tables agree: only the dead letter tells
    assert [why for why in failures(buried, Thresholds()) if "history" in why] == []
    dead = [why for why in failures(buried, Thresholds()) if "are dead letters" in why]
    assert len(dead) == 1
    assert dead[0].startswith("1 good records are dead letters, such as agents|plan.events|")
    assert "(plan.approved, planted: " in dead[0]

    assert stolen.lost >= 1
    assert any("task" in problem and "is missing" in problem for problem in stolen.problems)
    assert f"{stolen.lost} lost" in failures(stolen, Thresholds())
    assert "the system never said that something is wrong" in failures(replace(stolen, signs={}), Thresholds())
    assert not any("dead letter" in why for why in failures(stolen, Thresholds()))
    assert any("is not linearizable" in why for why in failures(stolen, Thresholds()))
    assert min(buried.histories, stolen.histories, stopped.histories) > 40

    assert stopped.healed_s is None
    assert "did not heal" in failures(stopped, Thresholds())
    assert any("plans wait" in problem for problem in stopped.problems)
