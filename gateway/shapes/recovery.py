"""Shapes of what a person has done about a plan that stands still."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.shapes.published import needed_unless
from gateway.shapes.query import ChannelId
from gateway.shapes.shape import Given, Taken, Text


class RecoveryAsk(Taken, json_schema_extra=needed_unless("how", ["recover"], "reason")):
    """What the watchdog is to do at once."""

    how: Literal["recover", "move_on"] = Field(
        description="recover: what fits the cause; move_on: the plan goes on without what it waits for."
    )
    reason: Text = Field("", description="Needed for move_on.")
    channels: list[ChannelId] = Field(
        default_factory=list, max_length=20, description="Of an analysis: these alone; all that are missing if none."
    )


class RecoveryAsked(Given):
    """`outcome`: accepted, or unchanged where the same is asked for already."""

    plan_id: UUID
    outcome: Literal["accepted", "unchanged"]
