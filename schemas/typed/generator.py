"""Makes the types of all events from their newest Avro schemas. `python -m schemas.typed` writes them down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from schemas.events import ENVELOPE
from schemas.typed.source import docstring, frozenset_of, module, quoted, union

Schema = Mapping[str, Any]

_SIMPLE: Final = {
    "null": "None",
    "boolean": "bool",
    "int": "int",
    "long": "int",
    "float": "float",
    "double": "float",
    "bytes": "bytes",
    "string": "str",
}
_MADE: Final = "Made from schemas/avro by `make events`."
#: What the modules may use, by where it is.
_KNOWN: Final[Mapping[str, Iterable[str]]] = {
    "typing": ("Final", "Literal", "NotRequired", "TypeAlias", "TypedDict", "TypeGuard"),
    "typing_extensions": ("TypeIs",),
    "schemas.events": ("Event",),
}
_PACKAGE: Final = "schemas.typed"
#: The topics whose events are matched on all together: plan.events, and the lanes of analysis.work as one.
_TOPIC: Final = re.compile(r"(?P<name>(?P<subject>\w+)\.(events|work))(\.\w+)?")


def modules(
    schemas: Mapping[str, Schema],
    topics: Mapping[str, Iterable[str]],
    decisions: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> dict[str, str]:
    """Return the source of each module by its name.

    `schemas` has the newest raw schema of each event type, `topics` the event types of each topic, `decisions` those of
    a subject that a person's command makes. Raises ValueError for a schema that no type is known for, and for two
    records of one name that differ.
    """
    parts = _parts(schemas.values())
    parts_of = {f"{_PACKAGE}.parts": [_data(name) for name in parts]}
    by_subject: dict[str, dict[str, Schema]] = {}
    for type_, schema in sorted(schemas.items()):
        by_subject.setdefault(_subject(type_), {})[type_] = schema
    made = {
        subject: module(
            f"The {subject}.* events. {_MADE}", map(_event, events, events.values()), {**_KNOWN, **parts_of}
        )
        for subject, events in by_subject.items()
    }
    classes = [_typed_dict(record) for _, record in sorted(parts.items())]
    events_of = {f"{_PACKAGE}.{s}": [schema["name"] for schema in events.values()] for s, events in by_subject.items()}
    matches = {topic: match for topic in sorted(topics) if (match := _TOPIC.fullmatch(topic))}
    names = {match["name"]: (match["subject"], topics[topic]) for topic, match in matches.items()}
    unions = [
        _topic(name, subject, {type_: schemas[type_]["name"] for type_ in sorted(types)})
        for name, (subject, types) in names.items()
    ]
    unions += [
        _decisions(subject, {type_: schemas[type_]["name"] for type_ in sorted(types)})
        for subject, types in sorted(decisions.items())
    ]
    made["parts"] = module(f"The records within events. {_MADE}", classes, _KNOWN)
    made["unions"] = module(f"All events of a topic, to be matched on. {_MADE}", unions, {**_KNOWN, **events_of})
    return made


def python_type(schema: Any) -> str:
    """Return the Python type of what a reader gets for an Avro schema. Raises ValueError for one that is not known."""
    match schema:
        case str():
            return _SIMPLE.get(schema) or _data(schema)
        case list():
            return " | ".join(sorted(map(python_type, schema), key=lambda name: name == "None"))
        case {"logicalType": logical}:
            raise ValueError(f"no type is known for the logical type {logical}")
        case {"type": "record", "name": name}:
            return _data(name)
        case {"type": "enum", "symbols": symbols}:
            return f"Literal[{', '.join(map(quoted, symbols))}]"
        case {"type": "array", "items": items}:
            return f"list[{python_type(items)}]"
        case {"type": "map", "values": values}:
            return f"dict[str, {python_type(values)}]"
        case {"type": str() as name} if name in _SIMPLE:
            return _SIMPLE[name]
    raise ValueError(f"no type is known for {schema!r}")


def _subject(type_: str) -> str:
    return type_.partition(".")[0]


def _data(name: str) -> str:
    return f"{name.rpartition('.')[2]}Data"


def _parts(schemas: Iterable[Schema]) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for schema in schemas:
        for field in schema["fields"]:
            for record in records(field["type"]):
                if found.setdefault(record["name"], record) != record:
                    raise ValueError(f"two records named {record['name']} differ")
    return found


def records(schema: Any) -> Iterator[Schema]:
    """Yield every record definition in a schema, outermost first."""
    match schema:
        case list():
            for branch in schema:
                yield from records(branch)
        case {"type": "record", "fields": fields}:
            yield schema
            for field in fields:
                yield from records(field["type"])
        case {"type": "array", "items": inner} | {"type": "map", "values": inner}:
            yield from records(inner)


def _event(type_: str, schema: Schema) -> str:
    name = schema["name"]
    alias = f"{name}: TypeAlias = Event[Literal[{quoted(type_)}], {_data(name)}]"
    return f"{_typed_dict(schema, without=ENVELOPE)}\n\n\n{alias}"


def _typed_dict(schema: Schema, without: Iterable[str] = ()) -> str:
    lines = [f"class {_data(schema['name'])}(TypedDict):", docstring(schema["doc"], "    "), ""]
    for field in schema["fields"]:
        if field["name"] not in without:
            type_ = python_type(field["type"])
            # an event that was not read from the log may lack what has a default: schemas/fit.py lets it pass
            lines.append(f"    {field['name']}: {f'NotRequired[{type_}]' if 'default' in field else type_}")
    return "\n".join(lines)


def _topic(topic: str, subject: str, names: Mapping[str, str]) -> str:
    event, types = f"{subject.title()}Event", f"{subject.upper()}_TYPES"
    guard = (
        f"def is_{subject}_event(event: Event) -> TypeGuard[{event}]:\n"
        f'    """Return whether an event is one of {topic}."""\n'
        f"    return event.type in {types}"
    )
    return f"{union(f'{event}: TypeAlias', names.values())}\n\n{frozenset_of(f'{types}: Final', names)}\n\n\n{guard}"


def _decisions(subject: str, names: Mapping[str, str]) -> str:
    event, types = f"{subject.title()}Decision", f"{subject.upper()}_DECISIONS"
    guard = (
        f"def is_{subject}_decision(event: {subject.title()}Event) -> TypeIs[{event}]:\n"
        f'    """Return whether an event of a {subject} is what a person decided on it."""\n'
        f"    return event.type in {types}"
    )
    return f"{union(f'{event}: TypeAlias', names.values())}\n\n{frozenset_of(f'{types}: Final', names)}\n\n\n{guard}"
