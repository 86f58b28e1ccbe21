"""Leaves out the fees of refunded sales, where a platform shares a payment out and takes all shares back with it."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.lines import RETURNED
from gateway.intake.layouts.signatures import HOTMART, KIWIFY, export_of
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

#: Platforms of digital goods: the fee and the commissions are shares of the payment. That a refund takes them back,
#: too, follows from it; neither of them states it for its own fee.
_PLATFORMS: Final = {HOTMART: "Hotmart", KIWIFY: "Kiwify"}
GIVEN_BACK: Final = (
    "{rows} venda(s) foram reembolsadas por inteiro. Supõe-se que as tarifas e comissões delas ({amount} ao todo) "
    "também voltaram, como a {platform} divide cada pagamento: elas não foram contadas. Se a {platform} ficou com "
    "elas, sobra até isso a menos."
)


def without_fees_back(table: Columns, given: Given) -> Given:
    """Return the fees without those of sales that were paid back whole; {} where the platform is none of these."""
    platform = _PLATFORMS.get(export_of(table.headers, None))
    fees, revenue, refund, status = (given.get(name) for name in ("fees", "revenue", "refund", "status"))
    if platform is None or fees is None or revenue is None or refund is None or status is None:
        return {}
    back = ((status == RETURNED) & (refund > 0) & (refund >= revenue - CENTS) & (fees != 0)).fill_null(value=False)
    if not back.any():
        return {}
    amount = in_portuguese(float(fees.filter(back).sum()))
    table.warnings.append(GIVEN_BACK.format(rows=int(back.sum()), amount=amount, platform=platform))
    return {"fees": pl.select(pl.when(back).then(0.0).otherwise(fees)).to_series()}
