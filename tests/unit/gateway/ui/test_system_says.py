"""The line of the frame: what keeps the system from its work, and nothing while it is well."""

from __future__ import annotations

import pytest

from gateway.ui.words import sentences
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Effect, Scope
from tests.unit.gateway.verdict.examples import EXAMPLES


@pytest.mark.parametrize("kind", Kind)
def test_it_says_the_most_urgent_that_keeps_the_system_from_its_work(kind: Kind) -> None:
    verdict = judge(EXAMPLES[kind])
    stops = [
        one.kind
        for one in verdict.findings
        if one.traits.scope is Scope.SYSTEM and one.traits.effect in (Effect.DOWN, Effect.DEGRADED)
    ]
    said = sentences.of_frame(verdict)

    if not stops:
        assert said is None
        return
    assert said is not None
    assert said.key.startswith(str(stops[0]))
    assert (said.as_of, bool(said.mark)) == (verdict.as_of, True)
    assert said.link.startswith("/") or said.runbook


def test_pages_are_calm_while_only_people_are_asked() -> None:
    calm = {kind for kind in Kind if sentences.of_frame(judge(EXAMPLES[kind])) is None}
    assert {Kind.DECISIONS_LATE, Kind.TASKS_OVERDUE, Kind.RECORDS_UNSIGNED} <= calm
    assert not {Kind.DATABASE_HANGS, Kind.BROKER_AWAY, Kind.FLAG_OFF} & calm
