"""Topics and groups have the system's prefix on the wire, and nowhere else.

Every request and every answer of the library is encoded and decoded by its schema, whoever built the client: ours,
Faust's, an admin's, questions of our own. Here the fields that name a topic, a group or a transaction get a type that
puts the prefix before what goes out, and takes it from what comes in (schemas/prefix.py). So no caller can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from aiokafka.protocol.struct import Struct
from aiokafka.protocol.types import Array, CompactString, Schema, String

from schemas import prefix
from schemas.process.settings import topic_prefix

#: Fields that name a topic, a group or a transaction, in whatever request or answer.
NAMING: Final = frozenset(
    {
        *("topic", "topics", "subscription"),
        *("group", "groups", "groups_names", "group_id", "consumer_group", "coordinator_key"),
        "transactional_id",
    }
)
#: Lists whose elements call a topic `name`.
_OF_TOPICS: Final = frozenset({"topics", "responses"})
#: Kinds of resources whose names are ours: a topic, a group.
_KINDS: Final = frozenset({2, 3})
_KIND, _NAME = "resource_type", "resource_name"
_MENDED: Final = "_marketplace_names"

Rename = Callable[[str], str]


class _Renamed(String):  # type: ignore[misc] # the library has no types
    """A name, or none, in whatever form the other base writes it."""

    def encode(self, value: str | None) -> bytes:
        return bytes(super().encode(None if value is None else prefix.outside(value)))

    def decode(self, data: BytesIO) -> str | None:
        found = super().decode(data)
        return None if found is None else prefix.inside(found)


class _Named(_Renamed, String):  # type: ignore[misc] # as above
    """A name in the older form."""


class _NamedCompact(_Renamed, CompactString):  # type: ignore[misc] # as above
    """A name in the newer form."""


class _Resource(Schema):  # type: ignore[misc] # as above
    """A resource, whose kind says whether its name is one of ours: a broker's is a number."""

    def __init__(self, plain: Schema) -> None:
        super().__init__(*zip(plain.names, plain.fields, strict=True))

    def encode(self, item: Sequence[Any]) -> bytes:
        return bytes(super().encode(self._renamed(item, prefix.outside)))

    def decode(self, data: BytesIO) -> tuple[Any, ...]:
        return tuple(self._renamed(super().decode(data), prefix.inside))

    def _renamed(self, item: Sequence[Any], rename: Rename) -> Sequence[Any]:
        kind, at = item[self.names.index(_KIND)], self.names.index(_NAME)
        if kind not in _KINDS or item[at] is None:
            return item
        return [*item[:at], rename(item[at]), *item[at + 1 :]]


def begin(env: Mapping[str, str]) -> None:
    """Use the prefix that a process is told, where it is told one. Raises SettingsError."""
    prefix.use(topic_prefix(env))
    if prefix.used():
        mend()


def mend(struct: type[Struct] = Struct) -> None:
    """Let every request and answer name things so, in the whole process; once, however often asked."""
    if vars(struct).get(_MENDED) is not None:
        return
    plain_encode, plain_decode = struct.encode, struct.decode.__func__
    #: schemas that are looked at; kept, so that no other one takes their place in memory
    seen: dict[int, Schema] = {}

    def encode(self: Struct) -> bytes:
        _look_at(type(self).SCHEMA, seen)
        return bytes(plain_encode(self))

    def decode(cls: type[Struct], data: BytesIO | bytes) -> Any:
        _look_at(cls.SCHEMA, seen)
        return plain_decode(cls, data)

    struct.encode = encode
    struct.decode = classmethod(decode)
    setattr(struct, _MENDED, True)


def _look_at(schema: Schema, seen: dict[int, Schema], within: str = "") -> None:
    """Give the fields of a schema that name something their type, and those of the schemas in it."""
    if id(schema) in seen:
        return
    seen[id(schema)] = schema
    schema.fields = tuple(
        _field(name, field, seen, within) for name, field in zip(schema.names, schema.fields, strict=True)
    )


def _field(name: str, field: Any, seen: dict[int, Schema], within: str) -> Any:
    if isinstance(field, Array):
        field.array_of = _field(name, field.array_of, seen, within)
        return field
    if isinstance(field, Schema):
        _look_at(field, seen, name)
        return _Resource(field) if _is_resource(field) else field
    if name in NAMING or (name == "name" and within in _OF_TOPICS):
        return _typed(field)
    return field


def _is_resource(schema: Schema) -> bool:
    return {_KIND, _NAME} <= set(schema.names) and not isinstance(schema, _Resource)


def _typed(field: Any) -> Any:
    """Return the type of a name in the form that the field has."""
    if isinstance(field, _Renamed) or not isinstance(field, String):
        return field
    return _NamedCompact(field.encoding) if isinstance(field, CompactString) else _Named(field.encoding)
