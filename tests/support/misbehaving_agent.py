"""A chat server that misbehaves, for tests: the stand-in of `local.llm`, and clients that talk to it."""

from __future__ import annotations

from typing import Any

from local.llm.server import StandInAgent
from schemas.facts import ChannelFacts, DocumentFacts, Figure, Product
from streams.analysis.agents.settings import AgentSettings


class MisbehavingAgent(StandInAgent):
    """`with MisbehavingAgent(behaviours=["status:500", "good"]) as agent:`, then `agent.settings()`.

    The behaviours (`python -m local.llm --help` lists them) answer one request each, in order; the last one
    stays. A model named like a behaviour is answered by that behaviour, whatever the script says.
    """

    def settings(self, **changes: Any) -> AgentSettings:
        """Return settings that lead to this server, quick enough for a test."""
        given: dict[str, Any] = {"base_url": self.base_url, "model": "stand-in", "deadline_s": 5.0, **changes}
        return AgentSettings("test-key", **given)


def facts(text: str = "", **changes: Any) -> DocumentFacts:
    """Return the facts of a small document about one channel."""
    figures = [Figure("return_rate", 0.12, "ratio", ["A1"]), Figure("revenue", 1234.5, "BRL")]
    products = [Product("A1", "Vestido", 10, 1000.0, 9)]
    channel = ChannelFacts("shopee", ["2026-01-01", "2026-01-31"], "BRL", figures, products)
    given: dict[str, Any] = {"title": "vendas.csv", "channels": [channel], "text": text, **changes}
    return DocumentFacts("text/csv", **given)
