"""A flood of low-priority work, small: all of it ends, and high-priority work does not wait behind it."""

from __future__ import annotations

from pathlib import Path

from bench.lanes.pace import Bench
from bench.priority import measure, report
from streams.guard.lanes import WEIGHTS
from tests.support.systems import Systems

#: Seconds of work for a quick machine, too: what waits for less shows no lanes.
FLOOD = 600
EACH = 60
#: Of the low ones that wait when high ones come, the share that is overtaken at least. Nine of ten are; where whoever
#: comes first is served first, one of thirty is. Not all, since some are under way: so where many wait, many count.
OVERTAKEN = 0.25


async def test_a_small_flood_is_measured_and_starves_nobody(tmp_path: Path, key: str, systems: Systems) -> None:
    env = {"MARKETPLACE_BOOTSTRAP_KEY": key, "MARKETPLACE_LIMITS": "commands=off,reads=off"}
    async with systems.system(tmp_path / "data", env) as stack:
        result = await measure(Bench(stack, key, FLOOD, samples=10, every_s=0.1), contended=EACH)
    for what in ("uploads", "approvals"):
        flood = result[f"{what}_flood"]
        print(what, flood["worked_off_s"], flood["overtaken"])
        # all of it ends
        assert flood["low"] == FLOOD
        # By order, not by time: of the low ones that a high one found waiting, many are done after it. Where whoever
        # comes first is served first, it is next to none, however quick or slow the machine is.
        assert flood["overtaken"], "no high one found a low one waiting: the flood is too small for this machine"
        waiting, passed = map(sum, zip(*flood["overtaken"], strict=True))
        assert passed > OVERTAKEN * waiting, flood["overtaken"]
        # what the benchmark prints is there
        assert flood["low_per_s"] > 0
        assert result[f"{what}_idle"]["latency"]["high"]["count"] == 10
        assert {"high", "normal"} <= flood["latency"].keys() == set(flood["over_idle"])
        assert all(ms >= 0 for ms in flood["legs_ms"]["high"].values())
    assert result["uploads_flood"]["backlog"][-1]["low analyzed"] >= FLOOD
    assert result["uploads_flood"]["analyzed"]["low"]["count"] == FLOOD
    assert result["approvals_flood"]["phase1"]["low"]["count"] == FLOOD
    assert result["approvals_flood"]["backlog"][-1]["low with Phase 1"] == FLOOD
    got, due = result["contended"]["shares"], result["contended"]["by_weight"]
    assert got.keys() == WEIGHTS.keys()
    assert all(abs(got[lane] - due[lane]) < 0.12 for lane in WEIGHTS), got
    assert got["low"] > 0
    printed = report({**result, "concurrency": 4})
    assert any(line.startswith("approval") for line in printed)
