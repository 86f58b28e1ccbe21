"""Sales of Hotmart, Kiwify and Eduzz: a row for each, and a refund takes the platform's and affiliates' shares back.

The names of goods stand for those of courses: the platforms sell no goods, and whoever reads the lists does not know.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, settled, without_freight, write_table
from bench.evaluate.golden.payouts import DEAR, FALLING, PLAIN, Rows
from local.samples import ChannelTruth
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Market, Order, Scenario, market
from local.samples.workbook import brazilian

#: So much of what is taken of each third sale is an affiliate's.
_AFFILIATE: Final = 0.6
_EACH: Final = 3
_HOTMART: Final = {
    "sold": ("Completo", "Aprovado"),
    "returned": ("Reembolsado", "Chargeback"),
    "unpaid": ("Expirado", "Recusado"),
    "cancelled": ("Cancelado", "Cancelado"),
}
_KIWIFY: Final = {
    "sold": ("paid", "paid"),
    "returned": ("refunded", "chargedback"),
    "unpaid": ("waiting_payment", "refused"),
}
_EDUZZ: Final = {"sold": "Paga", "returned": "Reembolsada", "unpaid": "Aguardando Pagamento", "cancelled": "Cancelada"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the three lists; who delivers what is sold there pays no freight."""

    def drawn(name: str, scenario: Scenario) -> Market:
        return without_freight(market(Random(f"{name}-{seed}"), rows, scenario))

    return [
        _hotmart(folder / "sales_history_hotmart.csv", drawn("hotmart", replace(DEAR, cancelled=0.09))),
        _kiwify(folder / "vendas_kiwify.csv", drawn("kiwify", replace(FALLING, unpaid=0.12, returned=0.02))),
        _eduzz(folder / "vendas_eduzz.csv", drawn("eduzz", replace(PLAIN, cancelled=0.09))),
    ]


def _truth(sold: Market, planted: dict[str, str], *, has_units: bool = False) -> ChannelTruth:
    """Return the truth: the fees are those of sales that were not refunded."""
    kept = round(sum(order.fee for order in sold.orders if order.status == "sold"), 2)
    cancelled = sum(order.status == "cancelled" for order in sold.orders)
    truth = settled(sold, planted, has_units=has_units, has_freight=False)
    return replace(truth, fees=kept, cancelled_orders=cancelled)


def _affiliate(order: Order) -> float:
    """Return the part of what is taken that is an affiliate's."""
    return 0.0 if order.number % _EACH else round(order.fee * _AFFILIATE, 2)


def _hotmart(path: Path, sold: Market) -> Golden:
    """Write Hotmart's history, where the affiliate's commission stands beside the fee; units are not told."""
    header = [
        "Código da transação", "Status da transação", "Data da transação", "Código do produto", "Produto",
        "Moeda de compra", "Valor de compra sem impostos", "Faturamento bruto (sem impostos)",
        "Taxa de processamento", "Comissão do(a) Afiliado(a)", "Faturamento líquido do(a) Produtor(a)",
        "Comprador(a)", "Email do(a) Comprador(a)",
    ]  # fmt: skip
    rows: Rows = []
    for order in sold.orders:
        (line,) = order.lines
        theirs = _affiliate(order)
        rows.append([
            f"HP{order.number:010d}", _HOTMART[order.status][order.number % 2], f"{order.at:%d/%m/%Y %H:%M:%S}",
            line.item.sku, line.item.title, "BRL", brazilian(order.revenue), brazilian(order.revenue),
            brazilian(order.fee - theirs), brazilian(theirs), brazilian(order.revenue - order.fee), order.buyer.name,
            order.buyer.email,
        ])  # fmt: skip
    write_table(path, [header, *rows], delimiter=";")
    truth = _truth(sold, {"fees": "", "stock-out": SILENT.sku, "cancellations": ""})
    return Golden(path, ["own_store"], "hotmart.sales", {"own_store": truth}, {"own_store": "BRL"})


def _kiwify(path: Path, sold: Market) -> Golden:
    """Write Kiwify's list, in which products have no code, and the fees are all that is not the producer's."""
    header = [
        "ID da venda", "Status", "Produto", "Cliente", "Email", "País", "Data de Criação", "Pagamento",
        "Preço base do produto", "Valor líquido", "Taxas",
    ]  # fmt: skip
    rows: Rows = []
    for order in sold.orders:
        (line,) = order.lines
        rows.append([
            f"k{order.number:07d}x", _KIWIFY[order.status][order.number % 2], line.item.title, order.buyer.name,
            order.buyer.email, "br", f"{order.at:%d/%m/%Y}", "pix", brazilian(order.revenue),
            brazilian(order.revenue - order.fee), brazilian(order.fee),
        ])  # fmt: skip
    write_table(path, [header, *rows], delimiter=";")
    truth = _truth(sold, {"falling-sales": "", "unpaid": "", "stock-out": SILENT.title})
    return Golden(path, ["own_store"], "kiwify.sales", {"own_store": truth}, {"own_store": "BRL"})


def _eduzz(path: Path, sold: Market) -> Golden:
    """Write Eduzz's list, which tells how many were sold and what was paid back."""
    header = [
        "Fatura", "Status", "Método de Pagamento", "Moeda", "Data de Criação", "Data de Pagamento", "ID do Produto",
        "Produto", "Quantidade", "Valor Inicial da Venda", "Valor Total da Venda", "Valor Total do Item",
        "Valor Reembolsado", "Taxa Eduzz", "Taxa Alumy", "Outros", "Ganho Liquido", "Cliente / Nome",
        "Cliente / E-mail",
    ]  # fmt: skip
    rows: Rows = []
    for order in sold.orders:
        (line,) = order.lines
        day, paid = f"{order.at:%d/%m/%Y}", brazilian(order.revenue)
        rows.append([
            90_000 + order.number, _EDUZZ[order.status], "Pix", "BRL", day, "" if order.status == "cancelled" else day,
            line.item.sku, line.item.title, line.units, paid, paid, paid, brazilian(line.refund), brazilian(order.fee),
            "0,00", "0,00", brazilian(order.revenue - order.fee), order.buyer.name, order.buyer.email,
        ])  # fmt: skip
    write_table(path, [header, *rows], delimiter=";")
    truth = _truth(sold, {"returns": RETURNED.sku, "stock-out": SILENT.sku, "cancellations": ""}, has_units=True)
    return Golden(path, ["own_store"], "eduzz.sales", {"own_store": truth}, {"own_store": "BRL"})
