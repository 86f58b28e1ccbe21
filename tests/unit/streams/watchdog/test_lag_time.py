"""For how long records wait, by when the log was seen to reach where a group is."""

from __future__ import annotations

import pytest

from schemas.process.kafka import Brokers
from schemas.topics import AGENTS, PLAN_EVENTS
from streams.watchdog.backlog import tell
from streams.watchdog.broker import BrokerView
from streams.watchdog.lag_time import KEPT, LagTime
from tests.support.counted import counted

HERE = ("plan.events", 3)


@pytest.mark.parametrize(
    ("done", "waited_s"),
    [
        (0, 90.0),  # it was there at the first look, so it is as old as that at least
        (10, 80.0),
        (11, 80.0),
        (12, 50.0),
        (19, 50.0),
        (20, 0.0),
    ],
)
def test_a_record_waits_since_the_log_was_seen_to_reach_it(done: int, waited_s: float) -> None:
    lag = LagTime()
    for now, end in ((10.0, 10), (20.0, 12), (30.0, 12), (50.0, 20), (60.0, 20)):
        lag.note({HERE: end}, now)
    assert lag.waited_s(HERE, done, 100.0) == waited_s
    assert lag.waited_s(("plan.events", 4), done, 100.0) == 0.0


def test_a_log_that_begins_anew_is_looked_at_anew() -> None:
    lag = LagTime()
    lag.note({HERE: 900}, 10.0)
    lag.note({HERE: 2}, 20.0)
    assert lag.waited_s(HERE, 1, 25.0) == 5.0


def test_what_is_kept_is_bounded_and_never_tells_of_more_than_there_was() -> None:
    lag = LagTime()
    for n in range(10 * KEPT):
        lag.note({HERE: n + 1}, float(n))
    assert len(lag._reached[HERE]) <= KEPT
    now = 10.0 * KEPT
    for done in range(0, 10 * KEPT, 37):
        waited = lag.waited_s(HERE, done, now)
        assert 0 < waited <= now - done
    assert lag.waited_s(HERE, 10 * KEPT - 1, now) == 1.0


def test_prometheus_reads_it_of_each_partition_in_which_something_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    read = counted(monkeypatch, "watchdog")
    now = [1000.0]
    monkeypatch.setattr("streams.watchdog.broker.time.monotonic", lambda: now[0])
    view = BrokerView(Brokers("127.0.0.1:1"))
    view.seen, view.ends = True, {(PLAN_EVENTS, 1): 5, (PLAN_EVENTS, 2): 5}
    view.note(AGENTS, {(AGENTS, PLAN_EVENTS, 1): 4, (AGENTS, PLAN_EVENTS, 2): 5})
    view._lag_time.note(view.ends, now[0])
    tell(view)
    now[0] += 42.0
    view.note(AGENTS, {})
    view._answered_at = now[0]

    def told(partition: str) -> float | None:
        return read("lag_seconds", group=AGENTS, topic=PLAN_EVENTS, partition=partition)

    assert (told("1"), told("2")) == (42.0, 0.0)
