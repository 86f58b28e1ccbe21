"""What is wrong is found once: each kind by what only it shows, in the order of its urgency."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.verdict.finding import Finding
from gateway.verdict.judge import judge
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.reading import EndedSessions
from gateway.verdict.snapshot import SESSIONS_WITHIN_S, Snapshot
from gateway.verdict.traits import Effect, Scope, Severity
from gateway.verdict.words.findings import say
from projections.reads.operations import Flag, Operations
from projections.reads.overview import Aside, Ended, Outbox, Overview, ProjectionLag, Retrying, Undecided, Waiting
from projections.reads.processes import ROLES
from tests.unit.gateway.verdict.examples import (
    EXAMPLES,
    NOW,
    QUIET,
    RUNS,
    WELL,
    and_also,
    behind,
    breaker,
    kinds,
    letters,
    process,
    seen,
    stalled,
    watchdog,
    without,
)

RUNBOOKS = Path(__file__).parents[4] / "docs" / "runbooks"
REFERENCE = RUNBOOKS.parent / "resilience.md"


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    verdict = judge(WELL)

    assert (verdict.findings, verdict.status, verdict.as_of) == ((), None, NOW)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_found_and_nothing_else_is(kind: Kind) -> None:
    verdict = judge(EXAMPLES[kind])

    assert [found.kind for found in verdict.findings] == [kind]
    effect = TRAITS[kind].effect
    assert verdict.status == (effect if effect in (Effect.DOWN, Effect.DEGRADED) else None)


@pytest.mark.parametrize("kind", Kind)
def test_a_verdict_has_its_findings_as_wrong_or_as_notices(kind: Kind) -> None:
    verdict = judge(EXAMPLES[kind])

    assert [one for one in Kind if verdict.has(one)] == [kind]
    effect = TRAITS[kind].effect
    assert verdict.notices == (verdict.findings if effect is Effect.NOTICE else ())
    assert verdict.wrong == (() if effect in (Effect.NOTICE, Effect.NOTE) else verdict.findings)
    assert verdict.asking == (() if effect is Effect.NOTE else verdict.findings)


def test_the_order_of_kinds_is_that_of_urgency() -> None:
    """What takes the system down, then what degrades it, then notices; the system before the business."""
    effects, severities = list(Effect), list(Severity)

    def urgency(kind: Kind) -> tuple[int, int, int]:
        traits = TRAITS[kind]
        return effects.index(traits.effect), list(Scope).index(traits.scope), severities.index(traits.severity)

    assert set(TRAITS) == set(Kind)
    assert all(urgency(one) <= urgency(other) for one, other in pairwise(Kind))


def test_the_worst_comes_first_whatever_was_seen_first() -> None:
    everything = Snapshot(
        NOW,
        "answers",
        0.01,
        "off",
        overview=replace(
            QUIET, tasks={"failed": Waiting(1, 9.0)}, outbox=Outbox(7, 12.0), aside=Aside(Undecided(4, 1, 9))
        ),
        operations=replace(stalled("worker-gone", 3, 1), processes=[process("gateway")]),
    )

    found = kinds(everything)

    assert found == sorted(found, key=list(Kind).index)
    assert found[0] is Kind.PLANS_ESCALATED
    assert found[-1] is Kind.TASKS_FAILED


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_has_a_runbook_that_is_there_or_says_it_all(kind: Kind) -> None:
    page, _, section = TRAITS[kind].runbook.partition("#")
    if not page:  # a note opens no alert, and of plans and tasks a list says it all
        assert TRAITS[kind].effect is Effect.NOTE or TRAITS[kind].scope is Scope.BUSINESS
        return
    heads = [
        line.lstrip("# ").strip("`").lower() for line in (RUNBOOKS / page).read_text().splitlines() if line[:1] == "#"
    ]
    assert not section or section in [head.replace(" ", "-") for head in heads], heads


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_documented(kind: Kind) -> None:
    table = REFERENCE.read_text().split("## Findings")[1].split("\n## ")[0]
    row = next(line for line in table.splitlines() if line.startswith(f"| `{kind}` |"))
    traits = TRAITS[kind]
    assert [cell.strip() for cell in row.split("|")[2:4]] == [traits.effect, traits.severity]


def test_values_are_those_of_the_kind() -> None:
    with pytest.raises(TypeError, match="has the values"):
        Finding(Kind.TASKS_FAILED, {"count": 1})
    with pytest.raises(TypeError, match="is a count"):
        Finding(Kind.TASKS_FAILED, {"count": "1", "age": 3.0})


def test_of_a_database_that_is_away_nothing_else_is_known() -> None:
    assert kinds(replace(EXAMPLES[Kind.DATABASE_AWAY], refused="full", relay="off", unheard_s=99.0)) == [
        Kind.DATABASE_AWAY
    ]


def test_the_broker_is_away_once_however_many_say_so() -> None:
    away = replace(RUNS, processes=[*RUNS.processes, watchdog(7.0)])
    assert kinds(seen(operations=away, relay="failing", relay_failing_s=7.0)) == [Kind.BROKER_AWAY]


def test_one_watchdog_alone_that_does_not_reach_the_broker_is_not_believed() -> None:
    """One watchdog may be cut off itself, so the others decide. One that says nothing any more is not asked."""
    two = replace(RUNS, processes=[*RUNS.processes, watchdog(7.0), watchdog(0.0)])
    assert kinds(seen(operations=two)) == []
    frozen = replace(RUNS, processes=[*RUNS.processes, watchdog(7.0, silent_seconds=60.0)])
    assert kinds(seen(operations=frozen)) == [Kind.PROCESS_SILENT]


def test_a_plans_own_breaker_is_no_news_for_everybody() -> None:
    assert kinds(seen(operations=replace(RUNS, breakers=[breaker("plan:1")]))) == []


@pytest.mark.parametrize("state", ["open", "half_open"])
def test_a_breaker_whose_time_is_over_is_no_news_until_somebody_calls(state: str) -> None:
    over = replace(RUNS, breakers=[breaker("agent:x/m", state, next_call_probes=True)])
    assert kinds(seen(operations=over)) == []


def test_before_anybody_has_said_anything_nobody_is_missing() -> None:
    assert kinds(seen(operations=Operations())) == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_missed(role: str) -> None:
    found = judge(seen(operations=without(role))).findings
    own = {"watchdog": Kind.WATCHDOG_MISSING, "alerts": Kind.ALERTS_MISSING}
    assert [f.kind for f in found] == [own.get(role, Kind.ROLE_MISSING)]
    assert say(found[0]).text.startswith("No alert engine works: " if role == "alerts" else f"No {role} runs: ")


@pytest.mark.parametrize(("idle_s", "silent_s"), [(40.0, 0.2), (0.3, 9.0)])
def test_an_alert_engine_that_looks_at_nothing_is_as_good_as_none(idle_s: float, silent_s: float) -> None:
    engine = process("alerts", progress={"idle_s": idle_s}, silent_seconds=silent_s)
    frozen = replace(RUNS, processes=[*without("alerts").processes, engine])
    assert Kind.ALERTS_MISSING in kinds(seen(operations=frozen))
    second = replace(frozen, processes=[*frozen.processes, process("alerts", source="alerts-2")])
    assert Kind.ALERTS_MISSING not in kinds(seen(operations=second))


@pytest.mark.parametrize(
    ("snapshot", "found"),
    [
        (seen(replace(QUIET, database_bytes=7 * 1024**3), database_limit=10 * 1024**3), []),
        (seen(replace(QUIET, database_bytes=1024**4)), []),
        (seen(replace(QUIET, analysed=Ended(9, 9))), []),
        (seen(replace(QUIET, analysed=Ended(50, 24))), []),
        (seen(operations=replace(RUNS, agents_cost=10_000.0)), []),
        (seen(operations=replace(and_also(process("runner", progress={"budget": 100.0})), agents_cost=79.0)), []),
        (seen(replace(QUIET, plans={"awaiting_approval": Waiting(3, 800_000.0)})), []),
    ],
)
def test_what_is_within_its_limits_or_has_none_is_no_finding(snapshot: Snapshot, found: list[Kind]) -> None:
    assert kinds(snapshot) == found


def test_the_last_of_its_kind_that_went_is_said_to_be_missing_and_not_gone_too() -> None:
    gone = replace(RUNS, processes=[p for p in RUNS.processes if p.role != "pump"] + [process("pump", connected=False)])
    assert kinds(seen(operations=gone)) == [Kind.ROLE_MISSING]


@pytest.mark.parametrize(("role", "found"), [("worker", []), ("watchdog", []), ("gateway", [Kind.ROLE_MISSING])])
def test_one_that_was_asked_to_end_is_awaited_but_a_gateway(role: str, found: list[Kind]) -> None:
    """Its supervisor starts it again; without a gateway nobody is served meanwhile."""
    left = process(role, connected=False, silent_seconds=3.0, leaves="Ana: a new disk")
    rest = without(role)
    assert kinds(seen(operations=replace(rest, processes=[*rest.processes, left]))) == found
    two = [process(role), left]
    assert kinds(seen(operations=replace(rest, processes=[*rest.processes, *two]))) == []


def test_of_plans_that_are_stalled_those_that_a_person_was_asked_for_are_counted_apart() -> None:
    found = judge(seen(operations=stalled("worker-gone", 3, 1))).findings
    assert [(f.kind, f.values["count"]) for f in found] == [(Kind.PLANS_ESCALATED, 1), (Kind.PLANS_STALLED, 2)]
    assert {f.since for f in found} == {NOW - timedelta(seconds=4)}


@pytest.mark.parametrize(
    ("overview", "found"),
    [
        (replace(QUIET, plans_without_phase1=Waiting(1, 3.4)), [Kind.PHASE1_LATE]),
        (replace(QUIET, outbox=Outbox(2, 3.2)), [Kind.OUTBOX_BACKLOG]),
        (replace(QUIET, projection=ProjectionLag(9, 3.2, None)), [Kind.PROJECTIONS_BEHIND]),
        (
            replace(
                QUIET,
                plans={"analyzing": Waiting(2, 90.0)},
                plans_without_phase1=Waiting(7, 1.4),
                outbox=Outbox(2, 1.2),
                projection=ProjectionLag(3, 0.2, None),
            ),
            [],
        ),
    ],
)
def test_what_waits_is_told_before_it_has_waited_for_five_seconds_and_not_at_once(
    overview: Overview, found: list[Kind]
) -> None:
    """Also where everything moves: a plan that queues is no stalled plan, and somebody waits for it all the same."""
    assert kinds(seen(overview)) == found


def test_many_letters_of_long_ago_do_not_grow() -> None:
    assert kinds(seen(letters(5000, 2, 9e5, 9))) == [Kind.DEAD_LETTERS]


def test_a_finding_says_since_when() -> None:
    (found,) = judge(seen(replace(QUIET, outbox=Outbox(2, 30.0)))).findings
    assert found.since == NOW - timedelta(seconds=30)
    (silent,) = judge(EXAMPLES[Kind.PROCESS_SILENT]).findings
    assert silent.since == NOW - timedelta(seconds=9)


@pytest.mark.parametrize(
    ("kind", "values"),
    [(Kind.EVENTS_SET_ASIDE, {"count": 4, "first": 1734}), (Kind.EVENTS_CHANGED, {"count": 2, "first": 1734})],
)
def test_events_that_cannot_go_are_counted_and_the_first_is_named(kind: Kind, values: dict[str, int]) -> None:
    (found,) = judge(EXAMPLES[kind]).findings

    assert found.values == values


def test_several_of_a_kind_are_told_apart() -> None:
    off = [Flag(name, False, "", "Ana", NOW) for name in ("queue_processing", "circuit_breaker")]
    held = [breaker("agent:x/m"), breaker("agent:x/m:shopee")]
    silent = [process("runner", source=f"runner-{n}", silent_seconds=9.0) for n in (1, 2)]
    found = judge(
        seen(operations=replace(and_also(silent[0]), processes=[*RUNS.processes, *silent], flags=off, breakers=held))
    )
    subjects = [(f.kind, f.subject) for f in found.findings]
    assert len(subjects) == len(set(subjects)) == 6


def test_a_plan_that_waits_too_long_says_how_long_that_is_and_who_can_decide() -> None:
    (found,) = judge(seen(replace(QUIET, decisions_late=Waiting(3, 200_000.0)), decision_due_s=7200.0)).findings
    assert found.values == {"count": 3, "age": 200_000.0, "limit": 7200.0, "role": "analyst"}
    assert found.since == NOW - timedelta(seconds=200_000)
    said = say(found)
    assert said.evidence.startswith("More than 2 h is too long")
    assert said.advice.startswith("Whoever has the role analyst, or a higher one, can decide")


def test_what_is_due_in_time_is_not_overdue() -> None:
    waiting = replace(QUIET, aside=Aside(Undecided(), Retrying(3, NOW, 5.0)))
    assert kinds(seen(waiting)) == [Kind.RETRIES_WAITING]


def test_sessions_that_were_ended_are_counted_over_the_last_seconds() -> None:
    ended = EndedSessions()
    assert ended.lately(40, 100.0) == 0, "what was before nobody here saw"
    assert ended.lately(43, 101.0) == 3
    assert ended.lately(43, 101.0 + SESSIONS_WITHIN_S) == 3
    assert ended.lately(43, 103.0 + SESSIONS_WITHIN_S) == 0
    assert ended.lately(1, 120.0) == 0, "it counts anew after a crash"
    assert ended.lately(2, 121.0) == 1


def test_one_session_may_be_ended() -> None:
    assert kinds(seen(sessions_ended=2)) == []


def test_processes_that_are_gone_are_one_finding_and_the_last_is_named() -> None:
    left = [process("worker", source="w-2", pid=8, connected=False, silent_seconds=3.0),
            process("runner", source="r-2", pid=9, connected=False, silent_seconds=1.0)]  # fmt: skip
    verdict = judge(seen(operations=replace(RUNS, processes=[*RUNS.processes, *left])))
    (gone,) = verdict.findings
    assert (gone.kind, gone.values["count"], gone.since) == (Kind.PROCESS_GONE, 2, NOW - timedelta(seconds=3))
    assert say(gone).text == "2 processes are gone, the last one the runner 9 on host."


def test_the_clock_that_is_off_most_is_told_and_how_many_are() -> None:
    clocks = {"worker": 90.0, "runner": -3600.0, "pump": 0.0}
    found = [process(role, source=role, progress={"clock_off_s": off}) for role, off in clocks.items()]
    silent = process("gateway", silent_seconds=9.0, progress={"clock_off_s": 7200.0})
    verdict = judge(seen(operations=replace(RUNS, processes=[*RUNS.processes, *found, silent])))
    (one,) = [finding for finding in verdict.findings if finding.kind is Kind.CLOCKS_OFF]
    assert (one.values["count"], one.values["role"], one.values["off"], one.values["way"]) == (
        *(2, "runner", 3600.0, "behind"),
    )
    assert say(one).text.startswith("2 clocks are off: the runner 7 on host is 1 h behind")


@pytest.mark.parametrize("group", ["agents", "analysis", "retry-pump"])
def test_records_that_wait_long_are_told_by_who_takes_them_up(group: str) -> None:
    (late,) = judge(seen(operations=behind(group, 61.0))).findings
    assert (late.kind, late.values["count"], late.subject) == (Kind.RECORDS_LATE, 1500, group)
    assert late.since == NOW - timedelta(seconds=61)


@pytest.mark.parametrize(
    ("group", "waited_s"),
    [("analysis", 60.0), ("analysis", None), ("projections", 500.0), ("a-group-of-a-later-version", 500.0)],
)
def test_a_burst_that_drains_is_not_told_nor_what_is_not_known_or_told_otherwise(
    group: str, waited_s: float | None
) -> None:
    assert kinds(seen(operations=behind(group, waited_s, records=100_000))) == []
