"""A task.created is left unread only where it is just what its phase has told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from projections.run.told import Told
from schemas.belief import Belief, Mode, sign
from schemas.catalogue import newest
from schemas.events import Event
from schemas.headers import for_event
from schemas.phase_tasks import PhaseEvent, created_by, is_phase
from schemas.signing import parse
from schemas.wire import Codec, from_record
from tests.contract.golden import golden

TASKS = "task.events"
IDS = {(TASKS, "task.created"): 1, (TASKS, "task.completed"): 2}
CODEC = Codec(IDS, {id_: (type_, newest(type_).raw) for (_, type_), id_ in IDS.items()})


def phase(**changes: Any) -> PhaseEvent:
    event = from_record("plan.phase1.created", {**golden("plan.phase1.created", 3).record, **changes})
    assert is_phase(event)
    return event


def values(event: PhaseEvent) -> list[bytes]:
    return [CODEC.encode(TASKS, made) for made in created_by(event)]


def noted(event: Event, *, keep: bool = True) -> Told:
    told = Told(CODEC)
    told.note(event)
    if keep:
        told.keep()
    return told


def test_what_the_phase_told_need_not_be_read() -> None:
    event = phase()
    for keep in (False, True):
        told = noted(event, keep=keep)
        assert [told.plan_of(value) for value in values(event)] == [event.correlation_id] * 3


def test_a_record_that_only_says_so_in_its_headers_is_read() -> None:
    made = created_by(phase())[0]
    forged = replace(made, event_id="0" * 8 + made.event_id[8:])
    assert for_event(made, None) != for_event(forged, None)
    assert noted(phase()).plan_of(CODEC.encode(TASKS, forged)) is None


def test_what_differs_in_type_id_stream_or_version_is_read() -> None:
    told, made = noted(phase()), created_by(phase())[0]
    completed = Event(
        "task.completed", made.event_id, made.stream, 1, 1, "c", made.correlation_id, "ana",
        {"plan_id": made.correlation_id, "task_id": made.data["task_id"], "note": ""},
    )  # fmt: skip
    others = [
        completed,
        replace(made, event_id=made.event_id[::-1]),
        replace(made, stream=made.stream[:-1] + "x"),
        replace(made, version=2),
    ]
    assert [told.plan_of(CODEC.encode(TASKS, other)) for other in others] == [None] * 4


def test_bytes_that_are_no_event_are_read() -> None:
    told = noted(phase())
    whole = values(phase())[0]
    for value in (None, b"", whole[:4], whole[:60], b"\1" + whole[1:], b"\0\0\0\0\7" + whole[5:]):
        assert told.plan_of(value) is None


def test_what_was_not_kept_is_forgotten_with_the_next_batch() -> None:
    event = phase()
    told = noted(event, keep=False)
    told.drop()
    assert told.plan_of(values(event)[0]) is None


def test_what_a_session_kept_ends_with_it() -> None:
    told = noted(phase())
    told.clear()
    assert told.plan_of(values(phase())[0]) is None


def test_beyond_a_number_the_oldest_are_forgotten() -> None:
    told = Told(CODEC, most=4)
    one, two = phase(), phase(event_id="00000000-0000-4000-8000-000000000002")
    for event in (one, two):
        told.note(event)
        told.keep()
    assert [told.plan_of(value) is not None for value in values(one)] == [False, False, True]
    assert [told.plan_of(value) is not None for value in values(two)] == [True, True, True]


def test_a_phase_of_an_older_version_tells_nothing() -> None:
    older = from_record("plan.phase1.created", golden("plan.phase1.created", 2).record)
    assert is_phase(older)
    told = noted(older)
    assert [told.plan_of(value) for value in values(older)] == [None] * 3


def test_a_task_whose_id_is_no_uuid_is_read() -> None:
    event = phase()
    odd = phase(tasks=[{**event.data["tasks"][0], "task_id": "t"}])
    assert noted(odd).plan_of(values(odd)[0]) is None


@dataclass(frozen=True)
class Read:
    """A record of the log."""

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()
    topic: str = TASKS
    partition: int = 0
    offset: int = 7


def test_what_is_not_believed_is_read_and_so_becomes_a_letter() -> None:
    event, keys = phase(), parse(f"one {'01' * 32}")
    told, plan, value = noted(event), event.correlation_id, values(event)[0]
    signed = Read(plan.encode(), value, sign(keys, TASKS, plan.encode(), "task.created", value, []))
    belief = Belief(keys, Mode.REQUIRE)
    assert told.tells(signed, belief) == plan
    spoilt = replace(signed, value=value[:-1] + bytes([value[-1] ^ 1]))
    assert told.plan_of(spoilt.value) == plan
    for other in (spoilt, replace(signed, headers=[]), replace(signed, key=b"another")):
        assert told.tells(other, belief) is None
