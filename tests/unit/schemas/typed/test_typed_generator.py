"""The generator of event types: every Avro type has its Python type, or is refused."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.events import ENVELOPE
from schemas.typed.generator import modules, python_type
from schemas.typed.source import docstring, quoted, union

PART = {"type": "record", "name": "Part", "doc": "A part.", "fields": [{"name": "n", "type": "int"}]}


def event(name: str, *fields: dict[str, Any], doc: str = "It happened.") -> dict[str, Any]:
    envelope = [{"name": field, "type": "string"} for field in ENVELOPE]
    return {"type": "record", "name": name, "doc": doc, "fields": [*envelope, *fields]}


@pytest.mark.parametrize(
    ("avro", "python"),
    [
        ("string", "str"),
        ("bytes", "bytes"),
        ("boolean", "bool"),
        ("int", "int"),
        ("long", "int"),
        ("float", "float"),
        ("double", "float"),
        ({"type": "string"}, "str"),
        (["null", "string"], "str | None"),
        (["string", "null", "long"], "str | int | None"),
        ({"type": "array", "items": ["null", "int"]}, "list[int | None]"),
        ({"type": "map", "values": "string"}, "dict[str, str]"),
        ({"type": "enum", "name": "Lane", "symbols": ["high", "low"]}, 'Literal["high", "low"]'),
        (PART, "PartData"),
        ("marketplace.plan.Part", "PartData"),
        ({"type": "array", "items": "Part"}, "list[PartData]"),
    ],
)
def test_every_avro_type_has_its_python_type(avro: Any, python: str) -> None:
    assert python_type(avro) == python


@pytest.mark.parametrize(
    "avro",
    [
        {"type": "long", "logicalType": "timestamp-micros"},
        ["null", {"type": "bytes", "logicalType": "decimal", "precision": 9}],
        {"type": "fixed", "name": "Hash", "size": 16},
        {"type": "enum", "name": "Lane", "symbols": ['a"b']},
        7,
    ],
)
def test_what_no_type_is_known_for_is_refused(avro: Any) -> None:
    with pytest.raises(ValueError, match=r"no type is known|not a plain name"):
        python_type(avro)


def test_an_event_becomes_a_type_of_its_data_and_one_of_itself() -> None:
    schema = event("BoxSent", {"name": "part", "type": PART}, {"name": "why", "type": "string", "default": ""})
    made = modules({"box.sent": schema}, {"box.events": ["box.sent"], "box.retry": []})
    assert set(made) == {"box", "parts", "unions"}
    assert (
        'class BoxSentData(TypedDict):\n    """It happened."""\n\n    part: PartData\n    why: NotRequired[str]\n\n\n'
        'BoxSent: TypeAlias = Event[Literal["box.sent"], BoxSentData]\n'
    ) in made["box"]
    assert "from schemas.typed.parts import PartData\n" in made["box"]
    assert 'class PartData(TypedDict):\n    """A part."""\n\n    n: int\n' in made["parts"]
    assert "BoxEvent: TypeAlias = BoxSent\n" in made["unions"]
    assert "def is_box_event(event: Event) -> TypeGuard[BoxEvent]:" in made["unions"]


@pytest.mark.parametrize(
    "holder", [["null", PART], {"type": "array", "items": PART}, {"type": "map", "values": ["string", PART]}]
)
def test_a_record_has_its_type_wherever_it_stands(holder: Any) -> None:
    made = modules({"box.sent": event("BoxSent", {"name": "held", "type": holder})}, {})
    assert 'class PartData(TypedDict):\n    """A part."""\n\n    n: int\n' in made["parts"]


def test_a_new_event_is_in_the_union_of_its_topic() -> None:
    schemas = {"box.sent": event("BoxSent"), "box.lost": event("BoxLost")}
    before = modules(schemas, {"box.events": ["box.sent"]})["unions"]
    after = modules(schemas, {"box.events": ["box.sent", "box.lost"]})["unions"]
    assert "BoxEvent: TypeAlias = BoxSent\n" in before
    assert "BoxEvent: TypeAlias = BoxLost | BoxSent\n" in after


def test_what_persons_decide_is_a_union_of_its_own() -> None:
    schemas = {"box.sent": event("BoxSent"), "box.opened": event("BoxOpened"), "box.kept": event("BoxKept")}
    made = modules(schemas, {"box.events": list(schemas)}, {"box": ["box.opened", "box.kept"]})["unions"]
    assert "BoxDecision: TypeAlias = BoxKept | BoxOpened\n" in made
    assert "def is_box_decision(event: BoxEvent) -> TypeIs[BoxDecision]:" in made
    assert "\nfrom typing import Final, TypeAlias, TypeGuard\n\nfrom typing_extensions import TypeIs\n" in made


def test_the_lanes_of_one_topic_are_one_union() -> None:
    lanes = {f"box.work.{lane}": ["box.sent"] for lane in ("high", "low")}
    assert modules({"box.sent": event("BoxSent")}, lanes)["unions"].count("BoxEvent: TypeAlias") == 1


def test_two_records_of_one_name_that_differ_are_refused() -> None:
    other = {**PART, "fields": [{"name": "n", "type": "long"}]}
    schemas = {
        "box.sent": event("BoxSent", {"name": "a", "type": PART}),
        "box.lost": event("BoxLost", {"name": "a", "type": ["null", {"type": "array", "items": other}]}),
    }
    with pytest.raises(ValueError, match="two records named Part differ"):
        modules(schemas, {})


def test_a_line_is_no_longer_than_120() -> None:
    names = [f"AnEventOfALongName{n}" for n in range(9)]
    for made in (union("Target: TypeAlias", names[:n]) for n in range(1, 10)):
        assert max(map(len, made.splitlines())) <= 120
    assert docstring("One. " + "Two " * 40, "    ") == '    """One."""'
    assert docstring("One. Two.", "    ") == '    """One. Two."""'
    with pytest.raises(ValueError, match="not a plain name"):
        quoted("a\nb")
