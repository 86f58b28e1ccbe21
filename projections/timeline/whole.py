"""The data of an event as the log has them, of what the history keeps of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from uuid import UUID

from schemas.catalogue import newest

#: What each event of a plan says first (by its schema), and a row of the history has in a column of its own.
PLAN: Final = "plan_id"


def without_plan(data: Mapping[str, Any], plan_id: str) -> dict[str, Any]:
    """Return a copy of the data of an event of this plan, without the plan's id."""
    kept = dict(data)
    if kept.get(PLAN) == plan_id:
        del kept[PLAN]
    return kept


def whole(type_: str, plan_id: UUID | str, data: Mapping[str, Any], said: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the data of an event, in the order of its schema; `said`: what stands apart from its row."""
    found = {PLAN: str(plan_id), **data}
    if said is None:
        return found
    found.update(said)
    return {**{name: found[name] for name in _fields(type_) if name in found}, **found}


@cache
def _fields(type_: str) -> tuple[str, ...]:
    try:
        return tuple(field["name"] for field in newest(type_).raw["fields"])
    except KeyError:  # a type of a newer version
        return ()
