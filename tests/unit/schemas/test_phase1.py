"""R6: Phase 1 is the plan's own, or made of what the plan has. It is never empty."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.phase1 import FALLBACK_INVESTMENT, OPERATOR_IMPACT, REVIEW_IMPACT, Phase1, Plan, phase1_of
from schemas.plan import FALLBACK_NAME, FALLBACK_TASK_LIMIT, FALLBACK_WEEKS
from schemas.typed.parts import GivenPhase1Data, OpportunityData, PhaseData
from tests.support.events import given_phase1, opportunity, phase, phase_task


def of(
    phases: list[PhaseData] | None = None,
    opportunities: list[OpportunityData] | None = None,
    channels: list[str] | None = None,
) -> Phase1:
    return phase1_of(
        {"phases": phases or [], "opportunities": opportunities or [], "channels": channels or ["shopee", "amazon"]}
    )


def titles(phase1: Phase1) -> list[str]:
    return [task["title"] for task in phase1.tasks]


def test_the_plans_own_phase_1_is_taken_as_it_is() -> None:
    own = phase(1, [phase_task(1), phase_task(2)], name="Fase 1 - Arrumar a casa")
    made = of([phase(2), own], [opportunity()])
    assert (made.origin, made.rule) == ("agent", "phase-number-1")
    assert (made.name, made.weeks, made.investment, made.expected_impact) == (
        "Fase 1 - Arrumar a casa",
        "Semanas 1-4",
        "R$ 100,00",
        "Menos devoluções",
    )
    assert made.tasks == own["tasks"]


def test_empty_texts_of_the_plans_own_phase_are_filled() -> None:
    made = of([phase(1, name="", weeks="", investment="", expected_impact="")], [opportunity(worth_brl=1234.5)])
    assert made.origin == "agent"
    assert (made.name, made.weeks, made.investment) == (FALLBACK_NAME, FALLBACK_WEEKS, FALLBACK_INVESTMENT)
    assert made.expected_impact == "Até R$ 1.234,50 por mês, pela soma das oportunidades"


@pytest.mark.parametrize(
    "phases",
    [[], [phase(2)], [phase(None)], [phase(1, [])], [phase(0), phase(None), phase(11)]],
    ids=["none", "only 2", "no number", "no task", "0, none and 11"],
)
def test_without_a_phase_1_that_has_tasks_the_opportunities_serve(phases: list[PhaseData]) -> None:
    made = of(phases, [opportunity(1)])
    assert (made.origin, made.rule) == ("fallback", "high-priority-opportunities")
    assert (made.name, made.weeks) == ("Fase 1 - Otimizações de Impacto Rápido", "Semanas 1-4")
    assert made.tasks == [
        {
            "title": "Oportunidade 1",
            "what": "Fazer 1",
            "channel": "mercado_livre",
            "priority": "high",
            "opportunity_id": "mercado_livre-1",
        }
    ]
    assert made.investment
    assert made.expected_impact


def test_a_later_phase_1_with_tasks_counts() -> None:
    assert of([phase(1, []), phase(1, [phase_task(7)])]).rule == "phase-number-1"


def test_high_comes_first_and_five_are_enough() -> None:
    mixed = [opportunity(n, p) for n, p in enumerate(["low", "high", "normal", "high", "low", "normal", "high"])]
    made = of(opportunities=mixed)
    assert titles(made) == [f"Oportunidade {n}" for n in (1, 3, 6, 2, 5)]
    assert made.rule == "high-priority-opportunities"


@pytest.mark.parametrize(
    ("priorities", "rule"),
    [
        (["normal", "low"], "normal-priority-opportunities"),
        (["low", "low"], "low-priority-opportunities"),
        (["low", "normal"], "normal-priority-opportunities"),
    ],
)
def test_without_high_the_next_priorities_serve(priorities: list[str], rule: str) -> None:
    assert of(opportunities=[opportunity(n, p) for n, p in enumerate(priorities)]).rule == rule


def test_among_equals_the_order_of_the_analysis_stays() -> None:
    made = of(opportunities=[opportunity(n) for n in (5, 3, 9, 1)])
    assert titles(made) == [f"Oportunidade {n}" for n in (5, 3, 9, 1)]


def test_with_nothing_at_all_each_channel_is_reviewed() -> None:
    made = of(channels=["shopee", "mercado_livre", "later_channel"])
    assert (made.origin, made.rule, made.expected_impact) == ("fallback", "review-per-channel", REVIEW_IMPACT)
    assert titles(made) == [f"Revisar a análise de {c}" for c in ("Shopee", "Mercado Livre", "later_channel")]
    assert [task["channel"] for task in made.tasks] == ["shopee", "mercado_livre", "later_channel"]


@pytest.mark.parametrize(
    ("worth", "says"),
    [
        ([None, None], "Ganho ainda sem valor estimado: os dados enviados não permitem calculá-lo"),
        ([0.0], "Ganho ainda sem valor estimado: os dados enviados não permitem calculá-lo"),
        ([1000.0, None, 234.567], "Até R$ 1.234,57 por mês, pela soma das oportunidades"),
        ([1_234_567.8], "Até R$ 1.234.567,80 por mês, pela soma das oportunidades"),
    ],
)
def test_the_expected_impact_is_a_sum_or_says_why_not(worth: list[float | None], says: str) -> None:
    made = of(opportunities=[opportunity(n, worth_brl=w) for n, w in enumerate(worth)])
    assert made.expected_impact == says


def by_hand(given: GivenPhase1Data, **plan: Any) -> Phase1:
    whole: Any = {"phases": [], "opportunities": [], "channels": ["shopee", "amazon"], "phase1": given, **plan}
    return phase1_of(whole, "ana.souza")


def test_what_a_person_gave_stands_before_every_rule() -> None:
    given = given_phase1(
        [phase_task(8), phase_task(9)], name="Fase da Ana", weeks="Semana 1", investment="R$ 10,00", expected_impact="x"
    )
    made = by_hand(given, phases=[phase(1)], opportunities=[opportunity()])
    assert (made.origin, made.rule) == ("operator", "set-by:ana.souza")
    assert (made.name, made.weeks, made.investment, made.expected_impact) == (
        "Fase da Ana",
        "Semana 1",
        "R$ 10,00",
        "x",
    )
    assert made.tasks == [phase_task(8), phase_task(9)]


def test_what_a_person_left_empty_is_filled() -> None:
    made = by_hand(given_phase1([phase_task(1, channel="")]))
    assert (made.name, made.weeks, made.investment) == (FALLBACK_NAME, FALLBACK_WEEKS, FALLBACK_INVESTMENT)
    assert made.expected_impact == OPERATOR_IMPACT
    assert [task["channel"] for task in made.tasks] == ["shopee"]


def test_the_impact_of_given_tasks_is_that_of_the_opportunities_they_serve() -> None:
    found = [opportunity(n, worth_brl=100.0 * n) for n in (1, 2, 4)]
    tasks = [phase_task(n, opportunity_id=f"mercado_livre-{n}") for n in (1, 4)] + [phase_task(9)]
    made = by_hand(given_phase1(tasks), opportunities=found)
    assert made.expected_impact == "Até R$ 500,00 por mês, pela soma das oportunidades"


def test_an_approval_without_one_is_as_before() -> None:
    plan: Plan = {"phases": [phase(1)], "opportunities": [], "channels": ["shopee"]}
    assert phase1_of({**plan, "phase1": None}, "ana") == phase1_of(plan) == phase1_of(plan, "ana")
    assert phase1_of(plan).origin == "agent"


def test_the_plan_is_not_changed() -> None:
    own = phase(1)
    made = of([own])
    made.tasks.append(phase_task(99))
    assert len(own["tasks"]) == 1


words = st.text(max_size=20)
priorities = st.sampled_from(["high", "normal", "low"])
tasks = st.builds(lambda t, p: phase_task(1, title=t, priority=p), words, priorities)
phases = st.builds(
    lambda number, ts, name: phase(number, ts, name=name),
    st.one_of(st.none(), st.integers(-3, 9)),
    st.lists(tasks, max_size=4),
    words,
)
opportunities = st.builds(
    lambda n, p, w: opportunity(n, p, worth_brl=w),
    st.integers(0, 99),
    priorities,
    st.one_of(st.none(), st.floats(-1e9, 1e9)),
)


@settings(deadline=None)
@given(
    st.lists(phases, max_size=4),
    st.lists(opportunities, max_size=9),
    st.lists(st.sampled_from(["shopee", "amazon", "magalu"]), min_size=1, max_size=3, unique=True),
)
def test_whatever_the_plan_phase_1_is_never_empty(
    phases: list[PhaseData], opportunities: list[OpportunityData], channels: list[str]
) -> None:
    made = of(phases, opportunities, channels)
    assert made.tasks
    assert made.name
    assert made.weeks
    assert made.investment
    assert made.expected_impact
    assert (made.origin == "agent") == any(p["number"] == 1 and p["tasks"] for p in phases)
    if made.origin == "fallback" and opportunities:
        assert len(made.tasks) == min(len(opportunities), FALLBACK_TASK_LIMIT)
    elif made.origin == "fallback":
        assert len(made.tasks) == len(channels)
    assert made == of(phases, opportunities, channels)
