"""Checks whether a record fits its schema exactly, before fastavro writes what `writing` does not.

fastavro writes 2.5 into an int as 2, drops fields that it does not know and lets NaN into a double, where JSON has no
such number. A log that is kept for ever takes none of that. A field that the schema gives a default may be missing:
an older process stored the event before the field was there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, Final

from schemas.compiling import WIDTH, Kinds

#: Returns None for a value that fits, else what is wrong with it and where.
Fit = Callable[[Any], str | None]


def compile_fit(schema: Any) -> Fit:
    """Return the test for a parsed schema (fastavro's: names are full). Raises KeyError for an unknown name."""
    return _KINDS.compiled(schema, {})


def _record(schema: Mapping[str, Any], names: dict[str, Fit]) -> Fit:
    required: list[tuple[str, Fit]] = []
    others: list[tuple[str, Fit]] = []  # of those that are required: whatever is no text
    optional: list[tuple[str, Fit]] = []
    texts: list[str] = []

    def fit(value: Any) -> str | None:
        if type(value) is not dict and not isinstance(value, Mapping):
            return _expected("a record", value)
        for name, field in others if _are_texts(value, texts) else required:
            if name not in value:
                return f".{name} is missing"
            problem = field(value[name])
            if problem is not None:
                return f".{name}{problem}"
        count = len(required)
        for name, field in optional:
            if name in value:
                count += 1
                problem = field(value[name])
                if problem is not None:
                    return f".{name}{problem}"
        if len(value) > count:
            known = {name for name, _ in required} | {name for name, _ in optional}
            return f".{min(map(str, value.keys() - known))} is not in the schema"
        return None

    names[schema["name"]] = fit  # before its fields: a record may contain itself
    for field in schema["fields"]:
        (optional if "default" in field else required).append((field["name"], _KINDS.compiled(field["type"], names)))
    texts += [name for name, test in required if test is _text]
    others += [(name, test) for name, test in required if test is not _text]
    return fit


def _are_texts(record: Mapping[str, Any], names: list[str]) -> bool:
    """Return whether all of these fields are plain text; where they are not, each of them is asked.

    An event has up to a hundred texts: one question for all of a record costs a fifth of one for each.
    """
    try:
        text = "".join([record[name] for name in names])
        return text.isascii() or bool(text.encode())
    except (KeyError, TypeError, UnicodeEncodeError):
        return False


def _array(item: Fit) -> Fit:
    def fit(value: Any) -> str | None:
        if not isinstance(value, list | tuple):
            return _expected("a list", value)
        for n, one in enumerate(value):
            problem = item(one)
            if problem is not None:
                return f"[{n}]{problem}"
        return None

    return fit


def _map(item: Fit) -> Fit:
    def fit(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return _expected("a map", value)
        for key, one in value.items():
            problem = _text(key) or item(one)
            if problem is not None:
                return f"[{key!r}]{problem}"
        return None

    return fit


def _union(schemas: list[Any], names: dict[str, Fit]) -> Fit:
    branches = [_KINDS.compiled(schema, names) for schema in schemas]
    if len(branches) == 2 and branches[0] is _null:
        there = branches[1]
        return lambda value: None if value is None else there(value)

    def fit(value: Any) -> str | None:
        problem: str | None = None
        for branch in branches:
            problem = branch(value)
            if problem is None:
                return None
        return problem

    return fit


def _integer(kind: str) -> Fit:
    limit = 1 << WIDTH[kind]

    def fit(value: Any) -> str | None:
        if type(value) is not int:  # a bool is an int to isinstance, and 1 in Avro
            return _expected("a whole number", value)
        return None if -limit <= value < limit else f" is {value}, too large for {kind}"

    return fit


def _double(value: Any) -> str | None:
    if type(value) is not float and type(value) is not int:
        return _expected("a number", value)
    try:
        return None if isfinite(value) else f" is {value}, which JSON cannot say"
    except OverflowError:
        return " is too large for a double"


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return _expected("text", value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return " has half of a surrogate pair, which UTF-8 cannot say"
    return None


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else _expected("true or false", value)


def _null(value: Any) -> str | None:
    return None if value is None else _expected("null", value)


def _expected(what: str, value: Any) -> str:
    return f" is not {what} but {type(value).__name__}"


_SIMPLE: Final[dict[str, Fit]] = {
    "string": _text,
    "boolean": _boolean,
    "null": _null,
    "double": _double,
    "float": _double,
}
_KINDS: Final[Kinds[Fit]] = Kinds(_record, _union, _array, _map, _integer, _SIMPLE)
