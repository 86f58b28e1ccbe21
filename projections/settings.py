"""Settings of the projections, read once from the environment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says which."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`deaf_after_s`: a process whose event loop stands still for so long ends itself."""

    brokers: str
    registry_url: str
    database_url: str
    deaf_after_s: float = 15.0

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check. Raises SettingsError."""
        missing = [
            name
            for name in ("MARKETPLACE_BROKERS", "MARKETPLACE_REGISTRY_URL", "MARKETPLACE_DATABASE_URL")
            if not env.get(name)
        ]
        if missing:
            raise SettingsError(f"not set: {', '.join(missing)}")
        raw = env.get("MARKETPLACE_DEAF_AFTER") or "15"
        try:
            deaf_after_s = float(raw)
        except ValueError:
            deaf_after_s = math.nan
        if not math.isfinite(deaf_after_s) or deaf_after_s <= 0:
            raise SettingsError(f"MARKETPLACE_DEAF_AFTER must be a number of seconds above zero, not {raw!r}")
        return cls(
            env["MARKETPLACE_BROKERS"], env["MARKETPLACE_REGISTRY_URL"], env["MARKETPLACE_DATABASE_URL"], deaf_after_s
        )
