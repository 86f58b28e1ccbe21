"""Keep on disk which alerts were sent while Postgres is away, so that a restarted engine does not repeat them.

Without a folder, or if nothing can be written to it, they are known in memory alone. A folder belongs to one engine, by
a lock that the system releases however its holder ends; another engine with the same folder takes it over then, with
its contents.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import orjson
import structlog

from gateway.alerts.alert import About, Alert
from gateway.alerts.routing import Notice
from gateway.alerts.store import alert_of
from gateway.verdict.stored import to_json

log = structlog.get_logger("alerts")

#: The version of the file's format. A file of another version is not read.
FORM: Final = 1
NAME: Final = "told-while-postgres-was-away.json"
_SHARED: Final = "another alert engine has this folder (MARKETPLACE_ALERT_MEMORY): give each one its own"
_TIMES: Final = ("since", "opened_at", "acknowledged_at", "silenced_until", "escalated_at", "resolved_at")
_IDS: Final = ("alert_id", "caused_by")
_WORDS: Final = ("text", "evidence", "advice")


@dataclass(slots=True)
class Kept:
    """The file of one engine in its own folder, about one database. With `folder` None nothing is stored."""

    folder: Path | None = None
    database_url: str = ""
    _written: bytes | None = None
    _failed: str = ""
    _writing: asyncio.Lock | None = None
    _lock: int | None = None

    def take(self) -> bool:
        """Lock the folder for this engine, unless another one has it.

        Return true at the moment that it is locked, once.
        """
        if self.folder is None or self._lock is not None:
            return False
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                raise
        except BlockingIOError:
            self._say(_SHARED)
            return False
        except OSError as error:
            self._say(error.strerror or repr(error))
            return False
        self._lock, self._failed = descriptor, ""
        return True

    def let_go(self) -> None:
        """Release the folder, as the end of the process does."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _say(self, why: str) -> None:
        if self._failed != why:
            self._failed = why
            log.warning(
                "what is told while Postgres is away is known in memory alone: an engine that begins anew"
                " meanwhile tells it again",
                folder=str(self.folder),
                error=why,
            )

    def read(self) -> dict[str, Any] | None:
        """Return what the file has of this database; None if it has nothing, cannot be read, or is another engine's."""
        if self.folder is None or self._lock is None:
            return None
        try:
            self._written = (self.folder / NAME).read_bytes()
            found = orjson.loads(self._written)
            known = found["form"] == FORM and found["database"] == self._database()
            return found["state"] if known else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("what was told before cannot be read: it may be told again", error=repr(error)[:200])
            return None

    async def write(self, state: Mapping[str, Any] | None) -> None:
        """Store all of this in the engine's folder, or nothing of it. Never raises: a failure is logged."""
        if self.folder is None or self._lock is None:
            return
        self._writing = self._writing or asyncio.Lock()
        async with self._writing:
            made = None
            if state is not None:
                # the database driver's UUIDs are a type of its own
                made = orjson.dumps({"form": FORM, "database": self._database(), "state": state}, default=str)
            if made == self._written:
                return
            try:
                await asyncio.to_thread(self._put, self.folder, made)
            except OSError as error:
                self._say(error.strerror or repr(error))
            else:
                self._written, self._failed = made, ""

    def _put(self, folder: Path, made: bytes | None) -> None:
        """Replace the file atomically: a process that dies in the middle leaves the previous file."""
        file = folder / NAME
        if made is None:
            file.unlink(missing_ok=True)
            return
        new = file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            written.write(made)
            written.flush()
            os.fsync(written.fileno())
        new.replace(file)

    def _database(self) -> str:
        """Return a name that tells this database from others, without any secret."""
        found = urlsplit(self.database_url)
        where = f"{found.hostname}:{found.port}{found.path}:{parse_qs(found.query).get('host', '')}"
        return hashlib.sha256(where.encode()).hexdigest()


def alert_to_json(alert: Alert) -> dict[str, Any]:
    """Return an alert in the columns of its row."""
    told = {one.name: getattr(alert, one.name) for one in fields(alert)}
    del told["words"]
    finding = {} if alert.finding is None else to_json(alert.finding)
    follows = [to_json(one) for one in alert.follows]
    written = {"finding": orjson.dumps(finding).decode(), "follows": orjson.dumps(follows).decode()}
    return {**told, **dict(zip(_WORDS, alert.words, strict=True)), **written}


def alert_from_json(told: Mapping[str, Any]) -> Alert:
    """Return the alert of such columns. Raises ValueError, KeyError or TypeError for any others."""
    times = {name: _moment(told[name]) for name in _TIMES}
    # an engine of before did not count how often it came
    return alert_of({"came": 1, **told, **times, **{name: told[name] and UUID(told[name]) for name in _IDS}})


def notice_from_json(told: Mapping[str, Any]) -> Notice:
    """Return a notice as orjson wrote it. Raises ValueError, KeyError or TypeError for something else."""
    return Notice(
        UUID(told["notice_id"]),
        UUID(told["alert_id"]),
        About(told["about"]),
        int(told["version"]),
        str(told["notifier"]),
        datetime.fromisoformat(told["due_at"]),
        tuple(told["fallback"]),
        bool(told["kept"]),
    )


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
