"""`python -m streams.takeover [--json]`: fit this region's promoted Postgres to its mirror of the log.

Exit status: 0 done, 1 refused, 2 wrong usage, 3 a server could not be reached.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from schemas.process import logs, start
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.kafka import BROKER_AWAY
from schemas.process.named import named
from schemas.process.settings import DATABASE, need
from streams.settings import Settings
from streams.takeover.take_over import NotReady, TakenOver, take_over

JSON: Final = "--json"
AWAY: Final = 3


def _settings(env: Mapping[str, str]) -> Settings:
    need(env, DATABASE)
    return Settings.from_env(env)


async def _take_over(settings: Settings) -> int:
    try:
        taken = await take_over(settings)
    except NotReady as refused:
        why, status = str(refused), start.FAILED
    except (*BROKER_AWAY, *DATABASE_FAILS) as error:
        why, status = " ".join(named(error).split()), AWAY
    else:
        return _told(taken)
    _tell({"ok": False, "error": why}, why)
    return status


def _told(taken: TakenOver) -> int:
    since = datetime.fromtimestamp(taken.since, UTC).isoformat(timespec="seconds")
    _tell(
        {"ok": True, "lacked": taken.lacked, "sent": taken.sent, "placed": taken.placed, "since": since},
        f"The mirror lacked {taken.lacked} records; {taken.sent} events, published since {since}, are sent again."
        " Start the processes, the watchdog first, then `marketplace verify`.",
    )
    return start.DONE


def _tell(said: dict[str, Any], text: str) -> None:
    if JSON in sys.argv:
        print(json.dumps(said))
    elif said["ok"]:
        logs.answer(text)
    else:
        logs.tell(text, failed=True)


def main() -> int:
    """Take over; return the exit status."""
    if set(sys.argv[1:]) - {JSON}:
        print("usage: python -m streams.takeover [--json]", file=sys.stderr)
        return start.REFUSED
    return start.run_command("takeover", _settings, _take_over, of_log=True)


if __name__ == "__main__":
    sys.exit(main())
