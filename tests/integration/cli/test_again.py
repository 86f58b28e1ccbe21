"""A whole system analyses a channel of a plan again, asked by the command line; the approval names what was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.samples import write_samples
from tests.integration.cli.conftest import Marketplace
from tests.support.patience import PATIENCE_S, eventually


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that bring a plan through its phases."""
    return ("gateway", "worker", "runner", "projections")


def test_a_channel_is_analysed_again_and_the_plan_approved_by_its_version(
    marketplace: Marketplace, tmp_path: Path
) -> None:
    file = next(one.path for one in write_samples(tmp_path, rows=300) if one.channels == ["shopee"])
    [made] = marketplace.json("upload", str(file), "--channel", "shopee", "--wait")["results"]
    plan = made["planId"]
    before = marketplace.json("show", plan)
    analyse = ("analyse", plan, "--channel", "shopee", "--again")

    asked = marketplace.json(*analyse, "rules")

    eventually(lambda: marketplace.json("show", plan)["version"] == 4)
    after = marketplace.json("show", plan)
    assert (asked["outcome"], asked["status"], asked["version"]) == ("accepted", "awaiting_approval", 3)
    [shopee] = after["channelResults"]
    assert (after["status"], shopee["source"], shopee["asked"]["running"]) == ("awaiting_approval", "rules", False)
    assert shopee["changedAt"] > before["channelResults"][0]["changedAt"]
    assert after["opportunities"] == before["opportunities"]  # the same rules on the same figures

    said = marketplace(*analyse, "agent").stdout
    assert "with the agent" in said

    eventually(lambda: bool(marketplace.json("show", plan)["channelResults"][0]["kept"]))
    after = marketplace.json("show", plan)
    assert after["version"] == 5
    assert after["channelResults"][0]["kept"]["code"] == "no-agent"  # none is configured here
    assert after["opportunities"] == before["opportunities"]
    assert "so this result stays" in " ".join(marketplace("show", plan).stdout.split())

    unnamed = " ".join(marketplace("approve", plan, status=1).stdout.split())
    assert "Name the version that you read: with --version" in unnamed
    assert marketplace("approve", plan, "--version", "4", status=1).stderr
    [done] = marketplace.json("approve", plan, "--version", "5")["results"]
    assert (done["outcome"], done["status"]) == ("accepted", "approved")
    refused = marketplace(*analyse, "rules", status=1).stderr
    assert "only while it awaits approval" in " ".join(refused.split())
    types = [one["type"] for one in marketplace.json("history", plan)["items"]]
    assert types.count("plan.channel.requested_again") == 2
    assert types.count("plan.channel.kept") == 1
    assert types.count("plan.analyzed") == 2
    _phase_after_phase(marketplace, plan)


def _phase_after_phase(marketplace: Marketplace, plan: str) -> None:
    """Work through Phase 1 and have the next phase begin: log and read models agree on every task."""

    def has_its_tasks() -> bool:
        found = marketplace.json("show", plan)
        return found["phase1"] is not None and found["tasks"]["total"] == len(found["phase1"]["tasks"])

    eventually(has_its_tasks)
    early = marketplace("start-phase", plan, status=1).stderr
    assert "No phase can begin now" in " ".join(early.split())
    first = marketplace.json("tasks", "--plan", plan)["items"]
    assert all(task["dueOn"] and not task["overdue"] for task in first)
    for task in first:
        marketplace("task", task["taskId"], "complete")
    eventually(lambda: marketplace.json("show", plan)["status"] == "completed")
    following = marketplace.json("show", plan)["nextPhase"]

    begun, again = [marketplace.json("start-phase", plan, "--phase", str(following["number"])) for _ in range(2)]

    assert (begun["outcome"], again["outcome"]) == ("accepted", "unchanged")
    eventually(
        lambda: len(marketplace.json("tasks", "--plan", plan)["items"]) == len(first) + len(following["tasks"]),
        within_s=PATIENCE_S,
    )
    new = next(t for t in marketplace.json("tasks", "--plan", plan)["items"] if t["phase"] == following["number"])
    marketplace("task", new["taskId"], "reschedule", "2031-05-20")
    eventually(lambda: marketplace.json("task", new["taskId"])["dueOn"] == "2031-05-20")
    assert marketplace.json("show", plan)["verdict"]["values"]["phase"] == following["number"]
    assert "waits for nothing" in " ".join(marketplace("recover", plan, status=1).stderr.split())
    marketplace("verify")


def test_who_is_to_analyse_is_checked(marketplace: Marketplace) -> None:
    marketplace("analyse", "0123", "--channel", "shopee", "--again", "magic", status=2)
    marketplace("approve", "0123", "4567", "--version", "3", status=2)
