"""From a completion to what a plan may show."""

from __future__ import annotations

import pytest

from local.llm.answers import ANSWERS, good_plan
from local.load import CHANNEL, facts
from schemas.plan import ChannelAnalysis
from streams.analysis.agents.envelope import Completion, Usage
from streams.analysis.agents.errors import AnswerUnusable
from streams.analysis.agents.prompt import write_prompt
from streams.analysis.agents.review import Asked, review

PLAN = good_plan(write_prompt(CHANNEL, facts()).user)


def reviewed(answer: str, *, before: AnswerUnusable | None = None, tool: bool = False) -> ChannelAnalysis:
    text = ANSWERS[answer][1](PLAN)
    completion = Completion(text, "length" if answer == "half" else "stop", None, Usage(), tool)
    return review(completion, Asked(CHANNEL, facts(), "model-1", before))


def test_a_good_answer_is_the_agents_analysis() -> None:
    analysis = reviewed("good")
    assert (analysis.source, analysis.model, analysis.repairs) == ("agent", "model-1", [])
    assert len(analysis.opportunities) == 4
    assert all(o.evidence for o in analysis.opportunities)


def test_only_what_an_investment_is_to_cost_has_no_source_in_a_good_one() -> None:
    assert {u.path.rpartition(".")[2] for u in reviewed("good").unmatched} == {"investment"}


def test_how_it_came_is_said() -> None:
    problems = [r.problem for r in reviewed("good", before=AnswerUnusable("no_json"), tool=True).repairs]
    assert problems == ["the first answer could not be read: no_json", "the answer came as a tool call"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("nonsense", "language"),
        ("english", "language"),
        ("example", "language"),
        ("other-numbers", "unfounded"),
        ("half", "truncated"),
        ("not-json", "no_json"),
        ("empty", "empty"),
    ],
)
def test_what_is_not_held_by_the_facts_is_unusable(answer: str, reason: str) -> None:
    with pytest.raises(AnswerUnusable) as caught:
        reviewed(answer)
    assert caught.value.reason == reason


def test_a_single_lie_is_marked_and_its_worth_unknown() -> None:
    analysis = reviewed("one-number")
    assert ("opportunities[0].what", "R$ 98.765,43") in [(u.path, u.number) for u in analysis.unmatched]
    assert [o.worth_brl for o in analysis.opportunities] == [None] * 4
