"""Tasks as all-day entries of a calendar (RFC 5545). A task keeps its id: read in again, its entry moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

Row = Mapping[str, Any]

#: Octets of a line at most; the rest goes on in the next, behind a blank.
_LINE: Final = 75
_PRIORITY: Final = {"high": "1", "normal": "5", "low": "9"}
_ENDED: Final = {"cancelled": "CANCELLED"}


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """The words of an entry for its reader, in English where nobody says otherwise.

    A state, priority or channel without a word keeps its name in the API.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    priority: str = "Priority"
    phase: str = "Phase %(n)s"
    sourceless: str = "without a source in the document: %(numbers)s"


ENGLISH: Final = CalendarWords()


class Calendar:
    """The tasks that have a day; those that have none are left out. `url`: of the pages."""

    def __init__(self, url: str, now: datetime, words: CalendarWords = ENGLISH) -> None:
        self._url, self._now, self._words = url, now, words

    def begin(self) -> bytes:
        lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Marketplace Resilience System//tasks//EN")
        return b"".join(map(_folded, (*lines, "CALSCALE:GREGORIAN")))

    def rows(self, rows: Iterable[Row]) -> bytes:
        dated = (task for task in rows if task["dueOn"])
        return b"".join(_folded(line) for task in dated for line in self._entry(task))

    def end(self) -> bytes:
        return _folded("END:VCALENDAR")

    def close(self) -> None:
        """Do nothing: a calendar keeps nothing open."""

    def _entry(self, task: Row) -> Iterator[str]:
        day = date.fromisoformat(task["dueOn"])
        page = f"{self._url}/tasks/{task['taskId']}"
        yield "BEGIN:VEVENT"
        yield f"UID:{task['taskId']}@marketplace"
        yield f"SEQUENCE:{task['version']}"
        yield f"DTSTAMP:{self._now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{_digits(day)}"
        if day < date.max:  # without an end it lasts its day
            yield f"DTEND;VALUE=DATE:{_digits(day + timedelta(days=1))}"
        yield f"SUMMARY:{_text(task['title'])}{' [?]' if task.get('unmatched') else ''}"
        yield f"DESCRIPTION:{_text(chr(10).join([*_told(task, self._words), page]))}"
        yield f"URL:{page}"
        yield f"PRIORITY:{_PRIORITY.get(task['priority'], '5')}"
        yield f"STATUS:{_ENDED.get(task['status'], 'CONFIRMED')}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def _told(task: Row, words: CalendarWords) -> Iterator[str]:
    """Say what a person has to know of a task, a line for each."""
    channel, state, priority = task["channel"], task["status"], task["priority"]
    if task["what"]:
        yield task["what"]
    yield f"{task['planTitle']} · {words.channels.get(channel, channel)} · {words.states.get(state, state)}"
    phase = words.phase % {"n": task["phase"]}
    yield f"{words.priority}: {words.priorities.get(priority, priority)} · {phase}"
    if task["assignee"]:
        yield f"-> {task['assignee']}"
    if task.get("unmatched"):
        yield f"[?] {words.sourceless % {'numbers': '; '.join(task['unmatched'])}}"


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")  # strftime gives early years fewer digits


def _text(text: str) -> str:
    """Return a text in which nothing is a sign of the format, and no line begins."""
    safe = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    kept = "".join(c for c in safe.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or c >= " ")
    return kept.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Return a line of the format: no part of it is longer than it takes, and no character is torn."""
    parts: list[bytes] = [b""]
    for character in line:
        octets = character.encode()
        if len(parts[-1]) + len(octets) > _LINE:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"
