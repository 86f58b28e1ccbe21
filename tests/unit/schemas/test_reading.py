"""What is plain is read as fastavro reads it; what is not is left to fastavro, and never read as something else."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_reader, schemaless_writer

from schemas import wire
from schemas.catalogue import newest, versions
from schemas.events import ENVELOPE
from schemas.reading import NOT_PLAIN, compile_read
from schemas.wide import compile_wide
from schemas.wire import Codec, _finite, _read_of
from schemas.writing import zigzag
from tests.contract.golden import golden
from tests.support.events import uploaded

TYPES = sorted(versions())
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
            {"name": "maybe", "type": ["null", "string"]},
            {"name": "by_name", "type": {"type": "map", "values": {"type": "array", "items": "long"}}},
            {
                "name": "parts",
                "type": {
                    "type": "array",
                    "items": {"type": "record", "name": "x.Part", "fields": [{"name": "title", "type": "string"}]},
                },
            },
            {"name": "last", "type": ["null", "x.Part"]},
        ],
    }
)
PLAIN: dict[str, Any] = {
    "text": "ação 🙂", "number": -3, "large": 2**62 - 1, "real": 2.5, "flag": True, "nothing": None, "maybe": None,
    "by_name": {"a": [1, -70_000], "": []}, "parts": [{"title": "x" * 3000}, {"title": ""}], "last": {"title": "z"},
}  # fmt: skip
read = compile_read(SCHEMA, ())


def written(record: dict[str, Any], schema: Any = SCHEMA) -> bytes:
    out = io.BytesIO()
    schemaless_writer(out, schema, record)
    return out.getvalue()


def is_taken(value: bytes) -> bool:
    try:
        read(value, 0)
    except NOT_PLAIN:
        return False
    return True


@pytest.mark.parametrize("type_", TYPES)
def test_every_newest_schema_is_read_here_and_its_golden_event_as_it_was_written(type_: str) -> None:
    example, plain = golden(type_, newest(type_).version), _read_of(type_)
    assert plain is not None
    envelope, data = plain(b"\0\0\0\0\0" + example.body, 5)
    record = schemaless_reader(io.BytesIO(example.body), newest(type_).parsed, None)
    assert isinstance(record, dict)
    assert envelope == tuple(record[name] for name in ENVELOPE)
    assert list(data.items()) == [(name, value) for name, value in record.items() if name not in ENVELOPE]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"number": 2**31 - 1},
        {"number": -(2**31)},
        {"large": -(2**62)},
        {"flag": False, "maybe": "", "last": None},
        {"text": "x" * 63, "maybe": "y" * 64},
        {"by_name": {}, "parts": []},
        {"parts": [{"title": str(n)} for n in range(200)]},
    ],
)
def test_what_is_plain_is_read_as_it_was_written(changed: dict[str, Any]) -> None:
    assert read(written(PLAIN | changed), 0) == ((), PLAIN | changed)


def test_fields_are_returned_apart_in_the_order_that_was_asked_for() -> None:
    apart, rest = compile_read(SCHEMA, ("flag", "text"))(written(PLAIN), 0)
    assert apart == (True, PLAIN["text"])
    assert rest == {name: value for name, value in PLAIN.items() if name not in ("flag", "text")}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_cannot_say_are_left_to_others(number: float) -> None:
    assert not is_taken(written(PLAIN | {"real": number}))


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1])
def test_an_int_of_more_than_its_bits_is_left_to_others(number: int) -> None:
    text = written({**PLAIN, "number": 5})
    at = len(zigzag(len(PLAIN["text"].encode()))) + len(PLAIN["text"].encode())
    assert not is_taken(text[:at] + zigzag(number) + text[at + 1 :])


def test_a_long_of_ten_bytes_is_left_to_others() -> None:
    assert not is_taken(written(PLAIN | {"large": -(2**63)}))


def test_more_values_than_there_are_bytes_are_left_to_others() -> None:
    nothings = {"type": "record", "name": "x.N", "fields": [{"name": "a", "type": {"type": "array", "items": "null"}}]}
    few = compile_read(nothings, ())
    assert few(zigzag(2) + b"\0", 0) == ((), {"a": [None, None]})
    with pytest.raises(NOT_PLAIN):
        few(zigzag(1000) + b"\0", 0)


def test_what_is_cut_off_or_left_over_is_left_to_others() -> None:
    whole = written(PLAIN)
    assert is_taken(whole)
    assert [end for end in range(len(whole)) if is_taken(whole[:end])] == []
    assert not is_taken(whole + b"\0")


def test_blocks_that_say_their_size_are_left_to_others() -> None:
    parts = zigzag(1) + written({"title": "a"}, SCHEMA["fields"][8]["type"]["items"]) + b"\0"
    sized = zigzag(-1) + zigzag(2) + parts[1:]
    whole = written({**PLAIN, "parts": [{"title": "a"}]})
    assert whole.count(parts) == 1
    assert not is_taken(whole.replace(parts, sized))


def test_a_schema_that_cannot_be_read_here_is_refused() -> None:
    for type_ in ("bytes", ["null", "string", "long"], ["string", "null"], "x.All", "float"):
        with pytest.raises(KeyError):
            compile_read({"type": "record", "name": "x.All", "fields": [{"name": "a", "type": type_}]}, ())
    with pytest.raises(KeyError):
        compile_read({"type": "record", "name": "x", "fields": [{"name": 'a": 1, "b', "type": "int"}]}, ())


@pytest.mark.parametrize("type_", TYPES)
def test_damaged_bytes_are_left_to_others_or_read_as_fastavro_reads_them(type_: str) -> None:
    chance, schema, plain = random.Random(type_), newest(type_).parsed, _read_of(type_)
    body, wide = golden(type_, newest(type_).version).body, compile_wide(schema)
    assert plain is not None
    for _ in range(300):
        damaged = bytearray(body)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            envelope, data = plain(bytes(damaged), 0)
        except NOT_PLAIN:
            continue
        stream = io.BytesIO(damaged)
        record = schemaless_reader(stream, schema, None)
        assert dict(zip(ENVELOPE, envelope, strict=True)) | data == record
        assert stream.tell() == len(damaged)
        assert _finite(record)
        assert wide is None or not wide(record)


def test_a_type_whose_schema_cannot_be_read_here_is_fastavros(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise KeyError("fixed")

    event, place = uploaded(), ("plan.events", "plan.uploaded")
    codec = Codec({place: 7}, {7: (place[1], newest(place[1]).raw)})
    monkeypatch.setattr(wire, "compile_read", refuse)
    _read_of.cache_clear()
    try:
        assert _read_of(event.type) is None
        assert codec.decode(codec.encode(place[0], event)) == event
    finally:
        _read_of.cache_clear()
