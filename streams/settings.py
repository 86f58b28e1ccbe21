"""Settings of the stream processes, read once from the environment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from schemas.process.kafka import Brokers
from schemas.process.settings import BROKERS, DATABASE, REGISTRY, SettingsError, count, deaf_after, need, positive
from schemas.process.signing import NO_SIGNING, Signing
from schemas.topics import RETRY_TIERS
from streams.handlers.faults import Fault, parse

#: MARKETPLACE_AGENT_DEADLINE at most, in seconds. An analysis is given up at a limit of its own that is a little later,
#: and only after that is a process that has one under way taken for deaf.
LONGEST_DEADLINE_S: Final = 240.0
#: MARKETPLACE_DRAIN at most: with what follows it, a stop ends within the 30 s that docker-compose.yml gives it.
LONGEST_DRAIN_S: Final = 25.0
#: Beyond the agent's own deadline: the way there and back, and the place in the backlog.
ANALYSIS_SLACK_S: Final = 15.0

#: What brings the records to the worker's handlers: the first one where nothing is said.
WorkerHost = Literal["faust", "aiokafka"]
WORKER_HOSTS: Final[tuple[WorkerHost, ...]] = get_args(WorkerHost)


def agent_deadline(env: Mapping[str, str]) -> float:
    """Return how long one analysis may take, in seconds; runner and watchdog read the same. Raises SettingsError."""
    return positive(env, "MARKETPLACE_AGENT_DEADLINE", 60.0, at_most=LONGEST_DEADLINE_S)


def analysis_due(env: Mapping[str, str]) -> float:
    """Return in how many seconds after an upload its analysis can be read; runner and watchdog read the same.

    Raises SettingsError.
    """
    return positive(env, "MARKETPLACE_ANALYSIS_DUE", agent_deadline(env) + ANALYSIS_SLACK_S)


@dataclass(frozen=True, slots=True)
class Settings:
    """`session_timeout_s`: a worker that was killed gives its partitions back after so long.

    `deaf_after_s`: a process whose event loop stands still for so long ends itself. `drain_s`: a runner that
    is told to stop waits so long for the analyses under way; what is not done by then is done by the next process.
    """

    brokers: Brokers
    registry_url: str
    database_url: str
    session_timeout_s: float
    analysis_concurrency: int
    replication: int | None
    min_insync: int | None
    deaf_after_s: float = 15.0
    drain_s: float = 10.0
    retry_delays_s: tuple[float, ...] = (1.0, 5.0, 30.0)
    retry_jitter: float = 0.1
    faults: tuple[Fault, ...] = ()
    signing: Signing = NO_SIGNING
    worker_host: WorkerHost = "faust"

    @property
    def longest_waits_s(self) -> dict[str, float]:
        """Return retry topic -> the longest that a record waits in it, in seconds."""
        delays = zip(RETRY_TIERS, self.retry_delays_s, strict=True)
        return {topic: delay * (1 + self.retry_jitter) for (topic, _), delay in delays}

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check. Raises SettingsError."""

        def delays(raw: str) -> tuple[float, ...]:
            try:
                values = tuple(float(part) for part in raw.split(","))
            except ValueError:
                values = ()
            if (
                len(values) != 3
                or not all(math.isfinite(v) and v > 0 for v in values)
                or sorted(values) != list(values)
            ):
                raise SettingsError(f"MARKETPLACE_RETRY_DELAYS must be three rising numbers, as 1,5,30, not {raw!r}")
            return values

        def faults(raw: str) -> tuple[Fault, ...]:
            try:
                return parse(raw)
            except ValueError as error:
                raise SettingsError(str(error)) from None

        def optional(name: str) -> int | None:
            return count(env, name, 1) if env.get(name) else None

        def worker_host(raw: str) -> WorkerHost:
            if raw not in WORKER_HOSTS:
                raise SettingsError(f"MARKETPLACE_WORKER_HOST must be one of {', '.join(WORKER_HOSTS)}, not {raw!r}")
            return raw

        _, registry_url = need(env, BROKERS, REGISTRY)
        return cls(
            brokers=Brokers.from_env(env),
            registry_url=registry_url,
            database_url=env.get(DATABASE, ""),
            session_timeout_s=positive(env, "MARKETPLACE_SESSION_TIMEOUT", 6.0),
            analysis_concurrency=count(env, "MARKETPLACE_ANALYSIS_CONCURRENCY", 16),
            replication=optional("MARKETPLACE_REPLICATION"),
            min_insync=optional("MARKETPLACE_MIN_INSYNC"),
            deaf_after_s=deaf_after(env),
            drain_s=positive(env, "MARKETPLACE_DRAIN", 10.0, at_most=LONGEST_DRAIN_S),
            retry_delays_s=delays(env.get("MARKETPLACE_RETRY_DELAYS") or "1,5,30"),
            retry_jitter=positive(env, "MARKETPLACE_RETRY_JITTER", 0.1),
            faults=faults(env.get("MARKETPLACE_FAULTS", "")),
            signing=Signing.from_env(env),
            worker_host=worker_host(env.get("MARKETPLACE_WORKER_HOST") or "faust"),
        )
