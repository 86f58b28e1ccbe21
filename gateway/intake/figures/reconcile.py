"""Compare the marketplace's own totals with ours, order by order, which shows misread columns."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.figures.measure import rounded
from gateway.intake.figures.rows import order_name
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese
from schemas.facts import MAX_ROWS_OF_DIFFERENCE, Reconciliation, RowDifference

#: A larger difference than this share of their total is told as a warning.
TOLERATED_SHARE: Final = 0.005


def reconciled(sold: pl.DataFrame) -> Reconciliation | None:
    """Compare the sales' own totals with the sums of their parts. None without totals in the export."""
    both = sold.filter(pl.col("total_theirs").is_not_null() & pl.col("total_ours").is_not_null())
    if both.is_empty():
        return None
    alone = pl.format("{} {}", "table", "row")
    orders = (
        both.group_by(pl.coalesce("order_id", alone).alias("key"), maintain_order=True)
        .agg(
            pl.col("order_id", "table", "total_name").first(),
            pl.coalesce("total_row", "row").first().alias("row"),
            pl.col("total_theirs").sum().alias("theirs"),
            pl.col("total_ours").sum().alias("ours"),
        )
        .with_columns((pl.col("ours") - pl.col("theirs")).alias("difference"))
    )
    theirs, ours = float(orders["theirs"].sum()), float(orders["ours"].sum())
    if abs(theirs) < CENTS:
        return None
    off = orders["difference"].abs()
    off = off.filter(off > CENTS)  # one order's is not taken off another's
    causes = (
        orders.filter(pl.col("difference").abs() > CENTS)
        .sort(pl.col("difference").abs(), "table", "row", descending=[True, False, False])
        .head(MAX_ROWS_OF_DIFFERENCE)
    )
    return Reconciliation(
        column=str(orders["total_name"][0]),
        theirs=rounded(theirs),
        ours=rounded(ours),
        difference=rounded(ours - theirs),
        share=rounded(float(off.sum()) / abs(theirs), 4),
        rows=both.height,
        causes=[
            RowDifference(
                order_name(row["order_id"]),
                row["table"] or 0,
                row["row"] or 0,
                rounded(row["theirs"]),
                rounded(row["ours"]),
            )
            for row in causes.to_dicts()
        ],
    )


def doubts_of(matched: Reconciliation | None, currency: str) -> list[str]:
    """Return a warning of too large a difference; none where the totals agree."""
    if matched is None or matched.share <= TOLERATED_SHARE:
        return []
    symbol = {"BRL": "R$ "}.get(currency, f"{currency} " if currency else "")
    theirs, ours, gap = (
        f"{symbol}{in_portuguese(value)}" for value in (matched.theirs, matched.ours, abs(matched.difference))
    )
    share = f"{matched.share * 100:.1f}".replace(".", ",")
    rows = ", ".join(str(cause.row) for cause in matched.causes[:5])
    if len({cause.ours > cause.theirs for cause in matched.causes}) > 1:
        text = (
            f"A coluna “{matched.column}” soma {theirs}, e as colunas de que ela se compõe somam {ours}, mas em parte "
            f"dos pedidos a mais e em outros a menos: as diferenças são {share}% dela. Linhas com as maiores "
            f"diferenças: {rows}."
        )
        return [text]
    where = "não aparecem em nenhuma delas" if matched.difference < 0 else "a mais do que ela diz"
    text = (
        f"A coluna “{matched.column}” soma {theirs}, e as colunas de que ela se compõe somam {ours}: {gap} ({share}%) "
        f"{where}. Linhas com as maiores diferenças: {rows}."
    )
    return [text]
