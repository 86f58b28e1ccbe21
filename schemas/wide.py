"""Find an int of more than 32 bits in a decoded record: fastavro reads it, and no writer could write it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.compiling import WIDTH, Kinds

#: Says of a value whether one is in it; None where its schema has no int, so that nothing need be asked.
Wide = Callable[[Any], bool] | None


def compile_wide(schema: Any) -> Wide:
    """Return the question for a parsed schema (fastavro's: names are full). Raises KeyError for an unknown name."""
    return _KINDS.compiled(schema, {})


def _record(schema: Mapping[str, Any], names: dict[str, Wide]) -> Wide:
    asked: list[tuple[str, Callable[[Any], bool]]] = []

    def wide(value: Any) -> bool:
        for name, test in asked:  # noqa: SIM110 - half of what any() takes, and each record is asked
            if test(value[name]):
                return True
        return False

    names[schema["name"]] = wide  # before its fields: a record may contain itself
    for field in schema["fields"]:
        test = _KINDS.compiled(field["type"], names)
        if test is not None:
            asked.append((field["name"], test))
    return wide if asked else None


def _array(item: Wide) -> Wide:
    return None if item is None else lambda value: any(map(item, value))


def _map(item: Wide) -> Wide:
    return None if item is None else lambda value: any(map(item, value.values()))


def _union(schemas: list[Any], names: dict[str, Wide]) -> Wide:
    tests = [_KINDS.compiled(schema, names) for schema in schemas if schema != "null"]
    if not any(tests):
        return None
    (test,) = (
        tests  # of several none of our schemas has an int in a union: which of them a value is of, nobody could say
    )
    return None if test is None else lambda value: value is not None and test(value)


def _integer(kind: str) -> Wide:
    limit = 1 << WIDTH[kind]
    return None if kind == "long" else lambda value: not -limit <= value < limit  # a long is as long as can be read


_SIMPLE: Final[dict[str, Wide]] = dict.fromkeys(("string", "boolean", "null", "double", "float"))
_KINDS: Final[Kinds[Wide]] = Kinds(_record, _union, _array, _map, _integer, _SIMPLE)
