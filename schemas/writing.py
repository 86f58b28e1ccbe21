"""Writes records that fit their schema as Avro, by source that is made of the schema, and knows whether they do.

fastavro writes what does not fit, too, so it is asked first whether all fits (`fit`): each value is looked at twice,
and each time the schema as well. Here each value is looked at once. Whatever is not plainly as the schema says raises:
the caller asks `fit` what is wrong then, and leaves to fastavro what only it can write, such as unions of several
records. Only schemas of `catalogue` are compiled: source is made of nothing that comes from outside.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from schemas.compiling import WIDTH, Kinds, Source


class NotPlain(Exception):  # noqa: N818 - says what a value is
    """The value does not fit, or cannot be written here."""


#: What a `Write` raises.
NOT_PLAIN: Final = (NotPlain, KeyError, AttributeError, TypeError, UnicodeEncodeError, OverflowError)
#: Returns the Avro of a record, which is given as the fields that were asked for apart, in their order, and a dict of
#: the others. Raises one of NOT_PLAIN.
Write = Callable[..., bytes]

_DOUBLE: Final = struct.Struct("<d").pack


def zigzag(number: int) -> bytes:
    """Return a whole number of up to 64 bits as Avro has it."""
    left, made = (number << 1) ^ (number >> 63), bytearray()
    while left > 0x7F:
        made.append(left & 0x7F | 0x80)
        left >>= 7
    made.append(left)
    return bytes(made)


class _Numbers(dict[int, bytes]):
    """The Avro of whole numbers of a width: the most frequent ones are here, the others are made."""

    def __init__(self, width: int) -> None:
        super().__init__((number, zigzag(number)) for number in range(2048))
        self._limit = 1 << width

    def __missing__(self, number: int) -> bytes:
        if not -self._limit <= number < self._limit:
            raise NotPlain
        return zigzag(number)


_INTS: Final = _Numbers(WIDTH["int"])
_LONGS: Final = _Numbers(WIDTH["long"])


class _Writing(Source):
    """The lines of a function that puts pieces of Avro into the list `p`. Pieces are put together where they can."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def put(self) -> None:
        """Add the line that puts the pieces so far."""
        if len(self.pieces) == 1:
            self.line(f"put({self.pieces[0]})")
        elif self.pieces:
            self.line(f"p += ({', '.join(self.pieces)})")
        self.pieces = []

    @contextmanager
    def branch(self, head: str) -> Iterator[None]:
        """Indent lines that put all their pieces. The caller has put those before."""
        with self.block(head):
            yield
            self.put()
            self.line("pass")


@dataclass(frozen=True, slots=True)
class _Put:
    """Adds the lines and pieces that write the value which a name stands for. `plain`: always with the same pieces."""

    add: Callable[[_Writing, str], None]
    plain: bool = False


def compile_write(schema: Any, apart: Collection[str] = ()) -> Write:
    """Return the writer of a record's parsed schema (fastavro's: names are full); `apart`: fields that are given so.

    Raises KeyError for unknown names, and for a record that contains itself.
    """
    names, known = {name: f"a{n}" for n, name in enumerate(apart)}, dict[str, _Put]()
    fields = [(field, _KINDS.compiled(field["type"], known)) for field in schema["fields"]]
    return _made([*names.values(), "record"], lambda to: _fields(to, "record", fields, names))


def _made(arguments: Collection[str], add: Callable[[_Writing], None]) -> Write:
    source = _Writing()
    with source.block(f"def write({', '.join(arguments)}):"):
        source.line("p = []")
        source.line("put = p.append")
        add(source)
        source.put()
        source.line("return join(p)")
    known: dict[str, Any] = {
        "NotPlain": NotPlain,
        "double": _DOUBLE,
        "finite": isfinite,
        "int_": _INTS,
        "long": _LONGS,
        "join": b"".join,
    }
    write: Write = source.made("write", known)
    return write


def _fields(to: _Writing, record: str, fields: list[tuple[Mapping[str, Any], _Put]], apart: Mapping[str, str]) -> None:
    """Add the lines that write the fields of a record, of which some stand for themselves."""
    count = to.name()
    with to.block(f"if type({record}) is not dict:"):
        to.line("raise NotPlain")
    to.line(f"{count} = len({record})")
    for field, put in fields:
        name = field["name"]
        if not name.isidentifier():
            raise KeyError(name)
        if name in apart:
            put.add(to, apart[name])
            continue
        default = _default(field, put)
        if default is None:
            value = to.name()
            to.line(f'{value} = {record}["{name}"]')
            put.add(to, value)
        else:
            _either(to, f'"{name}" in {record}', f'{record}["{name}"]', put, default, f"{count} += 1")
    with to.block(f"if {count} != {len(fields) - len(apart)}:"):
        to.line("raise NotPlain")


def _either(to: _Writing, asked: str, value: str, put: _Put, otherwise: bytes, besides: str = "") -> None:
    """Add lines that write a value where what is asked is true, and some bytes where it is not."""
    made = to.name()
    if not put.plain:
        to.put()
    before, to.pieces = to.pieces, []
    with to.block(f"if {asked}:"):
        to.line(f"{made} = {value}")
        put.add(to, made)
        if put.plain:
            to.line(f"{made} = {' + '.join(to.pieces)}")
        else:
            to.put()
    to.pieces = before
    with to.block("else:"):
        if besides:
            to.line(besides)
        to.line(f"{made} = {otherwise!r}" if put.plain else f"put({otherwise!r})")
    if put.plain:
        to.pieces.append(made)


def _default(field: Mapping[str, Any], put: _Put) -> bytes | None:
    """Return the Avro of a field's default, None where it has none, or one that is left to fastavro."""
    if "default" not in field:
        return None
    try:
        return _made(["value"], lambda to: put.add(to, "value"))(field["default"])
    except NOT_PLAIN:
        return None


def _record(schema: Mapping[str, Any], names: dict[str, _Put]) -> _Put:
    fields = [(field, _KINDS.compiled(field["type"], names)) for field in schema["fields"]]
    names[schema["name"]] = made = _Put(lambda to, value: _fields(to, value, fields, {}))
    return made  # known after its fields: one that contains itself has no end here


def _array(item: _Put) -> _Put:
    def add(to: _Writing, value: str) -> None:
        with to.block(f"if not isinstance({value}, (list, tuple)):"):
            to.line("raise NotPlain")
        to.put()
        with to.branch(f"if {value}:"):
            to.line(f"put(long[len({value})])")
            one = to.name()
            with to.branch(f"for {one} in {value}:"):
                item.add(to, one)
        to.pieces.append(r"b'\0'")

    return _Put(add)


def _map(item: _Put) -> _Put:
    def add(to: _Writing, value: str) -> None:
        with to.block(f"if type({value}) is not dict:"):
            to.line("raise NotPlain")
        to.put()
        with to.branch(f"if {value}:"):
            to.line(f"put(long[len({value})])")
            key, one = to.name(), to.name()
            with to.branch(f"for {key}, {one} in {value}.items():"):
                _text(to, key)
                item.add(to, one)
        to.pieces.append(r"b'\0'")

    return _Put(add)


def _union(schemas: list[Any], names: dict[str, _Put]) -> _Put:
    branches = [_KINDS.compiled(schema, names) for schema in schemas]  # all of them: each may name a record
    if len(branches) != 2 or branches[0] is not _NULL:
        return _NOT_HERE
    there = branches[1]

    def add_there(to: _Writing, value: str) -> None:
        to.pieces.append(r"b'\2'")
        there.add(to, value)

    def add(to: _Writing, value: str) -> None:
        _either(to, f"{value} is not None", value, _Put(add_there, there.plain), b"\0")

    return _Put(add, there.plain)


def _integer(kind: str) -> _Put:
    known = "long" if kind == "long" else "int_"

    def add(to: _Writing, value: str) -> None:
        with to.block(f"if type({value}) is not int:"):  # a bool is an int to isinstance, and 1 in Avro
            to.line("raise NotPlain")
        to.pieces.append(f"{known}[{value}]")

    return _Put(add, plain=True)


def _double(to: _Writing, value: str) -> None:
    with to.block(f"if type({value}) is not float and type({value}) is not int or not finite({value}):"):
        to.line("raise NotPlain")
    to.pieces.append(f"double({value})")


def _text(to: _Writing, value: str) -> None:
    made = to.name()
    to.line(f"{made} = {value}.encode()")
    to.pieces += [f"long[len({made})]", made]


def _boolean(to: _Writing, value: str) -> None:
    with to.block(f"if type({value}) is not bool:"):
        to.line("raise NotPlain")
    to.pieces.append(rf"(b'\1' if {value} else b'\0')")


def _null(to: _Writing, value: str) -> None:
    with to.block(f"if {value} is not None:"):
        to.line("raise NotPlain")


def _not_here(to: _Writing, _value: str) -> None:
    to.line("raise NotPlain")


_NULL: Final = _Put(_null)
_NOT_HERE: Final = _Put(_not_here)
_SIMPLE: Final[dict[str, _Put]] = {
    "string": _Put(_text, plain=True),
    "boolean": _Put(_boolean, plain=True),
    "null": _NULL,
    "double": _Put(_double, plain=True),
    "float": _NOT_HERE,
}
_KINDS: Final[Kinds[_Put]] = Kinds(_record, _union, _array, _map, _integer, _SIMPLE)
