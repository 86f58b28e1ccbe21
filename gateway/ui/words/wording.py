"""Events, rules and causes in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark, ngettext
from schemas.channels import channel_name
from schemas.phase1 import SET_BY

RULES: Final[dict[str, str]] = {
    "phase-number-1": mark("The plan has a phase with number 1: its tasks were taken as they are."),
    "high-priority-opportunities": mark(
        "No phase has the number 1, so Phase 1 was made from the opportunities: high priority first, at most five."
    ),
    "normal-priority-opportunities": mark(
        "No phase has the number 1 and no opportunity has high priority, "
        "so those of normal priority serve, at most five."
    ),
    "low-priority-opportunities": mark(
        "No phase has the number 1 and all opportunities have low priority, so these serve, at most five."
    ),
    "review-per-channel": mark("There is neither a phase 1 nor an opportunity, so each channel gets one review task."),
}
#: The same before the approval.
RULES_AHEAD: Final[dict[str, str]] = {
    "phase-number-1": mark("The plan has a phase with number 1: an approval takes its tasks as they are."),
    "high-priority-opportunities": mark(
        "No phase has the number 1, so an approval makes Phase 1 from the opportunities: "
        "high priority first, at most five."
    ),
    "normal-priority-opportunities": mark(
        "No phase has the number 1 and no opportunity has high priority, "
        "so an approval takes those of normal priority, at most five."
    ),
    "low-priority-opportunities": mark(
        "No phase has the number 1 and all opportunities have low priority, so an approval takes these, at most five."
    ),
    "review-per-channel": mark(
        "There is neither a phase 1 nor an opportunity, so an approval makes one review task for each channel."
    ),
}

LAYOUTS: Final[dict[str, str]] = {
    "mercado_livre.vendas": mark("Mercado Livre: sales report"),
    "shopee.order_all": mark("Shopee: orders"),
    "shopee.product_performance": mark("Shopee: product performance"),
    "amazon.orders": mark("Amazon: orders"),
    "amazon.sales": mark("Amazon: sales report"),
    "tiktok.orders": mark("TikTok Shop: orders"),
    "plain": mark("Table of sales in plain columns"),
    "unknown": mark("Columns that were not recognised"),
}

_Sentence = Callable[[dict[str, Any]], str]
_EVENTS: Final[dict[str, tuple[str, str, _Sentence]]] = {
    "plan.uploaded": ("upload", "off", lambda d: _("Document uploaded: %(name)s", name=d.get("filename", ""))),
    "plan.channel.analyzed": (
        "check-circle",
        "done",
        lambda d: ngettext(
            "%(channel)s analysed: %(n)s opportunity",
            "%(channel)s analysed: %(n)s opportunities",
            len(d.get("opportunities") or []),
            channel=channel_name(d.get("channel", "")),
        ),
    ),
    "plan.channel.failed": (
        "cross-circle",
        "fail",
        lambda d: _("%(channel)s failed: %(why)s", channel=channel_name(d.get("channel", "")), why=d.get("reason", "")),
    ),
    "plan.analyzed": (
        "plans",
        "wait",
        lambda d: ngettext(
            "Plan ready: %(n)s opportunity", "Plan ready: %(n)s opportunities", len(d.get("opportunities") or [])
        ),
    ),
    "plan.approved": ("check", "done", lambda d: _with_reason(_approved(d), d)),
    "plan.rejected": ("thumb-down", "fail", lambda d: _with_reason(_("Plan rejected"), d)),
    "plan.cancelled": ("ban", "off", lambda d: _with_reason(_("Plan cancelled"), d)),
    "plan.phase1.created": (
        "bolt",
        "run",
        lambda d: ngettext(
            "Phase 1 created with %(n)s task", "Phase 1 created with %(n)s tasks", len(d.get("tasks") or [])
        ),
    ),
    "plan.phase1.failed": ("alert", "fail", lambda d: _with_reason(_("Phase 1 could not be made"), d)),
    "plan.stalled": ("alert", "fail", lambda d: _("Stuck: %(why)s", why=d.get("cause", ""))),
    "plan.recovery.started": ("retry", "retry", lambda d: _("Recovery started: %(what)s", what=d.get("action", ""))),
    "plan.recovered": ("check-circle", "done", lambda _d: _("Moving again")),
    "plan.escalated": ("flag", "fail", lambda d: _("A person must look: %(why)s", why=d.get("recommendation", ""))),
    "plan.completed": ("seal", "done", lambda _d: _("Plan completed")),
    "task.created": ("circle", "wait", lambda d: _("Task created: %(title)s", title=d.get("title", ""))),
    "task.assigned": ("user", "wait", lambda d: _("Task assigned to %(who)s", who=d.get("assignee", ""))),
    "task.started": ("play", "run", lambda _d: _("Task started")),
    "task.completed": ("check-circle", "done", lambda d: _with_reason(_("Task completed"), d)),
    "task.failed": ("cross-circle", "fail", lambda d: _with_reason(_("Task failed"), d)),
    "task.retried": ("retry", "retry", lambda d: _("Task open again, attempt %(n)s", n=d.get("attempt", ""))),
    "task.cancelled": ("ban", "off", lambda d: _with_reason(_("Task cancelled"), d)),
    "task.commented": ("comment", "off", lambda d: _("Comment: %(text)s", text=d.get("comment", ""))),
}


def rule(name: str) -> str:
    """Say in words which rule made Phase 1; a rule of a later version keeps its name."""
    if name.startswith(SET_BY):
        who = name.removeprefix(SET_BY)
        return _("%(who)s gave these tasks with the approval, in place of those that the plan would have had.", who=who)
    text = RULES.get(name)
    return _(text) if text else _("Made by the rule “%(rule)s”.", rule=name)


def rule_ahead(name: str) -> str:
    """Say in words by which rule an approval would make Phase 1."""
    return _(RULES_AHEAD[name])


def layout(name: str) -> str:
    """Say in words whose export a table is; a layout of a later version keeps its name."""
    text = LAYOUTS.get(name)
    return _(text) if text else name


def event(type_: str, data: dict[str, Any]) -> tuple[str, str, str]:
    """Return icon, tone and sentence of an event; a type of a later version keeps its name."""
    known = _EVENTS.get(type_)
    if known is None:
        return "info", "off", type_
    icon, tone, sentence = known
    return icon, tone, sentence(data)


def actor(name: str) -> str:
    """Say who: a person's or key's name, or which part of the system."""
    return _("system: %(part)s", part=name.removeprefix("system:")) if name.startswith("system:") else name


def _approved(data: dict[str, Any]) -> str:
    given = data.get("phase1")
    if not given:
        return _("Plan approved")
    n = len(given.get("tasks") or [])
    return ngettext("Plan approved, with %(n)s task given by hand", "Plan approved, with %(n)s tasks given by hand", n)


def _with_reason(text: str, data: dict[str, Any]) -> str:
    reason = data.get("reason") or data.get("note")
    return f"{text}: {reason}" if reason else text
