"""Gives the pages one verdict on the system, at most a second old, however many pages ask for it."""

from __future__ import annotations

from starlette.requests import Request

from gateway.problems.problem import unavailable
from gateway.services.services import Services
from gateway.verdict.finding import Verdict
from projections.reads.overview import Overview
from schemas.lifecycle import PlanStatus, TaskStatus


async def verdict(request: Request) -> Verdict:
    """Return the verdict of a moment ago. Raises Problem 503 while the database does not answer."""
    services: Services = request.state.services
    found = await services.seen_verdict()
    if found.snapshot.overview is None:
        raise unavailable("The database does not answer. Nothing is lost: try again in a few seconds.")
    return found


async def current(request: Request) -> Overview:
    """Return the figures behind the verdict. Raises as `verdict`."""
    overview = (await verdict(request)).snapshot.overview
    assert overview is not None
    return overview


def forget(request: Request) -> None:
    """Have the next page read anew: something was changed just now."""
    services: Services = request.state.services
    services.verdicts.forget()
    services.views.forget()


async def nav_counts(request: Request) -> dict[str, tuple[str, int]]:
    """Return the badges of the navigation: tone and count, for entries in which something needs a person."""
    found = await verdict(request)
    overview = await current(request)
    badges = {
        "plans_waiting": ("wait", overview.plans.get(PlanStatus.AWAITING_APPROVAL)),
        "tasks_failed": ("fail", overview.tasks.get(TaskStatus.FAILED)),
    }
    counts = {name: (tone, w.count) for name, (tone, w) in badges.items() if w is not None and w.count}
    if undecided := overview.aside.letters.count:
        counts["dead_letters"] = ("fail", undecided)
    if open_alerts := found.snapshot.operations.alerts_open:
        counts["alerts"] = ("fail", open_alerts)
    stalled = sum(found.snapshot.operations.stalled_by_cause.values())
    return {**counts, "stalled": ("fail", stalled)} if stalled else counts
