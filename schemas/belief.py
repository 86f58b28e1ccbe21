"""Decides whether an event is believed: it fits its place in the log, and one of our producers signed it. Pure.

Whoever reaches the broker can write a record; nothing follows from one that is not believed. Three questions are asked,
the first of every record, the others where `Mode` says so (docs/adr/0019-believed-only-if-it-fits.md):

- Topic, key, plan, stream and version of the event agree (`misfit`).
- A key of a producer has signed topic, record key, type, priority and value.
- A copy that waits for another attempt, or a dead letter, is sealed: its x-* headers say where it first came.

An unsigned record is believed where it stood in the log before signing began: `until` has the offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol, TypeAlias

from schemas import headers as h
from schemas.events import Event
from schemas.headers import Headers
from schemas.signing import NO_KEYS, Keys, UnknownKey, WrongSignature, framed
from schemas.topics import GOODS_EVENTS, SYSTEM_EVENTS, TASK_EVENTS, WORK, declared, home_of
from schemas.wire import Undecodable

#: What can be wrong with an event that is not believed: the codes of `Unbelievable`.
DISBELIEVED: Final = frozenset({"misplaced", "unsigned", "unknown-key", "retired-key", "bad-signature", "unsealed"})
#: Stands for the key of records that nobody has signed.
NO_KEY: Final = ""
#: No stream of ours gets so long; a version beyond it would keep out all events that follow.
VERSION_LIMIT: Final = 1_000_000
#: Bytes of a key of ours at most; beyond, nothing is remembered of it.
_SHORT: Final = 64
#: Headers that make a record a copy of another one: where that came from, who is to read it, how often it was tried.
_OF_A_COPY: Final = frozenset({h.GROUP, h.ORIG_TOPIC, h.ATTEMPT, h.REPLAY})
_RECOVERY: Final = ("plan.stalled", "plan.recovery.", "plan.recovered", "plan.escalated")
_OF_A_CHANNEL: Final = frozenset({"plan.channel.analyzed", "plan.channel.failed", "plan.channel.kept"})

#: (key id, topic, partition) -> offset before which records of that key are believed. NO_KEY: unsigned ones.
Until: TypeAlias = Mapping[tuple[str, str, int], int]


class Mode(StrEnum):
    """How signatures are treated. OFF: neither made nor checked. WARN: made, and doubts are logged.

    REQUIRE: what is not signed by a key of ours is not believed.
    """

    OFF = "off"
    WARN = "warn"
    REQUIRE = "require"


class Unbelievable(Undecodable):
    """An event that is not believed: it becomes a dead letter at once, without a retry."""


class UntilUnknown(Exception):  # noqa: N818 - a state of somebody else
    """The record has to wait: it depends on where signing began, which cannot be read now."""


class Record(Protocol):
    """The parts of a record that belief needs; records of aiokafka and of the guard have them."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Iterable[tuple[str, bytes]]: ...


@dataclass(slots=True)
class Belief:
    """Checks events for one process. `until` is None while it is unknown; `doubts` counts what WARN let pass."""

    keys: Keys = NO_KEYS
    mode: Mode = Mode.OFF
    until: Until | None = field(default_factory=dict)
    doubts: int = 0
    _asked: Until | None = field(default=None, init=False, repr=False, compare=False)
    _retired: frozenset[str] = field(default=frozenset(), init=False, repr=False, compare=False)

    @property
    def own(self) -> Keys:
        """The keys to sign with: none while signing is off."""
        return NO_KEYS if self.mode is Mode.OFF else self.keys

    def check(self, record: Record, event: Event) -> str:
        """Return why the event is doubted and believed all the same (Mode.WARN), "" where it is not.

        Raises Unbelievable, and where signatures are required UntilUnknown if it cannot be told now.
        """
        problem = misfit(record, event)
        if problem:
            raise Unbelievable("misplaced", problem)
        if self.mode is Mode.OFF:
            return ""
        try:
            self._signed(record, _home(record.topic, event), event.type, event.stream)
        except (Unbelievable, UntilUnknown) as doubt:
            if self.mode is Mode.REQUIRE:
                raise
            self.doubts += 1
            return str(doubt)
        return ""

    def is_of(self, record: Record, plan: str, type_: str) -> bool:
        """Return whether a record is certainly an event of this plan and type, without decoding its value.

        The signature shows it; while signing is off, the key alone. If it returns False, decode the record and check.
        """
        if (record.key or b"") != plan.encode():
            return False
        try:
            if self.mode is not Mode.OFF:
                self._signed(record, record.topic, type_, plan)
        except (Unbelievable, UntilUnknown):
            return False
        return True

    def is_genuine(self, record: Record) -> bool:
        """Return whether a process of ours wrote the x-* headers of a record; True where it has none that count.

        Raises UntilUnknown.
        """
        carried = list(record.headers)
        if self.mode is not Mode.REQUIRE or not is_copy(carried):
            return True
        seal = h.raw(carried, h.SEAL)
        if seal is None:
            return self._was_before(NO_KEY, record.topic, record.partition, record.offset)
        try:
            key_id = self.keys.signer_of(seal, *_sealed_parts(record.key, record.value, carried))
        except (UnknownKey, WrongSignature):
            return False
        return self._still(key_id, record.topic, record.partition, record.offset)

    def said(self, record: Record) -> Headers:
        """Return the headers of a dead letter that are believed; of a forged one, headers that say it is forged.

        Raises UntilUnknown.
        """
        carried = list(record.headers)
        if self.is_genuine(record):
            return carried
        why = b"no process of ours has written this letter"
        told = [(h.ERROR_CLASS, Unbelievable.__name__.encode()), (h.ERROR_CODE, b"unsealed"), (h.ERROR_MESSAGE, why)]
        return [*without_claims(carried), *told]

    def _signed(self, record: Record, home: str, type_: str, stream: str) -> None:
        said = _last_of_each(record.headers)
        signature = said.get(h.SIGNATURE)
        place = self._origin(record, said)
        if signature is None:
            if not self._was_before(NO_KEY, *place):
                raise Unbelievable("unsigned", f"{type_} of {stream} has no signature")
            return
        priority = said.get(h.PRIORITY, b"")
        message = _signed(home, record.key, type_, priority, record.value)
        try:
            key_id = self.keys.signer_of_message(signature, message)
        except UnknownKey as error:
            raise Unbelievable("unknown-key", f"{type_} of {stream} is signed by key {error}") from None
        except WrongSignature as error:
            raise Unbelievable("bad-signature", f"{type_} of {stream}: {error}") from None
        if not self._still(key_id, *place):
            raise Unbelievable("retired-key", f"{type_} of {stream} is signed by key {key_id}, later")

    def _origin(self, record: Record, said: Mapping[str, bytes]) -> tuple[str, int, int]:
        """Return where a record first came: its own place, or what a copy says if one of our processes made it."""
        if h.ORIG_TOPIC not in said or not self.is_genuine(record):
            return record.topic, record.partition, record.offset
        topic = said[h.ORIG_TOPIC].decode("utf-8", "replace")
        return topic, h.number(said, h.ORIG_PARTITION), h.number(said, h.ORIG_OFFSET)

    def _was_before(self, key_id: str, topic: str, partition: int, offset: int) -> bool:
        if self.until is None:
            raise UntilUnknown("it is not known yet where signing began")
        return offset < self.until.get((key_id, topic, partition), 0)

    def _still(self, key_id: str, topic: str, partition: int, offset: int) -> bool:
        """Return whether a record dates from the time when its key was in use."""
        if self.until is None:
            return key_id == self.keys.own or self._was_before(key_id, topic, partition, offset)
        if self._asked is not self.until:  # asked of every record, and learnt anew every few seconds
            self._asked, self._retired = self.until, frozenset(known for known, _, _ in self.until)
        return key_id not in self._retired or self._was_before(key_id, topic, partition, offset)


def sign(keys: Keys, topic: str, key: bytes | None, type_: str, value: bytes | None, headers: Headers) -> Headers:
    """Return the headers of an event with its signature, without one where there are no keys."""
    if not keys:
        return headers
    priority = dict(headers).get(h.PRIORITY) or b""
    signature = keys.sign_message(_signed(topic, key, type_, priority, value))
    return [*headers, (h.SIGNATURE, signature)]


def seal(keys: Keys, key: bytes | None, value: bytes | None, headers: Headers) -> Headers:
    """Return the headers of a copy with its seal; those of any other record, and without keys, as they are."""
    if not keys or not is_copy(headers):
        return headers
    bare = [header for header in headers if header[0] != h.SEAL]
    return [*bare, (h.SEAL, keys.sign(*_sealed_parts(key, value, bare)))]


def _last_of_each(headers: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Return name -> its last value. A value can be None, although the type says bytes; such a header is ignored."""
    said = dict(headers)
    return said if None not in said.values() else {n: value for n, value in headers if value is not None}


def is_copy(headers: Headers) -> bool:
    """Return whether headers say that a record is a copy of another one."""
    return not _OF_A_COPY.isdisjoint([name for name, _ in headers])


def without_claims(headers: Headers) -> Headers:
    """Return headers without the x-* ones: a copy that is not genuine is read as a record that first came here."""
    return [header for header in headers if not header[0].startswith("x-")]


def misfit(record: Record, event: Event) -> str:
    """Return how an event contradicts its record or itself, "" where everything agrees."""
    key, plan = (record.key or b"").decode("utf-8", "replace"), event.correlation_id
    if key != plan:
        return f"the record's key is {key[:100]!r}, and the event is of {plan[:100]!r}"
    topic = declared().get(record.topic)
    if topic is not None and topic.events and event.type not in topic.events:
        return f"{event.type} does not belong on {record.topic}"
    if not 1 <= event.version <= VERSION_LIMIT:
        return f"no stream has a version {event.version}"
    owner = "source" if home_of(event.type) in (GOODS_EVENTS, SYSTEM_EVENTS) else "plan_id"
    if event.data[owner] != plan:
        return f"it says to be of {str(event.data[owner])[:100]!r}, and its record of {plan[:100]!r}"
    streams = _streams(event, plan)
    if streams and event.stream not in streams:
        return f"the stream of {event.type} is {streams[0]}, not {event.stream[:100]!r}"
    return ""


def _streams(event: Event, plan: str) -> tuple[str, ...]:
    """Return the streams that an event can be in; empty for the system's own, whose names are free."""
    type_, data = event.type, event.data
    home = home_of(type_)
    if home == TASK_EVENTS:
        return (f"task-{data['task_id']}",)
    if home == GOODS_EVENTS:
        return ("goods",)
    if home == SYSTEM_EVENTS:
        return ()
    if home in WORK.values():
        return f"work-{plan}.{data['channel']}", f"again-{plan}.{data['channel']}"
    if type_.startswith(_RECOVERY):
        return (f"recovery-{plan}",)
    if type_ in _OF_A_CHANNEL:
        return (f"plan-{plan}.{data['channel']}",)
    if type_ == "plan.channel.compared":
        return (f"comparison-{plan}.{data['channel']}",)
    return (f"{'erasure' if type_ == 'plan.erased' else 'plan'}-{plan}",)


def _home(topic: str, event: Event) -> str:
    """Return the topic that an event was signed for: the one it is read from, or the one its copy came from."""
    if topic in declared() and declared()[topic].events:
        return topic
    return WORK[event.data["priority"]] if home_of(event.type) in WORK.values() else home_of(event.type)


def _signed(topic: str, key: bytes | None, type_: str, priority: bytes, value: bytes | None) -> bytes:
    # the priority is read before the value is opened, and chooses the lane
    place = _place if len(key or b"") <= _SHORT else _place.__wrapped__  # a long key is nobody's of ours: not kept
    return place(topic, key or b"", type_, priority) + framed(value or b"")


@lru_cache(maxsize=1024)
def _place(topic: str, key: bytes, type_: str, priority: bytes) -> bytes:
    """Return what is signed of a record besides its value: the same for all tasks of a plan."""
    return framed(b"event", topic.encode(), key, type_.encode(), priority)


def _sealed_parts(key: bytes | None, value: bytes | None, headers: Headers) -> tuple[bytes, ...]:
    said = sorted((n.encode(), v or b"") for n, v in headers if n.startswith("x-") and n != h.SEAL)
    return (
        b"copy",
        key or b"",
        value or b"",
        h.raw(headers, h.SIGNATURE) or b"",
        *(part for pair in said for part in pair),
    )
