"""Whether plans that go wrong can be known beforehand: learned, judged, and said only where it is proven."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bench.foresight.foresee import told
from bench.foresight.judging import BLOCKS, judge
from bench.foresight.model import Model
from bench.foresight.simulated import KINDS, events
from bench.foresight.steps import Event, Foreseen, Seer


def of(*found: tuple[str, str, float]) -> list[Event]:
    return [Event(plan, type_, at, 2, 1000) for plan, type_, at in found]


def test_it_learns_what_goes_before_and_says_it_as_its_reason() -> None:
    model = Model()
    for n in range(400):
        model.learn({"away": float(n % 2), "size": 0.5}, bad=n % 2 == 1)
    assert model.chance({"away": 1.0, "size": 0.5}) > 0.9
    assert model.chance({"away": 0.0, "size": 0.5}) < 0.1
    assert [name for name, _ in model.reasons({"away": 1.0, "size": 0.5})] == ["away"]
    assert model.weights()[0][0] == "away"


def test_it_knows_nothing_at_first_and_is_never_certain() -> None:
    model = Model()
    assert model.chance({"a": 1.0}) == 0.5
    for _ in range(5000):
        model.learn({"a": 1.0}, bad=True)
    assert 0.99 < model.chance({"a": 1.0}) < 1


@pytest.mark.parametrize(
    ("ending", "bad"),
    [("plan.analyzed", False), ("plan.stalled", True), ("plan.channel.failed", True), ("plan.escalated", True)],
)
def test_an_analysis_ends_well_or_not(ending: str, bad: bool) -> None:
    found = list(Seer().read(of(("a", "plan.uploaded", 1), ("a", ending, 2), ("a", "plan.analyzed", 3))))
    assert [one.bad for one in found] == [bad]  # once, whatever comes after it


def test_a_phase_1_is_a_step_of_its_own_and_what_a_person_ends_says_nothing() -> None:
    history = of(
        ("a", "plan.uploaded", 1),
        ("b", "plan.uploaded", 1),
        ("a", "plan.phase1.created", 2),  # of no step that is under way
        ("a", "plan.analyzed", 2),
        ("b", "plan.cancelled", 3),
        ("b", "plan.analyzed", 4),
        ("b", "plan.stalled", 4),
        ("a", "plan.approved", 5),
        ("a", "plan.stalled", 6),
        ("a", "plan.phase1.created", 9),
    )
    assert [one.bad for one in Seer().read(history)] == [False, True]


def test_a_step_is_foreseen_by_what_had_ended_when_it_began() -> None:
    history = of(
        ("a", "plan.uploaded", 1), ("b", "plan.uploaded", 2), ("a", "plan.stalled", 3), ("b", "plan.analyzed", 4)
    )
    assert [(one.base, one.chance) for one in Seer().read(history)] == [(0.5, 0.5), (0.5, 0.5)]
    later = list(Seer().read([*history, *of(("c", "plan.uploaded", 5), ("c", "plan.analyzed", 6))]))
    assert later[2].base == 0.5  # one of two, and one of two as if
    assert later[2].chance != 0.5


def test_a_made_up_history_is_in_order_whole_and_the_same_by_its_seed() -> None:
    for kind in KINDS:
        made = list(events(kind, 300, 7))
        assert len(made) == 600
        assert all(one.at <= other.at for one, other in pairwise(made))
        assert made == list(events(kind, 300, 7)) != list(events(kind, 300, 8))


@pytest.mark.parametrize("seed", [1, 2])
def test_outages_are_foreseen_and_pure_chance_is_not(seed: int) -> None:
    judged = {kind: judge(list(Seer().read(events(kind, 20_000, seed)))) for kind in KINDS}
    outages, chance = judged["outages"], judged["chance"]
    assert outages is not None
    assert chance is not None
    assert (outages.proven, chance.proven) == (True, False)
    assert outages.skill > 0.3
    assert chance.skill < 0.01


def test_who_says_too_much_is_not_proven() -> None:
    found = [Foreseen(0.9 if n % 4 == 0 else 0.6, 0.25, n % 4 == 0) for n in range(400)]
    judgement = judge(found)
    assert judgement is not None
    assert judgement.beside > 0.4
    assert not judgement.proven
    assert "proven: no, it says nothing" in told(judgement, found, Model())


def test_of_few_steps_or_none_that_went_wrong_nothing_is_told() -> None:
    well = [Foreseen(0.1, 0.1, bad=False)] * 100
    assert judge(well) is None
    assert judge([Foreseen(0.1, 0.1, bad=True)] * (BLOCKS - 1)) is None
    assert told(None, well, Model()) == ["Of 100 steps, 0 of which went wrong, nothing can be told."]


def test_the_same_gain_in_each_block_has_no_spread_and_is_not_sure() -> None:
    judgement = judge([Foreseen(0.5, 0.5, bad=True)] * 40)
    assert judgement is not None
    assert (judgement.sure, judgement.skill, judgement.proven) == (0.0, 0.0, False)
