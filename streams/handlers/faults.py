"""Faults on purpose, for drills and scenarios: `MARKETPLACE_FAULTS`. Never set in production.

    fail plan.approved                       every attempt at every plan.approved fails
    fail plan.approved where priority=low    only where that field of the event has that value, as it is on the log
    fail plan.uploaded times 2               the first two attempts at each event fail, in this process
    deaf after plan.approved                 once it has handled such an event this process lives and handles no more

Several are separated by `;`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.events import Event
from streams.handlers.handler import Handler

_FAULT: Final = re.compile(
    r"(?P<kind>fail|deaf after) (?P<type>[a-z0-9_.]+)(?: where (?P<field>[a-z0-9_]+)=(?P<value>.*?))?"
    r"(?: times (?P<times>\d+))?"
)


class InjectedFault(Exception):  # noqa: N818 - it is one
    """A failure that was asked for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Which events fail, and how often each (`times` None: always).

    `deafens`: the event succeeds, and afterwards the process takes no more records.
    """

    type: str
    field: str = ""
    value: str = ""
    times: int | None = None
    deafens: bool = False

    def concerns(self, event: Event) -> bool:
        """Return whether the fault is for this event."""
        return event.type == self.type and (not self.field or str(event.data.get(self.field)) == self.value)


def parse(text: str) -> tuple[Fault, ...]:
    """Read the variable. Raises ValueError, naming what makes no sense."""
    faults = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        match = _FAULT.fullmatch(part)
        deafens = match is not None and match["kind"] == "deaf after"
        if match is None or (deafens and match["times"]):
            known = "'fail TYPE [where FIELD=VALUE] [times N]' or 'deaf after TYPE [where FIELD=VALUE]'"
            raise ValueError(f"MARKETPLACE_FAULTS: {part!r} is not {known}")
        times = int(match["times"]) if match["times"] else None
        faults.append(Fault(match["type"], match["field"] or "", match["value"] or "", times, deafens))
    return tuple(faults)


def failing(handler: Handler, faults: tuple[Fault, ...], deafen: Callable[[], None] = lambda: None) -> Handler:
    """Return a handler that fails by these faults; it calls `deafen` for a fault that deafens."""
    if not faults:
        return handler
    failed: Counter[tuple[Fault, str]] = Counter()

    def handle(event: Event) -> Sequence[Event]:
        for fault in faults:
            if fault.deafens and fault.concerns(event):
                deafen()
            elif fault.concerns(event) and (fault.times is None or failed[fault, event.event_id] < fault.times):
                failed[fault, event.event_id] += 1
                raise InjectedFault(f"{event.type} of plan {event.correlation_id} was asked to fail")
        return handler(event)

    return handle
