"""The analysis runner: `python -m streams.runner`."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import asyncpg
import structlog

from schemas import metrics as measured
from schemas import outbox_seal
from schemas.flags import Flag
from schemas.process import metrics, start
from schemas.process.database import PLANNED_EMPTY
from schemas.process.database import pool as pool_of
from schemas.process.heartbeat import heartbeat, with_heartbeat
from schemas.process.settings import DATABASE, need
from schemas.process.signing import keep_learning
from schemas.registry import Registry, wait_for_codec
from schemas.topics import ANALYSIS, WORK
from streams.analysis.agents.settings import AgentSettings, agents_from_env
from streams.analysis.analyst import Analyst, EmbeddedAnalyst
from streams.analysis.comparing import Comparisons
from streams.analysis.in_turn import InTurn
from streams.analysis.protected import BreakerAnalyst, breakers_of, provider_of
from streams.analysis.results import Results
from streams.analysis.spending import Spending, budget_from_env
from streams.analysis.work import Work
from streams.breakers.breakers import Breakers
from streams.breakers.settings import PER_PLAN, Limits
from streams.broker.publisher import Publisher
from streams.hosts.assignment import assignment_of
from streams.hosts.lane_host import LaneHost
from streams.retries.index import PostgresParking
from streams.retries.ladder import ladder_of
from streams.settings import Settings, analysis_due

if TYPE_CHECKING:
    from streams.analysis.agents.client import AgentClient

#: The rules need no time but the processor's and the database's: more at once would only make each of them last longer.
RULES_AT_ONCE: Final = 4
#: A probe that takes longer than the agent's deadline by this has lost its turn.
PROBE_SLACK_S: Final = 10.0
POOL: Final = 8


@dataclass(frozen=True, slots=True)
class Given:
    """The settings of the runner. Without an agent the rules analyse. `due_s`: when a plan's analysis is due."""

    settings: Settings
    agents: tuple[AgentSettings, ...]
    limits: Limits
    due_s: float
    budget: float | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Given:
        """Read and check. Raises SettingsError."""
        need(env, DATABASE)
        agents = agents_from_env(env)
        limits, due_s = Limits.from_env(env), analysis_due(env)
        return cls(Settings.from_env(env), agents, limits, due_s, budget_from_env(env, agents))


@dataclass(frozen=True, slots=True)
class Analysts:
    """Who analyses: agents in turn, or the rules. `clients` are those of the agents, `tasks` run beside them."""

    analyst: Analyst
    clients: Sequence[AgentClient] = ()
    tasks: Sequence[asyncio.Task[None]] = ()

    def patience(self) -> dict[str, float]:
        """Return for how long each agent's request is waited for, where that is known."""
        waits = ((client.settings.name, client.patience.seconds) for client in self.clients)
        return {name: round(seconds, 1) for name, seconds in waits if seconds is not None}

    def measure(self) -> None:
        """Let Prometheus ask for how long each agent's request is waited for."""
        metrics.ask(measured.AGENT_PATIENCE, lambda: [((name,), s) for name, s in self.patience().items()])


def analysts(given: Given, pool: asyncpg.Pool, names: Sequence[str], probe_s: float) -> Analysts:
    """Build the analysts, and begin what the agents' need: their breakers are made known, proposals are answered."""
    if not given.agents:
        return Analysts(EmbeddedAnalyst())
    # its client takes as long to import as all else here together: only where there is somebody to ask
    from streams.analysis.agents.client import AgentClient  # noqa: PLC0415
    from streams.analysis.proposals import Proposals  # noqa: PLC0415

    breakers = Breakers(pool, "system:runner", given.limits, probe_s=probe_s)
    meter = Spending(pool, given.budget)
    clients = [AgentClient(one, meter=meter) for one in given.agents]
    protected = [BreakerAnalyst(client, breakers, name) for client, name in zip(clients, names, strict=True)]
    known = [name for provider in names for name in breakers_of(provider)]
    proposals = Proposals(pool, list(zip(names, clients, strict=True)), breakers)
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(breakers.make_known(known)), loop.create_task(proposals.run())]
    return Analysts(InTurn(list(zip(names, protected, strict=True))), clients, tasks)


async def run(given: Given) -> int:
    """Analyse until SIGTERM or SIGINT."""
    settings, agents = given.settings, given.agents
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    names = tuple(provider_of(agent) for agent in agents)
    concurrency = settings.analysis_concurrency if agents else min(settings.analysis_concurrency, RULES_AT_ONCE)
    structlog.get_logger("runner").info("analyst", kind=", then ".join(names) or "rules", at_once=concurrency)
    publisher = Publisher(settings.brokers, ANALYSIS, keys=settings.signing.own)
    belief = settings.signing.belief(None)
    session = {**PLANNED_EMPTY, **outbox_seal.session(settings.signing.own)}
    async with pool_of(settings.database_url, "runner", POOL, session=session) as pool:
        parking = PostgresParking(settings.database_url)
        learning = asyncio.get_running_loop().create_task(keep_learning(belief, settings.database_url))
        probe_s = PROBE_SLACK_S + max((agent.deadline_s for agent in agents), default=0.0)
        asked = analysts(given, pool, names, probe_s)
        work = Work(
            codec,
            asked.analyst,
            Results(pool),
            publisher,
            ladder_of(settings.retry_delays_s, settings.retry_jitter),
            parking,
            Breakers(pool, "system:runner", PER_PLAN, probe_s=probe_s),
            registry=Registry(settings.registry_url),
            due_s=given.due_s,
            agents=names,
            comparisons=Comparisons(pool),
            belief=belief,
        )
        await _host(given, work, publisher, asked, concurrency)
        background = (learning, *asked.tasks)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await parking.close()
    await publisher.close()
    return start.DONE


async def _host(given: Given, work: Work, publisher: Publisher, asked: Analysts, concurrency: int) -> None:
    """Take records and have them analysed until told to stop; tell with each heartbeat what was done."""
    settings = given.settings
    liveness = heartbeat(
        settings.database_url,
        "runner",
        lambda: {
            "handled": host.done,
            "sent": dict(publisher.sent),
            "in_flight": host.in_flight,
            "in_hand": host.in_flight,  # what was not begun goes back to its topic
            "waiting": host.waiting,
            **assignment_of(host.consumer),
            # what the breakers of its agent are named after; none where the rules analyse
            "agent": next(map(provider_of, given.agents), ""),
            "budget": given.budget,
            "patience_s": asked.patience(),
            "idle_s": round(time.monotonic() - host.last_progress, 1),
        },
        deaf_after_s=settings.deaf_after_s,
        keys=settings.signing.own,
    )
    host = LaneHost(
        settings.brokers,
        ANALYSIS,
        WORK,
        work.see_through,
        concurrency=concurrency,
        session_timeout_s=settings.session_timeout_s,
        drain_s=settings.drain_s,
        paused=lambda: Flag.QUEUE_PROCESSING in liveness.off,
    )
    metrics.ask(measured.BACKLOG, lambda: [((), host.waiting)])
    asked.measure()
    async with with_heartbeat(liveness):
        start.on_stop(lambda _: host.stop())
        await host.run()


def main() -> int:
    """Run until told to stop; return the exit status."""
    return start.run(start.Process("runner", Given.from_env, run))


if __name__ == "__main__":
    sys.exit(main())
