"""Texts that callers send: held to what is published of them, then without the blanks around them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gateway import shapes
from gateway.shapes.operations import FlagSwitch
from gateway.shapes.query import ONE
from gateway.shapes.shape import Line, Paragraph, Reason, Taken, Text, Title

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


def taken(of: type[Taken] = Taken) -> list[type[Taken]]:
    return [one for kind in of.__subclasses__() for one in (kind, *taken(kind))]


def test_every_switch_of_a_request_is_true_or_false_alone() -> None:
    for module in pkgutil.iter_modules(shapes.__path__):
        importlib.import_module(f"gateway.shapes.{module.name}")
    switches = [
        (kind, name)
        for kind in taken()
        for name, field in kind.model_fields.items()
        if "bool" in str(field.annotation) and ONE not in field.metadata  # else of a query
    ]
    assert {name for _, name in switches} >= {"enabled", "force", "lasting", "paused", "given_up"}
    for kind, name in switches:
        with pytest.raises(ValidationError) as said:
            kind.model_validate({name: 1})
        assert name in {error["loc"][0] for error in said.value.errors()}, (kind, name)
