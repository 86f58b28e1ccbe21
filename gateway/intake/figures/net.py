"""Compute the seller's net of each sale: the marketplace's own net, else revenue less its deductions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.layouts.lines import RETURNED
from schemas.facts import NETS

#: What may be unknown of the parts -> what the figure is called then.
NAMES: Final = dict(
    zip(
        (frozenset(), frozenset({"shipping"}), frozenset({"refund"}), frozenset({"shipping", "refund"})),
        NETS,
        strict=True,
    )
)
_LACKING: Final = {
    "shipping": "o frete, porque o documento não diz quanto dele o vendedor pagou",
    "refund": "os reembolsos, porque o documento não diz o que foi devolvido ao comprador",
}
_STATED: Final = "O que sobra das vendas, e a margem que parte disso, não desconta {}: é o máximo que pode ser."


@dataclass(frozen=True, slots=True)
class Net:
    """Lines with `net` filled, and the parts of it that are unknown."""

    lines: pl.DataFrame
    lacking: frozenset[str] = frozenset()

    @property
    def metric(self) -> str:
        return NAMES[self.lacking]

    def in_words(self) -> list[str]:
        """Return the deductions that are missing, and why; empty where all are known."""
        if not self.lacking:
            return []
        return [_STATED.format(" nem ".join(told for part, told in _LACKING.items() if part in self.lacking))]


def with_own_net(lines: pl.DataFrame) -> Net:
    """Fill `net` where the marketplace does not tell it: revenue less fees, shipping, refunds and `undeducted`.

    It stays null where the fees are. A blank shipping or refund counts as zero where another row of the same table
    tells one; a part that no row tells is `lacking`. Refunds are known, too, where the rows have a status and none of
    them came back.
    """
    blank_is_none = ("shipping", "refund", "undeducted")
    parts = pl.col("revenue") - pl.col("fees") - pl.sum_horizontal(pl.col(name).fill_null(0) for name in blank_is_none)
    came_back = (pl.col("status") == RETURNED).fill_null(value=False)
    told = (
        lines.select(
            "table",
            own=pl.col("net").is_null() & parts.is_not_null(),
            shipping=pl.col("shipping").is_not_null(),
            refund=pl.col("refund").is_not_null() | (pl.col("status").is_not_null() & ~came_back.any().over("table")),
        )
        .group_by("table")
        .agg(pl.col("own", "shipping", "refund").any())
        .filter(pl.col("own"))
    )
    lacking = frozenset(part for part in _LACKING if not told[part].all())
    return Net(lines.with_columns(pl.coalesce("net", parts).alias("net")), lacking)


def net_sum() -> pl.Expr:
    """Return the sum of `net`; null if a row has revenue and its `net` is unknown."""
    unknown = (pl.col("revenue").fill_null(0) != 0) & pl.col("net").is_null()
    return pl.when(pl.col("net").is_not_null().any() & ~unknown.any()).then(pl.col("net").sum()).alias("net")
