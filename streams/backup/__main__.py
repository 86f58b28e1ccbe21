"""`python -m streams.backup make FOLDER | restore FOLDER | check FOLDER | key FILE`, each with `--json`.

Exit status: 0 done, 1 refused, 2 wrong usage, 3 a server could not be reached.
"""

from __future__ import annotations

import asyncio
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
from streams.backup.keys import RECIPIENTS, Keys, make_pair
from streams.backup.manifest import Manifest, NotRestorable
from streams.backup.moment import NoMoment
from streams.settings import Settings

JSON: Final = "--json"
AWAY: Final = 3
USAGE: Final = "usage: python -m streams.backup make|restore|check FOLDER, or key FILE [--json]"
#: What says that a server is not there.
_AWAY: Final[tuple[type[Exception], ...]] = (*BROKER_AWAY, RegistryError, *DATABASE_FAILS)
#: What this machine's own disk says, not a server.
_OF_THE_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)


def _settings(env: Mapping[str, str]) -> tuple[Settings, Keys]:
    need(env, DATABASE)
    return Settings.from_env(env), Keys.from_env(env)


async def _make(given: tuple[Settings, Keys], folder: Path) -> int:
    settings, keys = given
    made = await make.make(settings, folder, keys)
    recipients = len(made.manifest.recipients)
    hidden = (
        f" It is encrypted: {recipients} secret {'key opens' if recipients == 1 else 'keys open'} it."
        if recipients
        else f" It holds personal data and secrets, and is not encrypted ({RECIPIENTS}): keep it as you keep the"
        " database."
    )
    _say(
        {**_told(made.manifest), "seconds": round(made.seconds, 3), "waited_ms": round(made.waited_s * 1000, 1)},
        f"{folder} has {_in_words(made.manifest)}; it took {made.seconds:.1f} s, and for {made.waited_s * 1000:.0f} ms"
        f" of them nothing was written.{hidden}",
    )
    return start.DONE


async def _restore(given: tuple[Settings, Keys], folder: Path) -> int:
    (settings, keys), began = given, time.monotonic()
    restored = await restore.restore(settings, folder, keys)
    seconds = time.monotonic() - began
    _say(
        {**_told(restored.manifest), "seconds": round(seconds, 3), "webhooks_paused": list(restored.paused)},
        f"restored {_in_words(restored.manifest)} in {seconds:.1f} s. Start the processes, then `marketplace verify`."
        + to_resume(restored.paused),
    )
    return start.DONE


async def _check(keys: Keys, folder: Path) -> int:
    manifest = await asyncio.to_thread(restore.check, folder, keys)
    opened = not manifest.recipients or bool(keys.identities)
    unopened = "" if opened else "; it is encrypted, and no secret key was given to open it"
    _say({**_told(manifest), "opened": opened}, f"whole: {_in_words(manifest)}{unopened}")
    return start.DONE


async def _key(_nothing: None, file: Path) -> int:
    public = make_pair(file)
    _say(
        {"ok": True, "recipient": public},
        f"{public}\nis the public key: give it to who makes backups, as {RECIPIENTS}. The secret key is in {file}:"
        " keep it elsewhere, and twice. Without it no backup that is encrypted to this key can ever be read.",
    )
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
        "encrypted": bool(manifest.recipients),
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
            return start.run_command("backup", _settings, partial(_act, _make, Path(folder).absolute()), of_log=True)
        case ["restore", folder]:
            return start.run_command("backup", _settings, partial(_act, _restore, Path(folder).absolute()))
        case ["check", folder]:
            return start.run_command("backup", Keys.from_env, partial(_act, _check, Path(folder).absolute()))
        case ["key", file]:
            return start.run_command("backup", lambda _: None, partial(_act, _key, Path(file).absolute()))
    print(USAGE, file=sys.stderr)
    return start.REFUSED


if __name__ == "__main__":
    sys.exit(main())
