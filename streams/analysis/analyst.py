"""Chooses the analyst of a process: an agent if one is configured, else the documented rules."""

from __future__ import annotations

from typing import Protocol

from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import analyse


class Analyst(Protocol):
    """The author of a channel's analysis: an agent, the rules, or a circuit breaker around either."""

    async def analyse(self, channel: str, facts: DocumentFacts, *, deadline: float | None = None) -> ChannelAnalysis:
        """Return the analysis within `deadline` seconds, or raise an AgentError."""
        ...


class EmbeddedAnalyst:
    """Analyses by the rules of docs/analysis.md."""

    async def analyse(self, channel: str, facts: DocumentFacts, *, deadline: float | None = None) -> ChannelAnalysis:
        """Return the rules' analysis. It is pure and quick, so there is no deadline to keep."""
        del deadline
        return analyse(channel, facts)
