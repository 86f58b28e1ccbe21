"""Shapes of recoveries that a person requests for a plan that makes no progress."""

from __future__ import annotations

from typing import Final, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from gateway.shapes.published import needed_unless, one_of
from gateway.shapes.query import ChannelId
from gateway.shapes.shape import Given, Taken, Text

#: Plans that are asked about at once at most.
MOST: Final = 500


class RecoveryAsk(Taken, json_schema_extra=needed_unless("how", ["recover"], "reason")):
    """A request to the watchdog for one plan."""

    how: Literal["recover", "move_on"] = Field(
        description="recover: what fits the cause; move_on: the plan goes on without what it waits for."
    )
    reason: Text = Field("", description="Needed for move_on.")
    channels: list[ChannelId] = Field(
        default_factory=list, max_length=20, description="Of an analysis: these alone; all that are missing if none."
    )


class RecoveryOfMany(Taken, json_schema_extra=one_of("ids", "stalled")):
    """Recovery of many plans, as `recover` of one: of these, or of all that are stalled."""

    ids: list[UUID] | None = Field(None, min_length=1, max_length=MOST)
    stalled: Literal[True] | None = Field(
        None, description="All that are stalled and about which nobody has asked for anything."
    )
    reason: Text = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.ids is None) == (self.stalled is None):
            raise ValueError("give ids, or stalled: true")
        return self


class RecoveryOfPlan(Given):
    plan_id: UUID
    outcome: Literal["accepted", "unchanged", "not_waiting", "not_found"]


class RecoveryOfManyAsked(Given):
    """The outcome for each plan. `left`: stalled plans beyond these; the same request again takes them."""

    results: list[RecoveryOfPlan]
    left: int


class RecoveryAsked(Given):
    """`outcome`: accepted, or unchanged where the same is asked for already."""

    plan_id: UUID
    outcome: Literal["accepted", "unchanged"]
