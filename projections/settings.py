"""Settings of the projections, read once from the environment."""

from __future__ import annotations

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
        try:
            deaf_after_s = float(env.get("MARKETPLACE_DEAF_AFTER") or 15)
        except ValueError:
            raise SettingsError("MARKETPLACE_DEAF_AFTER must be a number of seconds") from None
        return cls(
            env["MARKETPLACE_BROKERS"], env["MARKETPLACE_REGISTRY_URL"], env["MARKETPLACE_DATABASE_URL"], deaf_after_s
        )
