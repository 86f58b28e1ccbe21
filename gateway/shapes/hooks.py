"""The answer that another service gets when it calls our hook."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.shapes.shape import Given


class HookHeard(Given):
    outcome: Literal["accepted", "unchanged", "ignored"]
    why: str = Field(description="Why nothing changed; empty where something did.")
