"""What is plain is written as fastavro writes it, byte by byte; what is not is left to others."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_writer

from schemas import wire
from schemas.catalogue import SchemaVersion, newest, versions
from schemas.fit import compile_fit
from schemas.wire import Codec
from schemas.writing import NOT_PLAIN, compile_write, zigzag
from tests.contract.golden import golden
from tests.support.events import approved, opportunity

EVERY = [one for of_type in versions().values() for one in of_type]
NAMED = [f"{one.type}.v{one.version}" for one in EVERY]
PART = {
    "type": "record",
    "name": "x.Part",
    "fields": [
        {"name": "title", "type": "string"},
        {"name": "worth", "type": ["null", "double"], "default": None},
        {"name": "also", "type": ["null", {"type": "array", "items": "string"}], "default": None},
    ],
}
SCHEMA: Any = parse_schema(
    {
        "type": "record",
        "name": "x.All",
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
            {"name": "parts", "type": {"type": "array", "items": PART}, "default": []},
            {"name": "whole", "type": ["null", "x.Part"], "default": None},
            {"name": "flags", "type": {"type": "array", "items": ["null", "boolean"]}, "default": [True]},
            {
                "name": "of_parts",
                "type": {"type": "map", "values": {"type": "array", "items": "x.Part"}},
                "default": {},
            },
        ],
    }
)
PLAIN: dict[str, Any] = {
    "text": "ação 🙂", "number": -3, "large": 2**62, "real": 2.5, "flag": True, "nothing": None, "first": "",
    "second": "x" * 3000, "maybe": None, "by_name": {},
}  # fmt: skip
#: How often what a list holds is in it.
TIMES = [0, 70, *[1] * 48]
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
        {"said": "", "parts": [{"title": "a", "worth": 2.5, "also": ["b", ""]}, {"title": "ç" * 1500, "worth": None}]},
        {"parts": (), "whole": {"title": "x"}, "flags": [None, True, False], "maybe": "y" * 64},
        {"parts": ({"title": ""},), "of_parts": {"a": [], "": [{"title": "z", "also": []}]}, "by_name": {"b": 2048}},
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
        {"by_name": {"a": "b"}}, {"by_name": []}, {"parts": {}}, {"parts": None}, {"parts": ["x"]}, {"parts": [{}]},
        {"parts": [{"title": 1}]}, {"parts": [{"title": "", "more": 1}]}, {"another": 1}, {"whole": {"also": ["x"]}},
        {"whole": {"title": "", "worth": "1"}}, {"whole": {"title": "", "also": "x"}}, {"flags": [0]}, {"of_parts": []},
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


def test_a_schema_that_cannot_be_written_here_is_refused() -> None:
    for type_ in ({"type": "array", "items": "x.Self"}, "x.Unknown"):
        with pytest.raises(KeyError):
            compile_write({"type": "record", "name": "x.Self", "fields": [{"name": "a", "type": type_}]})
    with pytest.raises(KeyError):
        compile_write({"type": "record", "name": "x", "fields": [{"name": 'a"] + d["b', "type": "int"}]})


def test_a_type_whose_schema_cannot_be_written_here_is_fastavros(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise KeyError("fixed")

    made, place = approved(), ("plan.events", "plan.approved")
    plain = Codec({place: 1}, {}).encode(place[0], made)
    monkeypatch.setattr(wire, "compile_write", refuse)
    wire._write_of.cache_clear()
    try:
        assert Codec({place: 1}, {}).encode(place[0], made) == plain
    finally:
        wire._write_of.cache_clear()


def test_fields_that_are_given_apart_are_written_where_they_belong() -> None:
    apart = compile_write(SCHEMA, ("flag", "text"))
    rest = {name: value for name, value in PLAIN.items() if name not in ("flag", "text")}
    assert apart(True, PLAIN["text"], rest) == by_fastavro(SCHEMA, PLAIN)
    wrong: list[tuple[Any, ...]] = [(True, PLAIN["text"], PLAIN), (1, "", rest), (True, None, rest), (True, "", [])]
    for given in wrong:
        with pytest.raises(NOT_PLAIN):
            apart(*given)


@pytest.mark.parametrize("type_", sorted(versions()))
def test_whatever_an_event_of_a_type_holds_it_is_written_as_fastavro_writes_it_or_not_at_all(type_: str) -> None:
    chance, schema = random.Random(type_), newest(type_).parsed
    made, fits = compile_write(schema), compile_fit(schema)
    written = 0
    for _ in range(40):
        record = changed_by(chance, golden(type_, newest(type_).version).record)
        if fits(record) is None:
            written += 1
            assert made(record) == by_fastavro(schema, record)
        else:
            with pytest.raises(NOT_PLAIN):
                made(record)
    assert 0 < written < 40


def changed_by(chance: random.Random, value: Any) -> Any:
    """Return a copy of a value of which a few parts, whatever they are, are something else."""
    if isinstance(value, dict) and value:
        kept = {name: changed_by(chance, one) for name, one in value.items()}
        if chance.random() < 0.02:
            del kept[chance.choice(list(kept))]
        return kept | ({"another": 1} if chance.random() < 0.01 else {})
    if isinstance(value, list) and value and chance.random() < 0.95:
        return [changed_by(chance, one) for one in value] * chance.choice(TIMES)
    if chance.random() < 0.1:
        if isinstance(value, str):
            return chance.choice(["", "ação 🙂", "x" * 63, "x" * 64, "ç" * 1024, "y" * 9000])
        if isinstance(value, int) and not isinstance(value, bool):
            return chance.choice([0, -1, 63, 64, 2047, 2048, 2**31 - 1, 2**31, -(2**31), -(2**63), 2**63])
    if chance.random() < 0.01:
        return chance.choice([None, True, 1, 2.5, float("nan"), "x", "\ud800", b"x", [], {}, (), 10**400])
    return value


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
