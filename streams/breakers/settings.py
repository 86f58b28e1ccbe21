"""When a breaker opens and closes; read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.process.settings import count, positive


@dataclass(frozen=True, slots=True)
class Limits:
    """`failures` in a row open it, `reset_s` later one probe may go, `successes` of probes in a row close it."""

    failures: int = 5
    reset_s: float = 60.0
    successes: int = 2

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Limits:
        """Read MARKETPLACE_BREAKER_FAILURES, _RESET (seconds) and _SUCCESSES. Raises SettingsError."""
        return cls(
            count(env, "MARKETPLACE_BREAKER_FAILURES", DEFAULT.failures),
            positive(env, "MARKETPLACE_BREAKER_RESET", DEFAULT.reset_s),
            count(env, "MARKETPLACE_BREAKER_SUCCESSES", DEFAULT.successes),
        )


DEFAULT = Limits()
#: The breaker of one plan opens at more than three recent failures.
PER_PLAN = Limits(failures=4, reset_s=60.0, successes=1)
