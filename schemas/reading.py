"""Reads records that are plainly what their schema says, by source that is made of the schema.

fastavro reads any Avro, by looking at the schema for each value, and afterwards each number is asked whether JSON and
the schema can say it. Here both are done in one go. Whatever is not plain raises: the caller has fastavro read it then,
which says what is wrong. Only schemas of `catalogue` are compiled: source is made of nothing that comes from outside.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterator, Mapping
from math import isfinite
from typing import Any, Final

from schemas.compiling import WIDTH, Kinds, Source


class NotPlain(Exception):  # noqa: N818 - says what bytes are
    """The bytes are not plainly as the schema says, or cannot be read here."""


#: What a `Read` raises.
NOT_PLAIN: Final = (NotPlain, IndexError, struct.error, UnicodeDecodeError)
#: Returns two parts of the record that the bytes are from a place to their end: the values of the fields that were
#: asked for apart, in their order, and the other fields by their names. Raises one of NOT_PLAIN.
Read = Callable[[bytes, int], tuple[tuple[Any, ...], dict[str, Any]]]

#: Bytes of the longest number that is read here, of seven bits each. One of 64 bits can have one more.
_LONGEST: Final = 9


#: Adds the lines that read a value into what a name stands for.
Put = Callable[[Source, str], None]


def compile_read(schema: Mapping[str, Any], apart: Collection[str]) -> Read:
    """Return the reader of a record's parsed schema (fastavro's: names are full); `apart`: fields to return so.

    Raises KeyError for unknown names, a record that contains itself, and what is in none of our schemas.
    """
    source = Source()
    with source.block("def read(b, i):"):  # `b` are the bytes, `i` is how far they are read
        read = dict(_fields(schema, {}, source))
        with source.block("if i != len(b):"):  # what is left over, or a text that was cut off
            source.line("raise NotPlain")
        source.line(f"return ({''.join(f'{read.pop(name)}, ' for name in apart)}), {_dict(read)}")
    made: dict[str, Any] = {
        "NotPlain": NotPlain,
        "double": struct.Struct("<d").unpack_from,
        "finite": isfinite,
        "integer": _integer_of(WIDTH["int"]),
        "long": _long,
        "text": _long_text,
    }
    read_: Read = source.made("read", made)
    return read_


def _long(value: bytes, at: int) -> tuple[int, int]:
    found = bits = 0
    for place in range(at, at + _LONGEST):
        byte = value[place]
        found |= (byte & 0x7F) << bits
        if byte < 0x80:
            return found >> 1 ^ -(found & 1), place + 1
        bits += 7
    raise NotPlain


def _integer_of(width: int) -> Callable[[bytes, int], tuple[int, int]]:
    limit = 1 << width

    def take(value: bytes, at: int) -> tuple[int, int]:
        number, at = _long(value, at)
        if not -limit <= number < limit:
            raise NotPlain
        return number, at

    return take


def _long_text(value: bytes, at: int) -> tuple[str, int]:
    length, at = _long(value, at)
    if length < 0:
        raise NotPlain
    end = at + length
    return value[at:end].decode(), end


def _fields(schema: Mapping[str, Any], names: dict[str, Put], to: Source) -> Iterator[tuple[str, str]]:
    """Add the lines that read each field of a record; yield its name, and the name of what was read."""
    for field in schema["fields"]:
        put, read = _KINDS.compiled(field["type"], names), to.name()
        put(to, read)
        yield field["name"], read


def _dict(read: Mapping[str, str]) -> str:
    if not all(name.isidentifier() for name in read):
        raise KeyError(*(name for name in read if not name.isidentifier()))
    return "{" + ", ".join(f'"{name}": {value}' for name, value in read.items()) + "}"


def _record(schema: Mapping[str, Any], names: dict[str, Put]) -> Put:
    compiled = [(field["name"], _KINDS.compiled(field["type"], names)) for field in schema["fields"]]

    def put_record(to: Source, target: str) -> None:
        read = {name: to.name() for name, _ in compiled}
        for name, put in compiled:
            put(to, read[name])
        to.line(f"{target} = {_dict(read)}")

    names[schema["name"]] = put_record  # after its fields: one that contains itself has no end here
    return put_record


def _blocks(to: Source, each: Callable[[], None]) -> None:
    """Add lines that read what an array or a map holds, block by block."""
    count = to.name()
    to.line(f"{count}, i = long(b, i)")
    with to.block(f"while {count}:"):
        with to.block(f"if not 0 < {count} <= len(b):"):  # a block that says its size, or more than there can be
            to.line("raise NotPlain")
        with to.block(f"for _ in range({count}):"):
            each()
        to.line(f"{count}, i = long(b, i)")


def _array(item: Put) -> Put:
    def put_array(to: Source, target: str) -> None:
        made, one = to.name(), to.name()

        def each() -> None:
            item(to, one)
            to.line(f"{made}.append({one})")

        to.line(f"{made} = []")
        _blocks(to, each)
        to.line(f"{target} = {made}")

    return put_array


def _map(item: Put) -> Put:
    def put_map(to: Source, target: str) -> None:
        made, key, one = to.name(), to.name(), to.name()

        def each() -> None:
            _text(to, key)
            item(to, one)
            to.line(f"{made}[{key}] = {one}")

        to.line(f"{made} = {{}}")
        _blocks(to, each)
        to.line(f"{target} = {made}")

    return put_map


def _union(schemas: list[Any], names: dict[str, Put]) -> Put:
    if len(schemas) != 2 or schemas[0] != "null":
        raise KeyError(str(schemas))
    there = _KINDS.compiled(schemas[1], names)

    def put_union(to: Source, target: str) -> None:
        to.line("n = b[i]")
        to.line("i += 1")
        with to.block("if n == 2:"):
            there(to, target)
        with to.block("elif n:"):
            to.line("raise NotPlain")
        with to.block("else:"):
            to.line(f"{target} = None")

    return put_union


def _integer(kind: str) -> Put:
    longer = "long" if kind == "long" else "integer"

    def put_integer(to: Source, target: str) -> None:
        to.line("n = b[i]")
        with to.block("if n > 127:"):
            to.line(f"{target}, i = {longer}(b, i)")
        with to.block("else:"):
            to.line("i += 1")
            to.line(f"{target} = n >> 1 ^ -(n & 1)")

    return put_integer


def _text(to: Source, target: str) -> None:
    to.line("n = b[i]")
    with to.block("if n & 129:"):  # 64 bytes or more, or less than none
        to.line(f"{target}, i = text(b, i)")
    with to.block("else:"):
        to.line("i += 1")
        to.line("j = i + (n >> 1)")
        to.line(f"{target} = b[i:j].decode()")
        to.line("i = j")


def _double(to: Source, target: str) -> None:
    to.line(f"{target}, = double(b, i)")
    to.line("i += 8")
    with to.block(f"if not finite({target}):"):
        to.line("raise NotPlain")


def _boolean(to: Source, target: str) -> None:
    to.line("n = b[i]")
    with to.block("if n > 1:"):
        to.line("raise NotPlain")
    to.line(f"{target} = n == 1")
    to.line("i += 1")


def _null(to: Source, target: str) -> None:
    to.line(f"{target} = None")


_SIMPLE: Final[dict[str, Put]] = {"string": _text, "boolean": _boolean, "null": _null, "double": _double}
_KINDS: Final[Kinds[Put]] = Kinds(_record, _union, _array, _map, _integer, _SIMPLE)
