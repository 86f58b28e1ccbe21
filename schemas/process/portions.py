"""How many records to take at once, so that urgent ones do not wait long behind others."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Portions:
    """The size of the next portion: as many records as take about `usual_s`, between `least` and `limit`.

    Without a `usual_s` it is `limit`. For `quick_for_s` after an urgent record, a portion takes about `quick_s`; a
    portion that began within that time counts. The caller passes times of a monotonic clock.
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
        """Note that an urgent record has come."""
        self._quick_until = now + self.quick_for_s

    def is_quick(self, now: float) -> bool:
        """Return whether something urgent came a moment ago."""
        return now < self._quick_until

    def done(self, count: int, began: float, ended: float) -> None:
        """Note how long a portion took, and set the size of the next one."""
        within_s = self.quick_s if self.is_quick(began) else self.usual_s
        if within_s is None:
            self.most = self.limit
        else:
            self.most = portion(self.most, count, ended - began, within_s=within_s, least=self.least, limit=self.limit)


def portion(most: int, done: int, took_s: float, *, within_s: float, least: int, limit: int) -> int:
    """Return the size of the next portion, to take about `within_s`, after `done` of at most `most` took `took_s`."""
    if took_s > within_s:
        return max(least, min(most, int(done * within_s / took_s)))
    return min(limit, 2 * most) if done >= most else most
