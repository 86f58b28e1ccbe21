"""The names of the columns of a file that a person downloads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark

#: By the column's name in gateway/exports/columns.py. What is not here has the same name in every language.
COLUMNS: Final[dict[str, str]] = {
    "status": mark("State"),
    "title": mark("Title"),
    "file": mark("File"),
    "channels": mark("Channels"),
    "channel": mark("Channel"),
    "priority": mark("Priority"),
    "partial": mark("Partial"),
    "opportunities": mark("Opportunities"),
    "worth_brl_a_month": mark("Worth a month, BRL"),
    "phase1": mark("Phase 1"),
    "tasks": mark("Tasks"),
    "tasks_completed": mark("Tasks completed"),
    "tasks_overdue": mark("Tasks overdue"),
    "reason": mark("Reason"),
    "uploaded_by": mark("Uploaded by"),
    "decided_by": mark("Decided by"),
    "uploaded_at": mark("Uploaded"),
    "analyzed_at": mark("Analysed"),
    "decided_at": mark("Decided"),
    "ended_at": mark("Ended"),
    "team": mark("Team"),
    "what": mark("What to do"),
    "assignee": mark("Assignee"),
    "due_on": mark("Due"),
    "overdue": mark("Overdue"),
    "opportunity": mark("Opportunity"),
    "note": mark("Note"),
    "attempt": mark("Attempt"),
    "phase": mark("Phase"),
    "plan": mark("Plan"),
    "plan_id": mark("Id of the plan"),
    "created_at": mark("Created"),
    "started_at": mark("Started"),
    "at": mark("When"),
    "who": mark("Who"),
    "key": mark("Key"),
    "address": mark("Address"),
    "action": mark("Action"),
    "of_what": mark("Of what"),
    "outcome": mark("Outcome"),
    "before": mark("Before"),
    "after": mark("After"),
    "request": mark("Request"),
    "place_in_the_chain": mark("Place in the chain"),
    "currency": mark("Currency"),
    "metric": mark("Metric"),
    "value": mark("Value"),
    "unit": mark("Unit"),
    "formula": mark("How it is computed"),
    "why": mark("Why it is unknown"),
    "advice": mark("What makes it known"),
    "month": mark("Month"),
    "order": mark("Order number"),
    "revenue": mark("Revenue"),
    "fees": mark("Fees"),
    "shipping": mark("Shipping"),
    "refunds": mark("Refunds"),
    "refund": mark("Refunds"),
    "net": mark("Net"),
    "orders": mark("Orders"),
    "units": mark("Units"),
    "cancelled_orders": mark("Cancelled orders"),
    "returned_units": mark("Returned units"),
    "advertising": mark("Advertising cost"),
    "after_ads": mark("Net after advertising"),
    "advertising_sales": mark("Sold by advertising"),
    "cost": mark("Cost of goods"),
    "taxes": mark("Taxes"),
    "contribution": mark("Contribution"),
    "margin": mark("Margin"),
    "break_even": mark("Break-even price"),
    "stock": mark("In stock"),
    "stock_days": mark("Days of stock"),
    "last_sale": mark("Last sale"),
    "left": mark("Left"),
    "without_refund": mark("Nothing came back"),
}


def heads(columns: Iterable[str]) -> list[str]:
    """Return the heads of columns in the language of the request."""
    return [_(COLUMNS[name]) if name in COLUMNS else name for name in columns]
