"""Texts that callers send: held to what is published of them, then without the blanks around them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gateway.shapes.operations import FlagSwitch
from gateway.shapes.shape import Line, Paragraph, Reason, Text, Title

KINDS = [Line, Text, Title, Reason, Paragraph]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["\x0ca", "a\x0b", "\x0c", "a\x7f", "x" * 4001, " " * 4001])
def test_a_text_is_held_to_its_schema_as_it_was_sent(kind: Any, text: str) -> None:
    """Some controls are blanks: what the schema refuses is refused before blanks are taken off."""
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize("kind", KINDS)
def test_blanks_around_a_text_are_taken_off(kind: Any) -> None:
    assert TypeAdapter(kind).validate_python("  a b\u00a0 ") == "a b"
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(7)


@pytest.mark.parametrize("value", [0.0, 1, "false"])
def test_a_flag_is_switched_by_true_or_false_alone(value: Any) -> None:
    with pytest.raises(ValidationError):
        FlagSwitch.model_validate({"name": "circuit_breaker", "enabled": value, "reason": "r"})
