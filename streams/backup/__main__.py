"""`python -m streams.backup make FOLDER | restore FOLDER | check FOLDER`, each with `--json`.

Exit status: 0 done, 1 refused, 2 wrong usage, 3 a server could not be reached.
"""

from __future__ import annotations

import errno
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from schemas.process import logs, start
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.kafka import BROKER_AWAY
from schemas.process.named import named
from schemas.process.settings import DATABASE, need
from schemas.registry import RegistryError
from streams.backup import make, restore
from streams.backup.manifest import Manifest, NotRestorable
from streams.backup.moment import NoMoment
from streams.settings import Settings

JSON: Final = "--json"
AWAY: Final = 3
USAGE: Final = "usage: python -m streams.backup make|restore|check FOLDER [--json]"
#: What says that a server is not there.
_AWAY: Final[tuple[type[Exception], ...]] = (*BROKER_AWAY, RegistryError, *DATABASE_FAILS)
#: Of this machine's own disk, not of a server.
_OF_THE_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)


def _settings(env: Mapping[str, str]) -> Settings:
    need(env, DATABASE)
    return Settings.from_env(env)


async def _make(settings: Settings, folder: Path) -> int:
    made = await make.make(settings, folder)
    _say(
        {**_told(made.manifest), "seconds": round(made.seconds, 3), "waited_ms": round(made.waited_s * 1000, 1)},
        f"{folder} has {_in_words(made.manifest)}; it took {made.seconds:.1f} s, and for {made.waited_s * 1000:.0f} ms"
        " of them nothing was written. It holds personal data and secrets: keep it as you keep the database.",
    )
    return start.DONE


async def _restore(settings: Settings, folder: Path) -> int:
    began = time.monotonic()
    restored = await restore.restore(settings, folder)
    seconds = time.monotonic() - began
    _say(
        {**_told(restored.manifest), "seconds": round(seconds, 3), "webhooks_paused": list(restored.paused)},
        f"restored {_in_words(restored.manifest)} in {seconds:.1f} s. Start the processes, then `marketplace verify`."
        + to_resume(restored.paused),
    )
    return start.DONE


async def _check(_nothing: None, folder: Path) -> int:
    manifest = restore.check(folder)
    _say(_told(manifest), f"whole: {_in_words(manifest)}")
    return start.DONE


def to_resume(paused: Sequence[str]) -> str:
    """Return the last step of a restore, empty where no webhook waits for it."""
    if not paused:
        return ""
    return (
        f" Webhooks are paused, so that this copy calls nobody: {', '.join(paused)}. Last, where it takes the place of"
        " the system that was, `marketplace webhooks change NAME --resume` for each."
    )


def _told(manifest: Manifest) -> dict[str, Any]:
    return {
        "ok": True,
        "made_at": _made_at(manifest),
        "version": manifest.version,
        "rows": manifest.rows,
        "records": manifest.records,
        "size": sum(kept.size for kept in manifest.files),
    }


def _in_words(manifest: Manifest) -> str:
    size = sum(kept.size for kept in manifest.files) / 1e6
    return f"{manifest.rows} rows and {manifest.records} records of {_made_at(manifest)}, {size:.1f} MB"


def _made_at(manifest: Manifest) -> str:
    return datetime.fromtimestamp(manifest.made_at, UTC).isoformat(timespec="milliseconds")


def _say(document: dict[str, Any], text: str) -> None:
    if JSON in sys.argv:
        print(json.dumps(document))
    else:
        logs.answer(text)


async def _act(act: Callable[[Any, Path], Awaitable[int]], folder: Path, settings: Any) -> int:
    try:
        return await act(settings, folder)
    except (NotRestorable, NoMoment, FileExistsError) as refused:
        why, status = str(refused), start.FAILED
    except _AWAY as error:
        here = isinstance(error, OSError) and error.errno in _OF_THE_DISK
        why, status = " ".join(named(error).split()), start.FAILED if here else AWAY
    if JSON in sys.argv:
        print(json.dumps({"ok": False, "error": why}))
    else:
        logs.tell(why, failed=True)
    return status


def main() -> int:
    """Make, restore or check; return the exit status."""
    match [word for word in sys.argv[1:] if word != JSON]:
        case ["make", folder]:
            return start.run_command("backup", _settings, partial(_act, _make, Path(folder).absolute()))
        case ["restore", folder]:
            return start.run_command("backup", _settings, partial(_act, _restore, Path(folder).absolute()))
        case ["check", folder]:
            return start.run_command("backup", lambda _: None, partial(_act, _check, Path(folder).absolute()))
    print(USAGE, file=sys.stderr)
    return start.REFUSED


if __name__ == "__main__":
    sys.exit(main())
