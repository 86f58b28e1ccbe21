"""Runs one scenario on one system: load, fault at a random moment, calm, verification."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.verdict.words.terms import ROLES
from local.chaos.contents import differences
from local.chaos.dead_letters import DeadLetter, discard_poison, letters, only_poison_is_given_up
from local.chaos.scenarios import Scenario
from local.chaos.scene import Scene
from local.chaos.signs import Signs
from local.chaos.site import Site
from local.chaos.timeline import way
from local.chaos.traffic import Traffic
from local.chaos.verdict import Outcome
from local.chaos.witnesses import Witnesses
from local.load import Load
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.process.database_away import DATABASE_FAILS

#: The system is given so long to be well before anything is broken, in seconds.
WELL_WITHIN_S = 60.0
#: It is watched for so long after a fault: beyond the threshold, so that the table tells how far beyond it was.
WATCHED_S = 90.0
LOOK_S = 0.05
#: What is well stays so for this long. In the moment after a kill nobody knows of it yet, and all seems to be well.
STEADY_S = 1.0
#: Retries may take their longest tier twice.
CALM_WITHIN_S = 90.0
_ON_ITS_WAY = """
    select nullif(concat_ws(', ',
        (select count(*) || ' events are not published' from decide.outbox
          where published_at is null having count(*) > 0),
        (select count(*) || ' deadlines are open' from flow.deadline where escalated_at is null having count(*) > 0),
        (select count(*) || ' records wait for a retry' from flow.parked where state = 'waiting' having count(*) > 0)
    ), '')
"""
# Each run finds a system whose alerts have been quiet: the third outage of one kind in a row would be one that flaps.
_LONG_AGO = "update flow.alert set opened_at = opened_at - interval '1 day' where state = 'resolved'"
RATE = 20.0
PLANS = 300


@dataclass(frozen=True, slots=True)
class Pace:
    """How much load: `rate` plans a second, `plans` in all at least."""

    rate: float = RATE
    plans: int = PLANS


async def run(scenario: Scenario, site: Site, seed: int, pace: Pace) -> Outcome:
    """Run one fault and return its result. Raises TimeoutError where the system is not well before the fault."""
    rng = random.Random(f"{scenario.name}/{seed}")  # noqa: S311 - chance that can be repeated
    async with Load(site.stack.env, site.key) as load:
        rate = pace.rate * scenario.rate
        traffic = Traffic(load, rate)
        signs = Signs(site.stack, site.key)
        witnesses = Witnesses(load, random.Random(seed))  # noqa: S311 - how the fault falls out is not theirs to say
        scene = Scene(site, rng, load, traffic, signs, witnesses)
        await signs.start()
        try:
            # enough to begin with that approvals go on while analyses stand still
            await traffic.start(stock=int(5 * rate))
            await well(signs)
            before = await letters(site.stack.env)
            await load.pool.execute(_LONG_AGO)
            await signs.arm()
            site.told.arm()
            load_began = time.monotonic()
            witnesses.start()
            await scene.for_a_while(0.5, 3.0)
            await scenario.fault(scene)
            over = time.monotonic()
            assert scene.injected is not None, f"the fault {scenario.name} was not caused"
            healed = await healed_at(scene, over)
            await traffic.reach(int(pace.plans * scenario.rate), within_s=WATCHED_S)
            await calmed(scene, before)
            if scene.poison:
                await discard_poison(scene)
            scene.problems += await site.told.settle()
        finally:
            await traffic.abandon()
            await witnesses.abandon()
            await signs.stop()
    return await _outcome(scenario, scene, seed, load_began, None if healed is None else healed - scene.injected)


async def _outcome(scenario: Scenario, scene: Scene, seed: int, load_began: float, healed_s: float | None) -> Outcome:
    """Compare log and tables, and return all that was seen of the fault."""
    assert scene.injected is not None
    site, load, traffic, signs = scene.site, scene.load, scene.traffic, scene.signs
    settings = Settings.from_env(site.stack.env)
    report = await verify(settings)
    different = await differences(settings)
    return Outcome(
        scenario=scenario.name,
        seed=seed,
        injected_s=scene.injected - load_began,
        signs=dict(signs.first),
        healed_s=healed_s,
        slowest_s=traffic.slowest(),
        plans=traffic.uploaded,
        repeats=report.repeats,
        counts=dict(report.counts),
        problems=(*scene.problems, *traffic.failed, *report.problems, *different, *load.histories.violations()),
        histories=len(load.histories),
        silent=scenario.silent,
        findings=dict(signs.said),
        untold_s=untold(scene),
        answered_s=traffic.slowest_answer(),
        refuses=scenario.refuses,
        told=site.told.first(scene.injected),
        over=site.told.ended(),
        way=await way_told(scene),
        causes=site.told.causes(scene.injected),
        expected=scenario.tells if scene.tells is None else scene.tells,
        passes=scenario.passes,
        about=tuple(ROLES[role][0] for role in scenario.about),
        proof_s=site.told.silent(scene.injected),
        proves=scenario.proves,
        patient=scenario.spec.patient,
        strikes=scenario.strikes,
        waits_s=scenario.waits_s,
        again=site.told.again(scene.injected),
    )


async def way_told(scene: Scene) -> dict[str, float]:
    """Return the steps of the first message, from the fault to the receiver; empty if there was none."""
    told = scene.site.told.opened(scene.injected or 0.0)
    if told is None or scene.injected is None or scene.injected_at is None:
        return {}
    said = {f"the system says: {sign}": at for sign, at in scene.signs.first.items()}
    found = {f"health says: {text}": at for text, at in scene.signs.said.items()}
    kept = await way(scene.site.stack.env, told.alert_id, scene.injected_at)
    end = {f"it has come: {told.title}": told.at - scene.injected}
    return {step: at for step, at in {**said, **found, **kept, **end}.items() if at <= told.at - scene.injected + 0.5}


def untold(scene: Scene) -> float:
    """Return the longest that an approved plan waited after the fault and before the first sign of it, in seconds."""
    assert scene.injected is not None
    told = scene.injected + min(scene.signs.first.values(), default=math.inf)
    return scene.traffic.slowest(scene.injected, told)


async def well(signs: Signs) -> None:
    deadline = time.monotonic() + WELL_WITHIN_S
    while not signs.ok:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the system is not well before the fault: {signs.health}")
        await asyncio.sleep(LOOK_S)


async def calm(scene: Scene) -> None:
    """Wait until nothing is in flight: an event that is published while the log is read would look like a gap."""
    deadline = time.monotonic() + CALM_WITHIN_S
    left: object = None
    while time.monotonic() < deadline:
        try:
            left = await scene.load.pool.fetchval(_ON_ITS_WAY, timeout=5)
        except DATABASE_FAILS as error:
            left = error
        if left is None:
            return
        await asyncio.sleep(0.2)
    scene.problems.append(f"no calm within {CALM_WITHIN_S:.0f} s: {left}")


async def calmed(scene: Scene, before: Mapping[str, DeadLetter]) -> None:
    """End the load and wait for calm; look again at all that was seen, and at the dead letters since `before`."""
    try:
        await scene.traffic.stop(within_s=WATCHED_S)
    except TimeoutError as error:
        scene.problems.append(str(error))
    await scene.witnesses.stop()
    await calm(scene)
    await scene.witnesses.look_again()
    await only_poison_is_given_up(scene, before)


async def healed_at(scene: Scene, over: float) -> float | None:
    """Return when all who asked before the fault ended had been served, and the system said that it is well.

    That is the first moment from which it holds for STEADY_S.
    """
    deadline = over + WATCHED_S
    since: float | None = None
    while (now := time.monotonic()) < deadline:
        if scene.traffic.undone(over) or not scene.signs.ok:
            since = None
        elif since is None:
            since = now
        elif now - since >= STEADY_S:
            return since
        await asyncio.sleep(LOOK_S)
    left = scene.traffic.undone(over)
    scene.problems.append(f"{len(left)} plans wait, such as {left[:2]}; health: {scene.signs.health}")
    return None
