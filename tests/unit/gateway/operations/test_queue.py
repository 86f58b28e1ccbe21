"""The queues in one look: sums of what is known, and unknown where a part of them is not."""

from __future__ import annotations

from dataclasses import replace

from gateway.operations.queue import queue_of
from gateway.shapes.system import QueueShape
from gateway.verdict.judge import judge
from projections.reads.ended import LATELY_S
from projections.reads.operations import Operations
from projections.reads.overview import Aside, Ended, Retrying, Undecided
from projections.reads.processes import Group
from schemas.topics import AGENTS, ANALYSIS, RETRY_PUMP
from tests.unit.gateway.verdict.examples import NOW, QUIET, RUNS, process, seen, without

WORK = replace(
    QUIET,
    analysed=Ended(40, 3),
    phase1_made=Ended(20, 1),
    tasks_ended=Ended(9, 9),
    aside=Aside(Undecided(2, 1), Retrying(4, NOW, 0.0)),
)


def running(*groups: Group, in_hand: int | None = 5) -> Operations:
    """A system whose watchdog tells of these groups; its worker tells what it has in hand, or does not."""
    told = {} if in_hand is None else {"in_hand": in_hand}
    others = [one for one in RUNS.processes if one.role not in {"watchdog", "worker", "runner"}]
    takers = [process("worker", progress=told), process("runner", progress={"in_hand": 2})]
    return replace(RUNS, processes=[*others, *takers, process("watchdog", groups=list(groups))])


def test_all_figures_are_told_where_all_are_known() -> None:
    groups = Group(AGENTS, 30, [], {}, 1.5), Group(ANALYSIS, 12, [], {}, 4.0), Group(RETRY_PUMP, 4, [], {}, 0.0)
    assert queue_of(judge(seen(WORK, running(*groups)))) == QueueShape(
        waiting=42,
        active=7,
        retrying=4,
        dead_letters=3,
        completed=56,
        failed=4,
        within_seconds=LATELY_S,
        oldest_seconds=4.0,
    )


def test_nothing_waits_for_no_time() -> None:
    found = queue_of(judge(seen(WORK, running(Group(AGENTS, 0, [], {}, None), Group(ANALYSIS, 0, [], {}, 0.0)))))
    assert (found.waiting, found.oldest_seconds) == (0, 0.0)


def test_a_part_that_nobody_tells_makes_the_figure_unknown_and_no_other() -> None:
    agents, analysis = Group(AGENTS, 30, [], {}, None), Group(ANALYSIS, 12, [], {}, 4.0)
    one_group = queue_of(judge(seen(WORK, running(analysis))))
    assert (one_group.waiting, one_group.oldest_seconds, one_group.active) == (None, None, 7)
    no_age = queue_of(judge(seen(WORK, running(agents, analysis))))
    assert (no_age.waiting, no_age.oldest_seconds) == (42, None)
    no_hand = queue_of(judge(seen(WORK, running(agents, analysis, in_hand=None))))
    assert (no_hand.active, no_hand.waiting) == (None, 42)
    nobody_looks = queue_of(judge(seen(WORK, without("watchdog"))))
    assert nobody_looks.waiting is None


def test_without_a_database_nothing_of_it_is_known() -> None:
    found = queue_of(judge(replace(seen(WORK), database="away", overview=None)))
    assert (found.retrying, found.dead_letters, found.completed, found.failed) == (None, None, None, None)
