"""Checks whether a reader with one Avro schema can read what was written with another, by Avro's own rules.

`incompatibilities(reader, writer)` says every reason why not, with the place of each. Beyond the specification it
counts a changed logical type as a reason (a reader would take milliseconds for microseconds without an error).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

#: What every subject of the registry is held to: every version reads what every other wrote.
LEVEL: Final = "FULL_TRANSITIVE"

Schema = str | list[Any] | dict[str, Any]

PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
NAMED = frozenset({"record", "error", "enum", "fixed"})
PROMOTIONS = {
    "int": frozenset({"long", "float", "double"}),
    "long": frozenset({"float", "double"}),
    "float": frozenset({"double"}),
    "string": frozenset({"bytes"}),
    "bytes": frozenset({"string"}),
}


class InvalidSchemaError(ValueError):
    """Not an Avro schema: the message says where and why."""


def incompatibilities(reader: Schema, writer: Schema) -> list[str]:
    """Return the reasons why `reader` cannot read data of `writer`; empty when it can.

    Both are parsed JSON. Raises InvalidSchemaError for something that is not a schema.
    """
    return list(dict.fromkeys(_resolve(parse(reader), parse(writer), "$", set())))


@dataclass(eq=False)
class Type:
    """A schema with its names resolved. Recursive types refer to themselves."""

    kind: str  # a primitive, record, enum, fixed, array, map or union
    name: str = ""  # the full name of a named type
    aliases: frozenset[str] = frozenset()
    logical: tuple[Any, ...] = ()  # the logical type with its parameters
    fields: list[Field] = field(default_factory=list)
    symbols: tuple[str, ...] = ()
    size: int = 0
    has_default: bool = False  # of an enum
    items: Type | None = None  # of an array, the values of a map
    branches: list[Type] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.name or self.kind

    @property
    def unqualified(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Field:
    name: str
    type: Type
    aliases: tuple[str, ...]
    has_default: bool


def parse(schema: Schema) -> Type:
    """Resolve every name of a schema. Raises InvalidSchemaError where one is not known or a part is missing."""
    return _parse(schema, "", {})


def _parse(schema: Any, namespace: str, names: dict[str, Type]) -> Type:
    match schema:
        case str():
            return _named_or_primitive(schema, namespace, names)
        case list():
            return Type("union", branches=[_parse(branch, namespace, names) for branch in schema])
        case {"type": ("array" | "map") as kind, **rest}:
            part = "items" if kind == "array" else "values"
            if part not in rest:
                raise InvalidSchemaError(f"{kind} without `{part}`")
            return Type(kind, items=_parse(rest[part], namespace, names))
        case {"type": str(kind)} if kind in NAMED:
            return _definition(schema, kind, namespace, names)
        case {"type": str(kind)} if kind in PRIMITIVES:
            return Type(kind, logical=_logical(schema))
        case {"type": inner}:
            return _parse(inner, namespace, names)
        case _:
            raise InvalidSchemaError(f"not a schema: {schema!r}")


def _named_or_primitive(name: str, namespace: str, names: dict[str, Type]) -> Type:
    if name in PRIMITIVES:
        return Type(name)
    found = names.get(_full_name(name, namespace)) or names.get(name)
    if found is None:
        raise InvalidSchemaError(f"unknown type {name!r}")
    return found


def _definition(schema: dict[str, Any], kind: str, namespace: str, names: dict[str, Type]) -> Type:
    if not schema.get("name"):
        raise InvalidSchemaError(f"{kind} without a name")
    name = _full_name(schema["name"], schema.get("namespace", namespace))
    inside = name.rpartition(".")[0]
    if name in names:
        raise InvalidSchemaError(f"{name} is defined twice")
    defined = Type("record" if kind == "error" else kind, name=name, logical=_logical(schema))
    defined.aliases = frozenset(_full_name(alias, inside) for alias in schema.get("aliases", ()))
    names[name] = defined  # before its parts: a record may contain itself
    try:
        if kind == "enum":
            defined.symbols = tuple(schema["symbols"])
            defined.has_default = "default" in schema
        elif kind == "fixed":
            defined.size = int(schema["size"])
        else:
            defined.fields = [_field(part, inside, names) for part in schema["fields"]]
    except KeyError as missing:
        raise InvalidSchemaError(f"{name} lacks {missing}") from None
    return defined


def _field(part: dict[str, Any], namespace: str, names: dict[str, Type]) -> Field:
    aliases = tuple(part.get("aliases", ()))
    return Field(part["name"], _parse(part["type"], namespace, names), aliases, "default" in part)


def _full_name(name: str, namespace: str | None) -> str:
    return name if "." in name or not namespace else f"{namespace}.{name}"


def _logical(schema: dict[str, Any]) -> tuple[Any, ...]:
    match schema.get("logicalType"):
        case None:
            return ()
        case "decimal":
            return ("decimal", schema.get("precision"), schema.get("scale", 0))
        case logical:
            return (logical,)


def _resolve(reader: Type, writer: Type, path: str, seen: set[tuple[int, int]]) -> Iterator[str]:
    if writer.kind == "union":
        for branch in writer.branches:
            yield from _resolve(reader, branch, path, seen)
    elif reader.kind == "union":
        yield from _resolve_branch(reader, writer, path, seen)
    elif reader.kind == writer.kind:
        yield from _resolve_same_kind(reader, writer, path, seen)
    elif reader.kind not in PROMOTIONS.get(writer.kind, ()):
        yield f"{path}: {reader.label} cannot read {writer.label}"
    elif _logical_changed(reader, writer):
        yield f"{path}: {_logical_label(reader)} cannot read {_logical_label(writer)}"


def _resolve_branch(reader: Type, writer: Type, path: str, seen: set[tuple[int, int]]) -> Iterator[str]:
    matching = [branch for branch in reader.branches if _matches(branch, writer)]
    if not matching:
        offered = ", ".join(branch.label for branch in reader.branches)
        yield f"{path}: no branch of [{offered}] can read {writer.label}"
        return
    # The specification takes the first that matches; a branch of exactly that name or kind is the better one.
    exact = [branch for branch in matching if (branch.kind, branch.name) == (writer.kind, writer.name)]
    yield from _resolve((exact or matching)[0], writer, path, seen)


def _matches(reader: Type, writer: Type) -> bool:
    """Whether a reader's branch is meant for the written type, before looking inside."""
    if reader.kind != writer.kind:
        return reader.kind in PROMOTIONS.get(writer.kind, ())
    return not reader.name or _same_name(reader, writer)


def _same_name(reader: Type, writer: Type) -> bool:
    return reader.unqualified == writer.unqualified or writer.name in reader.aliases


def _resolve_same_kind(reader: Type, writer: Type, path: str, seen: set[tuple[int, int]]) -> Iterator[str]:
    if reader.name and not _same_name(reader, writer):
        yield f"{path}: {reader.kind} {reader.name} cannot read {writer.name} (neither name nor alias)"
        return
    if _logical_changed(reader, writer):
        yield f"{path}: {_logical_label(reader)} cannot read {_logical_label(writer)}"
    match reader.kind:
        case "record":
            if (id(reader), id(writer)) not in seen:
                seen.add((id(reader), id(writer)))
                yield from _resolve_fields(reader, writer, path, seen)
        case "enum":
            unknown = [symbol for symbol in writer.symbols if symbol not in reader.symbols]
            if unknown and not reader.has_default:
                yield f"{path}: enum {reader.name} has neither {', '.join(unknown)} nor a default"
        case "fixed":
            if reader.size != writer.size:
                yield f"{path}: fixed {reader.name} has {reader.size} bytes, {writer.size} were written"
        case "array" | "map":
            assert reader.items is not None
            assert writer.items is not None
            suffix = "[]" if reader.kind == "array" else "{}"
            yield from _resolve(reader.items, writer.items, path + suffix, seen)


def _resolve_fields(reader: Type, writer: Type, path: str, seen: set[tuple[int, int]]) -> Iterator[str]:
    written = {part.name: part for part in writer.fields}
    for wanted in reader.fields:
        names = (wanted.name, *wanted.aliases)
        source = next((written[name] for name in names if name in written), None)
        where = f"{path}.{wanted.name}"
        if source is not None:
            yield from _resolve(wanted.type, source.type, where, seen)
        elif not wanted.has_default:
            yield f"{where}: not written, and has no default"


def _logical_changed(reader: Type, writer: Type) -> bool:
    if "decimal" in (*reader.logical[:1], *writer.logical[:1]):
        return reader.logical != writer.logical
    return bool(reader.logical and writer.logical and reader.logical != writer.logical)


def _logical_label(type_: Type) -> str:
    if not type_.logical:
        return type_.label
    name, *parameters = type_.logical
    return f"{type_.label} as {name}" + (f"({', '.join(map(str, parameters))})" if parameters else "")
