"""The analysis runner: `python -m streams.runner`."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from schemas.process import start
from schemas.process.database import PLANNED_EMPTY
from schemas.process.database import pool as pool_of
from schemas.process.heartbeat import heartbeat, with_heartbeat
from schemas.process.settings import DATABASE, need
from schemas.registry import Registry, wait_for_codec
from schemas.topics import ANALYSIS, WORK
from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.settings import AgentSettings
from streams.analysis.analyst import Analyst, EmbeddedAnalyst
from streams.analysis.protected import BreakerAnalyst, breakers_of, provider_of
from streams.analysis.results import Results
from streams.analysis.work import Work
from streams.breakers.breakers import Breakers
from streams.breakers.settings import PER_PLAN, Limits
from streams.broker.publisher import Publisher
from streams.hosts.assignment import assignment_of
from streams.hosts.lane_host import LaneHost
from streams.hosts.paused import QUEUE_PROCESSING
from streams.retries.index import PostgresParking
from streams.retries.ladder import ladder_of
from streams.settings import Settings

#: The rules need no time but the processor's and the database's: more at once would only make each of them last longer.
RULES_AT_ONCE: Final = 4
#: A probe that takes longer than the agent's deadline by this has lost its turn.
PROBE_SLACK_S: Final = 10.0
POOL: Final = 8


@dataclass(frozen=True, slots=True)
class Given:
    """The settings of the runner. Without an agent the rules analyse."""

    settings: Settings
    agent: AgentSettings | None
    limits: Limits

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Given:
        """Read and check. Raises SettingsError."""
        need(env, DATABASE)
        return cls(Settings.from_env(env), AgentSettings.from_env(env), Limits.from_env(env))


async def run(given: Given) -> int:
    """Analyse until SIGTERM or SIGINT."""
    settings, agent = given.settings, given.agent
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    analyst: Analyst = EmbeddedAnalyst() if agent is None else AgentClient(agent)
    concurrency = min(settings.analysis_concurrency, RULES_AT_ONCE) if agent is None else settings.analysis_concurrency
    kind = "rules" if agent is None else agent.model
    structlog.get_logger("runner").info("analyst", kind=kind, at_once=concurrency)
    publisher = Publisher(settings.brokers, ANALYSIS)
    async with pool_of(settings.database_url, "runner", POOL, session=PLANNED_EMPTY) as pool:
        liveness = heartbeat(
            settings.database_url,
            "runner",
            lambda: {
                "handled": host.done,
                "in_flight": host.in_flight,
                "waiting": host.waiting,
                **assignment_of(host.consumer),
                # what the breakers of its agent are named after; none where the rules analyse
                "agent": "" if agent is None else provider_of(agent),
                "idle_s": round(time.monotonic() - host.last_progress, 1),
            },
            deaf_after_s=settings.deaf_after_s,
        )
        parking = PostgresParking(settings.database_url)
        ladder = ladder_of(settings.retry_delays_s, settings.retry_jitter)
        loop = asyncio.get_running_loop()
        background: list[asyncio.Task[None]] = []
        probe_s = PROBE_SLACK_S + (0.0 if agent is None else agent.deadline_s)
        plan_breakers = Breakers(pool, "system:runner", PER_PLAN, probe_s=probe_s)
        if agent is not None:
            breakers = Breakers(pool, "system:runner", given.limits, probe_s=probe_s)
            analyst = BreakerAnalyst(analyst, breakers, provider_of(agent))
            background.append(loop.create_task(breakers.make_known(breakers_of(provider_of(agent)))))
        registry = Registry(settings.registry_url)
        work = Work(codec, analyst, Results(pool), publisher, ladder, parking, plan_breakers, registry=registry)
        host = LaneHost(
            settings.brokers,
            ANALYSIS,
            WORK,
            work.see_through,
            concurrency=concurrency,
            session_timeout_s=settings.session_timeout_s,
            drain_s=settings.drain_s,
            paused=lambda: QUEUE_PROCESSING in liveness.off,
        )
        async with with_heartbeat(liveness):
            start.on_stop(lambda _: host.stop())
            await host.run()
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await parking.close()
    await publisher.close()
    return start.DONE


def main() -> int:
    """Run until told to stop; return the exit status."""
    return start.run(start.Process("runner", Given.from_env, run))


if __name__ == "__main__":
    sys.exit(main())
