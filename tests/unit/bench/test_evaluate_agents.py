"""An agent that fails is scored with what its plan has: all of the rules', why, and nothing of the model's."""

from __future__ import annotations

from bench.evaluate.agents import AgentScore, by_the_rules, contributions, judge, table
from schemas.facts import ChannelFacts, DocumentFacts, Figure
from schemas.plan import ChannelAnalysis, Opportunity, Repair, UnmatchedNumber
from streams.analysis.agents.errors import AnswerUnusable
from streams.analysis.agents.repairs import Action, Problem
from streams.analysis.rules import MODEL

SILENT = {"CXS": {"silent_days": 20, "daily_revenue": 100.0, "usual_pause": 1.2, "sale_days": 60}}
FACTS = DocumentFacts(
    "text/csv",
    "vendas",
    [],
    [
        ChannelFacts(
            "shopee",
            ["2026-01-01", "2026-03-31"],
            "BRL",
            [
                Figure("revenue", 30_000.0, "BRL"),
                Figure("period_days", 90.0, "days"),
                Figure("days_without_sales", 20.0, "days", ["CXS"], {"by_sku": SILENT}),
            ],
        )
    ],
)


def test_where_the_agent_failed_the_plan_is_the_rules() -> None:
    planted = {"stock-out": "CXS", "fees": ""}
    scored = by_the_rules(AgentScore("a.csv", "shopee", (0, 2)), planted, FACTS, AnswerUnusable("truncated"))

    assert (scored.planted, scored.by, scored.on_plan) == ((0, 2), f"rules ({MODEL})", (1, 2))
    assert scored.error.startswith("answer-truncated: ")
    assert f"| rules ({MODEL}) | 1 of 2 |" in table([scored])
    assert "answer-truncated" in table([scored])


def test_what_the_agent_brought_and_what_was_refused_of_it_are_told() -> None:
    opportunity = Opportunity("o1", "shopee", "Repor CXS", "O estoque acabou.", "high", [], None)
    analysis = ChannelAnalysis(
        "shopee",
        "agent",
        "small",
        "Perde 99 vendas.",
        [opportunity],
        repairs=[
            Repair("opportunities[1]", Problem.ECHO, Action.DROPPED),
            Repair("opportunities[2]", Problem.ECHO, f"{Action.DROPPED}: short title"),
            Repair("phases", Problem.AROUND, Action.IGNORED),
        ],
        unmatched=[UnmatchedNumber("summary", "99")],
    )
    scored = judge("a.csv", {"stock-out": "CXS"}, FACTS.channels[0], analysis, 1.0)
    failed = by_the_rules(AgentScore("b.csv", "shopee", (0, 1)), {"fees": ""}, FACTS, AnswerUnusable("truncated"))
    *_, first, second, both = contributions([scored, failed]).splitlines()

    assert first == ("| a.csv | shopee | 1 | 2 x the text repeats the instructions; a number without a source: 99 |")
    assert second.startswith("| b.csv | shopee | 0 | the whole answer: ")
    assert both == "| **all** |  | 1 | 4 |"
