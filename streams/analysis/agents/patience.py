"""How long to wait for one request to an agent, learned from the time of its earlier answers. Pure.

A request that hangs would take all the time that a plan has. So one that takes several times as long as the slowest
answers of late is given up, where there is time for another one as long.
"""

from __future__ import annotations

from collections import deque
from typing import Final

#: How many times as long as its slow answers an agent is waited for, unless a setting says otherwise.
TIMES: Final = 3.0
#: Answers that are remembered, and those without which nothing is known of an agent.
KEPT: Final = 40
ENOUGH: Final = 8
#: The share of the answers that were quicker than a slow one. Of 40 it leaves two out: two slow ones are believed.
SLOW: Final = 0.95
#: No request is given up before this, in seconds, however quick the others were.
LEAST_S: Final = 5.0


class Patience:
    """The response times of one agent. `times` None: no request is given up early."""

    def __init__(self, times: float | None = TIMES, *, least_s: float = LEAST_S) -> None:
        self._times = times
        self._least_s = least_s
        self._took: deque[float] = deque(maxlen=KEPT)

    def answered(self, seconds: float) -> None:
        """Add the response time of an answer, whatever the answer says."""
        self._took.append(seconds)

    def given_up(self, seconds: float) -> None:
        """Add a request that was given up, as if it had taken twice as long: its real time is unknown.

        So an agent that has become slow is waited for longer and longer, until it answers.
        """
        self._took.append(2 * seconds)

    @property
    def seconds(self) -> float | None:
        """The timeout of a request in seconds; None if too few times are known, or requests are never given up."""
        if self._times is None or len(self._took) < ENOUGH:
            return None
        slow = sorted(self._took)[min(int(len(self._took) * SLOW), len(self._took) - 1)]
        return max(self._least_s, self._times * slow)

    def within(self, left: float) -> float:
        """Return the timeout of the next request, given the seconds that are left for it and its retries."""
        limit = self.seconds
        return left if limit is None or left < 2 * limit else limit
