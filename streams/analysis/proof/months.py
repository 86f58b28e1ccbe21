"""Compares the last whole months of two documents that cover different days.

Documents tell their months' sums without products, so what is not the number of units is one step.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from schemas.facts import ChannelFacts, Month
from streams.analysis.proof.bridge import COSTS, Bridge, Step, StepKind
from streams.analysis.proof.cents import cents, exact, money
from streams.analysis.proof.periods import Period


def last_months(
    earlier: ChannelFacts, then: Period, later: ChannelFacts, now: Period
) -> tuple[Bridge, str, str] | None:
    """Return the bridge between the last whole months of both documents, and the months, such as 2026-03.

    The earlier month is read as the earlier document told it: as old then as the later one is now. None where no whole
    month follows the earlier document's last one, or where both do not tell their revenue in one known currency.
    """
    was, is_now = _last_whole(earlier, then), _last_whole(later, now)
    if was is None or is_now is None or is_now.month <= was.month:
        return None
    found = _bridge(was, is_now, earlier.currency) if earlier.currency == later.currency else None
    return None if found is None else (found, was.month, is_now.month)


def _last_whole(facts: ChannelFacts, period: Period) -> Month | None:
    """Return the last month that the document covers from its first day to its last.

    One that lacks its last three days would be a tenth lower, as if sales had fallen.
    """
    return next((m for m in reversed(facts.months) if _holds(period, m.month)), None)


def _holds(period: Period, month: str) -> bool:
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return period.first <= first and last <= period.last


def _bridge(was: Month, now: Month, currency: str) -> Bridge | None:
    if was.revenue is None or now.revenue is None or not currency:
        return None
    before, after = cents(was.revenue), cents(now.revenue)
    steps = list(_revenue_steps(was, now, after - before))
    for kind in COSTS:
        cost_then, cost_now = getattr(was, kind), getattr(now, kind)
        if cost_then is None or cost_now is None:
            steps.append(Step(kind, None))
            continue
        before, after = before - cents(cost_then), after - cents(cost_now)
        steps.append(_step(kind, cents(cost_then) - cents(cost_now)))
    return Bridge(currency, was.revenue, now.revenue, money(before), money(after), steps)


def _revenue_steps(was: Month, now: Month, change: int) -> Iterator[Step]:
    if not was.units or now.units is None or was.revenue is None:
        yield Step("volume", None)
        yield _step("revenue", change)
        return
    volume = round((exact(now.units) / exact(was.units) - 1) * cents(was.revenue))
    yield _step("volume", volume)
    yield _step("price_mix", change - volume)


def _step(kind: StepKind, amount: int) -> Step:
    return Step(kind, money(amount), others=money(amount))
