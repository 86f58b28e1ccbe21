"""Bytes in, event or Undecodable out, nothing else; and nothing goes out that does not fit its schema."""

from __future__ import annotations

import math
import struct
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import newest, versions
from schemas.events import Event
from schemas.registry import placements
from schemas.wire import (
    OPENS_AT,
    RECORD_LIMIT,
    Codec,
    Invalid,
    Undecodable,
    UnknownSchema,
    as_read,
    check,
    from_record,
    opening,
)
from tests.contract.golden import golden

#: Far apart, so that no flipped bit of an id makes another one of ours.
IDS = {placement: 1 + 1000 * n for n, placement in enumerate(placements())}
#: Fields that a type's newest version gives a default: an event that was stored by an older process lacks them.
ADDED = {
    (type_, f["name"]): f["default"] for type_ in versions() for f in newest(type_).raw["fields"] if "default" in f
}
CODEC = Codec(IDS, {schema_id: (type_, newest(type_).raw) for (_, type_), schema_id in IDS.items()})
PLACES = [(topic, type_) for topic, type_ in placements() if topic in ("plan.events", "task.events", "system.events")]
HEADER = 5


def event_of(type_: str) -> Event:
    return from_record(type_, dict(golden(type_, newest(type_).version).record))


TASK = event_of("task.created")
TASK_BYTES = CODEC.encode("task.events", TASK)


def with_data(event: Event, **changes: Any) -> Event:
    return replace(event, data={**event.data, **changes})


def without(event: Event, name: str) -> Event:
    return replace(event, data={k: v for k, v in event.data.items() if k != name})


@pytest.mark.parametrize(("topic", "type_"), PLACES)
def test_an_event_comes_back_as_it_was(topic: str, type_: str) -> None:
    event = event_of(type_)
    assert CODEC.decode(CODEC.encode(topic, event)) == event


@pytest.mark.parametrize(("topic", "type_"), PLACES)
def test_every_event_of_every_version_begins_with_its_opening(topic: str, type_: str) -> None:
    event = replace(event_of(type_), version=2**40 + 77)
    value = CODEC.encode(topic, event)
    assert value[OPENS_AT:].startswith(opening(event.event_id, event.stream, event.version))
    assert CODEC.type_of(value) == type_
    for version in versions()[type_]:
        example = golden(type_, version.version)
        said = (example.record["event_id"], example.record["stream"], example.record["version"])
        assert example.body.startswith(opening(*said))


@pytest.mark.parametrize("value", [None, b"", b"\0\0\0", b"\1" + TASK_BYTES[1:], b"\0\x7f\xff\xff\xff"])
def test_bytes_without_a_frame_that_is_known_have_no_type(value: bytes | None) -> None:
    assert CODEC.type_of(value) is None


@pytest.mark.parametrize("type_", ["task.created", "plan.uploaded", "plan.stalled", "worker.started"])
def test_no_cut_of_a_message_is_an_event(type_: str) -> None:
    topic = next(topic for topic, of_topic in placements() if of_topic == type_)
    whole = CODEC.encode(topic, event_of(type_))
    for length in range(len(whole)):
        with pytest.raises(Undecodable) as caught:
            CODEC.decode(whole[:length])
        assert caught.value.code == ("too-short" if length < HEADER else "damaged")


def test_no_flipped_byte_of_the_frame_is_an_event() -> None:
    for position in range(HEADER):
        for mask in range(1, 256):
            damaged = bytearray(TASK_BYTES)
            damaged[position] ^= mask
            with pytest.raises(Undecodable) as caught:
                CODEC.decode(bytes(damaged))
            if position == 0:
                assert caught.value.code == "bad-magic"
            elif damaged[1] >= 0x80:
                assert caught.value.code == "bad-schema-id"  # no registry has such a one: nobody asks
            else:
                assert isinstance(caught.value, UnknownSchema)
                assert caught.value.schema_id == struct.unpack(">I", damaged[1:HEADER])[0]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "empty"),
        (b"", "too-short"),
        (b"\0\0\0\0", "too-short"),
        (b"\1" + TASK_BYTES[1:], "bad-magic"),
        (b'{"plan_id": "p"}', "bad-magic"),
        (b"\0\x7f\xff\xff\xff" + TASK_BYTES[HEADER:], "unknown-schema"),
        (b"\0\xff\xff\xff\xff" + TASK_BYTES[HEADER:], "bad-schema-id"),
        (TASK_BYTES + b"\0", "trailing-bytes"),
        (TASK_BYTES + TASK_BYTES, "trailing-bytes"),
        (TASK_BYTES[:HEADER], "damaged"),
        (TASK_BYTES[:HEADER] + b"\x04\xff\xfe" + TASK_BYTES[HEADER + 3 :], "damaged"),
    ],
)
def test_the_code_says_what_is_wrong(value: bytes | None, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        CODEC.decode(value)
    assert caught.value.code == code
    assert str(caught.value).startswith(f"{code}: ")


@settings(deadline=None)  # a busy machine is no failure
@given(st.binary(max_size=400))
def test_random_bytes_raise_undecodable_or_nothing(value: bytes) -> None:
    _decode(value)


@settings(deadline=None)
@given(st.sampled_from(sorted(IDS.values())), st.binary(max_size=400))
def test_a_random_body_raises_undecodable_or_nothing(schema_id: int, body: bytes) -> None:
    _decode(struct.pack(">bI", 0, schema_id) + body)


@settings(deadline=None)
@given(st.data())
def test_a_damaged_body_raises_undecodable_or_nothing(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(PLACES))
    damaged = bytearray(CODEC.encode(place[0], event_of(place[1])))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(HEADER, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    _decode(bytes(damaged))


def _decode(value: bytes) -> None:
    try:
        event = CODEC.decode(value)
    except Undecodable:
        return
    assert event.type in versions()


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (with_data(TASK, position=2.5), "task.created.position is not a whole number but float"),
        (with_data(TASK, position=2.0), "task.created.position is not a whole number but float"),
        (with_data(TASK, position=True), "task.created.position is not a whole number but bool"),
        (with_data(TASK, position="1"), "task.created.position is not a whole number but str"),
        (with_data(TASK, position=2**31), "task.created.position is 2147483648, too large for int"),
        (with_data(TASK, position=None), "task.created.position is not a whole number but NoneType"),
        (with_data(TASK, title=None), "task.created.title is not text but NoneType"),
        (with_data(TASK, title=b"x"), "task.created.title is not text but bytes"),
        (with_data(TASK, title="\ud83d"), "task.created.title has half of a surrogate pair, which UTF-8 cannot say"),
        (with_data(TASK, opportunity_id=7), "task.created.opportunity_id is not text but int"),
        (with_data(TASK, colour="red"), "task.created.colour is not in the schema"),
        (without(TASK, "title"), "task.created.title is missing"),
        (with_data(TASK, actor="mallory"), "task.created: data has fields of the envelope: actor"),
        (replace(TASK, version=cast("int", 1.0)), "task.created.version is not a whole number but float"),
        (replace(TASK, version=2**63), "task.created.version is 9223372036854775808, too large for long"),
        (replace(TASK, event_id=cast("str", None)), "task.created.event_id is not text but NoneType"),
    ],
)
def test_what_does_not_fit_is_refused(event: Event, says: str) -> None:
    for refuse in (check, lambda e: CODEC.encode("task.events", e)):
        with pytest.raises(Invalid) as caught:
            refuse(event)
        assert str(caught.value) == says


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"worth_brl": math.nan}, ".worth_brl is nan, which JSON cannot say"),
        ({"worth_brl": math.inf}, ".worth_brl is inf, which JSON cannot say"),
        ({"worth_brl": True}, ".worth_brl is not a number but bool"),
        ({"worth_brl": 10**400}, ".worth_brl is too large for a double"),
        ({"colour": "red"}, ".colour is not in the schema"),
        ({"evidence": {}}, ".evidence is not a list but dict"),
        ({"evidence": "ab"}, ".evidence is not a list but str"),
        ({"evidence": [None]}, ".evidence[0] is not a record but NoneType"),
        ({"evidence": [{}]}, ".evidence[0].metric is missing"),
    ],
)
def test_what_does_not_fit_inside_is_refused(change: dict[str, Any], says: str) -> None:
    analyzed = event_of("plan.analyzed")
    opportunities = list(analyzed.data["opportunities"])
    opportunities[1] = {**opportunities[1], **change}
    with pytest.raises(Invalid) as caught:
        check(with_data(analyzed, opportunities=opportunities))
    assert str(caught.value) == f"plan.analyzed.opportunities[1]{says}"


@pytest.mark.parametrize("number", [math.nan, -math.nan, math.inf, -math.inf])
def test_a_number_that_json_cannot_say_is_not_read(number: float) -> None:
    """Whoever reaches the broker can write one: what is made of it in a table would be no number."""
    analyzed = event_of("plan.analyzed")
    opportunities = [{**analyzed.data["opportunities"][0], "worth_brl": 1234.5}, *analyzed.data["opportunities"][1:]]
    written = CODEC.encode("plan.events", with_data(analyzed, opportunities=opportunities))
    damaged = written.replace(struct.pack("<d", 1234.5), struct.pack("<d", number))
    assert damaged != written

    with pytest.raises(Undecodable, match=r"^does-not-fit: plan\.analyzed: a number is not finite"):
        CODEC.decode(damaged)
    assert CODEC.decode(written).type == "plan.analyzed"


def test_a_finite_number_with_the_same_bytes_is_read() -> None:
    """What no text has a number may have: it is looked at then, and is one."""
    analyzed = event_of("plan.analyzed")
    odd = struct.unpack("<d", b"\xff\x7f\xff\x7f\xff\x7f\xff\x3f")[0]
    opportunities = [{**analyzed.data["opportunities"][0], "worth_brl": odd}, *analyzed.data["opportunities"][1:]]
    event = with_data(analyzed, opportunities=opportunities)

    assert CODEC.decode(CODEC.encode("plan.events", event)).data["opportunities"][0]["worth_brl"] == odd


def test_other_kinds_of_misfit() -> None:
    for event, says in [
        (with_data(event_of("plan.analyzed"), partial=1), "plan.analyzed.partial is not true or false but int"),
        (with_data(event_of("plan.stalled"), evidence=[]), "plan.stalled.evidence is not a map but list"),
        (with_data(event_of("plan.stalled"), evidence={"a": 1}), "plan.stalled.evidence['a'] is not text but int"),
        (replace(TASK, type="task.imagined"), "there is no event type task.imagined"),
    ]:
        with pytest.raises(Invalid) as caught:
            check(event)
        assert str(caught.value) == says


def test_a_whole_number_may_stand_for_a_double() -> None:
    """Postgres' jsonb gives 3.0 back as 3."""
    analyzed = event_of("plan.analyzed")
    opportunity = {**analyzed.data["opportunities"][0], "worth_brl": 3}
    event = with_data(analyzed, opportunities=[opportunity])
    decoded = CODEC.decode(CODEC.encode("plan.events", event))
    assert decoded.data["opportunities"][0]["worth_brl"] == 3.0


def test_a_field_with_a_default_may_be_missing() -> None:
    """An event that an older process stored before the field was there still goes out, with the default."""
    decoded = CODEC.decode(CODEC.encode("task.events", without(TASK, "opportunity_id")))
    assert decoded.data["opportunity_id"] is None


def test_an_event_goes_only_where_it_belongs() -> None:
    with pytest.raises(Invalid, match=r"task\.created has no place on topic plan\.events"):
        CODEC.encode("plan.events", TASK)


def test_a_newer_writer_is_learnt_from_its_schema() -> None:
    codec = Codec({}, {})
    newer = {**newest("task.created").raw}
    newer["fields"] = [*newer["fields"], {"name": "colour", "type": "string", "default": "", "doc": "New."}]
    writer = Codec({("t", "task.created"): 9}, {})
    body = writer.encode("t", TASK) + b"\x06red"  # a newer process wrote one more field at the end
    with pytest.raises(UnknownSchema):
        codec.decode(body)
    codec.learn_named(9, newer)
    assert codec.decode(body) == TASK


def test_a_foreign_schema_is_undecodable() -> None:
    with pytest.raises(Undecodable) as caught:
        Codec({}, {}).learn_named(9, {"type": "record", "name": "Order", "namespace": "shop", "fields": []})
    assert caught.value.code == "unknown-type"
    with pytest.raises(Undecodable) as caught:
        Codec({}, {}).learn_named(9, cast("dict[str, Any]", "string"))  # a schema too, of no record
    assert caught.value.code == "unknown-type"


def test_a_schema_of_ours_that_makes_no_sense_is_undecodable() -> None:
    broken = {**newest("task.created").raw, "fields": [{"name": "x", "type": "of.nobody"}]}
    with pytest.raises(Undecodable) as caught:
        Codec({}, {}).learn_named(9, broken)
    assert caught.value.code == "bad-schema"


def test_no_registry_is_asked_for_an_id_that_none_can_have() -> None:
    for schema_id in (2**31, 2**32 - 1):
        with pytest.raises(Undecodable) as caught:
            CODEC.decode(struct.pack(">bI", 0, schema_id) + TASK_BYTES[HEADER:])
        assert (type(caught.value), caught.value.code) == (Undecodable, "bad-schema-id")
    with pytest.raises(UnknownSchema):
        CODEC.decode(struct.pack(">bI", 0, 2**31 - 1) + TASK_BYTES[HEADER:])


def test_an_event_that_no_broker_takes_is_refused() -> None:
    """A record of a mebibyte would be refused for ever: better say so where it is made."""
    ids = {("plan.events", "plan.rejected"): 1}
    codec = Codec(ids, {1: ("plan.rejected", newest("plan.rejected").raw)})
    event = Event("plan.rejected", "i", "plan-p", 2, 1, "c", "p", "ana", {"plan_id": "p", "reason": "r" * RECORD_LIMIT})

    with pytest.raises(Invalid, match="more than the 900000"):
        codec.encode("plan.events", event)


@pytest.mark.parametrize(("type_", "name"), ADDED)
def test_an_event_that_lacks_a_newer_field_is_read_with_its_default(type_: str, name: str) -> None:
    assert as_read(without(event_of(type_), name)).data[name] == ADDED[type_, name]


@pytest.mark.parametrize(("topic", "type_"), PLACES)
def test_a_stored_event_is_as_the_log_gives_it(topic: str, type_: str) -> None:
    event = event_of(type_)
    assert as_read(event) == CODEC.decode(CODEC.encode(topic, event))


def test_a_stored_event_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Invalid, match="task_id is missing"):
        as_read(without(TASK, "task_id"))
