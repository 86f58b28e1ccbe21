"""Writes and reads Kafka's requests and answers with one call for all neighbouring numbers.

aiokafka takes a request apart field by field, four calls of Python each, and a fetch has five fields for each partition
of a consumer. Here each schema of the library is compiled when it is first used: neighbours of a fixed width become one
`struct`. Bytes and values are the library's own (a test compares them, schema by schema). A field that is not known
here (tags, compact forms, names with a prefix) writes and reads itself.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Any, Final

from aiokafka.protocol import types
from aiokafka.protocol.struct import Struct

#: Appends the bytes of a value to parts.
Write = Callable[[Any, list[bytes]], None]
#: Returns a value and the place behind it, of all bytes and its place in them.
Read = Callable[[bytes, int], tuple[Any, int]]

_MENDED: Final = "_marketplace_quick_protocol"
_COMPILED: Final = "_marketplace_compiled"
_FIXED: Final[dict[Any, str]] = {
    types.Int8: "b",
    types.Int16: "h",
    types.Int32: "i",
    types.UInt32: "I",
    types.Int64: "q",
    types.Float64: "d",
    types.Boolean: "?",
}
_INT16: Final = struct.Struct(">h")
_INT32: Final = struct.Struct(">i")


def mend(of: type[Struct]) -> None:
    """Make `of` (aiokafka.protocol.struct.Struct) use what is compiled, in the whole process; once."""
    if _MENDED in vars(of):
        return
    plain = of.encode, of.decode

    def quick_encode(self: Any) -> bytes:
        schema = type(self).SCHEMA
        fields = self.__dict__
        parts: list[bytes] = []
        try:
            _compiled(schema)[0]([fields[name] for name in schema.names], parts)
        except struct.error as error:
            raise ValueError(f"Error encountered when attempting to convert value: {error}") from error
        return b"".join(parts)

    def quick_decode(cls: Any, data: BytesIO | bytes) -> Any:
        whole, at = (data, 0) if isinstance(data, bytes) else (data.getvalue(), data.tell())
        try:
            values, end = _compiled(cls.SCHEMA)[1](whole, at)
        except struct.error as error:
            raise ValueError(f"Error encountered when attempting to convert value: {error}") from error
        if not isinstance(data, bytes):
            data.seek(end)
        return cls(*values)

    of.encode = quick_encode
    of.decode = classmethod(quick_decode)
    setattr(of, _MENDED, plain)


def _compiled(schema: Any) -> tuple[Write, Read]:
    kept = vars(schema)
    if _COMPILED not in kept:
        kept[_COMPILED] = compiled(schema)
    found: tuple[Write, Read] = kept[_COMPILED]
    return found


def compiled(field: Any) -> tuple[Write, Read]:
    """Return how a field is written and read."""
    kind = type(field)
    if kind is types.Schema:
        return _of_schema(field)
    if kind is types.Array:
        return _of_array(field)
    if kind is types.String and field.encoding == "utf-8":
        return _write_string, _read_string
    if field is types.Bytes:
        return _write_bytes, _read_bytes
    if isinstance(field, type) and field in _FIXED:
        return _of_numbers(_FIXED[field], alone=True)
    return _by_itself(field)


def _by_itself(field: Any) -> tuple[Write, Read]:
    def read(data: bytes, at: int) -> tuple[Any, int]:
        rest = BytesIO(data)  # no copy
        rest.seek(at)
        return field.decode(rest), rest.tell()

    return (lambda value, parts: parts.append(field.encode(value))), read


def _of_schema(schema: types.Schema) -> tuple[Write, Read]:
    """Compile a row of fields: `spans` of it are written and read in turn."""
    spans = [(span, *compile_) for span, compile_ in _spans(schema.fields)]
    if len(spans) == 1 and isinstance(spans[0][0], slice):  # numbers alone
        return spans[0][1], spans[0][2]
    width = len(schema.fields)

    def write(value: Sequence[Any], parts: list[bytes]) -> None:
        if len(value) != width:
            raise ValueError("Item field count does not match Schema")
        for span, put, _ in spans:
            put(value[span], parts)

    def read(data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        found: list[Any] = []
        for span, _, get in spans:
            value, at = get(data, at)
            if isinstance(span, slice):
                found += value
            else:
                found.append(value)
        return tuple(found), at

    return write, read


def _spans(fields: Sequence[Any]) -> Iterator[tuple[Any, tuple[Write, Read]]]:
    """Yield a slice for each run of numbers and an index for each other field, with how it is written and read."""
    begun, numbers = 0, ""
    for at, field in enumerate(fields):
        letter = _FIXED.get(field) if isinstance(field, type) else None
        if letter is not None:
            numbers += letter
            continue
        if numbers:
            yield slice(begun, at), _of_numbers(numbers)
        yield at, compiled(field)
        begun, numbers = at + 1, ""
    if numbers or not fields:
        yield slice(begun, len(fields)), _of_numbers(numbers)


def _of_numbers(letters: str, *, alone: bool = False) -> tuple[Write, Read]:
    row = struct.Struct(">" + letters)
    pack, unpack, size = row.pack, row.unpack_from, row.size
    if alone:
        return (lambda value, parts: parts.append(pack(value))), (lambda data, at: (unpack(data, at)[0], at + size))
    return (lambda value, parts: parts.append(pack(*value))), (lambda data, at: (unpack(data, at), at + size))


def _of_array(array: types.Array) -> tuple[Write, Read]:
    put, get = compiled(array.array_of)

    def write(value: Sequence[Any] | None, parts: list[bytes]) -> None:
        parts.append(_INT32.pack(-1 if value is None else len(value)))
        for item in value or ():
            put(item, parts)

    def read(data: bytes, at: int) -> tuple[list[Any] | None, int]:
        (count,) = _INT32.unpack_from(data, at)
        at += 4
        if count == -1:
            return None, at
        found = []
        for _ in range(count):
            value, at = get(data, at)
            found.append(value)
        return found, at

    return write, read


def _write_string(value: Any, parts: list[bytes]) -> None:
    if value is None:
        parts.append(_INT16.pack(-1))
        return
    encoded = str(value).encode()
    parts.append(_INT16.pack(len(encoded)) + encoded)


def _read_string(data: bytes, at: int) -> tuple[str | None, int]:
    found, end = _cut(data, at + 2, _INT16.unpack_from(data, at)[0], "string")
    return None if found is None else found.decode(), end


def _write_bytes(value: Any, parts: list[bytes]) -> None:
    parts.append(_INT32.pack(-1 if value is None else len(value)))
    if value is not None:
        parts.append(value)


def _read_bytes(data: bytes, at: int) -> tuple[bytes | None, int]:
    return _cut(data, at + 4, _INT32.unpack_from(data, at)[0], "Bytes")


def _cut(data: bytes, at: int, length: int, what: str) -> tuple[bytes | None, int]:
    if length < 0:
        return None, at
    end = at + length
    if end > len(data):
        raise ValueError(f"Buffer underrun decoding {what}")
    return data[at:end], end
