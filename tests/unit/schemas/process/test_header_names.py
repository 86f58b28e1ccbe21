"""A header name that is no UTF-8 is read with U+FFFD, and the records around it as they are."""

from __future__ import annotations

from typing import Any

import aiokafka
import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import READ_UNCOMMITTED, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from schemas.process import header_names

STRICT = fetcher.MemoryRecords


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "MemoryRecords", STRICT)
    monkeypatch.setattr(fetcher, header_names._MENDED, False, raising=False)
    header_names.mend(aiokafka)


def batch(compression: int, *names: str) -> bytearray:
    builder = DefaultRecordBatchBuilder(2, compression, 0, -1, -1, 0, 1_000_000)
    for offset, name in enumerate(names):
        builder.append(offset, 1_773_147_845_000, b"key", b"value", [("ce_type", b"t"), (name, b"x")])
    return bytearray(builder.build())


def damaged(made: bytearray, where: bytes) -> bytes:
    assert made.count(where) == 1
    return bytes(made).replace(where, b"\xff" + where[1:])


def read(data: bytes) -> list[Any]:
    records = PartitionRecords(
        TopicPartition("t", 0), fetcher.MemoryRecords(data), None, 0, None, None, False, READ_UNCOMMITTED
    )
    return list(records)


def test_the_library_does_not_read_it() -> None:
    """If this fails one day, the mend is not needed any more."""
    with pytest.raises(UnicodeDecodeError):
        list(
            PartitionRecords(
                TopicPartition("t", 0),
                STRICT(damaged(batch(0, "good", "damaged", "fine"), b"damaged")),
                None,
                0,
                None,
                None,
                False,
                READ_UNCOMMITTED,
            )
        )


@pytest.mark.usefixtures("mended")
def test_every_record_is_read_once_and_in_order() -> None:
    found = read(damaged(batch(0, "good", "damaged", "fine"), b"damaged"))

    assert [r.offset for r in found] == [0, 1, 2]
    assert [[name for name, _ in r.headers] for r in found] == [
        ["ce_type", "good"],
        ["ce_type", "\ufffdamaged"],
        ["ce_type", "fine"],
    ]
    assert {(r.key, r.value, r.timestamp, r.headers[1][1]) for r in found} == {
        (b"key", b"value", 1_773_147_845_000, b"x")
    }


@pytest.mark.usefixtures("mended")
@pytest.mark.parametrize("compression", [0, 1])
def test_what_is_well_is_read_as_by_the_library(compression: int) -> None:
    data = bytes(batch(compression, "good", "größe", "fine"))
    strict = list(PartitionRecords(TopicPartition("t", 0), STRICT(data), None, 0, None, None, True, READ_UNCOMMITTED))

    assert read(data) == strict
    assert strict[1].headers[1][0] == "größe"


@pytest.mark.usefixtures("mended")
def test_mending_twice_changes_nothing() -> None:
    once = fetcher.MemoryRecords
    header_names.mend(aiokafka)
    assert fetcher.MemoryRecords is once
