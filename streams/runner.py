"""The analysis runner: `python -m streams.runner`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from typing import Final

import aiokafka
import asyncpg
import structlog
import uvloop
from aiokafka.conn import AIOKafkaConnection

from schemas.process import broker_links, header_names, telemetry
from schemas.process import logs as log
from schemas.process.settings import SettingsError
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
from streams.hosts.assignment import holding
from streams.hosts.lane_host import LaneHost
from streams.hosts.liveness import QUEUE_PROCESSING, liveness_of
from streams.retries.index import PostgresParking
from streams.retries.ladder import ladder_of
from streams.settings import Settings

#: The rules need no time but the processor's and the database's: more at once would only make each of them last longer.
RULES_AT_ONCE: Final = 4
#: A probe that takes longer than the agent's deadline by this has lost its turn.
PROBE_SLACK_S: Final = 10.0


async def run(settings: Settings, agent: AgentSettings | None, limits: Limits) -> None:
    """Analyse until SIGTERM or SIGINT."""
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    analyst: Analyst = EmbeddedAnalyst() if agent is None else AgentClient(agent)
    concurrency = min(settings.analysis_concurrency, RULES_AT_ONCE) if agent is None else settings.analysis_concurrency
    kind = "rules" if agent is None else agent.model
    structlog.get_logger("runner").info("analyst", kind=kind, at_once=concurrency)
    publisher = Publisher(settings.brokers, ANALYSIS)
    async with asyncpg.create_pool(
        settings.database_url,
        min_size=0,
        max_size=8,
        timeout=5,
        command_timeout=30,
        # statements are planned once, when the tables are still empty: a plan for an empty table reads it all
        server_settings={"application_name": "runner", "enable_seqscan": "off"},
    ) as pool:
        liveness = liveness_of(
            settings,
            "runner",
            lambda: {
                "handled": host.done,
                "in_flight": host.in_flight,
                "waiting": host.waiting,
                **holding(host.consumer),
                # what the breakers of its agent are named after; none where the rules analyse
                "agent": "" if agent is None else provider_of(agent),
                "idle_s": round(time.monotonic() - host.last_progress, 1),
            },
        )
        parking = PostgresParking(settings.database_url)
        ladder = ladder_of(settings.retry_delays_s, settings.retry_jitter)
        loop = asyncio.get_running_loop()
        background: list[asyncio.Task[None]] = []
        probe_s = PROBE_SLACK_S + (0.0 if agent is None else agent.deadline_s)
        plan_breakers = Breakers(pool, "system:runner", PER_PLAN, probe_s=probe_s)
        if agent is not None:
            breakers = Breakers(pool, "system:runner", limits, probe_s=probe_s)
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
            held=lambda: QUEUE_PROCESSING in liveness.off,
        )
        beating = loop.create_task(liveness.run())
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, host.stop)
        await host.run()
        await liveness.stop("told to stop")
        await beating
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await parking.close()
    await publisher.close()


def main() -> int:
    """Run until told to stop."""
    try:
        settings = Settings.from_env(os.environ)
        agent = AgentSettings.from_env(os.environ)
        limits = Limits.from_env(os.environ)
    except SettingsError as error:
        print(f"runner: {error}", file=sys.stderr)
        return 2
    if not settings.database_url:
        print("runner: MARKETPLACE_DATABASE_URL is not set", file=sys.stderr)
        return 2
    log.configure("runner")
    broker_links.mend(AIOKafkaConnection)
    header_names.mend(aiokafka)
    telemetry.configure("runner")
    try:
        uvloop.run(run(settings, agent, limits))
    finally:
        telemetry.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
