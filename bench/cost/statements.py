"""Which statements each process sends to Postgres, from a log of all of them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

#: Settings with which Postgres logs every statement, with its time and whose it is. It costs much: for counting only.
SETTINGS: Final = {
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_rotation_size": "0",
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
#: Characters of a statement that are kept.
KEPT: Final = 110
_LINE: Final = re.compile(r"duration: ([0-9.]+) ms(?:  (statement|parse|bind|execute)[^:]*: (.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that was executed: by a session (`pid`) of `process`."""

    process: str
    pid: int
    text: str
    ms: float


@dataclass
class Sent:
    """What one process has sent: statements by their text, time by the same, and how many transactions that was."""

    statements: Counter[str] = field(default_factory=Counter)
    ms: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    transactions: int = 0


def logged(folder: Path) -> Iterator[Statement]:
    """Yield all statements in the logs of a server, in the order in which they ended."""
    for file in sorted(folder.glob("*.json")):
        with file.open(encoding="utf-8") as lines:
            yield from parsed(lines)


def parsed(lines: Iterable[str]) -> Iterator[Statement]:
    """Yield the statements in lines of a log; what else was logged is left out, and the planning of a statement too."""
    for line in lines:
        entry = json.loads(line)
        found = _LINE.match(entry.get("message", ""))
        if found and found[2] in ("statement", "execute"):
            yield Statement(entry.get("application_name") or "?", entry["pid"], short(found[3]), float(found[1]))


def short(text: str) -> str:
    """Return a statement in one line, without what differs from one call to the next."""
    line = " ".join(re.sub(r"'[^']*'", "'?'", text).split())
    return line if len(line) <= KEPT else line[: KEPT - 3] + "..."


def by_process(statements: Iterable[Statement]) -> dict[str, Sent]:
    """Return each process's statements. A statement outside of `begin` and `commit` is a transaction of its own."""
    found: dict[str, Sent] = defaultdict(Sent)
    inside: set[int] = set()
    for one in statements:
        sent = found[one.process]
        sent.statements[one.text] += 1
        sent.ms[one.text] += one.ms
        first = one.text.lower().partition(" ")[0].rstrip(";")
        if first in ("begin", "start"):
            inside.add(one.pid)
        elif first in ("commit", "rollback", "end") or one.pid not in inside:
            inside.discard(one.pid)
            sent.transactions += 1
    return dict(found)
