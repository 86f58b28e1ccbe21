"""Compiles an Avro schema to functions, one for each kind of value, or to the source of one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

#: Bits of Avro's whole numbers, without the sign.
WIDTH: Final = {"int": 31, "long": 63}


@dataclass(frozen=True, slots=True)
class Kinds(Generic[T]):
    """The compiler for each kind of Avro value. `record` and `union` compile their parts, with the named records."""

    record: Callable[[Mapping[str, Any], dict[str, T]], T]
    union: Callable[[list[Any], dict[str, T]], T]
    array: Callable[[T], T]
    map: Callable[[T], T]
    integer: Callable[[str], T]
    simple: Mapping[str, T]

    def compiled(self, schema: Any, names: dict[str, T]) -> T:
        """Return what a parsed schema becomes (fastavro's: names are full). Raises KeyError for an unknown name."""
        if isinstance(schema, list):
            return self.union(schema, names)
        kind = schema["type"] if isinstance(schema, Mapping) else schema
        match kind:
            case "record":
                return self.record(schema, names)
            case "array":
                return self.array(self.compiled(schema["items"], names))
            case "map":
                return self.map(self.compiled(schema["values"], names))
            case "int" | "long":
                return self.integer(kind)
        return self.simple[kind] if kind in self.simple else names[kind]


class Source:
    """The lines of a function that is being made."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._depth = 0
        self._names = 0

    def line(self, text: str) -> None:
        """Add a line."""
        self.lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add a line, and indent what comes within."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    def name(self) -> str:
        """Return a name that nothing has yet."""
        self._names += 1
        return f"v{self._names}"

    def made(self, name: str, known: dict[str, Any]) -> Any:
        """Return the function of this name, for which the names in `known` are known."""
        exec("\n".join(self.lines), known)  # noqa: S102 - of our own schemas alone, whose names are checked to be names
        return known[name]
