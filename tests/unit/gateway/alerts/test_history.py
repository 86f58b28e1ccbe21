"""Minutes are what was looked at; what nobody saw is not there, and counts are of what came between two readings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from gateway.alerts.history import KEPT, History, Minute, arrived
from gateway.verdict.finding import Verdict
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from projections.reads.overview import Aside, ProjectionLag, Retrying, Undecided, Waiting
from projections.reads.processes import ROLES, Group
from schemas.process.connection import Db
from schemas.slo import Measure
from tests.support.counted import counted
from tests.unit.gateway.verdict.examples import EXAMPLES, NOW, QUIET, RUNS, WELL, breaker, process, seen

BUSY = seen(
    replace(
        QUIET,
        plans={"analyzing": Waiting(2, 7.04), "completed": Waiting(9, 900.0)},
        aside=Aside(Undecided(3, 1), Retrying(5)),
    )
)


def test_a_minute_has_the_most_that_waited_and_the_seconds_in_which_it_was_down() -> None:
    minute = Minute(NOW)
    minute.look(judge(BUSY), 1.0)
    minute.look(judge(WELL), 2.0)
    minute.look(judge(EXAMPLES[Kind.DATABASE_HANGS]), 4.0)
    minute.look(judge(EXAMPLES[Kind.COMMANDS_REFUSED]), 8.0)

    assert (minute.seen_s, minute.down_s) == (15.0, 12.0)
    assert (minute.retries, minute.dead_letters) == (5, 4)
    assert minute.oldest_s == {"analyzing": 7.0}  # what is over waits for nobody


def test_without_a_gateway_nobody_gets_in() -> None:
    minute = Minute(NOW)
    minute.look(judge(seen(QUIET, replace(RUNS, processes=[process("worker")]))), 1.0)
    assert (minute.seen_s, minute.down_s) == (1.0, 1.0)
    others = [process(role) for role in ROLES if role != "worker"]
    minute.look(judge(seen(QUIET, replace(RUNS, processes=others))), 1.0)
    assert (minute.seen_s, minute.down_s) == (2.0, 1.0), "a worker that is missing shuts nobody out"


NO_GATEWAY = judge(seen(QUIET, replace(RUNS, processes=[process("worker")])))


def later(verdict: Verdict, minutes: int) -> Verdict:
    return replace(verdict, snapshot=replace(verdict.snapshot, as_of=NOW + timedelta(minutes=minutes)))


def test_a_system_that_is_set_up_for_the_first_time_is_not_down_meanwhile() -> None:
    history = History(lambda: 0.0, opened=False)
    history.look(later(NO_GATEWAY, 0))
    history.look(later(judge(EXAMPLES[Kind.DATABASE_AWAY]), 1))
    history.look(later(NO_GATEWAY, 2))
    assert not history._over, "nobody could get in before, and nothing is recorded"
    assert history.due, "what is counted then is what the first minute counts from"
    history.look(later(judge(WELL), 2))
    history.look(later(NO_GATEWAY, 3))
    assert len(history._over) == 1, "from then on it is watched, whether somebody gets in or not"


@pytest.mark.parametrize("recorded", [True, False])
async def test_an_engine_that_begins_while_nobody_gets_in_knows_whether_somebody_did_before(recorded: bool) -> None:
    class Recorded:
        async def fetchval(self, _query: str) -> bool:
            return recorded

    history = History(lambda: 0.0, opened=False)
    await history.begin(cast("Db", Recorded()))
    history.look(later(NO_GATEWAY, 0))
    history.look(later(NO_GATEWAY, 1))
    assert len(history._over) == recorded


def test_a_minute_has_the_most_lag_and_the_most_breakers_that_held_back() -> None:
    groups = {"agents": 5, "analysis": 2}
    told = [process("watchdog", groups=[Group(name, n, [], {}) for name, n in groups.items()])]
    operations = replace(RUNS, processes=told, breakers=[breaker("agent:a"), breaker("agent:b", "closed")])
    minute = Minute(NOW)
    minute.look(judge(seen(replace(QUIET, projection=ProjectionLag(9, 1.0, None)), operations)), 1.0)
    minute.look(judge(WELL), 1.0)
    assert (minute.lag, minute.behind, minute.breakers) == (7, 9, 1)

    untold = Minute(NOW)
    untold.look(judge(WELL), 1.0)
    assert (untold.lag, untold.behind, untold.breakers) == (None, 0, 0), "nobody tells of the groups: it is not 0"


def test_while_the_database_is_away_only_that_is_known() -> None:
    minute = Minute(NOW)
    minute.look(judge(EXAMPLES[Kind.DATABASE_AWAY]), 1.0)
    assert (minute.down_s, minute.retries, minute.dead_letters, minute.oldest_s) == (1.0, None, None, {})
    assert (minute.lag, minute.behind, minute.breakers) == (None, None, None)
    assert (minute.count(Measure.PHASE1), minute.times(Measure.QUEUE)) == (None, None)


def test_what_came_is_told_by_measure_whichever_hour_it_counts_for() -> None:
    before = {(NOW, "queue", 50): 3, (NOW, "phase1", 500): 9}
    after = {(NOW, "queue", 50): 5, (NOW + timedelta(hours=1), "queue", 50): 1, (NOW, "phase1", 500): 4}
    assert arrived(before, after) == {("queue", 50): 3}  # fewer than before: it was built again

    minute = Minute(NOW, counts={("queue", 50): 3, ("queue", 100): 1, ("phase1", 500): 2})
    assert (minute.count(Measure.QUEUE), minute.count(Measure.UPLOADED)) == (4, 0)
    assert minute.times(Measure.QUEUE) == '{"50":3,"100":1}'


def test_prometheus_counts_the_seconds_that_were_looked_at_and_those_without_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = counted(monkeypatch, "alerts")
    clock = iter((100.0, 101.0, 103.0, 104.0))
    history = History(lambda: next(clock))
    for verdict in (judge(WELL), judge(WELL), judge(EXAMPLES[Kind.DATABASE_HANGS]), judge(WELL)):
        history.look(verdict)

    assert (told("looked_seconds_total"), told("unusable_seconds_total")) == (4.0, 2.0)


def test_minutes_that_cannot_be_written_are_kept_for_a_day() -> None:
    history = History(lambda: 0.0)
    for n in range(KEPT + 10):
        history.look(judge(replace(WELL, as_of=NOW + timedelta(minutes=n))))
    assert history.due
    assert len(history._over) == KEPT
