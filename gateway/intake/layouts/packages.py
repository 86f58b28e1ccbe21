"""Divides the money of Mercado Livre's packages: one row has it, the product rows below have the units."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.layouts.lines import CANCELLED, RETURNED
from gateway.intake.values import folded

_MONEY: Final = ("revenue", "fee", "bonus", "shipping_paid", "shipping_fee")
_IN_BLOCK: Final = {"is_head": "in_package", "announced": "announced"}


def unpacked(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace each package row by its products; one whose products are not there stays as it is.

    What the package gave back goes to the products that came back, where the rows tell which. Its total is
    what these parts make, and what is left of it goes to all. `total_row`: the head that their money stands in.
    """
    frame = _with_members(frame.with_row_index("given"))
    packed = frame.filter(pl.col("in_package"))
    if packed.is_empty():
        return frame
    others = frame.filter(~pl.col("in_package").fill_null(value=False))
    return pl.concat([_opened(packed), others], how="vertical_relaxed").sort("given")


def _opened(frame: pl.DataFrame) -> pl.DataFrame:
    share = _share(pl.col("member"))
    back = pl.col("member") & pl.col("status").is_in([RETURNED, CANCELLED])
    refund_share = pl.when(back.any().over("block")).then(_share(back)).otherwise(share)
    frame = frame.with_columns(
        *(_inherited(name, share) for name in _MONEY),
        _inherited("refunded", refund_share),
        *(_of_head(name, own_first=False) for name in ("order_id", "at", "dispatched")),
        _of_head("advertised", own_first=True),
        pl.when(pl.col("member") & pl.col("state").is_null())
        .then(pl.col("status").first().over("block"))
        .otherwise(pl.col("status"))
        .alias("status"),
    )
    parts = pl.when(pl.col("member")).then(pl.sum_horizontal(*_MONEY, "refunded"))
    rest = pl.col("total").first().over("block") - parts.sum().over("block")
    frame = frame.with_columns(
        pl.when(pl.col("member")).then(parts + rest * share).otherwise(pl.col("total")).alias("total")
    )
    is_opened = pl.col("is_head") & (pl.col("member").sum().over("block") > 0)
    return frame.filter(~is_opened)


def _with_members(frame: pl.DataFrame) -> pl.DataFrame:
    """Mark the heads and, in the block of each, the rows that are its products.

    A head has money and names no product. Its `Pacote de diversos produtos` may be blank; its state then says
    how many products it has, or it has no units.
    """
    no_money = pl.all_horizontal(pl.col("revenue").is_null(), pl.col("fee").is_null())
    announced, is_package = by_distinct(frame["state"], _announced), by_distinct(frame["package"], _is_yes)
    nameless = pl.col("sku").is_null() & pl.col("listing").is_null()
    head = nameless & ~no_money & (is_package | announced.is_not_null() | pl.col("units").is_null())
    frame = frame.with_columns(
        head.alias("is_head"), no_money.alias("no_money"), pl.when(head).then(announced).alias("announced")
    )
    begins = pl.col("is_head") | ~pl.col("no_money")
    begin = pl.when(begins).then(pl.int_range(pl.len()))
    frame = frame.with_columns(
        begins.cum_sum().alias("block"),
        begin.forward_fill().fill_null(0).alias("first"),
        begin.shift(-1).backward_fill().fill_null(pl.len()).alias("next"),
    )
    # blocks stand one after the other: their first rows are looked up, which a grouping of each would cost more
    frame = frame.with_columns(
        pl.col("is_head", "announced").gather(pl.col("first")).name.map(_IN_BLOCK.__getitem__),
        (pl.int_range(pl.len()) - pl.col("first")).alias("place"),
        (pl.col("next") - pl.col("first") - 1).alias("followers"),
    )
    member = pl.col("in_package") & (pl.col("place") > 0) & (pl.col("place") <= pl.coalesce("announced", "followers"))
    of_head = pl.when(member).then(pl.col("row").gather(pl.col("first")))
    return frame.with_columns(member.alias("member"), of_head.alias("total_row"))


def _announced(states: pl.Series) -> pl.Series:
    said = folded(pl.col("state")).str.extract(r"(?:pacote|paquete) de (\d+)").cast(pl.Int64, strict=False)
    return pl.DataFrame({"state": states}).select(said).to_series()


def _is_yes(marks: pl.Series) -> pl.Series:
    said = folded(pl.col("mark")).str.contains("^(sim|si|yes)$").fill_null(value=False)
    return pl.DataFrame({"mark": marks}).select(said).to_series()


def _share(chosen: pl.Expr) -> pl.Expr:
    """Return each chosen row's share of its block, by units and price; zero for the others."""
    weight = pl.when(chosen).then(pl.col("units").fill_null(1) * pl.col("price").fill_null(1).clip(lower_bound=0.01))
    return (weight / weight.sum().over("block")).fill_null(0.0)


def _inherited(name: str, share: pl.Expr) -> pl.Expr:
    of_block = pl.col(name).first().over("block") * share
    return pl.when(pl.col("member")).then(of_block).otherwise(pl.col(name)).alias(name)


def _of_head(name: str, *, own_first: bool) -> pl.Expr:
    of_block, own = pl.col(name).first().over("block"), pl.col(name)
    either = pl.coalesce(own, of_block) if own_first else pl.coalesce(of_block, own)
    return pl.when(pl.col("member")).then(either).otherwise(own).alias(name)
