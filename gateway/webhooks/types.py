"""What is the same for all webhooks: which events they can ask for, one by one or all of a kind, and their limits."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared

#: The topics whose events are told.
TOPICS: Final = (PLAN_EVENTS, TASK_EVENTS)
#: Every event that there is.
KNOWN: Final = tuple(type_ for topic in TOPICS for type_ in declared()[topic].events)
#: All events of plans, all of tasks: also those that a later version adds.
PATTERNS: Final = ("plan.*", "task.*")

#: Deliveries of one webhook that wait at most; the history keeps the rest.
WINDOW: Final = 1000


def place_of(webhook_id: UUID) -> str:
    """Return the place of a webhook's secret, to which it is bound where it is encrypted."""
    return f"webhook.{webhook_id}"


def unknown(types: Collection[str]) -> list[str]:
    """Return those of `types` that no event has, and that are no pattern either."""
    return [one for one in types if one not in KNOWN and one not in PATTERNS]


def asks_for(types: Collection[str], type_: str) -> bool:
    """Say whether a webhook that asked for `types` is told of an event of a type."""
    return type_ in types or f"{type_.partition('.')[0]}.*" in types
