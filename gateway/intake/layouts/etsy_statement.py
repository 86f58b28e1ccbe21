"""Etsy: the monthly statement of a shop's payment account. A row is a sale, a refund, or one fee of an order.

Known from programs that read it, not from a file.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.payouts import Movements, leave_out_unread, needed, payout_lines, text_of
from gateway.intake.values import says

NAME: Final = "etsy.statement"
_FEES: Final = "Fees & Taxes"
REQUIRED: Final = ("Date", "Type", "Currency", "Amount", _FEES, "Net")
TYPICAL: Final = ("Title | Description", "Info", "Tax Details")
WITH_FREIGHT: Final = (
    "A receita é o que o comprador pagou ao vendedor, com o frete e sem o imposto que a Etsy recolhe. As tarifas e os "
    "anúncios que dizem o número do pedido foram descontados dele; o resto do extrato ficou de fora."
)
_ORDER: Final = r"(?i)order\s*#?\s*(\d{6,})"
_SALE: Final = r"^sale$"
_BACK: Final = r"^refund"
#: What the buyer paid for the state, and Etsy takes for it: no fee.
_BUYERS_TAX: Final = r"(sales tax|vat|gst|tax) (paid|collected)|paid by buyer"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines of sales and refunds, each with the charges of its order."""
    own = _rows(table)
    leave_out_unread(table, own["unread"], own["order"])
    own = _rows(table)
    table.keep(own["counts"])
    own = own.filter("counts")
    kind = text_of(table, "Type")
    channel = channel_column(table, None, list(table.channels), None)
    moved = Movements(
        channel=pl.Series([None], dtype=pl.String).new_from_index(0, table.height) if channel is None else channel,
        sold=own["sold"],
        back=own["back"],
        kind=kind,
        net=own["net"],
        net_name="Net",
        order=own["order"],
        goods=own["goods"],
        fees=own["fees"],
        at=table.moment("Date", day_first=False),
        currency=table.text("Currency"),
    )
    table.warnings.append(WITH_FREIGHT)
    return payout_lines(table, moved, "lançamento")


def _rows(table: Columns) -> pl.DataFrame:
    """Return of each row what it is; fees and taxes of an order that was sold here stand in its sale's row."""
    kind = text_of(table, "Type")
    blank = pl.Series([""]).new_from_index(0, table.height)
    title, info = table.text("Title", "Description", optional=True), table.text("Info", optional=True)
    frame = pl.DataFrame(
        {
            "paid": needed(table, "Amount"),
            "fees": needed(table, _FEES),
            "net": needed(table, "Net"),
            "blank": _blank(table, "Amount"),
            "no_net": _blank(table, "Net"),
            "sold": says(kind, _SALE),
            "back": says(kind, _BACK),
            "title": blank if title is None else title,
            "info": blank if info is None else info,
        }
    )
    said = frame.select(pl.concat_str("title", "info", separator=" ", ignore_nulls=True)).to_series()
    frame = frame.with_columns(order=said.str.extract(_ORDER), tax=says(said, _BUYERS_TAX))
    is_own = pl.col("sold") | pl.col("back")
    charged = pl.col("order").is_not_null() & ~is_own
    first = pl.col("sold") & (pl.int_range(pl.len()).over("order", "sold") == 0)
    of_sold = pl.col("sold").any().over("order") & charged

    def of_order(rows: pl.Expr) -> pl.Expr:
        return pl.when(first).then(pl.col("net").filter(charged & rows).sum().over("order")).otherwise(0.0)

    goods = pl.when(is_own).then("paid").otherwise(0.0) + of_order(pl.col("tax"))
    fees = pl.when(is_own).then("fees").otherwise(0.0) + of_order(~pl.col("tax"))
    return frame.select(
        *("order", "sold", "back"),
        unread=(is_own & (pl.col("blank") | pl.col("no_net"))) | (charged & pl.col("no_net")),
        goods=goods,
        fees=fees,
        net=pl.when(is_own).then(goods + fees).otherwise("net"),
        counts=~of_sold,
    )


def _blank(table: Columns, name: str) -> pl.Series:
    """Say which rows have no number in a column that the layout is known by."""
    found = table.number(name)
    assert found is not None
    return found.is_null()
