"""Phase 1: what a person gave, else the plan's own, else made from its opportunities (R6). Pure.

The worker makes Phase 1 by these rules, and the gateway shows by them what an approval would make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NotRequired, TypedDict, get_args

from schemas.channels import channel_name
from schemas.plan import FALLBACK_NAME, FALLBACK_TASK_LIMIT, FALLBACK_WEEKS, PRIORITIES
from schemas.typed.parts import GivenPhase1Data, OpportunityData, PhaseData, PhaseTaskData

#: `rules` is in no event: readers say it of an `agent` Phase 1 whose channels were analysed by the built-in rules.
Origin = Literal["agent", "rules", "fallback", "operator"]
ORIGINS: Final[tuple[Origin, ...]] = get_args(Origin)

FALLBACK_INVESTMENT: Final = "Horas da própria equipe; nenhuma compra prevista"
REVIEW_IMPACT: Final = "Análise do canal revista por uma pessoa antes de qualquer ação"
OPERATOR_IMPACT: Final = "Ganho não estimado: uma pessoa definiu as tarefas"
#: The rule of a Phase 1 that a person gave is this and the person's name.
SET_BY: Final = "set-by:"


class Plan(TypedDict):
    """The input of Phase 1, as in plan.approved."""

    channels: list[str]
    opportunities: list[OpportunityData]
    phases: list[PhaseData]
    phase1: NotRequired[GivenPhase1Data | None]


@dataclass(frozen=True, slots=True)
class Phase1:
    """The tasks of Phase 1 and their source. `tasks` is never empty."""

    origin: Origin
    rule: str
    name: str
    weeks: str
    investment: str
    expected_impact: str
    tasks: list[PhaseTaskData]


def phase1_of(plan: Plan, by: str = "") -> Phase1:
    """Return Phase 1 of an approved plan.

    `plan` has a `phase1` where the person who approved (`by`) gave one: it stands before all rules. A phase counts as
    Phase 1 when its number is 1 and it has a task; otherwise the rules of the fallback serve, in order: opportunities
    (most urgent first, at most five), then one review task for each channel.
    """
    given = plan.get("phase1")  # an event of an older version has no such field
    if given is not None:
        return _given(given, plan, by)
    for phase in plan["phases"]:
        if phase["number"] == 1 and phase["tasks"]:
            return Phase1(
                "agent",
                "phase-number-1",
                phase["name"] or FALLBACK_NAME,
                phase["weeks"] or FALLBACK_WEEKS,
                phase["investment"] or FALLBACK_INVESTMENT,
                phase["expected_impact"] or _impact(plan["opportunities"]),
                list(phase["tasks"]),
            )
    if plan["opportunities"]:
        return _from_opportunities(plan["opportunities"])
    return Phase1(
        "fallback",
        "review-per-channel",
        FALLBACK_NAME,
        FALLBACK_WEEKS,
        FALLBACK_INVESTMENT,
        REVIEW_IMPACT,
        [_review(channel) for channel in plan["channels"]],
    )


def _given(given: GivenPhase1Data, plan: Plan, by: str) -> Phase1:
    """Return the Phase 1 that a person wrote, with defaults for the fields left empty."""
    served = {task["opportunity_id"] for task in given["tasks"]}
    chosen = [o for o in plan["opportunities"] if o["id"] in served]
    return Phase1(
        "operator",
        f"{SET_BY}{by}",
        given["name"] or FALLBACK_NAME,
        given["weeks"] or FALLBACK_WEEKS,
        given["investment"] or FALLBACK_INVESTMENT,
        given["expected_impact"] or (_impact(chosen) if chosen else OPERATOR_IMPACT),
        [{**task, "channel": task["channel"] or plan["channels"][0]} for task in given["tasks"]],
    )


def _from_opportunities(opportunities: list[OpportunityData]) -> Phase1:
    rank: dict[str, int] = {priority: n for n, priority in enumerate(PRIORITIES)}
    # sorted() is stable: among equals the analysis' own order stays
    chosen = sorted(opportunities, key=lambda o: rank.get(o["priority"], 1))[:FALLBACK_TASK_LIMIT]
    return Phase1(
        "fallback",
        f"{chosen[0]['priority']}-priority-opportunities",
        FALLBACK_NAME,
        FALLBACK_WEEKS,
        FALLBACK_INVESTMENT,
        _impact(chosen),
        [
            {
                "title": o["title"],
                "what": o["what"],
                "channel": o["channel"],
                "priority": o["priority"],
                "opportunity_id": o["id"],
            }
            for o in chosen
        ],
    )


def _review(channel: str) -> PhaseTaskData:
    name = channel_name(channel)
    return {
        "title": f"Revisar a análise de {name}",
        "what": f"Nenhuma oportunidade encontrada em {name}: conferir o documento enviado e decidir o próximo passo",
        "channel": channel,
        "priority": "normal",
        "opportunity_id": None,
    }


def _impact(opportunities: list[OpportunityData]) -> str:
    worth = sum(o["worth_brl"] or 0.0 for o in opportunities)
    if worth <= 0:
        return "Ganho ainda sem valor estimado: os dados enviados não permitem calculá-lo"
    whole = f"{worth:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"Até R$ {whole} por mês, pela soma das oportunidades"
