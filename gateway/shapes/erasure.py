"""Shapes of the erasure of a document."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.shapes.shape import Given, Reason, Taken


class ErasureAsk(Taken):
    """Why the document of a plan is erased."""

    reason: Reason = Field(description="It stands in the plan's history: name nobody in it.")


class ErasureAsked(Given):
    """`outcome`: accepted, or unchanged where the document was erased before."""

    plan_id: UUID
    outcome: Literal["accepted", "unchanged"]
    named_in_log: bool = Field(
        description="The plan was uploaded before names were encrypted: the log has them until its retention clears it."
    )
