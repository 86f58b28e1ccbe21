"""An int of more than 32 bits is not read: Avro's reader takes it, and no process of ours could write it again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from fastavro import parse_schema, schemaless_writer

from schemas.catalogue import newest
from schemas.wide import compile_wide
from schemas.wire import OPENS_AT, Undecodable, as_record
from tests.support.fuzz_targets import CODEC
from tests.support.histories import whole

PLACES = {
    "field": {"type": "int"},
    "list": {"type": {"type": "array", "items": "int"}},
    "map": {"type": {"type": "map", "values": "int"}},
    "perhaps": {"type": ["null", "int"]},
}
AROUND: dict[str, Callable[[int], Any]] = {
    "field": lambda n: n,
    "list": lambda n: [0, n],
    "map": lambda n: {"a": 0, "b": n},
    "perhaps": lambda n: n,
}


def record(*fields: Any) -> dict[str, Any]:
    return {"type": "record", "name": "t.One", "fields": [{"name": f"f{n}", **one} for n, one in enumerate(fields)]}


@pytest.mark.parametrize("place", PLACES)
def test_it_is_found_wherever_it_stands(place: str) -> None:
    inner = {"type": record({"type": "string"}, PLACES[place])}
    wide = compile_wide({**record({"type": "long"}, inner), "name": "t.Outer"})
    assert wide is not None
    for number, found in ((2**31 - 1, False), (-(2**31), False), (2**31, True), (-(2**31) - 1, True)):
        assert wide({"f0": 2**40, "f1": {"f0": "text", "f1": AROUND[place](number)}}) is found
    if place == "perhaps":
        assert not wide({"f0": 1, "f1": {"f0": "text", "f1": None}})


def test_a_record_that_contains_itself_is_gone_through() -> None:
    wide = compile_wide(record({"type": "int"}, {"type": ["null", "t.One"]}))
    assert wide is not None
    assert wide({"f0": 1, "f1": {"f0": 2**31, "f1": None}})
    assert not wide({"f0": 1, "f1": {"f0": 2, "f1": None}})


def test_where_no_int_is_nothing_is_asked() -> None:
    several = {"type": {"type": "array", "items": "double"}}, {"type": {"type": "map", "values": "boolean"}}
    assert compile_wide(record({"type": "string"}, {"type": ["null", "long"]}, *several)) is None


def widened(value: Any) -> Iterator[Any]:
    """Copies of a record, in each of which one whole number is larger than an int."""
    match value:
        case dict():
            for name, one in value.items():
                for other in widened(one):
                    yield {**value, name: other}
        case list():
            for n, one in enumerate(value):
                for other in widened(one):
                    yield [*value[:n], other, *value[n + 1 :]]
        case int() if not isinstance(value, bool):
            yield 2**40


def test_what_is_read_can_be_written() -> None:
    refused = set()
    for one in whole(UUID(int=7)):
        frame = CODEC.encode(one.topic, one.event)[:OPENS_AT]
        longer = json.loads(json.dumps(newest(one.event.type).raw).replace('"int"', '"long"'))  # the same bytes
        schema = parse_schema(longer, named_schemas={})
        for larger in widened(as_record(one.event)):
            value = io.BytesIO()
            schemaless_writer(value, schema, larger)
            try:
                read = CODEC.decode(frame + value.getvalue())
            except Undecodable as error:
                refused.add((one.event.type, error.code))
            else:
                assert CODEC.decode(CODEC.encode(one.topic, read)) == read
    assert refused >= {("plan.approved", "does-not-fit"), ("plan.phase1.created", "does-not-fit")}
    assert {code for _, code in refused} == {"does-not-fit"}
