"""How long to wait before a process is started again. Pure: the caller brings the times."""

from __future__ import annotations

from dataclasses import dataclass

FIRST = 0.2
CAP = 10.0
DOUBLED = 10  # times at most: beyond CAP, and far from where a float ends
HEALTHY = 10.0  # seconds of running after which a death counts as the first again


@dataclass
class Backoff:
    """Return for how many seconds to wait: 0.2, doubled at each death in a row, 10 at most."""

    deaths: int = 0

    def died(self, ran_for: float) -> float:
        """Return the seconds to wait after a run of `ran_for` seconds."""
        self.deaths = 1 if ran_for >= HEALTHY else self.deaths + 1
        return float(min(CAP, FIRST * 2 ** min(self.deaths - 1, DOUBLED)))

    @property
    def keeps_dying(self) -> bool:
        """Tell whether a person should be told that this is more than one accident."""
        return self.deaths >= 3
