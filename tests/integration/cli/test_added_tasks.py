"""A whole system takes a task that a person adds and another text: log, read models and a rebuild agree on both."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.samples import write_samples
from tests.integration.cli.conftest import Marketplace
from tests.support.patience import eventually


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that bring a plan to its tasks."""
    return ("gateway", "worker", "runner", "projections")


def test_a_plan_is_completed_with_an_added_task_whose_text_was_changed(
    marketplace: Marketplace, tmp_path: Path
) -> None:
    file = next(one.path for one in write_samples(tmp_path, rows=300) if one.channels == ["shopee"])
    [made] = marketplace.json("upload", str(file), "--channel", "shopee", "--wait")["results"]
    plan = made["planId"]
    adding = ("add-task", plan, "--title", "Fotos novas", "--reason", "faltava")
    early = marketplace(*adding, status=1).stderr
    assert "takes no further task. Approve it first" in " ".join(early.split())
    marketplace("approve", plan, "--wait")
    first = marketplace.json("tasks", "--plan", plan)["items"]
    opportunity = marketplace.json("show", plan)["opportunities"][0]["id"]

    added = marketplace.json(*adding, "--due", "2031-05-20", "--opportunity", opportunity, "--priority", "high")

    eventually(lambda: len(marketplace.json("tasks", "--plan", plan)["items"]) == len(first) + 1)
    task = marketplace.json("task", added["taskId"])
    assert (task["title"], task["dueOn"], task["opportunityId"]) == ("Fotos novas", "2031-05-20", opportunity)
    assert (task["phase"], task["position"], task["status"]) == (1, len(first) + 1, "open")
    assert task["wordedBy"]
    for identity in (added["taskId"], first[0]["taskId"]):
        marketplace("change-task", identity, "--what", "Com régua", "--reason", "mais claro")
    eventually(lambda: marketplace.json("task", added["taskId"])["version"] == 2)
    eventually(lambda: marketplace.json("task", first[0]["taskId"])["version"] == 2)
    both = [marketplace.json("task", identity) for identity in (added["taskId"], first[0]["taskId"])]
    assert [(one["title"], one["what"]) for one in both] == [
        ("Fotos novas", "Com régua"),
        (first[0]["title"], "Com régua"),
    ]
    assert "Say what changes" in marketplace("change-task", added["taskId"], "--reason", "x", status=2).stderr

    for one in first:
        marketplace("task", one["taskId"], "complete")
    eventually(lambda: marketplace.json("show", plan)["tasks"]["byStatus"].get("completed") == len(first))
    assert marketplace.json("show", plan)["status"] == "executing"
    marketplace("task", added["taskId"], "complete")
    eventually(lambda: marketplace.json("show", plan)["status"] == "completed")
    late = marketplace(*adding, status=1).stderr
    assert "It has ended." in " ".join(late.split())
    said = [(e["type"], e["data"].get("reason")) for e in marketplace.json("history", plan)["items"]]
    assert ("task.added", "faltava") in said
    assert said.count(("task.changed", "mais claro")) == 2
    marketplace("verify", "--contents")
    marketplace("rebuild", "--check")
