"""`/slo`: what was promised, how it stands, what is left of each budget, and when it went; a month to print or keep."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.audit.writing import Entry, tell
from gateway.exports.columns import Cell
from gateway.exports.writing import Form
from gateway.operations import objectives
from gateway.operations.objectives import Period, Slot, Standing
from gateway.ui import amounts, formats, i18n, preferences, small_charts
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import render
from gateway.ui.sheets import table
from gateway.ui.small_charts import Bars
from gateway.ui.words import slo_words
from projections.slo import reads as slo
from schemas.slo import LIMITS, OBJECTIVE, Objective

#: Months that are offered; any other one can stand in the address.
MONTHS: Final = 6
#: Plans of an hour that are listed.
LISTED: Final = 100


async def show(request: Request) -> Response:
    """Show how the objectives stand, and the plans of an hour that missed one where it is asked for."""
    i18n.use(preferences.read(request).language)
    now = formats.now()
    period = _period(request, now)
    found = await objectives.standings(request.state.services.reader, period, now)
    return await render(
        request,
        "slo.html",
        period=period,
        standings=found,
        charts={one.objective.name: _days(period, one.days, now) for one in found},
        months=_months(now),
        file=partial(_file, period),
        words=slo_words,
        limits=LIMITS,
        missed=await _missed(request),
    )


async def export(request: Request) -> Response:
    """Return the month, or the last 30 days, as a table: each objective as a whole, then by day."""
    i18n.use(preferences.read(request).language)
    now = formats.now()
    period = _period(request, now)
    found = await objectives.standings(request.state.services.reader, period, now)
    head = [_("Time"), _("Objective"), _("Target"), _("State"), _("Good"), _("Measured"), _("Not as promised")]
    head += [_("Time of the promised share"), _("Budget left")]
    name = period.month or f"{period.since:%Y-%m-%d}-{now:%Y-%m-%d}"
    await tell(request, Entry("export.slo", "month", name))
    form = Form(request.url.path.rpartition(".")[2])
    rows = [row for one in found for row in _rows(period, one)]
    return await asyncio.to_thread(table, form, f"slo-{name}", head, rows)


def _rows(period: Period, one: Standing) -> Iterator[list[Cell]]:
    objective, spent = one.objective, one.spent
    title, target = slo_words.title(objective), slo_words.target(objective)
    whole = period.month or _("last 30 days")
    good = slo_words.share(one.good) if one.good is not None else _("unknown")
    state = slo_words.why(one).capitalize() if one.state == "too-few" else _(slo_words.state(one).word)
    yield [whole, title, target, state, good, spent.total, spent.bad, slo_words.at_most(one),
           slo_words.budget(one)]  # fmt: skip
    for day in one.days:
        share = slo_words.share(1 - day.spent.bad / day.spent.total)
        yield [f"{day.at:%Y-%m-%d}", title, target, "", share, day.spent.total, day.spent.bad, "", ""]


def _period(request: Request, now: datetime) -> Period:
    try:
        return objectives.period_of(request.query_params.get("month", ""), now)
    except ValueError:
        return objectives.last_days(now)


def _file(period: Period, form: str) -> str:
    """Return the address of the period as a file."""
    return f"/slo.{form}" + (f"?month={period.month}" if period.month else "")


def _months(now: datetime) -> list[tuple[str, str]]:
    """Return the latest months, each as it stands in an address and in words."""
    found, first = [], now.astimezone(UTC).replace(day=1)
    for _n in range(MONTHS):
        found.append(f"{first:%Y-%m}")
        first = (first - timedelta(days=1)).replace(day=1)
    return [(iso, amounts.month(iso)) for iso in found]


def _days(period: Period, days: tuple[Slot, ...], now: datetime) -> Bars | None:
    """Return a bar for each day of the period until now; None where nothing was measured."""
    if not days:
        return None
    by_day = {slot.at: (slot.spent.total, slot.spent.bad) for slot in days}
    first = period.since.replace(hour=0)
    count = (min(period.until, now + timedelta(hours=1)) - first).days + 1
    return small_charts.bars_of([by_day.get(first + timedelta(days=n)) for n in range(count)])


async def _missed(request: Request) -> tuple[Objective, datetime, list[slo.Missed]] | None:
    """Return the plans of an hour that missed an objective, where the address asks for one."""
    objective = OBJECTIVE.get(request.query_params.get("objective", ""))
    if objective is None or objective.of is None or objective.of not in LIMITS:
        return None
    try:
        hour = datetime.strptime(request.query_params.get("hour", ""), "%Y-%m-%dT%H").replace(tzinfo=UTC)
    except ValueError:
        return None
    return objective, hour, await slo.missed(request.state.services.shown, objective.of, hour, LISTED)
