"""Whether the memory of a process stays flat: a slope over all of its lives. Pure.

A process that was killed begins anew, so levels are not compared across lives; the slope is common to all lives of a
process: each life is centred on its own mean, after its first `warm_s` seconds, in which caches and pools fill, and the
heap grows to what the largest batch after an outage takes. The database is judged session by session instead, see
sessions.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: What a process may grow by over the whole soak at its slope: the larger of a size and a share of its mean.
GROWTH_MIB: Final = 16.0
GROWTH_SHARE: Final = 0.10
#: The broker's heap grows and shrinks in great steps below a limit of its own; this is the most that it may take.
BROKER_MIB: Final = 900.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a process."""

    at: float  # seconds
    age: float  # seconds since the process began
    pid: int
    mib: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The memory trend of one process. `growth_mib`: slope times the whole time; None if every life was too short.

    `more`: how many sessions it has more, at the slope of their number; 0 for a process that has none.
    """

    name: str
    lives: int
    mean_mib: float
    most_mib: float
    growth_mib: float | None
    flat: bool
    more: float = 0.0

    @property
    def problem(self) -> str:
        """Say what is wrong; empty where nothing is."""
        if self.flat:
            return ""
        sessions = f", and has {self.more:.0f} sessions more" if self.more >= 1 else ""
        return f"the memory of {self.name} grows by {self.growth_mib or 0:.0f} MiB{sessions}"


def trend(name: str, samples: Sequence[Sample], *, warm_s: float, whole_s: float) -> Trend:
    """Judge one process. `samples` are in the order of time and at least one."""
    lives: dict[int, list[Sample]] = {}
    for sample in samples:
        if sample.age >= warm_s:
            lives.setdefault(sample.pid, []).append(sample)
    above = below = 0.0
    for life in lives.values():
        middle_at = sum(s.at for s in life) / len(life)
        middle_mib = sum(s.mib for s in life) / len(life)
        above += sum((s.at - middle_at) * (s.mib - middle_mib) for s in life)
        below += sum((s.at - middle_at) ** 2 for s in life)
    growth = above / below * whole_s if below > 0 else None
    mean = sum(s.mib for s in samples) / len(samples)
    most = max(s.mib for s in samples)
    allowed = max(GROWTH_MIB, GROWTH_SHARE * mean)
    flat = most <= BROKER_MIB if name == "broker" else growth is None or growth <= allowed
    return Trend(name, len({s.pid for s in samples}), mean, most, growth, flat)
