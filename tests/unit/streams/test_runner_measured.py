"""What the runner measures of its agents."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from streams.analysis.agents.patience import ENOUGH, LEAST_S, Patience
from streams.analysis.analyst import EmbeddedAnalyst
from streams.runner import Analysts
from tests.support.counted import counted


def agent(name: str) -> Any:
    return SimpleNamespace(settings=SimpleNamespace(name=name), patience=Patience())


def test_how_long_an_agent_is_waited_for_is_measured_once_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    told = counted(monkeypatch, "runner")
    slow, quick, new = agent("agent:a/slow"), agent("agent:a/quick"), agent("agent:a/new")
    Analysts(EmbeddedAnalyst(), [slow, quick, new]).measure()

    def waits() -> list[float | None]:
        return [told("agent_patience_seconds", agent=f"agent:a/{name}") for name in ("slow", "quick", "new")]

    assert waits() == [None, None, None], "nothing is known yet, which is no zero"
    for _ in range(ENOUGH):
        slow.patience.answered(4.0)
        quick.patience.answered(0.1)
    assert waits() == [12.0, LEAST_S, None]
    for _ in range(ENOUGH):
        slow.patience.given_up(12.0)
    assert waits() == [72.0, LEAST_S, None], "one that has become slow is waited for longer"
