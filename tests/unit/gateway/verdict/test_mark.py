"""The mark of a verdict: it says whether an open page has to be read again."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from gateway.verdict.judge import judge
from gateway.verdict.mark import mark_of
from gateway.verdict.snapshot import Snapshot
from projections.reads.overview import Aside, Overview, Undecided, Waiting
from tests.unit.gateway.verdict import examples

LETTERS = examples.seen(examples.letters(3, 0, 60.0))


@pytest.mark.parametrize(
    "other",
    [
        examples.seen(examples.letters(4, 0, 60.0)),
        examples.seen(examples.letters(3, 1, 60.0)),
        examples.seen(),
        examples.seen(examples.letters(3, 0, 60.0), examples.without("pump")),
        examples.seen(examples.letters(3, 0, 60.0), examples.and_also(examples.process("worker", source="worker-2"))),
    ],
)
def test_another_finding_or_process_is_another_mark(other: Snapshot) -> None:
    assert mark_of(judge(LETTERS)) != mark_of(judge(other))


def test_a_view_has_the_mark_of_the_whole() -> None:
    """Who sees less of what is wrong is called to read again as often as who sees all of it."""
    whole = judge(LETTERS)
    view = dataclasses.replace(judge(examples.seen()), mark=mark_of(whole))

    assert mark_of(view) == mark_of(whole)
    assert mark_of(view) != mark_of(judge(examples.seen()))


def test_time_alone_changes_no_mark() -> None:
    """The same letters an hour later, heartbeats and all: nothing is new, so no page is read again."""
    overview = examples.letters(3, 0, 3660.0)
    later = dataclasses.replace(LETTERS, overview=overview, as_of=LETTERS.as_of + timedelta(hours=1), database_s=0.2)

    assert mark_of(judge(later)) == mark_of(judge(LETTERS))


def test_an_outage_that_goes_on_is_one_mark() -> None:
    away, longer = (examples.seen(operations=examples.and_also(examples.watchdog(seconds))) for seconds in (4.0, 95.0))
    aside: Overview = dataclasses.replace(
        examples.QUIET, aside=Aside(Undecided()), plans={"executing": Waiting(1, 2.0)}
    )

    assert mark_of(judge(away)) == mark_of(judge(longer))
    assert mark_of(judge(away)) != mark_of(judge(examples.seen(aside)))
