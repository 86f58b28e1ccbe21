"""Groups the recovery log into incidents: one row for each stall, with its steps below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from projections.recoveries.reads import Recovery

_BEGINS: Final = "plan.stalled"


@dataclass(frozen=True, slots=True)
class Incident:
    """One stall. `steps`: one or more, the newest first; the incident's first steps may be older than the read ones."""

    steps: tuple[Recovery, ...]

    @property
    def last(self) -> Recovery:
        return self.steps[0]

    @property
    def cause(self) -> str:
        """Return the latest known cause, "" if no step has one."""
        return next((step.cause for step in self.steps if step.cause), "")

    @property
    def stalled_ms(self) -> int | None:
        """Return for how many milliseconds the plan was stalled; None while it still is."""
        return self.last.stalled_ms

    @property
    def attempts(self) -> int:
        return max(step.attempt for step in self.steps)

    @property
    def key(self) -> str:
        return f"{self.last.plan_id}-{self.steps[-1].version}"


def incidents(steps: Iterable[Recovery]) -> list[Incident]:
    """Return the incidents of a log, in its order: that of the newest step of each."""
    made: list[list[Recovery]] = []
    going: dict[object, list[Recovery]] = {}
    for step in steps:
        found = going.get(step.plan_id)
        if found is None:
            found = going[step.plan_id] = []
            made.append(found)
        found.append(step)
        if step.type == _BEGINS:  # what is older is another incident of the plan
            del going[step.plan_id]
    return [Incident(tuple(one)) for one in made]
