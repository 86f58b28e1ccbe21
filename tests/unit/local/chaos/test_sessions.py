"""The database's memory: sessions that come and go are no leak, and a leak is seen among many that do not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest

from local.chaos.memory import GROWTH_MIB, Sample, Trend, trend
from local.chaos.sessions import MORE, sessions_trend

WHOLE_S = 1800.0
POOLED = 44
Level = Callable[[float], float]


def session(pid: int, begins: float, ends: float, level: Level) -> list[Sample]:
    """Samples of one session; `level` gets its age and says what it takes, in MiB."""
    return [Sample(at, at - begins, pid, level(at - begins)) for at in range(int(begins), int(ends), 2)]


def caching(pid: int) -> Level:
    """A session whose caches fill in three steps, each at some moment of its life."""
    steps = [random.Random(pid).uniform(0, WHOLE_S) for _ in range(3)]
    return lambda age: 3.5 + sum(0.4 for step in steps if age >= step)


def pools(*, every_s: float = WHOLE_S, level: Callable[[int], Level] = caching) -> Iterable[Sample]:
    """All sessions of the pools; a restart ends them every `every_s` seconds."""
    for life in range(int(WHOLE_S // every_s)):
        for number in range(POOLED):
            pid = life * POOLED + number + 1
            yield from session(pid, life * every_s, (life + 1) * every_s, level(pid))


def judged(*samples: Iterable[Sample], warm_s: float = 60.0, whole_s: float = WHOLE_S) -> Trend:
    together = sorted((s for some in samples for s in some), key=lambda s: s.at)
    return sessions_trend("postgres", together, warm_s=warm_s, whole_s=whole_s)


@pytest.mark.parametrize("every_s", [300, 600, 1800])
def test_caches_that_fill_in_steps_are_no_growth(every_s: float) -> None:
    found = judged(pools(every_s=every_s))

    assert found.flat
    assert found.growth_mib is not None
    assert 0 <= found.growth_mib < GROWTH_MIB / 2
    assert found.problem == ""
    assert found.mean_mib == pytest.approx(POOLED * 4, abs=POOLED)


def test_a_storm_of_sessions_is_no_growth_although_their_sum_has_a_slope() -> None:
    pooled = [s for s in pools() if s.at < 120]
    storm = [s for pid in range(20) for s in session(1000 + pid, 84, 110, lambda _: 4.4)]
    taken = dict.fromkeys(range(0, 120, 2), 0.0)
    for sample in (*pooled, *storm):
        taken[int(sample.at)] += sample.mib
    sums = [Sample(at, at + 60.0, 1, mib) for at, mib in taken.items()]

    assert trend("postgres", sums, warm_s=20, whole_s=120).growth_mib > GROWTH_MIB  # type: ignore[operator]
    found = judged(pooled, storm, warm_s=20, whole_s=120)

    assert found.flat
    assert found.growth_mib is not None
    assert found.growth_mib < 1
    assert found.more == 0
    assert found.most_mib > found.mean_mib + 60


def test_one_session_that_leaks_is_seen_among_many() -> None:
    found = judged(pools(), session(1000, 0, WHOLE_S, lambda age: 4 + age / 60))

    assert not found.flat
    assert found.growth_mib == pytest.approx(30, abs=4)
    assert "the memory of postgres grows by" in found.problem


@pytest.mark.parametrize("every_s", [300, 1800])
def test_a_little_in_each_session_is_seen_although_each_restart_gives_it_back(every_s: float) -> None:
    found = judged(pools(every_s=every_s, level=lambda _: lambda age: 4 + age / 1800))

    assert not found.flat
    assert found.growth_mib == pytest.approx(POOLED, rel=0.1)


def test_sessions_that_are_never_closed_are_seen() -> None:
    left = [s for n in range(30) for s in session(1000 + n, 60 * n, WHOLE_S, lambda _: 0.2)]
    found = judged(pools(), left)

    assert found.growth_mib is not None
    assert found.growth_mib < 5
    assert found.more == pytest.approx(30, abs=2)
    assert found.more > MORE
    assert not found.flat
    assert "30 sessions more" in found.problem


def test_sessions_that_never_lived_long_are_not_judged() -> None:
    found = judged(*(session(n + 1, 30 * n, 30 * n + 30, lambda age: 4 + age) for n in range(60)))

    assert found.growth_mib is None
    assert found.flat
    assert found.lives == 60
