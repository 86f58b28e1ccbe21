"""How much of everything: in full, quickly, and to try the bench itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bench.cost.database import SETTLES_S


@dataclass(frozen=True, slots=True)
class Sizes:
    """`seconds` is how long a steady rate lasts, and no longer than `most` requests take.

    `warm`, `closed`, `bursts`, `limit` and `measured` are plans, `uploads` documents, `members` workers and projections
    each, `steps` plans in the log.
    """

    rounds: int
    warm: int
    closed: int
    rates: tuple[float, ...]
    seconds: float
    most: int
    idle_s: float
    bursts: tuple[int, ...]
    uploads: int
    limit: int
    members: tuple[int, ...]
    steps: tuple[int, ...]
    measured: int
    settle_s: float

    def lasts(self, rate: float) -> float:
        """Return for how many seconds requests come at this rate."""
        return min(self.seconds, self.most / rate)


FULL: Final = Sizes(
    rounds=3,
    warm=300,
    closed=3000,
    rates=(20, 50, 200, 500),
    seconds=30,
    most=6000,
    idle_s=20,
    bursts=(1000, 10_000),
    uploads=500,
    limit=20_000,
    members=(1, 2, 4),
    steps=(1000, 10_000, 100_000),
    measured=1000,
    settle_s=SETTLES_S,
)
QUICK: Final = replace(
    FULL,
    rounds=2,
    warm=100,
    closed=600,
    rates=(20, 50, 200),
    seconds=6,
    most=1000,
    idle_s=5,
    bursts=(1000,),
    uploads=60,
    limit=3000,
    members=(1, 2),
    steps=(1000, 4000),
    measured=300,
    settle_s=0,
)
#: To try the bench itself: its figures say nothing.
TINY: Final = replace(
    QUICK,
    rounds=1,
    warm=10,
    closed=40,
    rates=(20,),
    seconds=1,
    most=20,
    idle_s=1,
    bursts=(30,),
    uploads=4,
    limit=300,
    steps=(100, 200),
    measured=40,
)
#: A log of a million plans takes hours to fill.
MILLION: Final = 1_000_000
NAMED: Final = {"full": FULL, "quick": QUICK, "tiny": TINY}
