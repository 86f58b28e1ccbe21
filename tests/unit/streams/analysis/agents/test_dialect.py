"""What is left out of a request after a server's complaint."""

from __future__ import annotations

import re
from typing import Any

import pytest

from streams.analysis.agents.dialect import Dialect
from streams.analysis.agents.strict_form import STRICT_FORM

ALL = Dialect()


@pytest.mark.parametrize(
    ("status", "body", "left_out"),
    [
        (400, {"message": "'response_format' of type 'json_object' is not supported"}, "response_format"),
        (400, {"message": "'response_format.type' must be 'json_schema' or 'text'"}, "response_format"),
        (
            422,
            {"detail": [{"loc": ["body", "response_format"], "msg": "extra fields not permitted"}]},
            "response_format",
        ),
        (400, {"message": "Unsupported parameter", "param": "max_tokens"}, "max_tokens"),
        (400, {"message": "Unsupported value: 'temperature' does not support 0.2"}, "temperature"),
        (400, "guided decoding is not available", "response_format"),
    ],
)
def test_the_parameter_of_the_complaint_goes(status: int, body: Any, left_out: str) -> None:
    simpler = ALL.without_what(status, body)
    assert simpler is not None
    before = ALL.parameters(temperature=0.2, token_limit=10)
    after = simpler.parameters(temperature=0.2, token_limit=10)
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {left_out}


def test_the_form_goes_down_rung_by_rung() -> None:
    forms, dialect = [ALL.form], ALL
    while (simpler := dialect.without_what(400, "response_format is not supported")) is not None:
        dialect = simpler
        forms.append(dialect.form)
    assert forms == ["json_schema", "json_object", "none"]
    assert "response_format" not in dialect.parameters(temperature=0.2, token_limit=10)
    assert dialect.looser() == dialect


def test_the_strict_form_asks_for_every_field_and_for_no_other() -> None:
    objects = [STRICT_FORM]
    for one in objects:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])
        inner = [part.get("items", part) for part in one["properties"].values()]
        objects += [part for part in inner if "properties" in part]
    assert len(objects) == 5
    assert next(iter(STRICT_FORM["properties"])) == "reasoning"
    assert not {"$ref", "$defs", "minLength", "default", 'title": "'} & set(re.findall(r"\w+", str(STRICT_FORM)))


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, {"message": "context too long"}), (401, {"message": "response_format"}), (500, "temperature"), (400, None)],
)
def test_other_errors_are_no_complaint_about_a_parameter(status: int, body: Any) -> None:
    assert ALL.without_what(status, body) is None


def test_max_tokens_has_a_second_name_and_then_none() -> None:
    second = ALL.without_what(400, "max_tokens")
    assert second is not None
    assert second.limit_name == "max_completion_tokens"
    third = second.without_what(400, "max_completion_tokens")
    assert third is not None
    assert third.limit_name is None
    assert third.without_what(400, "max_completion_tokens") is None


def test_every_chain_of_complaints_ends() -> None:
    dialect, steps = ALL, 0
    while (
        simpler := dialect.without_what(400, "response_format max_tokens max_completion_tokens temperature")
    ) is not None:
        dialect, steps = simpler, steps + 1
        assert steps < 10
    assert dialect.parameters(temperature=0.2, token_limit=10) == {}
