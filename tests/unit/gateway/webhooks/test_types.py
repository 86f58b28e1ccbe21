"""A webhook asks for events by their types, or for all of plans or of tasks."""

from __future__ import annotations

from gateway.webhooks.types import KNOWN, asks_for, unknown


def test_it_gets_what_it_asked_for_and_nothing_else() -> None:
    assert asks_for(["plan.approved", "task.*"], "plan.approved")
    assert asks_for(["plan.approved", "task.*"], "task.created")
    assert asks_for(["task.*"], "task.of.a.later.version")
    assert not asks_for(["plan.approved", "task.*"], "plan.rejected")


def test_what_is_no_event_of_plans_or_tasks_is_found() -> None:
    assert unknown([*KNOWN, "plan.*", "task.*"]) == []
    assert unknown(["plan.aproved", "goods.recorded", "*", ""]) == ["plan.aproved", "goods.recorded", "*", ""]
    assert {"plan.uploaded", "plan.phase1.created", "task.created", "task.completed"} <= set(KNOWN)
