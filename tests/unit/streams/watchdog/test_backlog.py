"""What the watchdog's row tells people of the consumer groups: how far behind, where, and who reads there."""

from __future__ import annotations

import time
from typing import Any

import pytest

from schemas.metrics import LAG, LAG_SECONDS, STILL, Metric
from schemas.process import metrics
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS, PROJECTIONS, REDELIVER, declared
from streams.watchdog.backlog import LISTED, groups, tell
from streams.watchdog.broker import KNOWN_S, BrokerView
from streams.watchdog.settings import Patience
from streams.watchdog.view import Process, SystemView

ALL = {topic: list(range(declared()[topic].partitions)) for topic in (PLAN_EVENTS, REDELIVER)}


ON_PURPOSE_S = {REDELIVER: 30.0}


def worker(pid: int, holds: dict[str, list[int]] | None) -> Process:
    progress: dict[str, Any] = {} if holds is None else {"holds": holds}
    return Process(pid, f"worker-{pid}", "worker", "h", pid, 0.0, True, 0.1, 60.0, None, progress)


@pytest.fixture
def broker() -> BrokerView:
    """A broker that was looked at: nothing waits."""
    view = BrokerView(Brokers("127.0.0.1:1"))
    view.seen = True
    view.ends = {(topic, n): 100 for topic, numbers in ALL.items() for n in numbers}
    view.note("agents", {("agents", topic, n): 100 for topic, n in view.ends})
    return view


def told(broker: BrokerView, *processes: Process) -> dict[str, Any]:
    view = SystemView(Patience(), broker, list(processes))
    for process in processes:  # as `look` does
        view._moved_at[process.worker_id] = time.monotonic()
    found: dict[str, Any] = groups(view, broker, ON_PURPOSE_S)["agents"]
    return found


def test_nothing_waits_and_all_is_read(broker: BrokerView) -> None:
    assert told(broker, worker(1, ALL)) == {"behind": 0, "waited_s": 0.0, "partitions": [], "unread": {}}


def test_who_reads_what_waits_and_what_nobody_reads(broker: BrokerView) -> None:
    broker.ends |= {(PLAN_EVENTS, 1): 103, (PLAN_EVENTS, 2): 140}
    seen = told(broker, worker(1, {**ALL, PLAN_EVENTS: [n for n in ALL[PLAN_EVENTS] if n != 2]}))

    assert (seen["behind"], seen["unread"]) == (43, {PLAN_EVENTS: [2]})
    assert [(p["topic"], p["partition"], p["behind"], p["reader"]) for p in seen["partitions"]] == [
        (PLAN_EVENTS, 2, 40, ""),
        (PLAN_EVENTS, 1, 3, "worker 1 on h"),
    ]


@pytest.mark.parametrize(("topic", "waited_s"), [(PLAN_EVENTS, 75.0), (REDELIVER, 45.0)])
def test_for_how_long_the_first_has_waited_beyond_what_its_topic_makes_it_wait(
    broker: BrokerView, topic: str, waited_s: float
) -> None:
    broker._lag_time.note({(topic, 1): 100}, time.monotonic() - 500)
    broker.ends |= {(topic, 1): 103}
    broker._lag_time.note({(topic, 1): 103}, time.monotonic() - 75)
    assert told(broker, worker(1, ALL))["waited_s"] == pytest.approx(waited_s, abs=5)

    broker.note("agents", {("agents", topic, 1): 103})
    assert told(broker, worker(1, ALL))["waited_s"] == 0.0


def test_what_the_log_has_dropped_waits_no_more(broker: BrokerView) -> None:
    broker.done["agents", PLAN_EVENTS, 1] = 10
    broker.begins[PLAN_EVENTS, 1] = 95
    assert told(broker, worker(1, ALL))["behind"] == 5


def test_while_a_process_does_not_tell_nobody_is_blamed(broker: BrokerView) -> None:
    assert told(broker, worker(1, {PLAN_EVENTS: [0]}), worker(2, None))["unread"] is None


def test_of_many_partitions_those_with_most_are_listed_and_all_are_counted(broker: BrokerView) -> None:
    for (topic, n), end in list(broker.ends.items()):
        broker.ends[topic, n] = end + n + 1
    seen = told(broker, worker(1, ALL))
    assert len(seen["partitions"]) == min(LISTED, len(broker.ends))
    assert seen["behind"] == sum(n + 1 for _, n in broker.ends)
    counts = [p["behind"] for p in seen["partitions"]]
    assert counts == sorted(counts, reverse=True)


def test_before_the_broker_was_looked_at_nothing_is_said() -> None:
    broker = BrokerView(Brokers("127.0.0.1:1"))
    assert groups(SystemView(Patience(), broker), broker, {}) == {}


def lags(meter: metrics.Meter, metric: Metric) -> dict[str, float]:
    """Return the lag of each group that Prometheus is told of, all partitions together."""
    told: dict[str, float] = {}
    for family in meter.registry.collect():
        for sample in family.samples if family.name == metric.name else ():
            told[sample.labels["group"]] = told.get(sample.labels["group"], 0.0) + sample.value
    return told


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch, broker: BrokerView) -> metrics.Meter:
    counting = metrics.Meter("watchdog")
    monkeypatch.setitem(metrics._meter, metrics._THIS, counting)
    tell(broker)
    return counting


def test_while_the_broker_is_away_nobody_is_told_the_last_lag_as_that_of_now(
    broker: BrokerView, meter: metrics.Meter
) -> None:
    broker.ends |= {(PLAN_EVENTS, 1): 103}
    assert lags(meter, LAG) == {"agents": 3.0}, "of the other groups nothing was seen"
    assert set(lags(meter, LAG_SECONDS)) == set(lags(meter, STILL)) == {"agents"}

    broker.error, broker._unreached = "refused", 2
    assert [lags(meter, metric) for metric in (LAG, LAG_SECONDS, STILL)] == [{}, {}, {}]
    assert groups(SystemView(Patience(), broker), broker, {}) == {}

    broker.error = ""
    assert lags(meter, LAG) == {"agents": 3.0}


def test_of_a_group_that_was_not_seen_for_a_while_nothing_is_known(broker: BrokerView, meter: metrics.Meter) -> None:
    """As the projections, whose offsets are in Postgres, while that is away."""
    broker.note(PROJECTIONS, {})
    assert set(lags(meter, LAG)) == {"agents", PROJECTIONS}
    broker._noted_at[PROJECTIONS] -= KNOWN_S
    assert set(lags(meter, LAG)) == {"agents"}
    assert set(groups(SystemView(Patience(), broker), broker, {})) == {"agents"}
