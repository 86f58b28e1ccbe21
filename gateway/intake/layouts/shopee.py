"""Shopee: "Order.all" (a row per item, order money repeated on each) and product performance."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.causes import cause_of
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.freight import BUYERS_PART, COUPON, freight_of
from gateway.intake.layouts.orders import added, constant, either, is_shared_out, shared_out, where_returned
from gateway.intake.layouts.status import status_of
from gateway.intake.layouts.waiting import TO_SEND, are_to_send
from gateway.intake.values import folded
from schemas.given import without_none

CHANNEL: Final = "shopee"
ORDERS: Final = "shopee.order_all"
ORDERS_REQUIRED: Final = ("ID do pedido", "Status do pedido", "Quantidade", "Preço acordado")
ORDERS_TYPICAL: Final = (
    "Número de referência SKU",
    "Subtotal do produto",
    "Taxa de transação",
    "Returned quantity",
    "Compensar Moedas Shopee",
)
TOTAL: Final = "Valor Total"
#: What the buyer paid, once Shopee's own part is off; in Brazil only, where a coin is a cent.
PAID: Final = "Total global"
_OWN_PARTS: Final = ("Cupom Shopee", "Total descontado Cartão de Crédito", "Desconto Shopee da Leve Mais por Menos")
#: The same where the total is what is left after them; a coin is worth one of the currency there.
_TAKEN_OFF: Final = ("Cupom da Shopee", "Moedas da Shopee", "Desconto de cartão")
_COINS: Final = "Compensar Moedas Shopee"
#: What columns are, where their names alone would mislead.
FIELDS: Final = {TOTAL: "total", PAID: "total", _COINS: "", COUPON: "", **dict.fromkeys((*_OWN_PARTS, *_TAKEN_OFF), "")}
PERFORMANCE: Final = "shopee.product_performance"
PERFORMANCE_REQUIRED: Final = ("ID do item", "Produto", "Impressão do Produto")
PERFORMANCE_TYPICAL: Final = ("Cliques Por Produto", "CTR", "Unidades (Pedido pago)")


def read_orders(table: Columns) -> pl.DataFrame:
    """Return the lines. The seller's coupon lowers the revenue; commission and service fees are the net ones."""
    height = table.height
    order = table.text("ID do pedido")
    units = table.number("Quantidade")
    agreed = table.number("Preço acordado")
    original = table.number("Preço original")
    subtotal = table.number("Subtotal do produto")
    if subtotal is None and agreed is not None and units is not None:
        subtotal = agreed * units
    coupon = shared_out(order, table.number("Cupom do vendedor", optional=True), subtotal)
    revenue = added(subtotal, None if coupon is None else -coupon)
    came_back = table.text("Status da Devolução / Reembolso")
    state = table.text("Status do pedido")
    status, waits = status_of(state, _named(came_back), height), are_to_send(state)
    if waits:
        table.warnings.append(TO_SEND)
    freight = freight_of(table, ~status.is_in([shape.CANCELLED, shape.UNPAID]))
    fees = added(
        table.number("Taxa de transação"),
        table.number("Taxa de comissão líquida", "Net Commission Fee", "Taxa de comissão bruta", "Taxa de comissão"),
        table.number("Taxa de serviço líquida", "Taxa de serviço bruta", "Taxa de serviço"),
    )
    fees = None if fees is None else added(fees, freight.charged)  # return freight alone is not what the fees are
    returned = table.number("Returned quantity", "Quantidade devolvida", optional=True)
    if returned is None or not returned.count():  # Shopee may leave the whole column blank: that is no zero
        returned = where_returned(status, units, is_told=came_back is not None)
    returned = None if waits else returned
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, height),
        "order_id": order,
        "sku": either(
            table.text("Número de referência SKU"), table.text("Nº de referência do SKU principal", optional=True)
        ),
        "title": table.text("Nome do Produto"),
        "at": table.moment("Data de criação do pedido", "Hora do pagamento do pedido"),
        "status": status,
        "payment_only": pl.Series([True]).new_from_index(0, height) if waits else None,
        "cause": cause_of(
            either(
                table.text("Motivo da Devolução", "Motivo da Devolução / Reembolso", optional=True),
                table.text("Cancelar Motivo", "Motivo do cancelamento", optional=True),
            )
        ),
        "units": units,
        "unit_price": agreed,
        "returned_units": returned,
        "revenue": revenue,
        "fees": shared_out(order, fees, subtotal),
        "order_fees": is_shared_out(order, fees),
        "shipping": shared_out(order, freight.cost, subtotal),
        "refund": _refund(returned, agreed),
        "discount": _discount(original, agreed, units, coupon),
        "ship_days": _ship_days(table),
        "assumed_currency": constant("BRL", height),  # Shopee writes these names in Brazil only
        **_checked(table, order, subtotal, revenue),
    }
    return shape.lines(without_none(columns), height)


def _checked(
    table: Columns, order: pl.Series | None, subtotal: pl.Series | None, revenue: pl.Series | None
) -> dict[str, pl.Series | None]:
    """Return the buyer's payment for the whole order, as stated and as the sum of its parts."""
    paid = table.number(PAID, optional=True)
    total = table.number(TOTAL, optional=True) if paid is None else paid
    buyer = table.number(*BUYERS_PART, optional=True)
    if total is None or revenue is None:
        return {}
    off = [table.number(name, optional=True) for name in (_TAKEN_OFF if paid is None else _OWN_PARTS)]
    coins = None if paid is None else table.number(_COINS, optional=True)
    parts = [
        buyer,
        *(None if one is None else -one.abs() for one in off),
        None if coins is None else -coins.abs() / 100,
    ]
    return {
        "total_name": constant(TOTAL if paid is None else PAID, table.height),
        "total_theirs": shared_out(order, total, subtotal),
        "total_ours": added(revenue, *(shared_out(order, one, subtotal) for one in parts)),
    }


def _named(returned: pl.Series | None) -> pl.Series | None:
    """Return the return status as a status text of its own: "Solicitação aprovada" alone names no return."""
    if returned is None:
        return None
    text = folded(pl.col("text"))
    open_or_done = text.is_not_null() & ~text.str.contains("cancelad|recusad|rejeitad|reject|nao|none|^-$")
    return (
        pl.DataFrame({"text": returned})
        .select(pl.when(open_or_done).then(pl.lit("devolucao")).alias("text"))
        .to_series()
    )


def _refund(returned: pl.Series | None, agreed: pl.Series | None) -> pl.Series | None:
    if returned is None or agreed is None:
        return None
    return returned.fill_null(0) * agreed


def _discount(
    original: pl.Series | None, agreed: pl.Series | None, units: pl.Series | None, coupon: pl.Series | None
) -> pl.Series | None:
    if original is None or agreed is None or units is None:
        return None
    return added(((original - agreed) * units).clip(lower_bound=0), coupon)


def _ship_days(table: Columns) -> pl.Series | None:
    paid = table.moment("Hora do pagamento do pedido", "Data de criação do pedido", optional=True)
    sent = table.moment("Tempo de Envio", optional=True)
    if paid is None or sent is None:
        return None
    return pl.DataFrame({"days": (sent - paid).dt.total_minutes() / 1440}).to_series()


def read_performance(table: Columns) -> pl.DataFrame:
    """Return the products' impressions and sales; variations' rows (without impressions) are left out."""
    height = table.height
    columns: dict[str, pl.Series | None] = {
        "channel": constant(CHANNEL, height),
        "sku": table.text("SKU Principal", "SKU", "ID do item", "ID do Item"),
        "title": table.text("Produto"),
        "units": table.number("Unidades (Pedido pago)", "Unidades (Pedidos pagos)"),
        "revenue": table.number("Vendas (Pedido pago) (BRL)", "Vendas (Pedidos pagos) (BRL)"),
        "impressions": table.number("Impressão do Produto", "Impressões do Produto"),
        "clicks": table.number("Cliques Por Produto", "Cliques do Produto"),
    }
    if any(header.rstrip().endswith("(BRL)") for header in table.used):
        columns["currency"] = constant("BRL", height)
    frame = shape.exposure(without_none(columns), height)
    return frame.filter(pl.col("impressions").is_not_null() | pl.col("revenue").is_not_null())
