"""Settings of the projections, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.process.kafka import Brokers
from schemas.process.settings import BROKERS, DATABASE, REGISTRY, deaf_after, need


@dataclass(frozen=True, slots=True)
class Settings:
    """`deaf_after_s`: a process whose event loop stands still for so long ends itself."""

    brokers: Brokers
    registry_url: str
    database_url: str
    deaf_after_s: float = 15.0

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check. Raises SettingsError."""
        brokers, registry_url, database_url = need(env, BROKERS, REGISTRY, DATABASE)
        return cls(Brokers(brokers), registry_url, database_url, deaf_after(env))
