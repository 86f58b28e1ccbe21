"""Where in an answer the plan is looked for, and when none is found."""

from __future__ import annotations

from typing import Any

import pytest

from streams.analysis.agents.errors import AnswerUnusable
from streams.analysis.agents.json_text import DEPTH_LIMIT, STARTS_LIMIT

from .canonical import CANONICAL, as_text, canonical, read, repairs

TITLES = ["Reduzir devoluções", "Rever fretes"]


def test_the_plan_is_found_before_more_values_than_are_tried() -> None:
    parts = read(as_text(CANONICAL) + ' {"a": 1}' * (STARTS_LIMIT + 1))
    assert [o.title for o in parts.opportunities] == TITLES


def test_an_answer_that_nests_deeper_than_any_plan_is_not_read() -> None:
    with pytest.raises(AnswerUnusable) as caught:
        read("[" * (DEPTH_LIMIT + 1) + "1" + "]" * (DEPTH_LIMIT + 1))
    assert caught.value.reason == "no_json"


def test_a_refusal_with_empty_json_is_a_refusal() -> None:
    with pytest.raises(AnswerUnusable) as caught:
        read("Desculpe, não posso ajudar com isso. {}")
    assert caught.value.reason == "refusal"


def test_a_plan_is_unwrapped_only_so_often() -> None:
    wrapped: Any = CANONICAL
    for _ in range(4):
        wrapped = {"data": wrapped}
    assert len(read(wrapped).opportunities) == 2
    with pytest.raises(AnswerUnusable) as caught:
        read({"data": wrapped})
    assert caught.value.reason == "empty"


def test_the_plan_is_found_under_any_one_name() -> None:
    parts = read({"qualquer": CANONICAL})
    assert [o.title for o in parts.opportunities] == TITLES
    assert ("answer", "the answer was wrapped in another object: qualquer", "opened it") in repairs(parts)


def test_the_plan_is_found_in_a_list_of_one_wrapper() -> None:
    assert [o.title for o in read([{"data": CANONICAL}]).opportunities] == TITLES


def test_the_plan_is_found_in_a_broken_list_of_other_things() -> None:
    broken = as_text(CANONICAL).replace("],", "],,")
    parts = read(f'["uma nota", {broken}]')
    assert [o.title for o in parts.opportunities] == TITLES


def test_json_with_brackets_that_do_not_match_is_mended() -> None:
    parts = read('{"opportunities": [{"title": "A", "what": "b", "priority": "low"}}')
    assert [o.title for o in parts.opportunities] == ["A"]
    assert ("answer", "the JSON was broken", "mended it by the rules of JSON") in repairs(parts)


def test_one_phase_alone_is_a_plan_with_one_phase() -> None:
    parts = read(canonical()["phases"][0])
    assert [phase.number for phase in parts.phases] == [1]
    assert ("answer", "a single value stands where a list belongs", "read it as: phases") in repairs(parts)


def test_one_opportunity_alone_is_a_plan_with_one_opportunity() -> None:
    parts = read(canonical()["opportunities"][1])
    assert [o.title for o in parts.opportunities] == ["Rever fretes"]
    assert ("answer", "a single value stands where a list belongs", "read it as: opportunities") in repairs(parts)


@pytest.mark.parametrize(
    ("text", "reason"), [('"apenas um texto"', "no_json"), ('"Desculpe, não posso ajudar."', "refusal")]
)
def test_a_text_in_quotes_is_no_plan(text: str, reason: str) -> None:
    with pytest.raises(AnswerUnusable) as caught:
        read(text)
    assert caught.value.reason == reason
