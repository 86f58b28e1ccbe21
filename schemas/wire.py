"""Bytes <-> events: Avro with Confluent framing (magic byte, schema id, body)."""

from __future__ import annotations

import io
import struct
from functools import cache
from math import isfinite
from typing import Any, Final

from fastavro import parse_schema, schemaless_reader, schemaless_writer

from schemas.catalogue import newest, types_by_record
from schemas.compiling import WIDTH
from schemas.events import ENVELOPE, Event
from schemas.fit import Fit, compile_fit
from schemas.reading import NOT_PLAIN as NOT_PLAIN_BYTES
from schemas.reading import Read, compile_read
from schemas.wide import Wide, compile_wide
from schemas.writing import NOT_PLAIN, NotPlain, Write, compile_write, zigzag

_HEADER: Final = struct.Struct(">BI")
#: Where the opening of an event begins in a record's value.
OPENS_AT: Final = _HEADER.size
MAGIC: Final = 0
#: Schema ids are positive numbers of 32 bits. A registry may answer anything to one that is not.
LARGEST_ID: Final = 2**31 - 1
#: Bytes of one event. Brokers refuse a record of 1 MiB (max.message.bytes), and would refuse it for ever.
RECORD_LIMIT: Final = 900_000
#: How each number ends that is not finite, as Avro writes it: with one of these. No text has them, and little else.
_ENDS: Final = (b"\x7f", b"\xff")

#: What can be wrong with bytes that nobody can read: the codes of `Undecodable`.
UNREADABLE: Final = frozenset(
    {
        *("empty", "too-short", "bad-magic", "bad-schema-id", "unknown-schema", "unknown-type", "bad-schema"),
        *("damaged", "trailing-bytes", "does-not-fit"),
    }
)


class Undecodable(Exception):  # noqa: N818 - one of three fates, named by what it is
    """Bytes that cannot be decoded: never retried, a dead letter at once. `code` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class UnknownSchema(Undecodable):
    """The schema id is not known here yet: the registry may know it (`Codec.learn`)."""

    def __init__(self, schema_id: int) -> None:
        super().__init__("unknown-schema", f"no schema with id {schema_id} is known")
        self.schema_id = schema_id


class Invalid(ValueError):  # noqa: N818 - an event is invalid
    """An event that does not fit its schema: nothing was written."""


class Codec:
    """Encodes and decodes events. Knows the registry's ids; does no I/O.

    `ids` maps (topic, event type) to the id of the newest schema, `writers` schema id to (type, raw schema).
    """

    def __init__(self, ids: dict[tuple[str, str], int], writers: dict[int, tuple[str, dict[str, Any]]]) -> None:
        self._ids = ids
        self._written: dict[tuple[str, str], tuple[bytes, Any, Write]] = {}  # of what is encoded: frame, schema
        self._writers: dict[int, tuple[str, Any, Any, Wide]] = {}
        for schema_id, (type_, raw) in writers.items():
            self.learn(schema_id, type_, raw)

    def learn(self, schema_id: int, type_: str, raw: dict[str, Any]) -> None:
        """Remember the schema that records with this id were written with."""
        reader = newest(type_)
        # the same object for writer and reader is fastavro's fast path: no resolution
        writer = reader.parsed if raw == reader.raw else parse_schema(raw, named_schemas={})
        resolved = None if writer is reader.parsed else reader.parsed
        self._writers[schema_id] = (type_, writer, resolved, compile_wide(reader.parsed))

    def learn_named(self, schema_id: int, raw: dict[str, Any]) -> None:
        """Like `learn`, with the type taken from the schema's own name. Raises Undecodable for a foreign one."""
        if not isinstance(raw, dict):  # a schema can be a mere "string"
            raise Undecodable("unknown-type", f"schema {schema_id} describes no record")
        name = f"{raw.get('namespace', '')}.{raw.get('name', '')}"
        type_ = types_by_record().get(name)
        if type_ is None:
            raise Undecodable("unknown-type", f"schema {schema_id} describes {name}, which is no event of ours")
        try:
            self.learn(schema_id, type_, raw)
        except Exception as error:  # the parser raises what it likes on what is no schema
            raise Undecodable(
                "bad-schema", f"schema {schema_id} of {type_}: {type(error).__name__}: {error}"
            ) from error

    def encode(self, topic: str, event: Event) -> bytes:
        """Return the framed bytes. Raises Invalid for an event that does not fit its schema.

        fastavro writes 2.5 into an int as 2 without a word, so what is not plain is checked before it writes it.
        """
        frame, schema, write = self._written.get((topic, event.type)) or self._writing(topic, event.type)
        try:
            value = frame + write(
                event.event_id,
                event.stream,
                event.version,
                event.occurred_at,
                event.causation_id,
                event.correlation_id,
                event.actor,
                event.data,
            )
        except NOT_PLAIN:
            out = io.BytesIO()
            out.write(frame)
            schemaless_writer(out, schema, _checked(event))
            value = out.getvalue()
        if len(value) > RECORD_LIMIT:
            raise Invalid(f"{event.type}: {len(value)} bytes are more than the {RECORD_LIMIT} that a broker takes")
        return value

    def _writing(self, topic: str, type_: str) -> tuple[bytes, Any, Write]:
        try:
            schema_id = self._ids[topic, type_]
        except KeyError:
            raise Invalid(f"{type_} has no place on topic {topic}") from None
        schema = newest(type_).parsed
        made = self._written[topic, type_] = (_HEADER.pack(MAGIC, schema_id), schema, _write_of(type_))
        return made

    def type_of(self, value: bytes | None) -> str | None:
        """Return the event type that the frame names, None where it names none that is known here. Reads no further."""
        if value is None or len(value) < _HEADER.size:
            return None
        magic, schema_id = _HEADER.unpack_from(value)
        known = self._writers.get(schema_id) if magic == MAGIC else None
        return None if known is None else known[0]

    def decode(self, value: bytes | None) -> Event:
        """Return the event. Raises Undecodable (UnknownSchema where the registry may help)."""
        if value is None:
            raise Undecodable("empty", "the record has no value")
        if len(value) < _HEADER.size:
            raise Undecodable("too-short", f"{len(value)} bytes are shorter than the frame")
        magic, schema_id = _HEADER.unpack_from(value)
        if magic != MAGIC:
            raise Undecodable("bad-magic", f"the first byte is {magic}, not {MAGIC}")
        if schema_id > LARGEST_ID:
            raise Undecodable("bad-schema-id", f"{schema_id} is more than a schema id can be")
        known = self._writers.get(schema_id)
        if known is None:
            raise UnknownSchema(schema_id)
        type_, writer, reader, wide = known
        event = _plain(type_, value) if reader is None else None
        return _by_fastavro(type_, value, writer, reader, wide) if event is None else event


def _plain(type_: str, value: bytes) -> Event | None:
    """Return the event of a record that has the newest schema, None where fastavro has to say what is wrong."""
    read = _read_of(type_)
    if read is None:
        return None
    try:
        (event_id, stream, version, occurred_at, cause, correlation, actor), data = read(value, OPENS_AT)
    except NOT_PLAIN_BYTES:
        return None
    return Event(type_, event_id, stream, version, occurred_at, cause, correlation, actor, data)


def _by_fastavro(type_: str, value: bytes, writer: Any, reader: Any, wide: Wide) -> Event:
    body = io.BytesIO(value)
    body.seek(OPENS_AT)
    try:
        record = schemaless_reader(body, writer, reader)
    except Exception as error:  # the reader raises what it likes on damaged bytes
        raise Undecodable("damaged", f"{type_}: {type(error).__name__}: {error}") from error
    if body.tell() != len(value):
        raise Undecodable("trailing-bytes", f"{type_}: {len(value) - body.tell()} bytes are left over")
    if (_ENDS[0] in value or _ENDS[1] in value) and not _finite(record):
        raise Undecodable("does-not-fit", f"{type_}: a number is not finite, which JSON cannot say")
    if wide is not None and wide(record):
        raise Undecodable("does-not-fit", f"{type_}: an int is larger than the {WIDTH['int']} bits of one")
    return from_record(type_, record)  # type: ignore[arg-type] # a record schema reads as a dict


@cache
def _read_of(type_: str) -> Read | None:
    """Return the reader of plain records of the newest schema; None where only fastavro can read what it has."""
    try:
        return compile_read(newest(type_).parsed, ENVELOPE)
    except KeyError:
        return None


@cache
def _write_of(type_: str) -> Write:
    """Return the writer of plain records of the newest schema; one that writes none, where only fastavro can."""
    try:
        return compile_write(newest(type_).parsed, ENVELOPE)
    except KeyError:
        return _written_elsewhere


def _written_elsewhere(*_: object) -> bytes:
    raise NotPlain


def _finite(value: Any) -> bool:
    """Say whether all numbers in what was read are finite."""
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if isinstance(value, list):
        return all(map(_finite, value))
    return not isinstance(value, float) or isfinite(value)


def opening(event_id: str, stream: str, version: int) -> bytes:
    """Return how the Avro of every event with these begins, whatever its type and the version of its schema.

    By it an event that is expected is known without reading the rest: in a record's value it stands at OPENS_AT.
    """
    return _avro_text(event_id) + _avro_text(stream) + zigzag(version)


def _avro_text(text: str) -> bytes:
    content = text.encode()
    return zigzag(len(content)) + content


def as_record(event: Event) -> dict[str, Any]:
    """Return the flat Avro record of an event."""
    return {
        "event_id": event.event_id,
        "stream": event.stream,
        "version": event.version,
        "occurred_at": event.occurred_at,
        "causation_id": event.causation_id,
        "correlation_id": event.correlation_id,
        "actor": event.actor,
        **event.data,
    }


def from_record(type_: str, record: dict[str, Any]) -> Event:
    """Return the event of a flat Avro record; `record` is used up."""
    take = record.pop
    event_id, stream, version, occurred_at, causation_id, correlation_id, actor = [take(name) for name in ENVELOPE]
    return Event(type_, event_id, stream, version, occurred_at, causation_id, correlation_id, actor, record)


def check(event: Event) -> None:
    """Raise Invalid for an event that does not fit its schema. For events that are stored before they are encoded."""
    _checked(event)


def as_read(event: Event) -> Event:
    """Return an event as a reader of the log decodes it: fields that it leaves out have their defaults.

    Raises Invalid for one that does not fit its schema.
    """
    record, schema, body = _checked(event), newest(event.type).parsed, io.BytesIO()
    schemaless_writer(body, schema, record)
    body.seek(0)
    return from_record(event.type, schemaless_reader(body, schema, None))  # type: ignore[arg-type] # as in decode


def _checked(event: Event) -> dict[str, Any]:
    """Return the record of an event that fits its schema. Raises Invalid."""
    record = _whole_record(event)
    problem = _fit_of(event.type)(record)
    if problem is not None:
        raise Invalid(f"{event.type}{problem}")
    return record


def _whole_record(event: Event) -> dict[str, Any]:
    """Return the record of an event. Raises Invalid where its data would hide a part of the envelope."""
    record = as_record(event)
    if len(record) != len(ENVELOPE) + len(event.data):
        taken = ", ".join(name for name in ENVELOPE if name in event.data)
        raise Invalid(f"{event.type}: data has fields of the envelope: {taken}")
    return record


@cache
def _fit_of(type_: str) -> Fit:
    try:
        return compile_fit(newest(type_).parsed)
    except KeyError:
        raise Invalid(f"there is no event type {type_}") from None
