"""The answer to an upload that was taken."""

from __future__ import annotations

from pydantic import Field

from gateway.shapes.plans import PlanAccepted


class UploadAccepted(PlanAccepted):
    """An upload was taken."""

    channels: list[str] = Field(description="What the plan is for.")
    found: list[str] = Field(description="The channels that the document tells of; empty where it names none.")
