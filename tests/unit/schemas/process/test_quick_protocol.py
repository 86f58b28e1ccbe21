"""What is compiled says, byte by byte and value by value, what aiokafka says: for each of its requests and answers."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import aiokafka.protocol
import pytest
from aiokafka.protocol import types
from aiokafka.protocol.struct import Struct

from schemas.process import quick_protocol

for module in pkgutil.iter_modules(aiokafka.protocol.__path__):
    importlib.import_module(f"aiokafka.protocol.{module.name}")


def structs(of: type[Struct] = Struct) -> Iterator[type[Struct]]:
    for one in of.__subclasses__():
        if vars(one).get("SCHEMA") is not None and one.__module__.startswith("aiokafka."):
            yield one
        yield from structs(one)


ALL = sorted(set(structs()), key=lambda one: one.__qualname__)
#: One of each schema: versions share theirs.
COMPILED = list({id(one.SCHEMA): one for one in ALL}.values())


@pytest.fixture(scope="module")
def quick() -> type[Struct]:
    """A base class like the library's own, mended; the library's stays as it is."""

    class Mended(Struct):  # type: ignore[misc] # aiokafka has no types
        encode = Struct.encode
        decode: Any = classmethod(Struct.decode.__func__)

    quick_protocol.mend(Mended)
    quick_protocol.mend(Mended)  # once, however often asked
    return Mended


def of(one: type[Struct], base: type[Struct]) -> Any:
    return type(one.__name__, (base,), {"SCHEMA": one.SCHEMA})


#: The least and the greatest number of each width, and one that is another one backwards.
NUMBERS = {
    types.Int8: (-(2**7), 2**7 - 1, 1),
    types.Int16: (-(2**15), 2**15 - 1, 1),
    types.Int32: (-(2**31), 2**31 - 1, 1),
    types.UInt32: (0, 2**32 - 1, 1),
    types.Int64: (-(2**63), 2**63 - 1, 1),
    types.Float64: (-0.5, 1e300, 1.0),
    types.Boolean: (False, True, True),
}
TEXTS = (None, "", "número de venda")
SHAPES = range(3)


def value(field: Any, shape: int) -> Any:
    """Return a value of a field: nothing, an empty one, or a full one in which the shapes follow each other."""
    if isinstance(field, types.Schema):
        return tuple(value(one, (shape + at) % 3 if shape == 2 else shape) for at, one in enumerate(field.fields))
    if isinstance(field, types.Array):
        return (None, [], [value(field.array_of, one) for one in (2, 1, 0, 2)])[shape]
    if isinstance(field, types.String):
        return TEXTS[shape]
    if field is types.TaggedFields:
        return ({}, {}, {7: b"tag"})[shape]
    if field in (types.Bytes, types.CompactBytes):
        return (None, b"", b"\x00\xff" * 3)[shape]
    return NUMBERS[field][shape]


@pytest.mark.parametrize("one", COMPILED, ids=lambda one: one.__name__)
def test_it_is_written_and_read_as_by_the_library(one: type[Struct], quick: type[Struct]) -> None:
    ours, theirs = of(one, quick), of(one, Struct)
    for shape in SHAPES:
        said = value(one.SCHEMA, shape)
        encoded = theirs(*said).encode()
        assert ours(*said).encode() == encoded
        around = BytesIO(b"before" + encoded + b"after")
        around.seek(6)
        assert vars(ours.decode(around)) == vars(theirs.decode(encoded)) == vars(ours.decode(encoded))
        assert around.read() == b"after"


@pytest.mark.parametrize("one", COMPILED, ids=lambda one: one.__name__)
def test_what_is_cut_off_is_refused(one: type[Struct], quick: type[Struct]) -> None:
    encoded = of(one, Struct)(*value(one.SCHEMA, 2)).encode()
    ours = of(one, quick)
    for end in range(len(encoded)):
        with pytest.raises(ValueError):
            ours.decode(encoded[:end])


@pytest.mark.parametrize("said", [("", -1), ("no number",), (None,), (2**31,)])
def test_what_is_no_value_of_its_field_is_refused(quick: type[Struct], said: tuple[Any, ...]) -> None:
    schema = types.Schema(("throttle_time_ms", types.Int32), ("names", types.Array(types.String("utf-8"))))
    with pytest.raises(ValueError, match="Error encountered"):
        type("Answer", (quick,), {"SCHEMA": schema})(said[0], []).encode()


def test_a_row_of_another_width_is_refused(quick: type[Struct]) -> None:
    row = types.Schema(("name", types.String("utf-8")), ("number", types.Int32))
    schema = types.Schema(("rows", types.Array(("name", types.String("utf-8")), ("number", types.Int32))))
    assert len(row) == 2
    with pytest.raises(ValueError, match="does not match"):
        type("Rows", (quick,), {"SCHEMA": schema})([("a", 1, 2)]).encode()


def test_a_field_that_is_not_known_writes_and_reads_itself(quick: type[Struct]) -> None:
    latin: Any = type("Latin", (quick,), {"SCHEMA": types.Schema(("name", types.String("latin-1")), ("n", types.Int8))})
    assert latin("ã", 1).encode() == b"\0\x01\xe3\x01"
    assert vars(latin.decode(b"\0\x01\xe3\x01")) == {"name": "ã", "n": 1}
