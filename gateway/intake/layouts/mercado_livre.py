"""Mercado Livre, "Vendas": header in row 6, duplicate names, packages of several products."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.status import status_of
from gateway.intake.values import folded

NAME: Final = "mercado_livre.vendas"
CHANNEL: Final = "mercado_livre"
REQUIRED: Final = ("N.º de venda", "Data da venda", "Unidades", "Receita por produtos (BRL)")
TYPICAL: Final = ("# de anúncio", "Título do anúncio", "Tarifa de venda e impostos (BRL)", "SKU", "Estado")


def read(table: Columns) -> pl.DataFrame:
    """Return the lines: a package's money is shared out to its products by their price and units."""
    height = table.height
    status_text = table.text("Estado")
    described = table.text("Descrição do status", optional=True)
    given = {
        "row": table.rows,
        "order_id": table.text("N.º de venda"),
        "at": table.moment("Data da venda"),
        "sku": table.text("SKU"),
        "listing": table.text("# de anúncio"),
        "title": table.text("Título do anúncio"),
        "units": table.number("Unidades"),
        "revenue": table.number("Receita por produtos (BRL)"),
        "surcharge": table.number("Receita por acréscimo no preço (pago pelo comprador)", optional=True),
        "fee": table.number("Tarifa de venda e impostos (BRL)"),
        "bonus": table.number("Descontos e bônus", optional=True),
        "shipping_paid": table.number("Receita por envio (BRL)", optional=True),
        "shipping_fee": table.number("Tarifas de envio (BRL)"),
        "refunded": table.number("Cancelamentos e reembolsos (BRL)"),
        "price": table.number("Preço unitário de venda do anúncio (BRL)", optional=True),
        "advertised": table.text("Venda por publicidade"),
        "package": table.text("Pacote de diversos produtos", optional=True),
        "dispatched": table.moment("Data a caminho", "Data de envio", optional=True),
    }
    columns: dict[str, pl.Series] = {
        name: pl.Series(name, [None], dtype=_EMPTY.get(name, pl.Float64)).new_from_index(0, height)
        if series is None
        else series.alias(name)
        for name, series in given.items()
    }
    frame = pl.DataFrame(columns).with_columns(
        status_of(status_text, described, height).alias("status"),
        (status_text if status_text is not None else columns["sku"]).alias("state"),
    )
    frame = _unpack(frame)
    frame = frame.with_columns(
        pl.coalesce("sku", "listing").alias("sku"),
        (pl.col("revenue") + pl.col("surcharge").fill_null(0)).alias("revenue"),
    )
    return shape.lines(_costs(frame), frame.height)


_EMPTY: Final[dict[str, pl.DataType]] = {
    "order_id": pl.String(),
    "at": pl.Datetime("us"),
    "sku": pl.String(),
    "listing": pl.String(),
    "title": pl.String(),
    "advertised": pl.String(),
    "package": pl.String(),
    "dispatched": pl.Datetime("us"),
}
_MONEY: Final = ("revenue", "surcharge", "fee", "bonus", "shipping_paid", "shipping_fee", "refunded")


def _unpack(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace each package row by its products, which stand below it without money."""
    no_money = pl.all_horizontal(pl.col("revenue").is_null(), pl.col("fee").is_null())
    head = (
        folded(pl.col("package")).str.contains("^(sim|yes)$").fill_null(value=False)
        & pl.col("sku").is_null()
        & ~no_money
    )
    announced = folded(pl.col("state")).str.extract(r"pacote de (\d+)").cast(pl.Int64, strict=False)
    frame = frame.with_columns(
        head.alias("is_head"), no_money.alias("no_money"), pl.when(head).then(announced).alias("announced")
    ).with_columns((pl.col("is_head") | ~pl.col("no_money")).cum_sum().alias("block"))
    frame = frame.with_columns(
        pl.col("is_head").first().over("block").alias("in_package"),
        pl.col("announced").first().over("block").alias("announced"),
        pl.int_range(pl.len()).over("block").alias("place"),
        (pl.len().over("block") - 1).alias("followers"),
    )
    member = pl.col("in_package") & (pl.col("place") > 0) & (pl.col("place") <= pl.coalesce("announced", "followers"))
    frame = frame.with_columns(member.alias("member"))
    weight = pl.when(pl.col("member")).then(
        pl.col("units").fill_null(1) * pl.col("price").fill_null(1).clip(lower_bound=0.01)
    )
    share = weight / weight.sum().over("block")
    inherited = [
        pl.when(pl.col("member")).then(pl.col(name).first().over("block") * share).otherwise(pl.col(name)).alias(name)
        for name in _MONEY
    ]
    first = [
        pl.when(pl.col("member"))
        .then(pl.coalesce(pl.col(name).first().over("block"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in ("order_id", "at", "advertised", "dispatched")
    ]
    status = pl.when(pl.col("member") & pl.col("state").is_null()).then(pl.col("status").first().over("block"))
    empty_head = pl.col("is_head") & (pl.col("member").sum().over("block") > 0)
    return frame.with_columns(*inherited, *first, status.otherwise(pl.col("status")).alias("status")).filter(
        ~empty_head
    )


def _costs(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the lines' columns: the export writes costs as negative amounts."""
    return {
        "row": frame["row"],
        "channel": pl.Series([CHANNEL]).new_from_index(0, frame.height),
        "order_id": frame["order_id"],
        "sku": frame["sku"],
        "title": frame["title"],
        "at": frame["at"],
        "status": frame["status"],
        "units": frame["units"],
        "returned_units": frame.select(
            pl.when(pl.col("status") == shape.RETURNED).then(pl.col("units")).otherwise(0.0)
        ).to_series(),
        "revenue": frame["revenue"],
        "fees": frame.select(-pl.col("fee") - pl.col("bonus").fill_null(0)).to_series(),
        "shipping": frame.select(-pl.col("shipping_fee") - pl.col("shipping_paid").fill_null(0)).to_series(),
        "refund": frame.select(-pl.col("refunded")).to_series(),
        "advertised": frame.select(
            pl.when(pl.col("advertised").is_not_null()).then(folded(pl.col("advertised")).str.contains("^(sim|yes)"))
        ).to_series(),
        "ship_days": frame.select((pl.col("dispatched") - pl.col("at")).dt.total_minutes() / 1440).to_series(),
    }
