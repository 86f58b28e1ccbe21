"""Shapes of requests and answers about events that are set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from gateway.shapes.dead_letters import DifferenceShape
from gateway.shapes.query import ONE, Cursor, PageLimit
from gateway.shapes.shape import Given, Reason, Taken
from projections.reads.paging import DEFAULT_LIMIT


class SetAsideQuery(Taken):
    plan: Annotated[UUID | None, ONE] = None
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT


class SetAsideShape(Given):
    """An accepted event that cannot be published as it is. Later events of its stream wait behind it."""

    seq: int
    state: Literal["set_aside", "behind", "on_its_way", "published"] = Field(
        description="`behind`: it waits behind one that is set aside. `on_its_way`: it was mended and goes out."
    )
    event_id: UUID
    topic: str
    key: str
    plan_id: UUID | None
    type: str
    stream: str
    version: int
    actor: str
    occurred_at: datetime
    stored_at: datetime
    set_aside_at: datetime | None
    published_at: datetime | None
    reason: str = Field(description="What is wrong with it.")
    behind: int = Field(description="Events of its stream that wait behind it.")
    edits: int = Field(description="How often its data was edited: the ETag, for If-Match.")
    raw: bool = Field(description="Bytes that are sent as they are, such as a dead letter's: nothing to edit.")


class SetAsidePage(Given):
    items: list[SetAsideShape]
    next_cursor: str | None


class EventEditShape(Given):
    """`before` is the data that the edit replaced."""

    edit: int
    actor: str
    reason: str
    edited_at: datetime
    before: dict[str, Any]


class SetAsideDetailShape(SetAsideShape):
    """An event with its contents. `original` is its data before the first edit, null where there was none."""

    causation_id: str
    correlation_id: str
    data: dict[str, Any]
    original: dict[str, Any] | None
    differences: list[DifferenceShape] = Field(description="What differs between `original` and `data`.")
    history: list[EventEditShape]


class EventEdit(Taken):
    """Other data for the event; its id, stream, version, key and type stay."""

    data: dict[str, Any]
    reason: Reason


class EventEdited(Given):
    seq: int
    edits: int
    differences: list[DifferenceShape]


class EventRemoval(Taken):
    """Why an event that nobody decided is taken out."""

    reason: Reason


class EventRemoved(Given):
    """`wrong` is what was wrong with its seal; the audit keeps its data."""

    seq: int
    type: str
    stream: str
    version: int
    wrong: str
