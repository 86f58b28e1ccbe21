"""The types of values that findings of several kinds have alike."""

from __future__ import annotations

from typing import Final

from gateway.verdict.traits import Value

FILLS: Final = {"used": Value.FIGURE, "limit": Value.FIGURE, "share": Value.FIGURE}
SHARE: Final = {"count": Value.COUNT, "all": Value.FIGURE, "share": Value.FIGURE}
SHARE_WITHIN: Final = {**SHARE, "within": Value.SECONDS}
ANSWER: Final = {"name": Value.TEXT, "channel": Value.TEXT, "instead": Value.PHRASE, "reason": Value.REASON}
DISK: Final = {
    **dict.fromkeys(("path", "host", "share", "free"), Value.TEXT),
    "owners": Value.OWNERS,
    "seen": Value.AGO,
}
WAITING: Final = {"count": Value.COUNT, "age": Value.AGE}
EVENTS: Final = {"count": Value.COUNT, "first": Value.NUMBER}
PROCESS: Final = {"role": Value.ROLE, "pid": Value.NUMBER, "host": Value.TEXT}
BREAKER: Final = {"name": Value.TEXT, "reason": Value.REASON}
LETTER_VALUES: Final = {"count": Value.COUNT, "blocked": Value.CAME_BACK, "age": Value.AGE}
UNHEARD: Final = {"count": Value.COUNT, "kinds": Value.TEXT, "name": Value.TEXT}
