"""Plain tables with plausible columns, in Portuguese or English: own exports, ERP reports, tables in a text."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns, key
from gateway.intake.layouts.orders import present
from gateway.intake.layouts.status import status_of
from gateway.intake.values import classify
from schemas.channels import CHANNELS

NAME: Final = "plain"

#: field -> the names that it has in the wild; no name that could be a person's.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "order_id": (
        "pedido", "id do pedido", "numero do pedido", "n.o do pedido", "no do pedido", "nro pedido",
        "codigo do pedido", "venda", "id da venda", "order id", "order", "order number", "id pedido",
        "numero da venda",
    ),
    "sku": (
        "sku", "codigo do produto", "cod. produto", "cod produto", "codigo", "referencia", "ref",
        "seller sku", "product id", "id do produto", "sku do produto", "codigo sku", "ean",
    ),
    "title": (
        "produto", "nome do produto", "titulo", "titulo do anuncio", "descricao do produto", "descricao",
        "item", "product", "product name", "title", "anuncio",
    ),
    "at": (
        "data", "data do pedido", "data da venda", "data da compra", "dt venda", "data venda",
        "data pedido", "date", "order date", "created at", "purchase date", "data de criacao", "emissao",
        "data de emissao",
    ),
    "status": (
        "status", "situacao", "estado do pedido", "status do pedido", "order status",
        "situacao do pedido",
    ),
    "units": (
        "quantidade", "qtd", "qtde", "qtd.", "quant.", "unidades", "unidades vendidas", "quantity", "qty",
        "units",
    ),
    "returned_units": (
        "devolucoes", "qtd devolvida", "quantidade devolvida", "unidades devolvidas", "devolvidas",
        "returned", "returned quantity", "returns", "returned units",
    ),
    "revenue": (
        "valor total", "total", "receita", "faturamento", "valor da venda", "valor vendido",
        "total da venda", "subtotal", "receita bruta", "venda bruta", "vendas", "revenue", "sales",
        "amount", "total price", "item total", "valor dos produtos", "total do item",
    ),
    "price": (
        "preco", "preco unitario", "valor unitario", "preco de venda", "vlr unitario", "unit price",
        "price", "valor", "valor unit.", "preco medio",
    ),
    "fees": (
        "tarifa", "tarifas", "comissao", "comissoes", "taxa", "taxas", "comissao do marketplace",
        "taxa de comissao", "tarifa de venda", "fees", "fee", "commission", "marketplace fee",
    ),
    "shipping": (
        "frete", "custo de frete", "frete pago", "frete vendedor", "custo do frete",
        "frete pago pelo vendedor", "custo de envio", "shipping", "shipping cost", "freight",
    ),
    "refund": (
        "reembolso", "reembolsos", "valor devolvido", "valor reembolsado", "estorno", "refund", "refunds",
        "refund amount",
    ),
    "discount": (
        "desconto", "descontos", "valor do desconto", "discount", "discounts",
    ),
    "advertised": (
        "publicidade", "venda por publicidade", "anuncio patrocinado", "ads", "advertising",
        "patrocinado",
    ),
    "channel": (
        "canal", "canal de venda", "marketplace", "loja", "plataforma", "origem", "channel",
        "sales channel", "integracao",
    ),
    "dispatched": (
        "data de envio", "data do envio", "data envio", "despachado em", "shipped at", "ship date",
        "data de despacho",
    ),
    "currency": (
        "moeda", "currency",
    ),
}  # fmt: skip

#: channel texts, folded -> channel id
CHANNEL_WORDS: Final[list[tuple[str, str]]] = [
    (r"mercado ?livre|\bmeli\b|^ml\b|mercado ?libre|\bmlb\b", "mercado_livre"),
    (r"shopee", "shopee"),
    (r"amazon|\bamz\b", "amazon"),
    (r"magalu|magazine luiza|\bmgl\b", "magalu"),
    (r"tik ?tok", "tiktok_shop"),
    (r"americanas|b2w|submarino|shoptime", "americanas"),
    (r"shein", "shein"),
    (r"loja propria|site|own store|e-?commerce|loja virtual|shopify|nuvemshop|vtex|tray|woocommerce", "own_store"),
]


def matches(header: list[str]) -> int:
    """Return how many fields the header row (of keys) names, 0 where it cannot be a table of sales."""
    found = {field for field, names in NAMES.items() if any(name in header for name in names)}
    product = {"sku", "title"} & found
    money = "revenue" in found or {"price", "units"} <= found
    return len(found) if product and money else 0


def read(table: Columns, channels: list[str]) -> pl.DataFrame:
    """Return the lines. Where no column names the channel, all lines belong to the only channel asked about.

    With several channels asked about and no such column the lines have no channel: guessing would be a lie.
    """
    height = table.height
    units = _number(table, "units")
    revenue = _number(table, "revenue", optional=True)
    if revenue is None:
        price = _number(table, "price")
        revenue = None if price is None or units is None else price * units
    at = table.moment(*NAMES["at"])
    sent = table.moment(*NAMES["dispatched"], optional=True)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": _channel(table, channels, height),
        "order_id": table.text(*NAMES["order_id"]),
        "sku": table.text(*NAMES["sku"]),
        "title": table.text(*NAMES["title"]),
        "at": at,
        "units": units,
        "returned_units": _number(table, "returned_units", optional=True),
        "revenue": revenue,
        "fees": _positive(_number(table, "fees")),
        "shipping": _positive(_number(table, "shipping")),
        "refund": _positive(_number(table, "refund", optional=True)),
        "discount": _positive(_number(table, "discount", optional=True)),
        "advertised": _yes(table.text(*NAMES["advertised"], optional=True)),
        "ship_days": None if at is None or sent is None else (sent - at).dt.total_minutes() / 1440,
        "currency": table.text(*NAMES["currency"], optional=True),
    }
    status_text = table.text(*NAMES["status"])
    if status_text is None:
        return shape.lines(present(columns), height)  # cancelled or not is unknown
    status = status_of(status_text, None, height)
    columns["status"] = status
    if columns["returned_units"] is None and (status == shape.RETURNED).any() and units is not None:
        columns["returned_units"] = _where_returned(status, units)
    if columns["refund"] is None and (status == shape.RETURNED).any():
        columns["refund"] = None if revenue is None else _where_returned(status, revenue)
    return shape.lines(present(columns), height)


def _number(table: Columns, field: str, *, optional: bool = False) -> pl.Series | None:
    return table.number(*NAMES[field], optional=optional)


def _positive(amount: pl.Series | None) -> pl.Series | None:
    """Return a cost as a positive amount: some programs write it negative."""
    if amount is None:
        return None
    total = amount.sum()
    return -amount if total < 0 else amount


def _yes(text: pl.Series | None) -> pl.Series | None:
    if text is None:
        return None
    frame = pl.DataFrame({"text": text})
    answer = classify(pl.col("text"), [(r"^(s|sim|y|yes|true|verdadeiro|1|x)$", "y")], "n")
    return frame.select(pl.when(pl.col("text").is_not_null()).then(answer == "y")).to_series()


def _where_returned(status: pl.Series, amount: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"status": status, "amount": amount})
    return frame.select(pl.when(pl.col("status") == shape.RETURNED).then(pl.col("amount")).otherwise(0.0)).to_series()


def _channel(table: Columns, channels: list[str], height: int) -> pl.Series | None:
    text = table.text(*NAMES["channel"], optional=True)
    words = [*CHANNEL_WORDS, *((f"^{key(name)}$", channel) for channel, name in CHANNELS.items())]
    if text is not None:
        frame = pl.DataFrame({"text": text})
        named = frame.select(classify(pl.col("text"), words, None).alias("channel")).to_series()
        unknown = int((named.is_null() & text.is_not_null()).sum())
        if named.null_count() < height:
            if unknown:
                table.warnings.append(f"{unknown} linha(s) são de um canal que não conhecemos.")
            return named
    if len(channels) == 1:
        return pl.Series([channels[0]], dtype=pl.String).new_from_index(0, height)
    table.warnings.append(
        "A tabela não diz de qual canal é cada venda; envie um arquivo por canal ou inclua a coluna “Canal”."
    )
    return None
