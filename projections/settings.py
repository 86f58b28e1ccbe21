"""Settings of the projections, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas.process.kafka import Brokers
from schemas.process.settings import BROKERS, DATABASE, REGISTRY, deaf_after, need, positive
from schemas.process.signing import NO_SIGNING, Signing

REGISTRY_S: Final = 10.0
#: As long as the system takes to heal.
SETTLE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """`deaf_after_s`: a process whose event loop stands still for so long ends itself.

    `registry_s`: how long a command waits for a registry that is just starting. `settle_s`: how long what is missing is
    looked for before it is a finding.
    """

    brokers: Brokers
    registry_url: str
    database_url: str
    deaf_after_s: float = 15.0
    registry_s: float = REGISTRY_S
    settle_s: float = SETTLE_S
    signing: Signing = NO_SIGNING

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check. Raises SettingsError."""
        _, registry_url, database_url = need(env, BROKERS, REGISTRY, DATABASE)
        return cls(
            Brokers.from_env(env),
            registry_url,
            database_url,
            deaf_after_s=deaf_after(env),
            registry_s=positive(env, "MARKETPLACE_REGISTRY_PATIENCE", REGISTRY_S),
            settle_s=positive(env, "MARKETPLACE_VERIFY_PATIENCE", SETTLE_S),
            signing=Signing.from_env(env),
        )
