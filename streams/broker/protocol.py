"""Requests that the client library lacks: what a user may do, who leads, where logs ended, how full disks are.

Metadata of version 8 and DescribeGroups of version 3 are the first that tell it (KIP-430), as bits, one an operation.
The library's own third version of DescribeGroups reads its answer as one of the second, and loses the bits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Array,
    Boolean,
    Bytes,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    String,
    TaggedFields,
)

_TEXT: Final = String("utf-8")
_COMPACT: Final = CompactString("utf-8")
#: What a broker says where it was not asked for rights, or does not tell them.
UNTOLD: Final = -(2**31)
#: For the epoch of the leader that is asked, where it does not matter.
_ANY_LEADER: Final = -1


class MetadataAnswer(Response):  # type: ignore[misc] # the library has no types
    """Brokers, topics and their partitions, with rights."""

    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", Array(("node_id", Int32), ("host", _TEXT), ("port", Int32), ("rack", _TEXT))),
        ("cluster_id", _TEXT),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", _TEXT),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("authorized_operations", Int32),
    )


class MetadataQuestion(RequestStruct):  # type: ignore[misc] # as above
    """The fourth and third last fields ask for rights; topics are never made by it."""

    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = MetadataAnswer
    SCHEMA = Schema(
        ("topics", Array(_TEXT)),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class Metadata(Request[MetadataQuestion]):  # type: ignore[misc] # as above
    """Ask for these topics, by name."""

    API_KEY = 3

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = list(topics)

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(self._topics, False, True, True)


class GroupsAnswer(Response):  # type: ignore[misc] # as above
    """Groups, with rights."""

    API_KEY = 15
    API_VERSION = 3
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "groups",
            Array(
                ("error_code", Int16),
                ("group", _TEXT),
                ("state", _TEXT),
                ("protocol_type", _TEXT),
                ("protocol", _TEXT),
                (
                    "members",
                    Array(
                        ("member_id", _TEXT),
                        ("client_id", _TEXT),
                        ("client_host", _TEXT),
                        ("member_metadata", Bytes),
                        ("member_assignment", Bytes),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
    )


class GroupsQuestion(RequestStruct):  # type: ignore[misc] # as above
    """One group at a time: each has its own coordinator."""

    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = GroupsAnswer
    SCHEMA = Schema(("groups", Array(_TEXT)), ("include_authorized_operations", Boolean))


class Group(Request[GroupsQuestion]):  # type: ignore[misc] # as above
    """Ask for one group."""

    API_KEY = 15

    def __init__(self, name: str) -> None:
        self._name = name

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class([self._name], True)


class EpochsAnswer(Response):  # type: ignore[misc] # as above
    """Where the log of an epoch, or of the one before it that is known, ended."""

    API_KEY = 23
    API_VERSION = 2
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            Array(
                ("topic", _TEXT),
                (
                    "partitions",
                    Array(("error_code", Int16), ("partition", Int32), ("leader_epoch", Int32), ("end_offset", Int64)),
                ),
            ),
        ),
    )


class EpochsQuestion(RequestStruct):  # type: ignore[misc] # as above
    """Asks the leader of partitions where a leader's epoch ended (OffsetForLeaderEpoch)."""

    API_KEY = 23
    API_VERSION = 2
    RESPONSE_TYPE = EpochsAnswer
    SCHEMA = Schema(
        (
            "topics",
            Array(
                ("topic", _TEXT),
                ("partitions", Array(("partition", Int32), ("current_leader_epoch", Int32), ("leader_epoch", Int32))),
            ),
        ),
    )


class EpochEnds(Request[EpochsQuestion]):  # type: ignore[misc] # as above
    """Ask where the log of each partition ended under the leader of an epoch, whatever was written since."""

    API_KEY = 23

    def __init__(self, epochs: Mapping[tuple[str, int], int]) -> None:
        self._topics: dict[str, list[tuple[int, int, int]]] = {}
        for (topic, partition), epoch in sorted(epochs.items()):
            self._topics.setdefault(topic, []).append((partition, _ANY_LEADER, epoch))

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(list(self._topics.items()))


class LogDirsAnswer(Response):  # type: ignore[misc] # as above
    """Folders of a broker with the size of their disks and what is free there (KIP-827); -1 where it does not know."""

    API_KEY = 35
    API_VERSION = 4
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        (
            "results",
            CompactArray(
                ("error_code", Int16),
                ("log_dir", _COMPACT),
                (
                    "topics",
                    CompactArray(
                        ("topic", _COMPACT),
                        (
                            "partitions",
                            CompactArray(
                                ("partition", Int32),
                                ("size", Int64),
                                ("offset_lag", Int64),
                                ("is_future", Boolean),
                                ("tags", TaggedFields),
                            ),
                        ),
                        ("tags", TaggedFields),
                    ),
                ),
                ("total_bytes", Int64),
                ("usable_bytes", Int64),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class LogDirsQuestion(RequestStruct):  # type: ignore[misc] # as above
    """Asks a broker for its log folders and their disks (DescribeLogDirs)."""

    FLEXIBLE_VERSION = True
    API_KEY = 35
    API_VERSION = 4
    RESPONSE_TYPE = LogDirsAnswer
    SCHEMA = Schema(
        (
            "topics",
            CompactArray(("topic", _COMPACT), ("partitions", CompactArray(Int32)), ("tags", TaggedFields)),
        ),
        ("tags", TaggedFields),
    )


class LogDirs(Request[LogDirsQuestion]):  # type: ignore[misc] # as above
    """Ask for the folders alone, and for nothing of what is in them."""

    API_KEY = 35

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class([], {})
