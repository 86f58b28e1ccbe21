"""The parts of a plan as it is read: the results of its channels, and the later phases that have begun."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from projections.reads.told import OF_CHANNEL, by_channel, column
from schemas.typed.parts import (
    AgentUseData,
    FallbackData,
    OpportunityCheckData,
    OpportunityData,
    PhaseData,
    UnmatchedNumberData,
)

#: The event calls every Phase 1 of the analysis an agent's. Where the built-in rules analysed all channels that its
#: tasks are for, no agent had a part in it.
ORIGIN: Final = """
    case when phase1 ->> 'origin' = 'agent' and (
           select bool_and(c.source = 'rules') from rm.plan_channel c
            where c.plan_id = plan.plan_id and c.status = 'analyzed'
              and c.channel in (select t ->> 'channel' from jsonb_array_elements(phase1 -> 'tasks') t))
         then 'rules' else phase1 ->> 'origin' end"""
_TOLD: Final = ", ".join(f"'{name}', " + column(name, "c", "h.data") for name in OF_CHANNEL)
#: The channels of a plan: each with what stands apart from its row.
RESULTS: Final = f"""
    (select jsonb_agg(to_jsonb(c) || coalesce(apart.said::jsonb, '{{}}') || jsonb_build_object({_TOLD})
                      order by c.channel)
       from rm.plan_channel c left join rm.plan_body apart on apart.plan_id = c.plan_id and apart.digest = c.body
      cross join lateral (select {by_channel("c")} as data offset 0) h
      where c.plan_id = plan.plan_id)"""  # noqa: S608 - no outside text


@dataclass(frozen=True, slots=True)
class Asked:
    """The last request for another analysis of a channel. `analyst`: agent or rules. `running`: nothing answered it."""

    analyst: str
    by: str
    at: datetime
    running: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Why the last analysis that was asked for again failed: the result before it is still the channel's."""

    analyst: str
    code: str
    reason: str
    at: datetime
    failures: list[FallbackData] = field(default_factory=list)
    use: list[AgentUseData] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """One channel of a plan. `status`: waiting, analyzed or failed (`code` and `reason` say why).

    `changed_at`: since when it is the channel's. `asked` and `kept`: of another analysis that a person asked for.
    `fallback`: which agents failed before whoever wrote this. `unmatched`: numbers in an agent's texts that are none of
    the document's. `use`: what the calls to agents took. `checks`: how each opportunity will be measured; empty
    where it was analysed before that was told.
    """

    channel: str
    status: str
    source: str = ""
    model: str = ""
    summary: str = ""
    opportunities: list[OpportunityData] = field(default_factory=list)
    phases: list[PhaseData] = field(default_factory=list)
    repairs: list[dict[str, Any]] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    code: str = ""
    reason: str = ""
    fallback: list[FallbackData] = field(default_factory=list)
    unmatched: list[UnmatchedNumberData] = field(default_factory=list)
    use: list[AgentUseData] = field(default_factory=list)
    checks: list[OpportunityCheckData] = field(default_factory=list)
    changed_at: datetime | None = None
    asked: Asked | None = None
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class LaterPhase:
    """A phase after Phase 1 that a person has had begin. `tasks` are as they were made."""

    number: int
    name: str
    weeks: str
    investment: str
    expected_impact: str
    tasks: list[dict[str, Any]]
    started_by: str
    started_at: datetime


def later_phase(row: dict[str, Any]) -> LaterPhase:
    """Return a phase that has begun."""
    return LaterPhase(
        row["number"],
        row["name"],
        row["weeks"],
        row["investment"],
        row["expected_impact"],
        row["tasks"],
        row["started_by"],
        datetime.fromisoformat(row["started_at"]),
    )


def channel_result(row: dict[str, Any], *, going: bool) -> ChannelResult:
    """Return the result of a channel. `going`: its plan is where another analysis of it may be under way."""
    asked, kept = row["asked"], row["kept"]
    return ChannelResult(
        channel=row["channel"],
        status=row["status"],
        source=row["source"],
        model=row["model"],
        summary=row["summary"],
        opportunities=row["opportunities"],
        phases=row["phases"],
        repairs=row["repairs"],
        limits=row["limits"],
        code=row["code"],
        reason=row["reason"],
        fallback=row["fallback"],
        unmatched=row["unmatched"],
        use=row["agent_use"],
        checks=row["checks"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
        asked=None
        if asked is None
        else Asked(
            asked["analyst"],
            asked["by"],
            datetime.fromisoformat(asked["at"]),
            # a decision on the plan ends it, too: what would answer then is dropped
            asked["result_version"] >= row["version"] and going,
        ),
        kept=None if kept is None else Kept(**{**kept, "at": datetime.fromisoformat(kept["at"])}),
    )
