"""The phases of the priority benchmark: idle, a flood on the low lane, all lanes full, a flood of approvals."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bench.cost.difference import per_plan, spent
from bench.lanes.backlog import Backlog
from bench.lanes.figures import Spread, expected_shares, legs, shares, thinned
from bench.lanes.history import logged_ms, overtaken
from bench.lanes.pace import Begin, Bench, paced
from bench.lanes.sightings import READY, TASKS, Sample, Sightings, trace
from bench.load.approving import approve
from bench.load.connection import Connection
from local.load import Load
from schemas.topics import PLAN_EVENTS, WORK
from streams.guard.lanes import WEIGHTS

#: Most plans that one request of a bulk approval may name.
BULK: Final = 1000
WAIT_S: Final = 900.0
#: Lines of the backlog's course that are kept.
COURSE: Final = 12

UPLOAD_LEGS: Final = ("announce, relay", "worker", "analysis, relay", "projections")
UPLOAD_EVENTS: Final = ("plan.uploaded", "analysis.requested", "plan.analyzed")
#: When the client had its answer: the decision is in Postgres by then. Where its event was in the log before: that.
ANSWERED: Final = "answered"
APPROVAL_LEGS: Final = ("decide", "relay", "worker", "projections")
APPROVAL_EVENTS: Final = (ANSWERED, "plan.approved", "plan.phase1.created")


def _uploading(load: Load, sightings: Sightings) -> Begin:
    async def upload(lane: str, due: float) -> Sample:
        [plan] = await load.upload(1, priority=lane)
        return Sample(plan, lane, due, await sightings.of(plan, WAIT_S))

    return upload


async def idle_uploads(bench: Bench) -> dict[str, Any]:
    """Upload high plans at their pace on a system that has nothing else to do."""
    async with bench.load() as load, Sightings(bench.database, READY) as sightings:
        upload = _uploading(load, sightings)
        await paced(upload, ["high"], bench.every_s, lambda n: n < 10)  # warm-up
        found = await paced(upload, ["high"], bench.every_s, lambda n: n < bench.samples)
    bench.samples_of["idle"] = found
    return await _described(bench, found, UPLOAD_EVENTS, UPLOAD_LEGS, (PLAN_EVENTS, WORK["high"]))


async def flooded_uploads(bench: Bench) -> dict[str, Any]:
    """Upload high and normal plans at the same pace while a flood of low ones is announced and worked off."""
    async with (
        bench.load() as load,
        bench.load() as other,
        Sightings(bench.database, READY) as sightings,
        Backlog(bench.database, bench.brokers) as backlog,
    ):
        began, cpu = time.time(), bench.processor()

        async def flood() -> tuple[float, float]:
            bench.low = await other.upload(bench.flood, priority="low")
            announced = time.time()
            ended = await other.wait(bench.low, ["awaiting_approval"], within_s=WAIT_S)
            if ended != bench.flood:
                raise TimeoutError(f"only {ended} of {bench.flood} low plans ended")
            return announced, time.time()

        flooding = asyncio.create_task(flood())
        found = await paced(
            _uploading(load, sightings), ["high", "normal"], bench.every_s, lambda _: not flooding.done()
        )
        announced, ended = await flooding
        cost = per_plan(spent(cpu, bench.processor()), bench.flood + len(found))
        await backlog.look()
        urgent = [sample.plan for sample in found if sample.lane == "high"]
        analyzed = {
            lane: await logged_ms(load, plans, "plan.uploaded", "plan.analyzed")
            for lane, plans in (("high", urgent), ("low", bench.low))
        }
        overtook = await overtaken(load, urgent, bench.low, "plan.uploaded", "plan.analyzed")
    bench.samples_of["flood"] = found
    described = await _described(bench, found, UPLOAD_EVENTS, UPLOAD_LEGS, (PLAN_EVENTS, *WORK.values()))
    return described | {
        "low": len(bench.low),
        "announced_s": round(announced - began, 1),
        "worked_off_s": round(ended - began, 1),
        "low_per_s": round(bench.flood / (ended - began)),
        "analyzed": {lane: spread.to_dict() for lane, spread in analyzed.items()},
        "overtaken": overtook,
        "cpu_us_per_plan": {name.partition("/")[2]: round(us) for name, us in cost.items() if us >= 1},
        "backlog": thinned(backlog.series, COURSE),
    }


async def contended_lanes(bench: Bench, count: int) -> dict[str, Any]:
    """Fill every lane at once, and see who gets how much of the agents."""
    bench.stack.pause("runner")
    await asyncio.to_thread(bench.stack.wait_for, "runner", "paused", WAIT_S)
    async with bench.load() as load, Backlog(bench.database, bench.brokers) as backlog:
        plans = {lane: await load.upload(count, priority=lane) for lane in WORK}
        every = [plan for of_lane in plans.values() for plan in of_lane]
        async with asyncio.timeout(WAIT_S):
            while any(backlog.in_lane(lane) < count for lane in WORK):
                await asyncio.sleep(0.2)
        bench.stack.resume("runner")
        ended = await load.wait(every, ["awaiting_approval"], within_s=WAIT_S)
        if ended != len(every):
            raise TimeoutError(f"only {ended} of {len(every)} plans ended")
        rows = await load.pool.fetch(
            "select correlation_id from decide.outbox where type = 'plan.channel.analyzed'"
            " and correlation_id = any($1::text[]) order by seq",
            every,
        )
    lane_of = {plan: lane for lane, of_lane in plans.items() for plan in of_lane}
    done = [lane_of[row["correlation_id"]] for row in rows]
    return {
        "each": count,
        "shares": shares(done, dict.fromkeys(WORK, count)),
        "by_weight": expected_shares(WEIGHTS),
    }


async def approvals(bench: Bench) -> tuple[dict[str, Any], dict[str, Any]]:
    """Approve high plans on an idle system, then high and normal ones during a bulk approval of all low plans."""
    plans = {"idle": [sample.plan for sample in bench.samples_of["idle"]]}
    for sample in bench.samples_of["flood"]:
        plans.setdefault(sample.lane, []).append(sample.plan)
    async with (
        bench.load() as load,
        Sightings(bench.database, TASKS) as sightings,
        Backlog(bench.database, bench.brokers) as backlog,
    ):
        count = len(plans["idle"])
        idle = await paced(
            _approving(bench, plans, sightings, {"high": "idle"}), ["high"], bench.every_s, lambda n: n < count
        )
        backlog.series.clear()
        began = time.time()

        async def flood() -> tuple[float, float]:
            await _approve_in_bulk(bench, bench.low)
            decided = time.time()
            await load.wait_for_tasks(bench.low, within_s=WAIT_S)
            return decided, time.time()

        most = min(len(plans["high"]), len(plans["normal"]))
        flooding = asyncio.create_task(flood())
        found = await paced(
            _approving(bench, plans, sightings, {"high": "high", "normal": "normal"}),
            ["high", "normal"],
            bench.every_s,
            lambda n: not flooding.done() and n < most,
        )
        decided, ended = await flooding
        await backlog.look()
        urgent = [sample.plan for sample in found if sample.lane == "high"]
        phase1 = {
            lane: await logged_ms(load, of_lane, "plan.approved", "plan.phase1.created")
            for lane, of_lane in (("high", urgent), ("low", bench.low))
        }
        overtook = await overtaken(load, urgent, bench.low, "plan.approved", "plan.phase1.created")
        stalled = await _stalled(load)
    described = APPROVAL_EVENTS, APPROVAL_LEGS, (PLAN_EVENTS,)
    return await _described(bench, idle, *described), await _described(bench, found, *described) | {
        "low": len(bench.low),
        "decided_s": round(decided - began, 1),
        "worked_off_s": round(ended - began, 1),
        "low_per_s": round(len(bench.low) / (ended - began)),
        "phase1": {lane: spread.to_dict() for lane, spread in phase1.items()},
        "overtaken": overtook,
        "stalled": stalled,
        "backlog": thinned(backlog.series, COURSE),
    }


def _approving(bench: Bench, plans: Mapping[str, list[str]], sightings: Sightings, source: Mapping[str, str]) -> Begin:
    """Return what approves a plan of a lane and waits for its tasks; `source`: of whose plans each lane takes one."""

    async def one(lane: str, due: float) -> Sample:
        plan = plans[source[lane]].pop()
        connection = Connection(bench.stack.env["MARKETPLACE_URL"], bench.key)
        try:
            await approve(connection, plan)
        finally:
            connection.close()
        answered = time.time()
        return Sample(plan, lane, due, await sightings.of(plan, WAIT_S), {ANSWERED: answered})

    return one


async def _stalled(load: Load) -> dict[str, int]:
    """Return how many plans were stalled, by cause."""
    rows = await load.pool.fetch(
        "select data->>'cause' as cause, count(*) as plans from decide.outbox where type = 'plan.stalled' group by 1"
    )
    return {row["cause"]: row["plans"] for row in rows}


async def _approve_in_bulk(bench: Bench, plans: Sequence[str]) -> None:
    connection = Connection(bench.stack.env["MARKETPLACE_URL"], bench.key)
    for start in range(0, len(plans), BULK):
        body = json.dumps({"action": "approve", "ids": plans[start : start + BULK]}).encode()
        status, answer = await connection.request("POST", "/api/marketplace/analysis/bulk", body)
        refused = 0 if status != 200 else sum(one["outcome"] != "accepted" for one in json.loads(answer)["results"])
        if status != 200 or refused:
            raise RuntimeError(f"bulk approval: {status}, {refused} refused: {answer[:300]!r}")
    connection.close()


async def _described(
    bench: Bench, samples: Sequence[Sample], events: Sequence[str], names: Sequence[str], topics: Sequence[str]
) -> dict[str, Any]:
    """Return the spread of each lane, and where the way's time went: at the median, and for the slowest tenth."""
    await trace(bench.brokers, samples, topics)
    for sample in samples:
        if ANSWERED in sample.passed:
            known = [sample.passed[e] for e in events[:2] if e in sample.passed]
            sample.passed[ANSWERED] = min(known)
    of_lane: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        of_lane[sample.lane].append(sample)

    def legs_of(found: Sequence[Sample]) -> dict[str, float]:
        return legs(([s.began, *(s.passed.get(e) for e in events), s.seen] for s in found), names)

    def slowest(found: Sequence[Sample]) -> list[Sample]:
        return sorted(found, key=lambda s: s.ms)[-max(1, len(found) // 10) :]

    return {
        "latency": {lane: Spread.of(s.ms for s in found).to_dict() for lane, found in of_lane.items()},
        "legs_ms": {lane: legs_of(found) for lane, found in of_lane.items()},
        "slow_legs_ms": {lane: legs_of(slowest(found)) for lane, found in of_lane.items()},
    }
