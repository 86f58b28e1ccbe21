"""SHEIN, the orders of its marketplace in Brazil: two header rows, a row per piece, its costs beside it."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import added, constant, of_returned
from gateway.intake.layouts.status import status_of
from gateway.intake.layouts.sums_told import of_sold
from gateway.intake.words import in_portuguese
from schemas.given import without_none

NAME: Final = "shein.orders"
CHANNEL: Final = "shein"
REQUIRED: Final = ("Número do pedido", "SHEIN-SKU", "Preço do produto", "Comissão")
TYPICAL: Final = ("SKC", "SKU do vendedor", "Status do produto", "Receita estimada de mercadorias", "Moeda do vendedor")
#: What columns are, where their names alone would mislead.
FIELDS: Final = {"Preço do produto": "revenue", "Data e hora de criação do pedido": "at", "SHEIN-SKU": "sku"}
TOTAL: Final = "Receita estimada de mercadorias"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. Revenue is the product's price, as the file has it; campaign discounts are told apart.

    Freight brokerage and storage are what sending costs the seller. Of what came back the buyer gets what he paid: the
    price less the discount.
    What is left is SHEIN's own estimate.
    """
    height = table.height
    price = table.number("Preço do produto")
    status = status_of(table.text("Status do pedido"), table.text("Status do produto", optional=True), height)
    discount = added(
        table.number("Desconto de campanha da loja", optional=True), table.number("Valor do cupom", optional=True)
    )
    if price is not None and discount is not None and (taken := of_sold(discount, status)):
        given, left = in_portuguese(taken), in_portuguese(of_sold(price, status) - taken)
        table.warnings.append(
            f"A receita é o preço do produto; descontos da loja, de {given} nas vendas, não foram tirados (sem eles, "
            f"sobrariam {left}). O que sobra, segundo a SHEIN, já os desconta."
        )
    paid = price if price is None or discount is None else price - discount.fill_null(0)
    fees = table.number("Comissão")
    shipping = added(
        table.number("Taxa de intermediação de frete", optional=True),
        table.number("Taxa de operação de estocagem", optional=True),
    )
    net = table.number(TOTAL, optional=True)
    at = table.moment("Data e hora de criação do pedido")
    sent = table.moment("Coletado em", optional=True)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, height),
        "order_id": table.text("Número do pedido"),
        "sku": table.text("SKU do vendedor", "SHEIN-SKU"),
        "title": table.text("Nome do produto"),
        "at": at,
        "status": status,
        "units": pl.Series([1.0]).new_from_index(0, height),
        "returned_units": of_returned(status, pl.Series([1.0]).new_from_index(0, height)),
        "revenue": price,
        "fees": fees,
        "shipping": shipping,
        "net": net,
        "refund": None if paid is None else of_returned(status, paid),
        "discount": discount,
        "undeducted": discount,
        "ship_days": None if at is None or sent is None else (sent - at).dt.total_minutes() / 1440,
        "currency": table.text("Moeda do vendedor"),
        **_checked(
            status, net, added(price, *(None if cost is None else -cost for cost in (discount, fees, shipping)))
        ),
    }
    return shape.lines(without_none(columns), height)


def _checked(status: pl.Series, net: pl.Series | None, parts: pl.Series | None) -> dict[str, pl.Series | None]:
    """Return SHEIN's own estimate and what the row's parts leave: nothing of what came back, its costs neither."""
    if net is None or parts is None:
        return {}
    return {
        "total_name": constant(TOTAL, len(net)),
        "total_theirs": net,
        "total_ours": parts.set(status == shape.RETURNED, 0.0),
    }
