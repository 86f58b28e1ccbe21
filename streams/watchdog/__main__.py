"""The watchdog: `python -m streams.watchdog`. Any number may run: each missed deadline is looked at by one."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from schemas import outbox_seal
from schemas.process import start
from schemas.process.database import pool as pool_of
from schemas.process.heartbeat import heartbeat, with_heartbeat
from schemas.process.settings import DATABASE, need
from streams.settings import Settings
from streams.watchdog.settings import Patience
from streams.watchdog.watch import Watch

POOL: Final = 2


@dataclass(frozen=True, slots=True)
class Given:
    """The settings of the watchdog."""

    settings: Settings
    patience: Patience

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Given:
        """Read and check. Raises SettingsError."""
        need(env, DATABASE)
        return cls(Settings.from_env(env), Patience.from_env(env))


async def run(given: Given) -> int:
    """Watch until SIGTERM or SIGINT."""
    settings = given.settings
    structlog.get_logger("watchdog").info("watching", started_at=time.time())
    keys = settings.signing.own
    session = outbox_seal.session(keys)
    async with pool_of(settings.database_url, "watchdog-actions", POOL, session=session) as pool:
        watch = Watch(settings, given.patience, pool)
        start.on_stop(lambda _: watch.stop())
        role, deaf_after_s = "watchdog", settings.deaf_after_s
        beats = heartbeat(settings.database_url, role, watch.progress, deaf_after_s=deaf_after_s, keys=keys)
        watch.on_turn(beats.say_now)
        async with with_heartbeat(beats):
            await watch.run()
    return start.DONE


def main() -> int:
    """Run until told to stop; return the exit status."""
    return start.run(start.Process("watchdog", Given.from_env, run))


if __name__ == "__main__":
    sys.exit(main())
