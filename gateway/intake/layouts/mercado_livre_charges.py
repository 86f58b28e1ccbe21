"""Mercado Livre's bill: a row for each charge, beside which stands the sale that it is of, again and again."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.mercado_livre import CHANNEL
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant, shared_out
from gateway.intake.layouts.payouts import amount, leave_out_unread, needed, tell_rest, text_of, zero_amounts
from gateway.intake.values import CENTS, says
from gateway.intake.words import in_portuguese
from schemas.given import without_none

NAME: Final = "mercado_livre.charges"
_WHAT: Final = "Detalle | Detalhe"
_CHARGE: Final = "Valor del cargo | Valor da tarifa"
_SALE: Final = "Número de venta | Número de venda | Número da venda"
_TOTAL: Final = "Total de la venta | Valor da transação | Total da venda"
_BY_BUYER: Final = "Envío a cargo del cliente | Envio por conta do cliente"
_LISTING: Final = "Número de publicación | Número do anúncio"
REQUIRED: Final = (_WHAT, _CHARGE, _SALE, _TOTAL)
TYPICAL: Final = (
    *("Número del cargo", "Número da tarifa", "Cargo que bonifica", "Tarifa estornada", "Tarifa cancelada"),
    *("Descontado de la operación", "Descontado da operação", *alternatives(_BY_BUYER)),
)
#: What a charge is called. One that is given back names the charge (`Anulación del cargo por venta`).
_BACK: Final = r"^(anulac|cancelamento|estorno|bonificac)"
_OF_SALE: Final = r"\b(venta|venda)\b"
_FREIGHT: Final = r"\b(envios?|mercado envios|devoluc\w+)\b"
#: Tells the products of an order apart: two amounts of one product are two sales of it.
_ITEM: Final = ("order", "listing", "title", "total")
#: Whose listings have such a number sells in that country's money.
_CURRENCIES: Final = {
    "MLB": "BRL",
    "MLA": "ARS",
    "MLM": "MXN",
    "MLC": "CLP",
    "MCO": "COP",
    "MLU": "UYU",
    "MPE": "PEN",
}
BILL: Final = (
    "É a fatura do Mercado Livre, com uma linha por tarifa. O total de cada venda está em cada tarifa dela e foi "
    "contado uma vez; vendas cuja tarifa de venda está em outra fatura não estão aqui."
)
UNDONE: Final = (
    "{orders} venda(s) tiveram a tarifa de venda estornada: foram canceladas ou devolvidas, a fatura não diz qual das "
    "duas, e não contam na receita ({sum})."
)


def read(table: Columns) -> pl.DataFrame:
    """Return a line for each sale that was charged here, with what its charges come to; tell of all other charges."""
    order = text_of(table, _SALE)
    leave_out_unread(table, _blank(table, _CHARGE) | (_blank(table, _TOTAL) & order.is_not_null()), order)
    frame = _charges(table)
    of_sale = frame.filter(pl.col("sale") & ~pl.col("back") & pl.col("order").is_not_null())
    items = of_sale.group_by(*_ITEM, maintain_order=True).agg(pl.col("row", "units", "at").first())
    sums = frame.group_by("order").agg(
        pl.col("charge").filter(~pl.col("freight")).sum().alias("fees"),
        pl.col("charge").filter(pl.col("sale")).sum().alias("of_sale"),
        (pl.col("sale") & pl.col("back")).any().alias("given_back"),
        (pl.col("charge") - pl.col("by_buyer")).filter(pl.col("freight")).sum().alias("carried"),
    )
    items = _with_own_parts(items.join(sums, on="order", how="left", maintain_order="left"), frame)
    table.warnings.append(BILL)
    tell_rest(table, frame["kind"], frame["charge"], ~frame["order"].is_in(items["order"].implode()).fill_null(False))
    return _lines(_without_undone(table, items), told_freight=bool(frame["freight"].any()))


def _with_own_parts(items: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Let each product of an order have the fees that stand beside it, and its part of the freight and of the rest."""
    own = (
        frame.filter(~pl.col("freight"))
        .group_by(*_ITEM)
        .agg(
            pl.col("charge").sum().alias("own"),
            pl.col("charge").filter(pl.col("sale")).sum().alias("own_sale"),
            (pl.col("sale") & pl.col("back")).any().alias("own_back"),
        )
    )
    items = items.join(own, on=_ITEM, how="left", nulls_equal=True, maintain_order="left")
    rest = items.select(pl.col("fees") - pl.col("own").sum().over("order")).to_series()
    parts = {
        name: shared_out(items["order"], amount, items["total"])
        for name, amount in (("rest", rest), ("carried", items["carried"]))
    }
    return items.with_columns(**without_none(parts)).with_columns(fees=pl.col("own") + pl.col("rest"))


def _blank(table: Columns, names: str) -> pl.Series:
    """Say of which rows a column tells no amount that can be read."""
    found = table.number(*alternatives(names))
    assert found is not None
    return found.is_null()


def _charges(table: Columns) -> pl.DataFrame:
    """Return the rows: what each charge comes to, less than nothing where it is given back, and the sale beside it."""
    kind, charge, by_buyer = text_of(table, _WHAT), needed(table, _CHARGE), amount(table, _BY_BUYER)
    back = says(kind, _BACK) | (charge < 0)
    freight = says(kind, _FREIGHT)
    sign = pl.when("back").then(-1.0).otherwise(1.0)
    texts = {
        "order": text_of(table, _SALE),
        "listing": table.text(*alternatives(_LISTING), optional=True),
        "title": table.text("Título de publicación", "Título do anúncio", optional=True),
        "at": table.moment("Fecha de venta", "Data de venda", "Data da venda", optional=True),
        "units": table.number("Cantidad vendida", "Quantidade vendida", optional=True),
    }
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, table.height)
    return pl.DataFrame(
        {
            "row": table.rows,
            "kind": kind,
            "charge": charge.abs(),
            "by_buyer": zero_amounts(table.height) if by_buyer is None else by_buyer.abs(),
            "total": needed(table, _TOTAL),
            "back": back,
            "freight": freight,
            "sale": says(kind, _OF_SALE) & ~freight,
            **{name: nothing if one is None else one for name, one in texts.items()},
        }
    ).with_columns(pl.col("charge", "by_buyer") * sign)


def _without_undone(table: Columns, items: pl.DataFrame) -> pl.DataFrame:
    """Leave out the sales whose charge was given back in full, and tell what they come to. A charge of 0.00 is none.

    Of several products of a sale one may have it back, where that stands beside the same product.
    """
    whole = items["given_back"] & (items["of_sale"].abs() < CENTS)
    undone = whole | (items["own_back"] & (items["own_sale"].abs() < CENTS))
    if undone.any():
        gone = items.filter(undone)
        sum_of = in_portuguese(float(gone["total"].sum()))
        table.warnings.append(UNDONE.format(orders=gone["order"].n_unique(), sum=sum_of))
    return items.filter(~undone)


def _lines(items: pl.DataFrame, *, told_freight: bool) -> pl.DataFrame:
    code = items["listing"].drop_nulls().str.slice(0, 3).replace_strict(_CURRENCIES, default=None).unique()
    columns = {
        "row": items["row"],
        "channel": constant(CHANNEL, items.height),
        "order_id": items["order"],
        "listing": items["listing"],
        "title": items["title"],
        "at": items["at"],
        "units": items["units"],
        "revenue": items["total"],
        "fees": items["fees"],
        "shipping": items["carried"] if told_freight else None,
        "assumed_currency": constant(str(code[0]), items.height) if len(code) == 1 and code[0] else None,
    }
    return shape.lines(without_none(columns), items.height)
