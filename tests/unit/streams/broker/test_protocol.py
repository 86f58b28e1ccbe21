"""Requests of our own have the bytes of Kafka's protocol, and their answers are read by it."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

import pytest
from aiokafka.protocol.api import Request

from streams.broker.protocol import (
    EpochEnds,
    EpochsAnswer,
    EpochsQuestion,
    Group,
    GroupsAnswer,
    GroupsQuestion,
    LogDirs,
    LogDirsAnswer,
    LogDirsQuestion,
    Metadata,
    MetadataAnswer,
    MetadataQuestion,
)


def text(value: str | None) -> bytes:
    return struct.pack(">h", -1) if value is None else struct.pack(">h", len(value)) + value.encode()


def numbers(*values: int) -> bytes:
    """Return an array of INT32."""
    return struct.pack(f">i{len(values)}i", len(values), *values)


@pytest.mark.parametrize(
    ("request_", "question", "wire"),
    [
        (Metadata(["a", "bc"]), MetadataQuestion, struct.pack(">i", 2) + text("a") + text("bc") + b"\0\1\1"),
        (Group("g"), GroupsQuestion, struct.pack(">i", 1) + text("g") + b"\1"),
        (
            EpochEnds({("b", 1): 7, ("a", 0): 3, ("b", 0): 6}),
            EpochsQuestion,
            struct.pack(">i", 2)
            + (text("a") + struct.pack(">iiii", 1, 0, -1, 3))
            + (text("b") + struct.pack(">iiiiiii", 2, 0, -1, 6, 1, -1, 7)),
        ),
        (LogDirs(), LogDirsQuestion, b"\1\0"),  # no topic, no tag
    ],
    ids=["metadata", "group", "epochs", "disks"],
)
def test_a_request_is_written_as_the_protocol_says(request_: Request[Any], question: Any, wire: bytes) -> None:
    assert request_.build(question).encode() == wire
    assert request_.API_KEY == question.API_KEY


def test_rights_are_read_of_the_cluster_and_of_a_topic() -> None:
    partition = struct.pack(">hiii", 0, 4, 1, 9) + numbers(1, 2) + numbers(1) + numbers(2)
    topic = struct.pack(">h", 0) + text("plan.events") + b"\0" + struct.pack(">i", 1) + partition
    wire = (
        struct.pack(">i", 0)
        + (struct.pack(">ii", 1, 1) + text("host") + struct.pack(">i", 9092) + text(None))
        + (text("cluster") + struct.pack(">i", 1))
        + (struct.pack(">i", 1) + topic + struct.pack(">i", 0b1000))
        + struct.pack(">i", 0b100)
    )
    answer = MetadataAnswer.decode(BytesIO(wire))
    assert answer.brokers == [(1, "host", 9092, None)]
    assert answer.topics == [(0, "plan.events", False, [(0, 4, 1, 9, [1, 2], [1], [2])], 0b1000)]
    assert (answer.cluster_id, answer.authorized_operations) == ("cluster", 0b100)


def test_rights_are_read_of_a_group() -> None:
    wire = (
        struct.pack(">iih", 0, 1, 0)
        + text("g")
        + text("Empty")
        + text("consumer")
        + text("")
        + struct.pack(">ii", 0, 8)
    )
    assert GroupsAnswer.decode(BytesIO(wire)).groups == [(0, "g", "Empty", "consumer", "", [], 8)]


def test_the_end_of_a_log_under_a_leader_is_read() -> None:
    wire = struct.pack(">ii", 0, 1) + text("a") + struct.pack(">ihiiq", 1, 0, 2, 5, 2**40)
    assert EpochsAnswer.decode(BytesIO(wire)).topics == [("a", [(0, 2, 5, 2**40)])]


def test_the_size_of_a_disk_and_what_is_free_is_read() -> None:
    partition = struct.pack(">iqq", 2, 4096, 0) + b"\0\0"  # no future copy, no tag
    topic = b"\2a" + b"\2" + partition + b"\0"
    folder = struct.pack(">h", 0) + b"\6/data" + b"\2" + topic + struct.pack(">qq", 2**40, 2**39) + b"\0"
    wire = struct.pack(">ih", 0, 0) + b"\2" + folder + b"\0"
    answer = LogDirsAnswer.decode(BytesIO(wire))
    assert answer.results == [(0, "/data", [("a", [(2, 4096, 0, False, {})], {})], 2**40, 2**39, {})]
