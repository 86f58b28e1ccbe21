"""An agent's proposal of columns is held to the columns and fields that there are; half an answer is none."""

from __future__ import annotations

import json

import pytest

from streams.analysis.agents.columns import Question, prompt_of, read_proposal
from streams.analysis.agents.envelope import Completion, Usage
from streams.analysis.agents.errors import AnswerUnusable

QUESTION = Question(
    {"dt": ["01/03/2026"], "vlr": ["50,00"], "qtd": ["2"], "Nº": ["1"]},
    {"at": "Date of the sale", "price": "Price of a unit", "units": "Units sold", "order_id": "Order number"},
)


def said(text: str, finish: str = "stop") -> Completion:
    return Completion(text, finish, "m", Usage())


def answer(*pairs: tuple[str, str]) -> str:
    return json.dumps({"columns": [{"column": column, "field": field} for column, field in pairs]})


@pytest.mark.parametrize(
    "text",
    [
        answer(("dt", "at"), ("vlr", "price")),
        "Claro!\n```json\n" + answer(("dt", "at"), ("vlr", "price")) + "\n```",
        json.dumps({"dt": "at", "vlr": "price"}),
        json.dumps({"columns": {"dt": "at", "vlr": "price"}}),
        json.dumps([{"column": "DT", "field": "At"}, {"column": "vlr", "field": "price"}]),
    ],
    ids=["as asked", "fenced", "flat", "by column", "another case"],
)
def test_what_is_meant_is_read_in_every_shape(text: str) -> None:
    found = read_proposal(said(text), QUESTION)

    assert (found.columns, found.dropped) == ({"dt": "at", "vlr": "price"}, [])


def test_what_there_is_not_is_dropped_and_told() -> None:
    text = answer(("dt", "at"), ("vlr", "lucro"), ("cliente", "price"))

    assert read_proposal(said(text), QUESTION).dropped == [
        ("vlr", "lucro", "unknown_field"), ("cliente", "price", "unknown_column"),
    ]  # fmt: skip


def test_two_columns_for_one_field_and_two_fields_for_one_column_are_neither() -> None:
    text = answer(("dt", "at"), ("vlr", "price"), ("qtd", "price"), ("Nº", "units"), ("Nº", "order_id"))
    found = read_proposal(said(text), QUESTION)

    assert found.columns == {"dt": "at"}
    assert {why for _, _, why in found.dropped} == {"twice"}
    assert len(found.dropped) == 4


@pytest.mark.parametrize(
    ("text", "finish", "reason"),
    [
        ("O canal vai bem.", "stop", "no_json"),
        ("<html>Bad gateway</html>", "stop", "no_json"),
        ("", "stop", "empty"),
        ("{}", "stop", "empty"),
        ('{"columns": []}', "stop", "empty"),
        ('{"columns": 7}', "stop", "empty"),
        (answer(("x", "y")), "stop", "empty"),
        (answer(("dt", "at"), ("vlr", "price"))[:-12], "stop", "truncated"),
        (answer(("dt", "at"), ("vlr", "price")), "length", "truncated"),
        ("Desculpe, não posso ajudar com essa solicitação.", "stop", "refusal"),
    ],
)
def test_what_cannot_be_read_proposes_nothing(text: str, finish: str, reason: str) -> None:
    with pytest.raises(AnswerUnusable) as raised:
        read_proposal(said(text, finish), QUESTION)
    assert raised.value.reason == reason


def test_an_agent_is_told_the_columns_their_cells_and_the_fields_inside_a_fence() -> None:
    prompt = prompt_of(QUESTION)
    fence = next(line for line in prompt.user.splitlines() if line.startswith("=====DATA"))
    quoted = prompt.user.split(f"\n{fence}\n")[1]

    assert json.loads(quoted)["columns"][1] == {"column": "vlr", "cells": ["50,00"]}
    assert prompt == prompt_of(QUESTION)
