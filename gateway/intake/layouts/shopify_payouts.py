"""Shopify Payments: the transactions of payouts. Known from its documentation and programs, not from a file."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, needed, payout_lines, text_of
from gateway.intake.layouts.store import CHANNEL
from gateway.intake.values import says

NAME: Final = "shopify.payouts"
REQUIRED: Final = ("Transaction Date", "Type", "Order", "Amount", "Fee", "Net")
TYPICAL: Final = ("Payout Status", "Payout Date", "Payout ID", "Available On", "Card Brand", "Presentment Amount")


def read(table: Columns) -> pl.DataFrame:
    """Return the lines of charges and refunds. Who paid which freight, products and units are not in it."""
    kind = text_of(table, "Type")
    goods, fees, net = (needed(table, name) for name in ("Amount", "Fee", "Net"))
    moved = Movements(
        channel=constant(CHANNEL, table.height),
        sold=says(kind, "^(charge|sale|capture)$"),
        back=says(kind, "^(refund|chargeback|dispute)"),
        kind=kind,
        net=net,
        net_name="Net",
        needs=("Amount", "Net"),
        order=table.text("Order"),
        goods=goods,
        fees=-fees,
        at=table.moment("Transaction Date", day_first=False),
        currency=table.text("Currency", optional=True),
        freight_is_settled=False,
    )
    return payout_lines(table, moved, "pagamento")
