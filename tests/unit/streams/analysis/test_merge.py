"""Many channels, one plan."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.analysis.merge import Analyzed, Failed, merge
from tests.support.events import PLAN, event, opportunity, phase, phase_task


def analyzed(channel: str, opportunities: list[Any] | None = None, phases: list[Any] | None = None) -> Analyzed:
    data: Any = {"channel": channel, "source": "rules", "opportunities": opportunities or [], "phases": phases or []}
    return {"type": "plan.channel.analyzed", "data": data}


def failed(channel: str) -> Failed:
    data: Any = {"channel": channel, "reason": "the provider is away"}
    return {"type": "plan.channel.failed", "data": data}


def test_a_failed_channel_makes_a_partial_plan_that_says_which_and_why() -> None:
    plan = merge(PLAN, [analyzed("amazon"), failed("shopee")])
    assert plan["partial"] is True
    assert plan["channels"] == [
        {"channel": "amazon", "outcome": "analyzed", "source": "rules", "reason": ""},
        {"channel": "shopee", "outcome": "failed", "source": "none", "reason": "the provider is away"},
    ]


def test_all_channels_make_a_whole_plan_and_none_still_makes_one() -> None:
    assert merge(PLAN, [analyzed("amazon"), analyzed("shopee")])["partial"] is False
    nothing = merge(PLAN, [failed("amazon"), failed("shopee")])
    assert (nothing["partial"], nothing["opportunities"], nothing["phases"]) == (True, [], [])


def test_opportunities_come_most_urgent_first_then_by_worth() -> None:
    plan = merge(
        PLAN,
        [
            analyzed("amazon", [opportunity(1, "low", worth_brl=9e9), opportunity(2, "high", worth_brl=10.0)]),
            analyzed("shopee", [opportunity(3, "high", worth_brl=500.0), opportunity(4, "normal"), opportunity(5)]),
        ],
    )
    assert [o["id"][-1] for o in plan["opportunities"]] == ["3", "2", "5", "4", "1"]


def test_phases_with_one_number_become_one() -> None:
    one = phase(1, [phase_task(1)], investment="R$ 100,00", expected_impact="Menos devoluções")
    two = phase(1, [phase_task(2)], investment="R$ 50,00", expected_impact="Menos devoluções")
    (merged,) = merge(PLAN, [analyzed("amazon", phases=[one]), analyzed("shopee", phases=[two])])["phases"]
    assert [t["title"] for t in merged["tasks"]] == ["Tarefa 1", "Tarefa 2"]
    assert merged["investment"] == "R$ 100,00; R$ 50,00"
    assert merged["expected_impact"] == "Menos devoluções"
    assert len(one["tasks"]) == 1  # the channel's own result stays as it was


def test_phases_come_in_the_order_of_their_numbers_and_those_without_one_last() -> None:
    plan = merge(
        PLAN, [analyzed("amazon", phases=[phase(3), phase(None), phase(1)]), analyzed("shopee", phases=[phase(2)])]
    )
    assert [p["number"] for p in plan["phases"]] == [1, 2, 3, None]


results = st.lists(
    st.one_of(
        st.builds(
            analyzed,
            st.sampled_from(["amazon", "shopee"]),
            st.lists(st.builds(opportunity, st.integers(1, 9), st.sampled_from(["high", "normal", "low"])), max_size=3),
            st.lists(st.builds(phase, st.one_of(st.none(), st.integers(1, 3))), max_size=3),
        ),
        st.builds(failed, st.sampled_from(["magalu", "shein"])),
    ),
    max_size=5,
)


@settings(deadline=None)
@given(results)
def test_nothing_is_lost_and_the_result_is_an_event(parts: list[Analyzed | Failed]) -> None:
    plan = merge(PLAN, parts)
    event("plan.analyzed", plan, version=2)
    whole = [p["data"] for p in parts if p["type"] == "plan.channel.analyzed"]
    assert len(plan["opportunities"]) == sum(len(a["opportunities"]) for a in whole)
    assert sum(len(p["tasks"]) for p in plan["phases"]) == sum(len(p["tasks"]) for a in whole for p in a["phases"])
    assert plan == merge(PLAN, parts)
