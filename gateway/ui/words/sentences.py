"""The one sentence of a page answers: is anything wrong, and what do I do about it."""

from __future__ import annotations

from typing import Any, Final

from gateway.operations.findings import ANALYSIS_LATE_S, OUTBOX_LATE_S, PHASE1_LATE_S, PROJECTION_LATE_S
from gateway.ui.formats import span
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.words.sentence import Sentence
from gateway.ui.words.system_sentences import of_operations
from projections.reads.operations import Operations
from projections.reads.overview import Overview, Waiting
from schemas.lifecycle import PLAN, TASK, PlanStatus, TaskStatus

_NONE: Final = Waiting(0, 0.0)


def of_overview(seen: Overview, running: Operations | None = None) -> Sentence:
    """Answer for the whole system, the worst first."""
    trouble = None if running is None else of_operations(running)
    if trouble is not None:
        return trouble
    if seen.outbox.waiting and seen.outbox.oldest_seconds > OUTBOX_LATE_S:
        return Sentence(
            "fail",
            "alert",
            ngettext(
                "The broker does not take events: %(n)s waits, for %(age)s.",
                "The broker does not take events: %(n)s wait, the oldest for %(age)s.",
                seen.outbox.waiting,
                age=span(seen.outbox.oldest_seconds),
            ),
            _("Nothing is lost: they are kept in the database and go out in order once the broker is back."),
        )
    stuck = _stuck(seen)
    if stuck is not None:
        return stuck
    if seen.projection.behind and seen.projection.oldest_seconds > PROJECTION_LATE_S:
        return Sentence(
            "retry",
            "alert",
            _("This page is behind: what you see is about %(age)s old.", age=span(seen.projection.oldest_seconds)),
            _("Work goes on. The read models catch up by themselves; if the age grows, look at the projections."),
        )
    failed = seen.tasks.get(TaskStatus.FAILED, _NONE)
    if failed.count:
        return Sentence(
            "retry",
            "alert",
            ngettext("%(n)s task failed.", "%(n)s tasks failed.", failed.count),
            _("Retry them or cancel them: a plan is complete when each of its tasks has ended."),
            "/tasks?status=failed",
            _("Show failed tasks"),
        )
    return _undecided(seen) or _flowing(seen)


def _undecided(seen: Overview) -> Sentence | None:
    letters = seen.aside.letters
    if not letters.count:
        return None
    return Sentence(
        "wait",
        "person-waits",
        ngettext(
            "%(n)s dead letter waits for a decision, for %(age)s.",
            "%(n)s dead letters wait for a decision, the oldest for %(age)s.",
            letters.count,
            age=span(letters.oldest_seconds),
        ),
        _("Everything else goes on. Replay them once their cause is mended, or discard them."),
        "/dead",
        _("Show dead letters"),
    )


def _stuck(seen: Overview) -> Sentence | None:
    for status, waiting, late_s in (
        (PlanStatus.APPROVED, seen.plans_without_phase1, PHASE1_LATE_S),
        (PlanStatus.ANALYZING, seen.plans.get(PlanStatus.ANALYZING, _NONE), ANALYSIS_LATE_S),
    ):
        if waiting.count and waiting.oldest_seconds > late_s:
            return Sentence(
                "fail",
                "alert",
                _stuck_text(status, waiting),
                _("That is longer than it should take. Nothing is lost; check that the workers run."),
                f"/plans?status={status}&sort=uploadedAt",
                _("Show them"),
            )
    return None


def _stuck_text(status: PlanStatus, waiting: Waiting) -> str:
    age = span(waiting.oldest_seconds)
    if status is PlanStatus.APPROVED:
        return ngettext(
            "%(n)s approved plan waits for its Phase 1, for %(age)s.",
            "%(n)s approved plans wait for their Phase 1, the oldest for %(age)s.",
            waiting.count,
            age=age,
        )
    return ngettext(
        "%(n)s plan is still being analysed, for %(age)s.",
        "%(n)s plans are still being analysed, the oldest for %(age)s.",
        waiting.count,
        age=age,
    )


def _flowing(seen: Overview) -> Sentence:
    waiting = seen.plans.get(PlanStatus.AWAITING_APPROVAL, _NONE)
    if waiting.count:
        return Sentence(
            "wait",
            "person-waits",
            ngettext(
                "All flowing. %(n)s plan waits for your decision, for %(age)s.",
                "All flowing. %(n)s plans wait for your decision, the oldest for %(age)s.",
                waiting.count,
                age=span(waiting.oldest_seconds),
            ),
            _("Read it, then approve or reject it: approval turns Phase 1 into tasks."),
            f"/plans?status={PlanStatus.AWAITING_APPROVAL}&sort=uploadedAt",
            _("Review"),
        )
    running = sum(seen.plans.get(s, _NONE).count for s in PLAN.waiting_for_system)
    if running:
        return Sentence(
            "run",
            "running",
            ngettext(
                "All flowing. %(n)s plan is being worked on.", "All flowing. %(n)s plans are being worked on.", running
            ),
            _("There is nothing for you to do now."),
        )
    todo = sum(seen.tasks.get(s, _NONE).count for s in TASK.going)
    if todo:
        return Sentence(
            "done",
            "check-circle",
            ngettext("All flowing. %(n)s task is left to do.", "All flowing. %(n)s tasks are left to do.", todo),
            "",
            "/tasks",
            _("Show tasks"),
        )
    if seen.plans:
        return Sentence("done", "check-circle", _("All quiet: nothing waits, nothing failed."))
    return Sentence(
        "done",
        "check-circle",
        _("Ready for the first document."),
        _("Upload a marketplace export or report; a plan for each channel follows within seconds."),
        "/plans?upload=open#upload",
        _("Upload a document"),
    )


def of_plan(plan: Any) -> Sentence:
    """Say what happens to a plan now and what the reader can do."""
    match plan.status:
        case PlanStatus.ANALYZING:
            done = sum(1 for r in plan.channel_results if r.status != "waiting")
            return Sentence(
                "run",
                "scan",
                _("%(done)s of %(all)s channels analysed.", done=done, all=len(plan.channel_results)),
                _("The plan appears here by itself, channel by channel. You can go on with something else."),
            )
        case PlanStatus.AWAITING_APPROVAL:
            text = ngettext(
                "%(n)s opportunity found. The plan waits for your decision.",
                "%(n)s opportunities found. The plan waits for your decision.",
                plan.opportunity_count,
            )
            if plan.partial:
                advice = _("Some channels failed, see below; what was found can be approved without them.")
            elif plan.opportunity_count:
                advice = _("Approve it to turn Phase 1 into tasks, or reject it and say why.")
            else:
                advice = _("Approval makes one review task per channel, so that a person looks at each.")
            return Sentence("wait", "person-waits", text, advice)
        case PlanStatus.APPROVED:
            return Sentence(
                "run",
                "bolt",
                _("Approved by %(who)s. Phase 1 is being made into tasks.", who=plan.decided_by),
                _("This takes a moment; the tasks appear here by themselves."),
            )
        case PlanStatus.EXECUTING:
            return _executing(plan)
        case PlanStatus.COMPLETED:
            return Sentence(
                "done",
                "check-circle",
                _("Completed: every task has ended."),
                _(
                    "%(done)s done, %(gone)s cancelled.",
                    done=plan.tasks.by_status.get(TaskStatus.COMPLETED, 0),
                    gone=plan.tasks.by_status.get(TaskStatus.CANCELLED, 0),
                ),
            )
        case PlanStatus.REJECTED:
            return Sentence(
                "fail",
                "thumb-down",
                _("Rejected by %(who)s.", who=plan.decided_by),
                plan.reason or _("No reason was given."),
            )
        case PlanStatus.CANCELLED:
            return Sentence(
                "off",
                "ban",
                _("Cancelled by %(who)s.", who=plan.decided_by),
                plan.reason or _("No reason was given."),
            )
    return Sentence(
        "off",
        "info",
        _("This plan is in a state that this version does not know: %(s)s.", s=plan.status),
        _("A newer version of the system wrote it. What is known of it is shown below."),
    )


def _executing(plan: Any) -> Sentence:
    failed = plan.tasks.by_status.get(TaskStatus.FAILED, 0)
    if failed:
        return Sentence(
            "retry",
            "alert",
            ngettext("%(n)s task of this plan failed.", "%(n)s tasks of this plan failed.", failed),
            _("Retry or cancel it, so that the plan can complete."),
            "#tasks",
            _("Show tasks"),
        )
    return Sentence(
        "run",
        "play",
        _("Phase 1 is under way: %(done)s of %(all)s tasks have ended.", done=plan.tasks.ended, all=plan.tasks.total),
        _("The plan completes by itself when its last task has ended."),
        "#tasks",
        _("Show tasks"),
    )
