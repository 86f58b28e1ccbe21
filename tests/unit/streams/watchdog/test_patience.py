"""How patient the watchdog is told to be, and which setting is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.process.settings import SettingsError
from streams.watchdog.care import again_s
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import Wait


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({"MARKETPLACE_PHASE1_DUE": "soon"}, "MARKETPLACE_PHASE1_DUE"),
        ({"MARKETPLACE_ANALYSIS_DUE": "0"}, "MARKETPLACE_ANALYSIS_DUE"),
        ({"MARKETPLACE_LAG_PATIENCE": "nan"}, "MARKETPLACE_LAG_PATIENCE"),
        ({"MARKETPLACE_START_PATIENCE": "-1"}, "MARKETPLACE_START_PATIENCE"),
        ({"MARKETPLACE_RECONNECT_PATIENCE": "0"}, "MARKETPLACE_RECONNECT_PATIENCE"),
        ({"MARKETPLACE_AGENT_DEADLINE": "inf"}, "MARKETPLACE_AGENT_DEADLINE"),
        ({"MARKETPLACE_AGENT_DEADLINE": "241"}, "MARKETPLACE_AGENT_DEADLINE must be at most 240, not 241"),
        ({"MARKETPLACE_WATCHDOG_KILL": "maybe"}, "MARKETPLACE_WATCHDOG_KILL"),
    ],
)
def test_a_wrong_setting_is_named(env: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Patience.from_env(env)


def test_the_analysis_is_due_some_time_after_the_agents_own_deadline() -> None:
    found: Any = Patience.from_env({"MARKETPLACE_AGENT_DEADLINE": "10"})
    assert (found.analysis_due_s, found.phase1_due_s, found.kill) == (25.0, 1.0, True)
    assert found.due_s("analysis") == 25.0


def test_how_long_who_has_just_begun_is_left_alone_is_a_setting() -> None:
    found = Patience.from_env({"MARKETPLACE_START_PATIENCE": "2", "MARKETPLACE_RECONNECT_PATIENCE": "0.5"})
    assert (found.young_s, found.settle_s) == (2.0, 0.5)
    assert Patience.from_env({}) == Patience()


@pytest.mark.parametrize(
    ("in_log_s", "in_s"), [(0.0, 1.5), (1.4, 1.5), (1.6, 1.45), (2.9, 0.15), (3.0, 1.5), (90.0, 1.5)]
)
def test_a_plan_in_a_backlog_is_looked_at_when_its_reader_could_be_found_deaf(in_log_s: float, in_s: float) -> None:
    wait = Wait("p", "phase1", waited_s=in_log_s + 0.1, late_s=in_log_s, in_log_s=in_log_s)
    assert again_s(wait) == pytest.approx(in_s)
