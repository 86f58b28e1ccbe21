"""The flow: what is known is told, what is not is unknown, and both drawings have all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import hypot
from typing import Any

import pytest

from gateway.ui import i18n
from gateway.ui.flow import FRESH, Arrow, flow
from gateway.ui.flow_picture import Run, pictures
from gateway.verdict.judge import judge
from gateway.verdict.snapshot import Snapshot
from projections.reads.history import Minute
from projections.reads.operations import Operations
from projections.reads.overview import Aside, Outbox, Overview, ProjectionLag, Retrying, Undecided, Waiting
from projections.reads.processes import Group, Partition, Process

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OVERVIEW = Overview(
    {}, {}, Waiting(0, 0.0), 0, Outbox(3, 1.5), ProjectionLag(7, 0.4, NOW),
    Aside(Undecided(open=2, oldest_seconds=9.0), Retrying(4, NOW, 6.0)),
)  # fmt: skip
MINUTE = Minute(NOW - timedelta(minutes=1), 6, 4, 3, 0, {}, 4, 2, {})


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def process(role: str, *, silent: float = 0.1, connected: bool = True, **progress: Any) -> Process:
    return Process(f"{role}-1", role, "host", 7, "1", NOW, silent, connected, progress)


def seen(*processes: Process, groups: list[Group] | None = None, minutes: tuple[Minute, ...] = (MINUTE,)) -> Any:
    watchdog = replace(process("watchdog"), groups=groups or [])
    verdict = judge(
        Snapshot(NOW, "answers", 0.001, "publishing", overview=OVERVIEW, operations=Operations([*processes, watchdog]))
    )
    return flow(verdict, minutes)


def test_rates_are_of_the_last_minute_and_lag_is_of_the_groups() -> None:
    groups = [
        Group("agents", 5, [Partition("plan.events", 3, 5, 8.0, "worker-1")], {}),
        Group("analysis", 0, [], {}),
    ]
    found = {one.key: one for one in seen(groups=groups).arrows}
    assert (found["people-gateway"].rate, found["worker-log"].rate) == (10, 3)
    assert (found["log-worker"].waits, found["log-worker"].still_s, found["log-worker"].tone) == (5, 8.0, "retry")
    assert (found["lanes-runner"].waits, found["lanes-runner"].tone) == (0, "off")
    assert found["pump-worker"].waits is None, "nobody tells of the group: it is not 0"
    assert (found["gateway-log"].waits, found["log-projections"].waits) == (3, 7)
    assert (found["worker-pump"].waits, found["worker-letters"].waits) == (4, 2)


@pytest.mark.parametrize(
    "minutes",
    [(), (replace(MINUTE, at=NOW - FRESH),), (replace(MINUTE, plans_in=None),)],
    ids=["none", "old", "unknown"],
)
def test_a_rate_that_nobody_wrote_down_is_unknown(minutes: tuple[Minute, ...]) -> None:
    found = {one.key: one for one in seen(minutes=minutes).arrows}
    assert found["people-gateway"].rate is None
    assert found["log-worker"].rate is None


def test_a_part_tells_how_its_processes_are() -> None:
    nodes = seen(
        process("worker"), process("runner"), process("runner", silent=60.0), process("gateway", connected=False)
    ).nodes
    assert (nodes["worker"].said, nodes["worker"].tone) == ("1 running", "done")
    assert (nodes["runner"].said, nodes["runner"].tone) == ("1 of 2 well", "retry")
    assert (nodes["gateway"].said, nodes["gateway"].tone) == ("none running", "fail")
    assert (nodes["log"].said, nodes["log"].tone) == ("unknown", "off")
    assert (nodes["letters"].said, nodes["letters"].tone) == ("2 undecided", "fail")
    answers = seen(groups=[Group("agents", 0, [], {})]).nodes["log"]
    assert (answers.said, answers.tone) == ("answers", "done")
    away = seen(replace(process("watchdog"), progress={"broker_away_s": 9.0})).nodes["log"]
    assert (away.said, away.tone) == ("does not answer", "fail")


def test_what_waited_before_the_broker_was_away_is_unknown_now() -> None:
    groups = [Group("agents", 0, [], {}), Group("analysis", 3, [], {})]
    known = Operations([replace(process("watchdog"), groups=groups)])
    assert [group.name for group in known.groups] == ["agents", "analysis"]
    away = Operations([replace(process("watchdog", broker_away_s=9.0), groups=groups)])
    assert away.groups == []
    verdict = judge(Snapshot(NOW, "answers", 0.001, "publishing", overview=OVERVIEW, operations=away))
    found = {one.key: one for one in flow(verdict, (MINUTE,)).arrows}
    assert (found["log-worker"].waits, found["lanes-runner"].waits) == (None, None)


def test_who_holds_which_partitions() -> None:
    worker = process("worker", holds={"plan.events": [0, 1, 2, 5], "agents.redeliver": []})
    gone = process("worker", connected=False, holds={"plan.events": [7]})
    projections = process("projections", holds={"task.events": [0, 1]})
    one, other = seen(worker, gone, process("runner", holds="x"), projections).assignments
    assert (one.process, one.topic, one.partitions) == (worker, "plan.events", "0-2 5")
    assert (other.process, other.topic, other.partitions) == (projections, "task.events", "0-1")


def test_every_arrow_tells_its_rate_from_what_the_processes_do_a_minute() -> None:
    sent = {"analysis.work.high": 2.0, "analysis.work.low": 1.5, "agents.retry.1s": 4.0, "agents.dlq": 1.0}
    found = {
        one.key: one
        for one in seen(
            process("gateway", per_minute={"handled": 90.0}),
            process("gateway", per_minute={"handled": 0.0}),
            process("worker", per_minute={"handled": 30.0, "sent": sent}),
            process("runner", per_minute={"handled": 7.0, "sent": {"agents.retry.5s": 1.0}}),
            process("projections", per_minute={"handled": 99.0}),
            process("pump", per_minute={"handled": 5.0}),
        ).arrows
    }
    assert all("rate" in one.measured for one in found.values())
    assert {
        key: one.rate for key, one in found.items() if key not in ("people-gateway", "log-worker", "worker-log")
    } == {
        "gateway-log": 90.0,
        "worker-lanes": 3.5,
        "lanes-runner": 7.0,
        "runner-log": 7.0,
        "log-projections": 99.0,
        "projections-tables": 99.0,
        "worker-pump": 5.0,
        "pump-worker": 5.0,
        "worker-letters": 1.0,
    }


def test_a_rate_of_which_one_process_does_not_know_its_part_is_unknown() -> None:
    young = process("worker", per_minute={"handled": None, "sent": {}})
    found = {one.key: one for one in seen(process("worker", per_minute={"handled": 3.0, "sent": {}}), young).arrows}
    assert found["worker-lanes"].rate is None
    alone = {one.key: one for one in seen(process("worker", per_minute={"handled": 3.0, "sent": {}})).arrows}
    assert alone["worker-lanes"].rate == 0, "nothing was sent there"
    assert alone["lanes-runner"].rate is None, "no runner runs"


def test_both_drawings_have_every_part_and_every_arrow() -> None:
    shown = seen()
    for picture in pictures(shown):
        drawing = picture.drawing
        assert {node.key for node, _ in picture.nodes} == set(shown.nodes)
        assert {arrow.key for arrow, _ in picture.arrows} == set(drawing.runs)
        half_w, half_h = drawing.box[0] / 2, drawing.box[1] / 2
        for place in drawing.places.values():
            assert half_w <= place.x <= drawing.width - half_w
            assert half_h <= place.y <= drawing.height - half_h
        for arrow, run in picture.arrows:
            assert run.y or not arrow.measured or (drawing.name, arrow.key) == ("narrow", "pump-worker")


def test_a_rate_says_whether_it_is_of_a_minute_that_is_over() -> None:
    written = {one.key for one in seen().arrows if one.written}
    assert written == {"people-gateway", "log-worker", "worker-log"}, "the others are told by heartbeats"


def _far(run: Run, path: str) -> float:
    """Return how far the words of a run begin, or end, from the lines of a path of M, H and V."""
    x = y = 0.0
    least = 1e9
    for step, to in re.findall(r"([MHV])([\d. ]+)", path):
        before = (x, y)
        if step == "M":
            x, y = map(float, to.split())
            continue
        x, y = (float(to), y) if step == "H" else (x, float(to))
        (left, right), (top, bottom) = sorted((before[0], x)), sorted((before[1], y))
        least = min(least, hypot(max(left - run.x, run.x - right, 0), max(top - run.y, run.y - bottom, 0)))
    return least


@pytest.mark.parametrize("at", [0, 1], ids=["wide", "narrow"])
def test_words_stand_beside_their_own_arrow(at: int) -> None:
    runs = pictures(seen())[at].drawing.runs
    for key, run in runs.items():
        if run.y:
            far = {other: _far(run, one.path) for other, one in runs.items()}
            assert far.pop(key) <= 12 < min(far.values()), key


def _room(arrow: Arrow, run: Run) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of an arrow's words: of 1.234/min* or, below that, 1.234 esperam.

    In 13 px of a wide font they are 72 and 97 wide.
    """
    lines = len(arrow.measured)
    wide = 97.0 if lines == 2 else 72.0
    left = {"start": run.x, "middle": run.x - wide / 2, "end": run.x - wide}[run.anchor]
    first = run.y - (0 if lines == 1 else 14 if run.anchor == "middle" else 8)
    return left, first - 10, left + wide, first + 3 + 15 * (lines - 1)


def test_on_a_phone_words_of_four_digits_and_parts_leave_each_other_room() -> None:
    picture = pictures(seen())[1]
    drawing, (half_w, half_h) = picture.drawing, (picture.drawing.box[0] / 2, picture.drawing.box[1] / 2)
    taken = {f"words {arrow.key}": _room(arrow, run) for arrow, run in picture.arrows if run.y and arrow.measured}
    for key, (left, _, right, _) in taken.items():
        assert 0 <= left < right <= drawing.width, key
    taken |= {
        f"part {key}": (one.x - half_w, one.y - half_h, one.x + half_w, one.y + half_h)
        for key, one in drawing.places.items()
    }
    for (one, a), (other, b) in combinations(taken.items(), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one, a, other, b)
