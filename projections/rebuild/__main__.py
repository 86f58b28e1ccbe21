"""`python -m projections.rebuild [--check | --accept | --back | --drop] [--json]`.

Exit status: 0 rebuilt (or equal, with --check; or gone back, or dropped), 1 different, refused or failed, 2 wrong usage
or settings, 3 a server that it needs is not there. With 1, 2 and 3 the live read models are untouched.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from functools import partial
from typing import Final

import asyncpg

from projections.rebuild.audited import tell
from projections.rebuild.build import Outcome, Rebuild, Refused
from projections.rebuild.shadow import Stalled
from projections.rebuild.shares import Sharing
from projections.rebuild.tables import Bound
from projections.settings import Settings
from schemas.decoding import RegistryAway
from schemas.process import logs, start
from schemas.process.database_away import DATABASE_AWAY
from schemas.process.kafka import BROKER_AWAY
from schemas.process.settings import SettingsError
from schemas.registry import RegistryError, wait_for_codec
from schemas.wire import Codec

#: What says that a server is not there, or went away.
_AWAY: Final[tuple[type[Exception], ...]] = (
    *BROKER_AWAY,
    RegistryAway,
    RegistryError,
    *DATABASE_AWAY,
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m projections.rebuild",
        description="Build the read models again from the log, beside the live ones, compare, and swap them in.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only build and compare, swap nothing")
    what.add_argument("--accept", action="store_true", help="swap although they differ: the log is right")
    what.add_argument("--back", action="store_true", help="make the tables live again that the last swap has kept")
    what.add_argument("--drop", action="store_true", help="drop the old tables that the last swap has kept")
    parser.add_argument("--json", action="store_true", help="print one JSON document at the end")
    return parser


async def _run(options: argparse.Namespace, settings: Settings) -> int:
    try:
        if options.drop:  # it reads no record, so it needs no schema
            dropped = await Rebuild(settings, Codec({}, {}), say=logs.tell).drop_old()
            print(json.dumps({"dropped": dropped}) if options.json else "dropped" if dropped else "nothing to drop")
            return 0
        codec = await asyncio.to_thread(wait_for_codec, settings.registry_url, within_s=settings.registry_s)
        rebuild = Rebuild(settings, codec, say=logs.tell, tell=tell, sharing=Sharing.of_this_machine())
        if options.back:
            outcome = await rebuild.go_back()
        else:
            outcome = await rebuild.run(check=options.check, accept=options.accept)
    except _AWAY as error:
        return _failed(options, f"a server is not there: {_why(error)}", 3)
    except SettingsError as error:
        return _failed(options, str(error), 2)
    except (Refused, Stalled, Bound, asyncpg.PostgresError) as error:
        return _failed(options, _why(error), 1)
    if options.json:
        print(json.dumps(asdict(outcome)))
    else:
        print("\n".join(_back_report(outcome) if options.back else _report(outcome)))
    return 0 if outcome.swapped or not outcome.problems else 1


def _why(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def _failed(options: argparse.Namespace, why: str, status: int) -> int:
    """Say why nothing was done; return the exit status."""
    logs.tell(f"rebuild: {why}. The live read models are as they were.", failed=True)
    if options.json:
        print(json.dumps({"swapped": False, "error": why}))
    return status


def _report(outcome: Outcome) -> list[str]:
    built = ", ".join(f"{n} {table}" for table, n in outcome.rows.items())
    lines = [
        *outcome.problems,
        f"{outcome.records} records in {outcome.seconds} s ({outcome.poison} poison): {built}",
        f"writers waited {', '.join(f'{ms} ms' for ms in outcome.pauses_ms)}; readers did not",
    ]
    if outcome.swapped:
        lines.append("SWAPPED: the rebuilt tables are live, the old ones are kept until --drop")
    elif outcome.problems:
        lines.append("DIFFERENT: the live read models are as they were")
    else:
        lines.append("EQUAL: nothing was changed")
    return lines


def _back_report(outcome: Outcome) -> list[str]:
    return [
        f"{outcome.records} records that came since in {outcome.seconds} s ({outcome.poison} poison)",
        f"writers waited {', '.join(f'{ms} ms' for ms in outcome.pauses_ms)}; readers did not",
        "BACK: the tables from before the last swap are live, the rebuilt ones are kept until --drop",
    ]


def main() -> int:
    """Rebuild and report; return the exit status."""
    options = _parser().parse_args()
    return start.run_command("rebuild", Settings.from_env, partial(_run, options), of_log=True)


if __name__ == "__main__":
    sys.exit(main())
