"""Be one of several processes that project a log: `python -m projections.rebuild.share`, by a rebuild alone.

Standard input has one line, the share: `schema`, and `ends`, a topic, a partition and an offset each. It stays open;
its end says that the rebuild is gone. Standard output has one line: `projected` and `given_up`, or `error`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import Any, Final

import asyncpg

from projections.rebuild.shadow import Shadow, Stalled
from projections.settings import Settings
from schemas.decoding import RegistryAway
from schemas.process import start
from schemas.process.database_away import DATABASE_AWAY
from schemas.process.kafka import BROKER_AWAY
from schemas.process.named import named
from schemas.registry import RegistryError, wait_for_codec

_FAILS: Final[tuple[type[Exception], ...]] = (
    *BROKER_AWAY,
    *DATABASE_AWAY,
    RegistryAway,
    RegistryError,
    Stalled,
    asyncpg.PostgresError,
)


async def _run(settings: Settings) -> int:
    asked: dict[str, Any] = json.loads(await asyncio.to_thread(sys.stdin.readline))
    threading.Thread(target=_end_with_the_rebuild, daemon=True).start()
    ends = {(topic, partition): end for topic, partition, end in asked["ends"]}
    try:
        codec = await asyncio.to_thread(wait_for_codec, settings.registry_url, within_s=settings.registry_s)
        async with Shadow(settings, codec, asked["schema"], partitions=ends) as shadow:
            await shadow.reach(ends)
            print(json.dumps({"projected": shadow.projected, "given_up": shadow.given_up}))
    except _FAILS as error:
        print(json.dumps({"error": named(error, 300)}))
        return start.FAILED
    return start.DONE


def _end_with_the_rebuild() -> None:
    """End at once with the rebuild: the next one makes the tables anew, and has to be alone with them."""
    sys.stdin.read()
    os._exit(start.FAILED)


def main() -> int:
    """Project the share; return the exit status."""
    return start.run_command("rebuild", Settings.from_env, _run, of_log=True)


if __name__ == "__main__":
    sys.exit(main())
