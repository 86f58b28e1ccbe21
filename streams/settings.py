"""Settings of the stream processes, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from streams.faults import Fault, parse


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`session_timeout_s`: a worker that was killed gives its partitions back after so long.

    `deaf_after_s`: a process whose event loop stands still for so long ends itself.
    """

    brokers: str
    registry_url: str
    database_url: str
    session_timeout_s: float
    analysis_concurrency: int
    replication: int | None
    min_insync: int | None
    deaf_after_s: float = 15.0
    retry_delays_s: tuple[float, ...] = (1.0, 5.0, 30.0)
    retry_jitter: float = 0.1
    faults: tuple[Fault, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check. Raises SettingsError."""

        def need(name: str) -> str:
            value = env.get(name, "")
            if not value:
                raise SettingsError(f"{name} is not set")
            return value

        def number(name: str, default: str) -> float:
            raw = env.get(name) or default
            try:
                value = float(raw)
            except ValueError:
                raise SettingsError(f"{name} must be a number, not {raw!r}") from None
            if value <= 0:
                raise SettingsError(f"{name} must be above zero, not {raw}")
            return value

        def delays(raw: str) -> tuple[float, ...]:
            try:
                values = tuple(float(part) for part in raw.split(","))
            except ValueError:
                values = ()
            if len(values) != 3 or min(values) <= 0 or sorted(values) != list(values):
                raise SettingsError(f"MARKETPLACE_RETRY_DELAYS must be three rising numbers, as 1,5,30, not {raw!r}")
            return values

        def faults(raw: str) -> tuple[Fault, ...]:
            try:
                return parse(raw)
            except ValueError as error:
                raise SettingsError(str(error)) from None

        def optional(name: str) -> int | None:
            return int(number(name, "1")) if env.get(name) else None

        return cls(
            brokers=need("MARKETPLACE_BROKERS"),
            registry_url=need("MARKETPLACE_REGISTRY_URL"),
            database_url=env.get("MARKETPLACE_DATABASE_URL", ""),
            session_timeout_s=number("MARKETPLACE_SESSION_TIMEOUT", "6"),
            analysis_concurrency=int(number("MARKETPLACE_ANALYSIS_CONCURRENCY", "16")),
            replication=optional("MARKETPLACE_REPLICATION"),
            min_insync=optional("MARKETPLACE_MIN_INSYNC"),
            deaf_after_s=number("MARKETPLACE_DEAF_AFTER", "15"),
            retry_delays_s=delays(env.get("MARKETPLACE_RETRY_DELAYS") or "1,5,30"),
            retry_jitter=number("MARKETPLACE_RETRY_JITTER", "0.1"),
            faults=faults(env.get("MARKETPLACE_FAULTS", "")),
        )
