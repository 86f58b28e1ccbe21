"""What is plain is written as fastavro writes it, byte by byte; what is not is left to others."""

from __future__ import annotations

import io
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_writer

from schemas.catalogue import SchemaVersion, versions
from schemas.fit import compile_fit
from schemas.wire import Codec
from schemas.writing import NOT_PLAIN, compile_write, zigzag
from tests.contract.golden import golden
from tests.support.events import approved, opportunity

EVERY = [one for of_type in versions().values() for one in of_type]
NAMED = [f"{one.type}.v{one.version}" for one in EVERY]
SCHEMA: Any = parse_schema(
    {
        "type": "record",
        "name": "x.Tree",
        "fields": [
            {"name": "text", "type": "string"},
            {"name": "number", "type": "int"},
            {"name": "large", "type": "long"},
            {"name": "real", "type": "double"},
            {"name": "flag", "type": "boolean"},
            {"name": "nothing", "type": "null"},
            {"name": "first", "type": "string"},
            {"name": "second", "type": "string"},
            {"name": "maybe", "type": ["null", "string"]},
            {"name": "by_name", "type": {"type": "map", "values": "long"}},
            {"name": "said", "type": "string", "default": "não"},
            {"name": "children", "type": {"type": "array", "items": "x.Tree"}, "default": []},
        ],
    }
)
PLAIN: dict[str, Any] = {
    "text": "ação 🙂", "number": -3, "large": 2**62, "real": 2.5, "flag": True, "nothing": None, "first": "",
    "second": "x" * 3000, "maybe": None, "by_name": {},
}  # fmt: skip
write, fit = compile_write(SCHEMA), compile_fit(SCHEMA)


def by_fastavro(schema: Any, record: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    schemaless_writer(out, schema, record)
    return out.getvalue()


@pytest.mark.parametrize("one", EVERY, ids=NAMED)
def test_every_golden_event_has_the_bytes_that_it_had(one: SchemaVersion) -> None:
    example = golden(one.type, one.version)
    assert compile_write(one.parsed)(example.record) == example.body


@pytest.mark.parametrize("one", EVERY, ids=NAMED)
def test_a_field_that_is_left_out_has_its_default(one: SchemaVersion) -> None:
    made, record = compile_write(one.parsed), golden(one.type, one.version).record
    for field in one.raw["fields"]:
        without = {name: value for name, value in record.items() if name != field["name"]}
        if "default" in field:
            assert made(without) == by_fastavro(one.parsed, without)
        else:
            with pytest.raises(NOT_PLAIN):
                made(without)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"number": 2**31 - 1, "large": -(2**63)},
        {"number": -(2**31), "large": 2**63 - 1, "real": -0.0},
        {"real": 3, "flag": False, "maybe": "", "by_name": {"a": 1, "ç": -70_000}},
        {"said": "", "children": [{**PLAIN, "children": ()}, PLAIN]},
        {"children": (PLAIN,)},
    ],
)
def test_what_is_plain_is_written_as_fastavro_writes_it(changed: dict[str, Any]) -> None:
    record = {**PLAIN, **changed}
    assert fit(record) is None
    assert write(record) == by_fastavro(SCHEMA, record)


@pytest.mark.parametrize(
    "changed",
    [
        {"text": None}, {"text": b"x"}, {"text": "\ud800"}, {"text": 1}, {"maybe": 1}, {"said": 1}, {"said": None},
        {"number": 2**31}, {"number": -(2**31) - 1}, {"number": True}, {"number": 1.0}, {"number": "1"},
        {"large": 2**63}, {"large": None}, {"real": float("nan")}, {"real": float("inf")}, {"real": "1"},
        {"real": True}, {"real": 10**400}, {"flag": 1}, {"flag": None}, {"nothing": 0}, {"by_name": {1: 1}},
        {"by_name": {"a": "b"}}, {"by_name": []}, {"children": {}}, {"children": None}, {"children": ["x"]},
        {"children": [{**PLAIN, "text": 1}]}, {"another": 1},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_written(changed: dict[str, Any]) -> None:
    record = {**PLAIN, **changed}
    assert fit(record) is not None
    with pytest.raises(NOT_PLAIN):
        write(record)


@pytest.mark.parametrize("kind", [["null", "string", "int"], ["string", "null"], "float"])
def test_what_only_fastavro_can_write_is_left_to_it(kind: Any) -> None:
    schema: Any = {"type": "record", "name": "x.Other", "fields": [{"name": "a", "type": kind}]}
    made = compile_write(parse_schema(schema, named_schemas={}))
    with pytest.raises(NOT_PLAIN):
        made({"a": "x"})


def test_a_default_and_a_record_within_what_is_left_to_fastavro_stop_nothing() -> None:
    inner = {"type": "record", "name": "x.Inner", "fields": []}
    fields = [
        {"name": "a", "type": ["null", "string", inner]},
        {"name": "b", "type": ["null", "x.Inner"]},
        {"name": "c", "type": ["string", "null"], "default": ""},
    ]
    schema: Any = {"type": "record", "name": "x.Whole", "fields": fields}
    made = compile_write(parse_schema(schema, named_schemas={}))
    with pytest.raises(NOT_PLAIN):
        made({"a": None, "b": {}})


def test_an_event_of_which_a_part_is_another_kind_of_mapping_has_the_same_bytes() -> None:
    """fit takes any mapping, and fastavro writes it: what is not plain here is left to them."""
    made = approved(opportunities=[opportunity(1)])
    another_kind: Any = MappingProxyType(opportunity(1))
    other = replace(made, data={**made.data, "opportunities": [another_kind]})
    codec = Codec({("plan.events", "plan.approved"): 1}, {})
    assert codec.encode("plan.events", other) == codec.encode("plan.events", made)


def test_numbers_are_written_as_avro_says() -> None:
    assert [zigzag(number).hex() for number in (0, -1, 1, -2, 64, -65, 2047, 2048)] == [
        "00", "01", "02", "03", "8001", "8101", "fe1f", "8020"
    ]  # fmt: skip
