"""What a listener asks for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gateway.shapes.query import ONE
from gateway.shapes.shape import Taken


class LiveQuery(Taken):
    details: Annotated[
        bool, ONE, Field(description="Tell each event of plans and tasks, with an id to go on from.")
    ] = False
