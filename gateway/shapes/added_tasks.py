"""Shapes of a task that a person adds to a plan, and of what a person has a task say from now on."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from gateway.shapes import days
from gateway.shapes.query import ChannelId
from gateway.shapes.shape import Line, Paragraph, Taken, Text, Title
from schemas.plan import Priority


def _day(given: object) -> object:
    return days.day(given) if isinstance(given, str) else given


class AddedTask(Taken):
    """A task for a plan that is being worked on. It belongs to the phase under way."""

    title: Title
    what: Paragraph = ""
    channel: ChannelId | None = Field(None, description="One of the plan's channels; its first one if not given.")
    priority: Priority = "normal"
    opportunity_id: Line | None = Field(
        None, description="The opportunity of the plan that the task serves: what that is worth, the task is worth."
    )
    due_on: Annotated[date | None, BeforeValidator(_day)] = Field(
        None, description="The day by which it is to be done, YYYY-MM-DD; none if not given."
    )
    reason: Text = Field("", description="Why; it stands in the plan's history with who added it.")


class ChangedText(Taken):
    """What a task says from now on: all of it."""

    title: Title
    what: Paragraph
    reason: Text = Field("", description="Why; it stands in the plan's history with who changed it.")
