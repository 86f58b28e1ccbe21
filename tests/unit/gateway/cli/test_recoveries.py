"""`recoveries`: what stalled and what was done about it, in words."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from gateway.cli.views.operations import recoveries

ROW: dict[str, Any] = {
    "planId": "02d29264-1849-43aa-8ec8-ad6a4f46fbbd", "at": "2026-05-04T12:00:00Z", "cause": "runner-gone",
    "attempt": 1,
    "action": "", "evidence": {}, "recommendation": "", "stalledMs": None,
}  # fmt: skip


def shown(**values: Any) -> str:
    console = Console(width=200)
    with console.capture() as said:
        console.print(recoveries([{**ROW, **values}]))
    return said.get()


def test_causes_and_recoveries_are_words_and_what_is_newer_is_its_name() -> None:
    begun = shown(type="plan.recovery.started", action="fail-channels")
    assert "no runner runs" in begun
    assert "the rules analyse the missing channels, attempt 1" in begun
    newer = shown(type="plan.recovery.started", action="of-a-later-version", cause="another")
    assert "another" in newer
    assert "of-a-later-version, attempt 1" in newer


def test_evidence_is_named_by_words() -> None:
    assert "lag agents 0, missing amazon" in shown(
        type="plan.stalled", evidence={"missing": "amazon", "lag_agents": "0"}
    )
