"""A flood of low-priority work, small: all of it ends, and high-priority work does not wait behind it."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

from bench.flood import Bench
from bench.priority import measure, report
from local.stack import Stack
from streams.guard.lanes import WEIGHTS

#: Seconds of work for a quick machine, too: what waits for less shows no lanes.
FLOOD = 600
EACH = 60


@pytest.mark.timeout(300)
async def test_a_small_flood_is_measured_and_starves_nobody(tmp_path: Path, key: str) -> None:
    env = {"MARKETPLACE_BOOTSTRAP_KEY": key, "MARKETPLACE_LIMITS": "commands=off,reads=off"}
    with Stack(tmp_path / "data", env=env) as stack:
        result = await measure(Bench(stack, key, FLOOD, samples=10, every_s=0.1), contended=EACH)
    print(result["uploads_flood"]["analyzed"], result["uploads_flood"]["worked_off_s"])
    print(result["approvals_flood"]["phase1"], result["approvals_flood"]["overtaken"])

    for what in ("uploads", "approvals"):
        flood = result[f"{what}_flood"]
        assert flood["low"] == FLOOD
        assert flood["low_per_s"] > 0
        assert flood["backlog"][-1]["low analyzed"] >= FLOOD
        assert result[f"{what}_idle"]["latency"]["high"]["count"] == 10
        assert {"high", "normal"} <= flood["latency"].keys()
        assert all(ms >= 0 for ms in flood["legs_ms"]["high"].values())
        assert set(flood["over_idle"]) == set(flood["latency"])
        # a flood that held the others would cost the high ones most of what it lasts
        assert flood["latency"]["high"]["p50_ms"] < max(2.0, flood["worked_off_s"]) * 1000
    # Most low ones wait before most of the high ones come: first come, first served would cost both the same.
    analyzed = result["uploads_flood"]["analyzed"]
    assert analyzed["low"]["count"] == FLOOD
    assert analyzed["high"]["p50_ms"] < analyzed["low"]["p50_ms"] / 2, analyzed
    # High approvals keep coming, and the late ones find little to wait for: what each overtakes tells lanes from luck.
    approved = result["approvals_flood"]
    assert approved["phase1"]["low"]["count"] == FLOOD
    assert approved["phase1"]["high"]["p50_ms"] < approved["phase1"]["low"]["p50_ms"] * 2 / 3, approved["phase1"]
    assert approved["overtaken"], "no high approval found a low one waiting: the flood is too small for this machine"
    assert mean(approved["overtaken"]) > 0.25, approved["overtaken"]  # first come, first served: 0 for each
    assert approved["backlog"][-1]["low with Phase 1"] == FLOOD
    got, due = result["contended"]["shares"], result["contended"]["by_weight"]
    assert got.keys() == WEIGHTS.keys()
    assert all(abs(got[lane] - due[lane]) < 0.12 for lane in WEIGHTS), got
    assert got["low"] > 0
    printed = report({**result, "concurrency": 4})
    assert any(line.startswith("approval") for line in printed)
