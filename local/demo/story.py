"""The main job over HTTP, as any client would do it: upload, plans, approval, tasks."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.cli.client import PLANS, Client
from gateway.cli.commands.watching import has_its_tasks
from gateway.cli.failures import Refused, Unreachable
from local.demo.system import DemoFailed, Say
from local.samples import Sample
from schemas.lifecycle import PLAN, PlanStatus

PAUSE_S = 0.2
REMIND_S = 10.0
Plan = dict[str, Any]


def play(client: Client, samples: list[Sample], timeout: float, say: Say) -> list[Plan]:
    """Take every sample from upload to tasks and return the plans, in the order of the samples.

    One plan is left for whoever looks at the demo to decide: of those that wait, the one with the most opportunities.
    """
    deadline = time.monotonic() + timeout
    ids = [_upload(client, sample, say) for sample in samples]
    plans = _wait(client, ids, "being analysed", lambda plan: plan["status"] != PlanStatus.ANALYZING, deadline, say)
    waiting = [plan for plan in plans if plan["status"] == PlanStatus.AWAITING_APPROVAL]
    left = max(waiting, key=lambda plan: len(plan["opportunities"]))["planId"] if len(plans) > 1 and waiting else None
    _approve(client, [plan["planId"] for plan in waiting if plan["planId"] != left], say)
    return _wait(
        client,
        ids,
        "without all their tasks",
        lambda plan: plan["planId"] == left or has_its_tasks(plan),
        deadline,
        say,
    )


def left_waiting(plans: list[Plan]) -> Plan | None:
    """Return the plan that waits for a person, None where none does."""
    return next((plan for plan in plans if plan["status"] == PlanStatus.AWAITING_APPROVAL), None)


def _upload(client: Client, sample: Sample, say: Say) -> str:
    try:
        found = _send(client, sample.path, sample, again=False)
        said = "uploaded"
    except Refused as refusal:
        if "planId" not in refusal.problem:
            raise DemoFailed(f"{sample.path.name} was refused: {refusal.title}. {refusal.detail}") from None
        found, said = refusal.problem, "has a plan from before"
        if refusal.problem["currentStatus"] in PLAN.given_up:  # it stays so: another plan is made of that document
            found, said = _send(client, sample.path, sample, again=True), "uploaded again"
    identity = str(found["planId"])
    say(f"  {sample.path.name:<44} {said}: plan {identity[:8]}")
    return identity


def _send(client: Client, path: Path, sample: Sample, *, again: bool) -> dict[str, Any]:
    fields = {"channels": ",".join(sample.channels), "title": sample.title, "again": "true" if again else ""}
    with path.open("rb") as content:
        return client.upload(path, content, fields)


def _approve(client: Client, ids: list[str], say: Say) -> None:
    say(f"approving {len(ids)} plans")
    if not ids:
        return
    body = {"action": "approve", "ids": ids, "reason": "Approved by the demo"}
    for result in client.send("POST", f"{PLANS}/bulk", body)["results"]:
        if result["outcome"] not in {"accepted", "unchanged"}:
            raise DemoFailed(f"plan {result['planId']} was not approved: {result['problem']['detail']}")


def _wait(
    client: Client, ids: list[str], word: str, done: Callable[[Plan], bool], deadline: float, say: Say
) -> list[Plan]:
    """Return the plans once all are done. A gateway that is away for a moment is waited for, too."""
    plans: dict[str, Plan] = {}
    reminded = time.monotonic()
    while missing := [identity for identity in ids if identity not in plans]:
        for identity in missing:
            plan = _read(client, identity)
            if plan is None:
                continue
            if plan["status"] in PLAN.given_up:
                raise DemoFailed(f"plan {identity} is {plan['status']}: {plan['reason'] or 'somebody else did that'}")
            if done(plan):
                plans[identity] = plan
        now = time.monotonic()
        if len(plans) == len(ids):
            break
        if now > deadline:
            left = ", ".join(identity for identity in ids if identity not in plans)
            raise DemoFailed(f"plans {word} when the time was up: {left}")
        if now - reminded > REMIND_S:
            reminded = now
            say(f"  {len(ids) - len(plans)} plans {word}")
        time.sleep(PAUSE_S)
    return [plans[identity] for identity in ids]


def _read(client: Client, identity: str) -> Plan | None:
    try:
        return client.get(f"{PLANS}/{identity}")
    except Unreachable:
        return None
    except Refused as refusal:
        if refusal.status == 404 or refusal.status >= 500:  # not in the read model yet; or it starts again
            return None
        raise
