"""Leaves out the fees of refunded sales that came back with the payment: as the table tells, or as a platform works."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.lines import RETURNED
from gateway.intake.layouts.signatures import EDUZZ, HOTMART, KIWIFY, export_of
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

#: Platforms of digital goods: the fee and the commissions are shares of the payment. That a refund takes them back,
#: too, follows from it; none of them states it for its own fee.
_PLATFORMS: Final = {HOTMART: "Hotmart", KIWIFY: "Kiwify", EDUZZ: "Eduzz"}
GIVEN_BACK: Final = (
    "{rows} venda(s) foram reembolsadas por inteiro. Supõe-se que as tarifas e comissões delas ({amount} ao todo) "
    "também voltaram, como a {platform} divide cada pagamento: elas não foram contadas. Se a {platform} ficou com "
    "elas, sobra até isso a menos."
)
TOLD_BACK: Final = (
    "“{column}” é zero em {rows} venda(s) que foram reembolsadas por inteiro: as tarifas delas ({amount} ao todo) "
    "também voltaram, e não foram contadas."
)
#: So many of the refunded sales say the same.
_MOST: Final = 0.9


def without_fees_back(table: Columns, given: Given) -> Given:
    """Return the fees without those of fully refunded sales; {} without a sign that they were returned.

    The table's own total of these sales tells it: where it is zero they came back, where the fee is missing in it they
    did not. A total as it was before the refund tells nothing; then it is assumed of some platforms.
    """
    fees, revenue, refund, status = (given.get(name) for name in ("fees", "revenue", "refund", "status"))
    if fees is None or revenue is None or refund is None or status is None:
        return {}
    back = ((status == RETURNED) & (refund > 0) & (refund >= revenue - CENTS) & (fees != 0)).fill_null(value=False)
    if not back.any():
        return {}
    kept: Given = {"fees": pl.select(pl.when(back).then(0.0).otherwise(fees)).to_series()}
    told = {"rows": int(back.sum()), "amount": in_portuguese(float(fees.filter(back).sum()))}
    theirs, ours = given.get("total_theirs"), given.get("total_ours")
    if theirs is not None and ours is not None and _are(theirs, 0.0 * fees, back):
        table.warnings.append(TOLD_BACK.format(column=_name(given), **told))
        return kept | {"total_ours": pl.select(pl.when(back).then(theirs).otherwise(ours)).to_series()}
    platform = _PLATFORMS.get(export_of(table.headers, None))
    if platform is None or (theirs is not None and _are(theirs, -fees, back)):
        return {}
    table.warnings.append(GIVEN_BACK.format(platform=platform, **told))
    return kept


def _are(theirs: pl.Series, amount: pl.Series, back: pl.Series) -> bool:
    """Say whether this is the total of nearly all of these sales; of none is known that has no total."""
    close = ((theirs - amount).abs() < CENTS).filter(back & theirs.is_not_null())
    return len(close) > 0 and int(close.sum()) >= _MOST * int(back.sum())


def _name(given: Given) -> str:
    named = given["total_name"]
    return "" if named is None else str(named[0])
