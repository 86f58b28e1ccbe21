"""How far the log was seen to reach, and how much of it a new leader of a partition has lost. Pure.

A leader has an epoch, which the broker counts. Where the log of an epoch ended, the broker tells for ever, whatever was
written since: so a log that lost its end is found although it has grown again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Place = tuple[str, int]
#: Seconds within which what follows from a record is in the log; clocks may differ by as much, too.
BEFORE_S: Final = 60.0
#: Seconds: the greatest age of a note while records come.
UNNOTED_S: Final = 3.0
#: How far the read models have come, for who looks at the whole log.
PROJECTED: Final = "select topic, partition, next_offset from rm.projection_offset"


@dataclass(frozen=True, slots=True)
class Reach:
    """`following` is the offset after the last record that was seen under the leader of this epoch."""

    epoch: int
    following: int


def led_anew(noted: Mapping[Place, Reach], seen: Mapping[Place, Reach]) -> dict[Place, int]:
    """Return the partitions that have another leader since, with the epoch of the one before.

    A topic that was made anew can have the same epoch: then its log is shorter.
    """
    return {
        place: noted[place].epoch
        for place, now in seen.items()
        if place in noted and (noted[place].epoch != now.epoch or now.following < noted[place].following)
    }


def grown(noted: Mapping[Place, Reach], seen: Mapping[Place, Reach]) -> dict[Place, Reach]:
    """Return what is to be noted: partitions that are new, or reach further under the same leader."""
    return {
        place: now
        for place, now in seen.items()
        if place not in noted or (noted[place].epoch == now.epoch and noted[place].following < now.following)
    }


def cut(noted: Mapping[Place, Reach], kept: Mapping[Place, int]) -> dict[Place, int]:
    """Return the partitions whose log ends before what was seen of it, with where it ends."""
    return {place: end for place, end in kept.items() if end < noted[place].following}


def sent_since(cuts: Mapping[Place, int], last_s: Mapping[Place, float], noted_s: float) -> float:
    """Return since when what was published is sent again, in seconds since 1970 UTC; 0 for all that is kept.

    `last_s`: the time of the last record that is left, of partitions that were cut and are not empty. `noted_s`: when
    the last note was made: what came between it and the end of that leader nobody has seen.
    """
    if set(cuts) - set(last_s):
        return 0.0
    return max(0.0, min([*(last_s[place] - BEFORE_S for place in cuts), noted_s - UNNOTED_S]))
