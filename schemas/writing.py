"""Writes records that fit their schema as Avro, and knows in one go whether they do.

fastavro writes what does not fit, too, so it is asked first whether all fits (`fit`): each value is looked at twice.
Here it is once. Whatever is not plainly as the schema says raises: the caller asks `fit` what is wrong then, and leaves
to fastavro what only it can write, such as unions of several records.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, Final

from schemas.compiling import WIDTH, Kinds

#: Puts the Avro of a value into a list of pieces. Raises one of NOT_PLAIN.
Put = Callable[[Any, Callable[[bytes], None]], None]


class NotPlain(Exception):  # noqa: N818 - says what a value is
    """The value does not fit, or cannot be written here."""


#: What a `Write` raises.
NOT_PLAIN: Final = (NotPlain, KeyError, AttributeError, TypeError, UnicodeEncodeError, OverflowError)
#: Returns the Avro of a record. Raises one of NOT_PLAIN.
Write = Callable[[dict[str, Any]], bytes]

_DOUBLE: Final = struct.Struct("<d").pack


def zigzag(number: int) -> bytes:
    """Return a whole number of up to 64 bits as Avro has it."""
    left, made = (number << 1) ^ (number >> 63), bytearray()
    while left > 0x7F:
        made.append(left & 0x7F | 0x80)
        left >>= 7
    made.append(left)
    return bytes(made)


#: The most frequent lengths and numbers.
_SMALL: Final = [zigzag(number) for number in range(2048)]


def _long(number: int) -> bytes:
    return _SMALL[number] if 0 <= number < 2048 else zigzag(number)


def compile_write(schema: Any) -> Write:
    """Return the writer of a record's parsed schema (fastavro's: names are full). Raises KeyError for unknown names."""
    put_record = _KINDS.compiled(schema, {})

    def write(record: dict[str, Any]) -> bytes:
        pieces: list[bytes] = []
        put_record(record, pieces.append)
        return b"".join(pieces)

    return write


def _record(schema: Mapping[str, Any], names: dict[str, Put]) -> Put:
    # texts that follow on one another, then another field: its name, how it is put, its default's Avro
    steps: list[tuple[tuple[str, ...], str | None, Put, bytes | None]] = []
    count = len(schema["fields"])

    def put_record(value: Any, put: Callable[[bytes], None]) -> None:
        if type(value) is not dict:
            raise NotPlain
        left_out = 0
        for texts, name, field, default in steps:
            for text in texts:
                content = value[text].encode()
                put(_SMALL[len(content)] if len(content) < 2048 else zigzag(len(content)))
                put(content)
            if default is None or name in value:
                if name is not None:
                    field(value[name], put)
            else:
                put(default)
                left_out += 1
        if len(value) + left_out != count:
            raise NotPlain

    names[schema["name"]] = put_record  # before its fields: a record may contain itself
    texts: list[str] = []
    for field in schema["fields"]:
        field_put = _KINDS.compiled(field["type"], names)
        if field_put is _text and "default" not in field:
            texts.append(field["name"])
            continue
        steps.append((tuple(texts), field["name"], field_put, _default(field, field_put)))
        texts = []
    steps.append((tuple(texts), None, _null, None))
    return put_record


def _default(field: Mapping[str, Any], put: Put) -> bytes | None:
    """Return the Avro of a field's default, None where it has none, or one that is left to fastavro."""
    if "default" not in field:
        return None
    pieces: list[bytes] = []
    try:
        put(field["default"], pieces.append)
    except NOT_PLAIN:
        return None
    return b"".join(pieces)


def _array(item: Put) -> Put:
    def put_array(value: Any, put: Callable[[bytes], None]) -> None:
        if not isinstance(value, list | tuple):
            raise NotPlain
        if value:
            put(_long(len(value)))
            for one in value:
                item(one, put)
        put(b"\0")

    return put_array


def _map(item: Put) -> Put:
    def put_map(value: Any, put: Callable[[bytes], None]) -> None:
        if type(value) is not dict:
            raise NotPlain
        if value:
            put(_long(len(value)))
            for key, one in value.items():
                _text(key, put)
                item(one, put)
        put(b"\0")

    return put_map


def _union(schemas: list[Any], names: dict[str, Put]) -> Put:
    branches = [_KINDS.compiled(schema, names) for schema in schemas]  # all of them: each may name a record
    if len(branches) != 2 or branches[0] is not _null:
        return _not_here
    there = branches[1]

    def put_union(value: Any, put: Callable[[bytes], None]) -> None:
        if value is None:
            put(b"\0")
        else:
            put(b"\2")
            there(value, put)

    return put_union


def _not_here(_value: Any, _put: Callable[[bytes], None]) -> None:
    raise NotPlain


def _integer(kind: str) -> Put:
    limit = 1 << WIDTH[kind]

    def put_integer(value: Any, put: Callable[[bytes], None]) -> None:
        if type(value) is not int or not -limit <= value < limit:  # a bool is an int to isinstance, and 1 in Avro
            raise NotPlain
        put(_long(value))

    return put_integer


def _double(value: Any, put: Callable[[bytes], None]) -> None:
    if (type(value) is not float and type(value) is not int) or not isfinite(value):
        raise NotPlain
    put(_DOUBLE(value))


def _text(value: Any, put: Callable[[bytes], None]) -> None:
    content = value.encode()
    put(_long(len(content)))
    put(content)


def _boolean(value: Any, put: Callable[[bytes], None]) -> None:
    if type(value) is not bool:
        raise NotPlain
    put(b"\1" if value else b"\0")


def _null(value: Any, _put: Callable[[bytes], None]) -> None:
    if value is not None:
        raise NotPlain


_SIMPLE: Final[dict[str, Put]] = {
    "string": _text,
    "boolean": _boolean,
    "null": _null,
    "double": _double,
    "float": _not_here,
}
_KINDS: Final[Kinds[Put]] = Kinds(_record, _union, _array, _map, _integer, _SIMPLE)
