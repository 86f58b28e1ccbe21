"""Schema resolution, rule by rule, and against the decoder that will do it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import fastavro
import pytest
from fastavro.utils import generate_many

from schemas.compatibility import InvalidSchemaError, incompatibilities

Schema = dict[str, Any]


def record(*fields: Schema, name: str = "Plan", **more: object) -> Schema:
    return {"type": "record", "name": name, "fields": list(fields), **more}


def field(name: str, type_: object = "string", **more: object) -> Schema:
    return {"name": name, "type": type_, **more}


def enum(*symbols: str, name: str = "Level", **more: object) -> Schema:
    return {"type": "enum", "name": name, "symbols": list(symbols), **more}


def fixed(size: int, name: str = "Digest", **more: object) -> Schema:
    return {"type": "fixed", "name": name, "size": size, **more}


def array(items: object) -> Schema:
    return {"type": "array", "items": items}


def values(of: object) -> Schema:
    return {"type": "map", "values": of}


def decimal(precision: int, scale: int) -> Schema:
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}


TREE = record(field("value", "int"), field("parent", ["null", "Tree"]), name="Tree")
WIDER_TREE = record(field("value", "long"), field("parent", ["null", "Tree"]), name="Tree")
NARROWER_TREE = record(field("value", "boolean"), field("parent", ["null", "Tree"]), name="Tree")

# (reader: Any, writer: Any): what the reader can make sense of
COMPATIBLE = {
    "same primitive": ("int", "int"),
    "primitive written as an object": ({"type": "int"}, "int"),
    "int to long": ("long", "int"),
    "int to float": ("float", "int"),
    "int to double": ("double", "int"),
    "long to float": ("float", "long"),
    "long to double": ("double", "long"),
    "float to double": ("double", "float"),
    "string to bytes": ("bytes", "string"),
    "bytes to string": ("string", "bytes"),
    "array of promoted items": (array("long"), array("int")),
    "map of promoted values": (values("double"), values("float")),
    "field added with a default": (record(field("a"), field("b", default="")), record(field("a"))),
    "field added with null as default": (
        record(field("a"), field("b", ["null", "string"], default=None)),
        record(field("a")),
    ),
    "field dropped": (record(field("a")), record(field("a"), field("b", "int"))),
    "fields in another order": (record(field("a"), field("b", "int")), record(field("b", "int"), field("a"))),
    "field renamed with an alias": (record(field("b", aliases=["a"])), record(field("a"))),
    "record renamed with an alias": (record(field("a"), name="New", aliases=["Plan"]), record(field("a"))),
    "record moved to another namespace": (record(field("a"), namespace="new"), record(field("a"), namespace="old")),
    "alias with a namespace": (
        record(field("a"), name="New", namespace="x", aliases=["y.Plan"]),
        record(field("a"), namespace="y"),
    ),
    "nested record grows": (
        record(field("p", record(field("a"), field("b", "int", default=0), name="Phase"))),
        record(field("p", record(field("a"), name="Phase"))),
    ),
    "record named again by reference": (
        record(field("p", record(field("a"), name="Phase")), field("q", "Phase")),
        record(field("p", record(field("a"), name="Phase")), field("q", "Phase")),
    ),
    "recursive record": (WIDER_TREE, TREE),
    "enum gains a symbol": (enum("high", "low", "normal"), enum("high", "low")),
    "enum loses a symbol, with a default": (enum("high", default="high"), enum("high", "low")),
    "enum renamed with an alias": (enum("high", name="New", aliases=["Level"]), enum("high")),
    "fixed of the same size": (fixed(16), fixed(16)),
    "value becomes optional": (["null", "string"], "string"),
    "union gains a branch": (["null", "string", "int"], ["null", "string"]),
    "union in another order": (["string", "null"], ["null", "string"]),
    "union with promotion": (["null", "double"], ["null", "int"]),
    "union of one becomes a value": ("string", ["string"]),
    "union of promotable branches becomes a value": ("double", ["int", "float"]),
    "record in a union": (
        ["null", record(field("a"), field("b", "int", default=1))],
        ["null", record(field("a"))],
    ),
    "two records in a union": (
        [record(field("a"), name="A"), record(field("b"), name="B")],
        [record(field("b"), name="B"), record(field("a"), name="A")],
    ),
    "same decimal": (decimal(9, 2), decimal(9, 2)),
    "logical type added": ({"type": "long", "logicalType": "timestamp-millis"}, "long"),
    "documentation changed": (record(field("a", doc="new"), doc="new"), record(field("a", doc="old"))),
}

# (reader, writer, part of the reason)
INCOMPATIBLE = {
    "long to int": ("int", "long", "$: int cannot read long"),
    "double to float": ("float", "double", "float cannot read double"),
    "float to long": ("long", "float", "long cannot read float"),
    "string to int": ("int", "string", "int cannot read string"),
    "boolean to int": ("int", "boolean", "int cannot read boolean"),
    "array items": (array("int"), array("string"), "$[]: int cannot read string"),
    "map values": (values("int"), values("string"), "${}: int cannot read string"),
    "array to map": (values("int"), array("int"), "map cannot read array"),
    "record to map": (values("string"), record(field("a")), "map cannot read Plan"),
    "field added without a default": (record(field("a"), field("b")), record(field("a")), "$.b: not written"),
    "field renamed without an alias": (record(field("b")), record(field("a")), "$.b: not written"),
    "alias on the writer's side only": (record(field("b")), record(field("a", aliases=["b"])), "$.b: not written"),
    "field changes its type": (record(field("a", "int")), record(field("a")), "$.a: int cannot read string"),
    "record renamed": (record(field("a"), name="New"), record(field("a")), "New cannot read Plan"),
    "nested record": (
        record(field("p", record(field("a"), field("b"), name="Phase"))),
        record(field("p", record(field("a"), name="Phase"))),
        "$.p.b: not written",
    ),
    "record inside an array inside a map": (
        values(array(record(field("a", "int")))),
        values(array(record(field("a")))),
        "${}[].a: int cannot read string",
    ),
    "recursive record": (NARROWER_TREE, TREE, "$.value: boolean cannot read int"),
    "enum loses a symbol": (enum("high"), enum("high", "low"), "neither low nor a default"),
    "default of the writer's enum": (enum("high"), enum("high", "low", default="low"), "neither low"),
    "enum renamed": (enum("high", name="New"), enum("high"), "New cannot read Level"),
    "enum to string": ("string", enum("high"), "string cannot read Level"),
    "fixed of another size": (fixed(8), fixed(16), "8 bytes, 16 were written"),
    "fixed to bytes": ("bytes", fixed(16), "bytes cannot read Digest"),
    "value becomes required": ("string", ["null", "string"], "$: string cannot read null"),
    "union loses a branch": (["null", "string"], ["null", "string", "int"], "no branch of [null, string]"),
    "record in a union": (
        ["null", record(field("a"), field("b"))],
        ["null", record(field("a"))],
        "$.b: not written",
    ),
}

# Stricter than the specification: a decoder would read them, as the wrong value.
MISREAD = {
    "scale of a decimal": (decimal(9, 4), decimal(9, 2), "decimal(9, 4) cannot read bytes as decimal(9, 2)"),
    "decimal to plain bytes": ("bytes", decimal(9, 2), "bytes cannot read bytes as decimal"),
    "unit of a timestamp": (
        {"type": "long", "logicalType": "timestamp-micros"},
        {"type": "long", "logicalType": "timestamp-millis"},
        "timestamp-micros cannot read long as timestamp-millis",
    ),
    "days to a time": (
        {"type": "long", "logicalType": "timestamp-millis"},
        {"type": "int", "logicalType": "date"},
        "timestamp-millis cannot read int as date",
    ),
}


def rows(table: dict[str, tuple[Any, ...]]) -> list[Any]:
    return [pytest.param(*row, id=name) for name, row in table.items()]


def decodes(reader: Any, writer: Any) -> bool:
    """Whether the real decoder reads what the real encoder wrote, for a hundred generated values."""
    parsed_reader, parsed_writer = fastavro.parse_schema(reader), fastavro.parse_schema(writer)
    for value in generate_many(parsed_writer, 100):
        stream = BytesIO()
        fastavro.schemaless_writer(stream, parsed_writer, value)
        stream.seek(0)
        try:
            fastavro.schemaless_reader(stream, parsed_writer, parsed_reader)
        except Exception:
            return False
    return True


@pytest.mark.parametrize(("reader", "writer"), rows(COMPATIBLE))
def test_compatible(reader: Any, writer: Any) -> None:
    assert incompatibilities(reader, writer) == []


@pytest.mark.parametrize(("reader", "writer", "reason"), rows(INCOMPATIBLE | MISREAD))
def test_incompatible(reader: Any, writer: Any, reason: str) -> None:
    """There is exactly one reason, it says where and what."""
    found = incompatibilities(reader, writer)

    assert len(found) == 1
    assert reason in found[0]


# The specification allows bytes to string, and arbitrary bytes are no UTF-8.
DECODABLE = {name: pair for name, pair in COMPATIBLE.items() if name != "bytes to string"}


@pytest.mark.parametrize(("reader", "writer"), rows(DECODABLE))
def test_the_decoder_reads_what_is_called_compatible(reader: Any, writer: Any) -> None:
    assert decodes(reader, writer)


@pytest.mark.parametrize(("reader", "writer", "_reason"), rows(INCOMPATIBLE))
def test_the_decoder_fails_on_what_is_called_incompatible(reader: Any, writer: Any, _reason: str) -> None:
    assert not decodes(reader, writer)


def test_every_reason_is_reported() -> None:
    """Not only the first: whoever broke a schema sees all that must be mended."""
    reader = record(field("a", "int"), field("b"), field("c", enum("x")))
    writer = record(field("a"), field("c", enum("x", "y")))

    assert incompatibilities(reader, writer) == [
        "$.a: int cannot read string",
        "$.b: not written, and has no default",
        "$.c: enum Level has neither y nor a default",
    ]


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("decimal", "unknown type 'decimal'"),
        ({"type": "record", "fields": []}, "record without a name"),
        ({"type": "record", "name": "A"}, "A lacks 'fields'"),
        ({"type": "record", "name": "A", "fields": [{"name": "a"}]}, "A lacks 'type'"),
        ({"type": "array"}, "array without `items`"),
        ({"type": "enum", "name": "E"}, "E lacks 'symbols'"),
        ({"name": "no type"}, "not a schema"),
        (None, "not a schema"),
        (record(field("a", fixed(1)), field("b", fixed(1))), "Digest is defined twice"),
    ],
)
def test_what_is_no_schema_is_refused(schema: Any, reason: str) -> None:
    with pytest.raises(InvalidSchemaError, match=reason):
        incompatibilities(schema, "string")


def test_an_object_may_hold_the_name_of_a_type() -> None:
    """As the specification has it; the decoder that this is held against takes no such schema."""
    referring = record(field("p", record(field("a"), name="Phase")), field("q", {"type": "Phase"}))
    assert incompatibilities(referring, referring) == []
