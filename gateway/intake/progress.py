"""Reports how far the reading of a document is, a few times a second at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

#: The stages. `waiting`: for a turn, while others are read. `figures`: all is read, and is being summed up.
Stage = Literal["waiting", "sheet", "page", "rows", "figures"]
#: Seconds between two reports: people see no more, and a pipe that nobody empties must not block the reading.
INTERVAL_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the reading is: sheet or page `at` of `of`, and how many rows there are so far; 0 is unknown."""

    stage: Stage
    at: int = 0
    of: int = 0
    rows: int = 0

    @classmethod
    def from_dict(cls, said: Any) -> Progress:
        """Read what the reading process says. Raises ValueError for anything else."""
        if not isinstance(said, dict) or said.get("stage") not in get_args(Stage):
            raise ValueError("no progress")
        counts = [said.get(name) for name in ("at", "of", "rows")]
        at, of, rows = (count if isinstance(count, int) else -1 for count in counts)
        if min(at, of, rows) < 0:
            raise ValueError("no progress")
        return cls(said["stage"], at, of, rows)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        return asdict(self)


Tell = Callable[[Progress], None]


def tell_nobody(_progress: Progress) -> None:
    """Ignore progress."""


def seldom(tell: Tell, clock: Callable[[], float] = time.monotonic) -> Tell:
    """Return a `Tell` that passes on each new stage, and other progress after a pause."""
    stage = ""
    due = 0.0

    def told(progress: Progress) -> None:
        nonlocal stage, due
        now = clock()
        if progress.stage == stage and now < due:
            return
        stage, due = progress.stage, now + INTERVAL_S
        tell(progress)

    return told
