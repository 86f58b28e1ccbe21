"""What is answered about the agents of an analysis: who failed, what they took, which numbers have no source."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from gateway.shapes.shape import Given


class FallbackShape(Given):
    """An agent that gave no usable analysis, so that the next one, or the rules, did it."""

    agent: str = Field("", description="agent:<host>/<model>; empty where nobody knows which it was.")
    code: str = ""
    reason: str = ""
    attempts: int = 0


class UnmatchedNumberShape(Given):
    """A number in an agent's text that is none of the document's figures."""

    path: str = ""
    number: str = ""


class AgentUseShape(Given):
    """Requests, tokens, seconds and cost of the calls to one agent."""

    agent: str = ""
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost: float | None = Field(None, description="By the table of prices; null where it is not known.")


class AskedShape(Given):
    """A request for another analysis of a channel."""

    analyst: str = Field(description="agent or rules.")
    by: str
    at: datetime
    running: bool = Field(description="Nothing has answered it yet.")


class KeptShape(Given):
    """Another analysis that failed: the channel keeps the result that it had."""

    analyst: str = Field(description="agent or rules.")
    code: str
    reason: str
    at: datetime
    failures: list[FallbackShape] = Field(description="Agents that were asked, and why each gave nothing.")
    use: list[AgentUseShape]
