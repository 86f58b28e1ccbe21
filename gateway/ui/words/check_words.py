"""How an opportunity will be measured, in words: its figure now, what was promised of it, and who tells when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from gateway.ui import amounts
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words.proof_words import day, subject
from schemas.typed.parts import OpportunityCheckData

WHY: Final[dict[str, str]] = {
    "no-figure": mark("No figure supports it, so no later document can tell what comes of it."),
    "not-measurable": mark("Nothing says which way its figures get better, so no later document can tell."),
    "not-then": mark("This document does not tell the figure that it would be measured by."),
    "product-not-then": mark("This document does not list the products that it would be measured by."),
    "few": mark("Too few sales in this document to tell change from chance later."),
    "short": mark("This document has too few days for amounts a month, which it would be measured by."),
    "no-dates": mark("This document has no dates, so nobody can tell which document is later."),
}


def now(one: OpportunityCheckData) -> str:
    """Return the figure with its value in this document and the document's days; empty where it is not known."""
    if one["baseline"] is None:
        return ""
    what, value = subject(one["metric"], one["skus"]), amounts.figure(one["baseline"], one["unit"])
    if not one["first_day"]:
        return _("%(what)s: %(value)s", what=what, value=value)
    first, last = day(one["first_day"]), day(one["last_day"])
    return _("%(what)s: %(value)s (%(first)s to %(last)s)", what=what, value=value, first=first, last=last)


def target(one: OpportunityCheckData) -> str:
    """Return the value that was promised, or by how much it has to move; empty where no value is known."""
    if one["baseline"] is None:
        return ""
    if one["target"] is None:
        return _("a tenth higher at least") if one["better"] == "higher" else _("a tenth lower at least")
    value = amounts.figure(one["target"], one["unit"])
    return _("%(value)s or more", value=value) if one["better"] == "higher" else _("%(value)s or less", value=value)


def when(one: OpportunityCheckData, *, approved: bool) -> str:
    """Return who measures it and from when on, or why nobody can."""
    if one["why"]:
        return _(WHY.get(one["why"], one["why"]))
    first, last = date.fromisoformat(one["first_day"]), date.fromisoformat(one["last_day"])
    told = {"after": day(last), "alike": day(last + (last - first) + timedelta(days=1))}
    if approved:
        return _(
            "by the next upload of sales of this channel that begins after %(after)s; one as long ends on %(alike)s",
            **told,
        )
    return _(
        "once the plan is approved, by the next upload of sales of this channel that begins after %(after)s;"
        " one as long ends on %(alike)s",
        **told,
    )
