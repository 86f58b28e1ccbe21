"""PagerDuty as its Events API v2 keeps incidents: by their key, and a trigger pages only if it opens one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.support.receivers import Request


@dataclass
class Incidents:
    """`state` by the key of each incident; `pages` are the summaries that somebody was called with."""

    state: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    @property
    def open(self) -> list[str]:
        return [key for key, state in self.state.items() if state != "resolved"]

    def take(self, event: dict[str, Any]) -> None:
        key, action = event["dedup_key"], event["event_action"]
        there = self.state.get(key, "resolved")
        if action == "trigger" and there == "resolved":
            self.state[key] = "triggered"
            self.pages.append(event["payload"]["summary"])
        elif action == "acknowledge" and there == "triggered":
            self.state[key] = "acknowledged"
        elif action == "resolve" and there != "resolved":
            self.state[key] = "resolved"


def incidents(got: Iterable[Request]) -> Incidents:
    """Return what PagerDuty has after the events that it got."""
    made = Incidents()
    for request in got:
        made.take(request.json)
    return made
