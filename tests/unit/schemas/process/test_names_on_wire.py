"""Every request and every answer names topics and groups with the prefix on the wire, and without it here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import aiokafka.protocol
import pytest
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata
from aiokafka.protocol.admin import DescribeConfigsRequest_v0, DescribeConfigsResponse_v0
from aiokafka.protocol.fetch import FetchResponse_v4
from aiokafka.protocol.metadata import MetadataRequest_v1
from aiokafka.protocol.struct import Struct
from aiokafka.protocol.types import Array, Schema, String

from schemas import prefix
from schemas.process import names_on_wire
from streams.broker import protocol

#: Texts in requests and answers that name no topic and no group of ours.
OTHERS = {
    *("batch_index_error_message", "client_host", "client_id", "cluster_id", "config_key", "config_name"),
    *("config_names", "config_value", "consumer_id", "enabled_mechanisms", "entity_name", "entity_type"),
    *("error_message", "group_instance_id", "group_protocol", "host", "leader_id", "log_dir", "match", "mechanism"),
    *("member_id", "metadata", "principal", "protocol", "protocol_name", "protocol_type", "rack", "rack_id", "state"),
}


@pytest.fixture(autouse=True)
def north() -> Iterator[None]:
    names_on_wire.begin({"MARKETPLACE_TOPIC_PREFIX": "north."})
    yield
    prefix.use("")


def encoded(struct: Any) -> bytes:
    return bytes(struct.encode())


def test_a_topic_is_named_with_the_prefix_outside_alone() -> None:
    sent = encoded(MetadataRequest_v1(["plan.events"]))
    assert b"north.plan.events" in sent
    assert MetadataRequest_v1.decode(sent).topics == ["plan.events"]
    assert encoded(MetadataRequest_v1(None)) == b"\xff\xff\xff\xff"


def test_records_come_from_the_topic_by_its_name_here() -> None:
    answer = encoded(FetchResponse_v4(0, [("plan.events", [(0, 0, 7, 7, None, b"records")])]))
    assert b"north.plan.events" in answer
    assert FetchResponse_v4.decode(answer).topics[0][0] == "plan.events"


def test_a_topic_of_another_system_is_none_of_ours() -> None:
    prefix.use("south.")
    sent = encoded(MetadataRequest_v1(["plan.events"]))
    prefix.use("north.")
    assert MetadataRequest_v1.decode(sent).topics == ["/south.plan.events"]
    assert encoded(MetadataRequest_v1(["/south.plan.events"])) == sent


def test_what_members_tell_each_other_is_read_by_tools_too() -> None:
    assert b"north.plan.events" in encoded(ConsumerProtocolMemberMetadata(0, ["plan.events"], b""))
    assert b"north.plan.events" in encoded(ConsumerProtocolMemberAssignment(0, [("plan.events", [1])], b""))


def test_the_settings_of_a_topic_are_asked_by_its_name_and_those_of_a_broker_by_its_number() -> None:
    sent = encoded(DescribeConfigsRequest_v0([(2, "plan.events", None), (4, "1", None)]))
    assert b"north.plan.events" in sent
    assert b"north.1" not in sent
    answer = encoded(DescribeConfigsResponse_v0(0, [(0, None, 2, "plan.events", []), (0, None, 4, "1", [])]))
    assert b"north.plan.events" in answer
    assert [one[3] for one in DescribeConfigsResponse_v0.decode(BytesIO(answer)).resources] == ["plan.events", "1"]


def test_questions_of_our_own_do_too() -> None:
    assert b"north.agents" in encoded(protocol.GroupsQuestion(["agents"], True))
    assert b"north.plan.events" in encoded(protocol.LogDirsQuestion([("plan.events", [0], {})], {}))


def test_without_a_prefix_names_are_as_ever() -> None:
    names_on_wire.begin({})
    assert encoded(MetadataRequest_v1(["plan.events"])) == b"\x00\x00\x00\x01\x00\x0bplan.events"


def test_no_text_of_the_protocol_is_forgotten() -> None:
    """A version of the library with another name for a topic is red here."""
    for module in pkgutil.iter_modules(aiokafka.protocol.__path__):
        importlib.import_module(f"aiokafka.protocol.{module.name}")
    left = {name for struct in _structs(Struct) for name in _texts(struct.SCHEMA)}
    assert left <= OTHERS | names_on_wire.NAMING | {"name", "resource_name", "coordinator_key"}


def _structs(of: type[Struct]) -> Iterator[type[Struct]]:
    for one in of.__subclasses__():
        yield one
        yield from _structs(one)


def _texts(schema: Schema) -> Iterator[str]:
    for name, field in zip(schema.names, schema.fields, strict=True):
        inner = field.array_of if isinstance(field, Array) else field
        if isinstance(inner, Schema):
            yield from _texts(inner)
        elif isinstance(inner, String):
            yield name
