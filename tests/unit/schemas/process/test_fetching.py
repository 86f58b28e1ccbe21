"""Questions for records, as aiokafka really makes them: long ones only where every partition is asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchError, FetchResult
from aiokafka.errors import KafkaError

from schemas.process import fetching, kafka
from schemas.process.fetching import FETCH_WAIT_MS, IDLE_WAIT_MS
from schemas.process.kafka import Brokers

PARTITIONS = [TopicPartition("plan.events", n) for n in range(4)]


class Cluster:
    """Two brokers; each leads every other partition."""

    def leader_for_partition(self, tp: TopicPartition) -> int:
        return 1 + int(tp.partition) % 2


@pytest.fixture
def fetcher() -> Any:
    """A fetcher of aiokafka, mended and not at work; the class itself stays as it is."""

    class Mended(Fetcher):  # type: ignore[misc] # aiokafka has no types
        def __init__(self) -> None:
            self._client = SimpleNamespace(cluster=Cluster())
            self._records: dict[TopicPartition, Any] = {}
            self._in_flight: set[int] = set()
            self._preferred_read_replica: dict[TopicPartition, Any] = {}
            self._fetch_max_wait_ms = FETCH_WAIT_MS
            self._fetch_min_bytes, self._fetch_max_bytes, self._max_partition_fetch_bytes = 1, 1000, 1000
            self._isolation_level, self._client_rack, self._fetcher_timeout = 0, None, 0.2

    fetching.mend(Mended)
    fetching.mend(Mended)  # once, however often asked
    return Mended()


def waits(fetcher: Any, paused: set[int] = frozenset()) -> dict[int, int]:  # type: ignore[assignment] # empty
    """Return for how long each broker may keep the next question."""
    assignment = SimpleNamespace(
        tps=PARTITIONS,
        state_value=lambda tp: SimpleNamespace(
            has_valid_position=True, paused=tp.partition in paused, position=7, resume_fut=None
        ),
    )
    return {node: request._max_wait_ms for node, request in fetcher._get_actions_per_node(assignment)[0]}


def test_a_question_for_all_partitions_may_be_kept_for_longer(fetcher: Any) -> None:
    fetching.patient(SimpleNamespace(_client=fetcher._client))
    assert waits(fetcher) == {1: IDLE_WAIT_MS, 2: IDLE_WAIT_MS}


def test_it_is_answered_soon_where_a_partition_is_left_out(fetcher: Any) -> None:
    fetching.patient(SimpleNamespace(_client=fetcher._client))
    assert waits(fetcher, paused={0}) == {1: FETCH_WAIT_MS, 2: IDLE_WAIT_MS}
    # records that nobody has taken, and that were kept for long enough
    fetcher._records[PARTITIONS[1]] = SimpleNamespace(calculate_backoff=lambda: 0)
    assert waits(fetcher) == {1: IDLE_WAIT_MS, 2: FETCH_WAIT_MS}


def test_who_is_not_patient_asks_as_often_as_before(fetcher: Any) -> None:
    assert waits(fetcher) == {1: FETCH_WAIT_MS, 2: FETCH_WAIT_MS}


def test_it_asks_for_the_others_while_records_lie_here_only_for_who_takes_small_portions(fetcher: Any) -> None:
    def lying() -> FetchResult:
        return FetchResult(PARTITIONS[1], assignment=None, partition_records=None, backoff=60)

    fetcher._records[PARTITIONS[1]] = found = lying()
    found._created -= fetching.LYING_S
    assert waits(fetcher) == {1: FETCH_WAIT_MS}
    fetching.unhindered(SimpleNamespace(_client=fetcher._client))
    assert waits(fetcher) == {1: FETCH_WAIT_MS, 2: FETCH_WAIT_MS}


def test_it_waits_a_moment_for_what_came_just_now_and_as_long_as_ever_after_an_error(fetcher: Any) -> None:
    fetching.unhindered(SimpleNamespace(_client=fetcher._client))
    fetcher._records[PARTITIONS[1]] = FetchResult(PARTITIONS[1], assignment=None, partition_records=None, backoff=60)
    fetcher._records[PARTITIONS[1]]._created += 3600  # however slow this machine is
    assert waits(fetcher) == {1: FETCH_WAIT_MS}
    fetcher._records[PARTITIONS[1]] = failed = FetchError(error=KafkaError(), backoff=60)
    failed._created -= fetching.LYING_S
    assert waits(fetcher) == {1: FETCH_WAIT_MS}


def test_who_takes_small_portions_is_sent_as_much_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []

    def made(*_: Any, max_partition_fetch_bytes: int, **__: Any) -> Any:
        given.append(max_partition_fetch_bytes)
        return SimpleNamespace(_client=SimpleNamespace())

    monkeypatch.setattr(kafka, "AIOKafkaConsumer", made)
    small, usual = (
        kafka.member(Brokers("127.0.0.1:1"), "g", session_timeout_s=6, heartbeats=4, portion_bytes=portion)
        for portion in (4096, None)
    )
    assert given == [4096, kafka.FETCH_BYTES]
    assert [getattr(one._client, fetching._UNHINDERED, False) for one in (small, usual)] == [True, False]


def test_which_consumers_are_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "AIOKafkaConsumer", lambda *_, **__: SimpleNamespace(_client=SimpleNamespace()))
    brokers = Brokers("127.0.0.1:1")
    found = [
        getattr(consumer._client, fetching._PATIENT, None)
        for consumer in (
            kafka.member(brokers, "g", session_timeout_s=6, heartbeats=4),
            kafka.member(brokers, "g", session_timeout_s=6, heartbeats=4, patient=False),
            kafka.reader(brokers, "c", patient=True),
            kafka.reader(brokers, "c"),
        )
    ]
    assert found == [IDLE_WAIT_MS, None, fetching.ALONE_WAIT_MS, None]
