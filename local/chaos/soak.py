"""A long run: a steady load, and a fault at random every 20 to 40 s. At the end all must be there, once."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from local.chaos.contents import differences
from local.chaos.dead_letters import letters
from local.chaos.memory import Trend
from local.chaos.run import WELL_WITHIN_S, calmed, healed_at, untold, well
from local.chaos.sampler import Sampler
from local.chaos.scenarios import SCENARIOS, Scenario
from local.chaos.scene import Scene
from local.chaos.signs import Signs
from local.chaos.site import Site, Spec
from local.chaos.traffic import Traffic
from local.chaos.verdict import Thresholds, unanswered, untimely
from local.chaos.witnesses import Witnesses
from local.load import Load
from projections.reads.processes import ROLES
from projections.run.turns import BATCH
from projections.settings import Settings
from projections.verify.verify import Report, verify

#: Seconds from one fault to the next.
EVERY_S: Final = (20.0, 40.0)
#: So many faults at least, although the time is over: a soak with fewer says nothing.
LEAST: Final = 3
#: The one system of a soak. What needs another one is left to the scenarios: a network, a disk or a supervisor of its
#: own, or settings that others would feel.
SPEC: Final = Spec(agent=True, skewed=True, env=SCENARIOS["slow-agent"].spec.env)


def possible(scenario: Scenario) -> bool:
    """Tell whether a fault can be caused in the system of a soak."""
    spec = scenario.spec
    return not spec.contained and not spec.apart and set(spec.env) <= set(SPEC.env)


FAULTS: Final = tuple(s for s in SCENARIOS.values() if possible(s))
#: What ends a process of ours is left to the first half. Its memory rises for some minutes, with the first outages that
#: it lives through, and stays then: only who lives for long shows whether it stays.
ENDS: Final = frozenset(f"kill-{role}" for role in ROLES) | {"frozen-worker"}
#: A process's first so many seconds say nothing of its memory, in a soak of half an hour.
WARM_S: Final = 300.0
#: Events of a plan that waits for its approval: uploaded, requested, a channel's result, analysed.
FEWEST_EVENTS: Final = 4


@dataclass(frozen=True, slots=True)
class Struck:
    """One fault of the soak. Seconds; None: it did not happen before the next fault.

    `untold_s`: the longest that an approved plan waited for its tasks after the fault and before the first sign.
    """

    scenario: str
    at_s: float
    detected_s: float | None
    detected_by: str
    healed_s: float | None
    untold_s: float
    silent: bool


@dataclass(frozen=True, slots=True)
class Soak:
    """The outcome of a whole soak. `slowest_s` and `answered_s` are those of `Outcome`."""

    seed: int
    seconds: float
    plans: int
    slowest_s: float
    answered_s: float
    struck: tuple[Struck, ...]
    report: Report
    memory: tuple[Trend, ...]
    problems: tuple[str, ...]
    histories: int = 0  # plans of which all that clients saw was checked

    @property
    def failures(self) -> list[str]:
        """Return why this is not good; nothing where it is."""
        refuses = any(SCENARIOS[s.scenario].refuses for s in self.struck)
        return [
            *self.problems,
            *self.report.problems,
            *(f"{s.scenario} at {s.at_s:.0f} s: {why}" for s in self.struck for why in untimely(s, Thresholds())),
            *unanswered(self.answered_s, Thresholds(), refuses=refuses),
            *(t.problem for t in self.memory if not t.flat),
        ]


async def soak(site: Site, seed: int, seconds: float, rate: float, tell: Callable[[Struck], None]) -> Soak:
    """Run for so many seconds, and until LEAST faults were over, then verify. `tell` hears of each fault by then."""
    rng = random.Random(f"soak/{seed}")  # noqa: S311 - chance that can be repeated
    struck: list[Struck] = []
    sampler = Sampler(site.stack)
    async with Load(site.stack.env, site.key) as load:
        traffic, signs = Traffic(load, rate), Signs(site.stack, site.key)
        witnesses = Witnesses(load, random.Random(seed))  # noqa: S311 - which fault comes when is not theirs to say
        scene = Scene(site, rng, load, traffic, signs, witnesses)
        await signs.start()
        sampling = asyncio.create_task(sampler.run())
        try:
            await fill(site, load)
            await traffic.start(stock=int(5 * rate))
            await well(signs)
            before = await letters(site.stack.env)
            began = time.monotonic()
            witnesses.start()
            deck: list[Scenario] = []
            while time.monotonic() - began < seconds or len(struck) < LEAST:
                # every fault once before any comes again, in another order each time
                late = time.monotonic() - began > seconds / 2
                deck = left(deck, late=late) or rng.sample(FAULTS, len(FAULTS))
                one = await _strike(scene, left(deck, late=late).pop(), began)
                deck = [fault for fault in deck if fault.name != one.scenario]
                struck.append(one)
                tell(one)
                now = time.monotonic()
                rest = began + one.at_s + rng.uniform(*EVERY_S) - now
                if len(struck) >= LEAST:
                    rest = min(rest, began + seconds - now)
                await asyncio.sleep(max(0.0, rest))
            await calmed(scene, before)
            whole = time.monotonic() - began
        finally:
            await traffic.abandon()
            await witnesses.abandon()
            await signs.stop()
            sampling.cancel()
            await asyncio.gather(sampling, return_exceptions=True)
    settings = Settings.from_env(site.stack.env)
    report = await verify(settings)
    different = await differences(settings)
    return Soak(
        seed=seed,
        seconds=whole,
        plans=traffic.uploaded,
        slowest_s=traffic.slowest(),
        answered_s=traffic.slowest_answer(),
        struck=tuple(struck),
        report=report,
        memory=tuple(sampler.trends(warm_s=min(WARM_S, seconds / 6), whole_s=whole)),
        problems=(*scene.problems, *traffic.failed, *different, *load.histories.violations()),
        histories=len(load.histories),
    )


async def fill(site: Site, load: Load) -> None:
    """Give the projections as much at once as they ever take, which their heap grows to, and does not give back.

    Otherwise the first outage does, and a step in the middle of a short run is no different from a leak. Raises
    TimeoutError.
    """
    published = "select count(*) from decide.outbox where published_at is not null"
    site.stack.pause("projections")
    await asyncio.to_thread(site.stack.wait_for, "projections", "paused")
    enough = await load.pool.fetchval(published) + BATCH
    async with asyncio.timeout(WELL_WITHIN_S):
        plans = await load.upload(BATCH // FEWEST_EVENTS)
        while await load.pool.fetchval(published) < enough:  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(0.1)
    site.stack.resume("projections")
    await asyncio.to_thread(site.stack.wait_for, "projections")
    if (ready := await load.wait(plans, ["awaiting_approval"], within_s=WELL_WITHIN_S)) < len(plans):
        raise TimeoutError(f"{len(plans) - ready} of {len(plans)} plans are not analysed after {WELL_WITHIN_S:.0f} s")


def left(deck: Sequence[Scenario], *, late: bool) -> list[Scenario]:
    """Return the faults of a deck that may still come: all of them, or in the second half those that end nobody."""
    return [fault for fault in deck if not (late and fault.name in ENDS)]


async def _strike(scene: Scene, scenario: Scenario, began: float) -> Struck:
    await scene.signs.arm()
    scene.injected = None
    await scenario.fault(scene)
    assert scene.injected is not None
    healed = await healed_at(scene, time.monotonic())
    first = dict(scene.signs.first)
    by = min(first, key=lambda sign: first[sign], default="")
    return Struck(
        scenario=scenario.name,
        at_s=scene.injected - began,
        detected_s=first.get(by),
        detected_by=by,
        healed_s=None if healed is None else healed - scene.injected,
        untold_s=untold(scene),
        silent=scenario.silent,
    )
