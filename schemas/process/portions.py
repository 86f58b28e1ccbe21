"""How many records to take at once, so that urgent ones do not wait long behind others."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Portions:
    """How many are taken up at once: what takes `usual_s`, about (None: `limit`), and no less than `least`.

    For `quick_for_s` after something urgent it is what takes `quick_s`. Times are given, of a clock that never goes
    back; what has begun within that time counts.
    """

    limit: int
    least: int
    quick_s: float
    quick_for_s: float
    usual_s: float | None = None
    most: int = field(init=False)
    _quick_until: float = field(init=False, default=float("-inf"))

    def __post_init__(self) -> None:
        self.most = self.limit

    def hurry(self, now: float) -> None:
        """Take note of something urgent."""
        self._quick_until = now + self.quick_for_s

    def done(self, count: int, began: float, ended: float) -> None:
        """Take note of how long so many took."""
        within_s = self.quick_s if began < self._quick_until else self.usual_s
        if within_s is None:
            self.most = self.limit
        else:
            self.most = portion(self.most, count, ended - began, within_s=within_s, least=self.least, limit=self.limit)


def portion(most: int, done: int, took_s: float, *, within_s: float, least: int, limit: int) -> int:
    """Return how many to take up next, after `done` of at most `most` took so long: what takes `within_s`, about."""
    if took_s > within_s:
        return max(least, min(most, int(done * within_s / took_s)))
    return min(limit, 2 * most) if done >= most else most
