"""Exports of Magalu, Walmart and Etsy, and TikTok Shop's and Amazon's payouts in other languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, settled, without_freight, write_table
from bench.evaluate.golden.payouts import DEAR, FALLING, OF_PRODUCTS, PLAIN, Rows
from local.samples.catalog import LOSER, SILENT
from local.samples.market import Market, Order, Scenario, market
from local.samples.workbook import Cell, brazilian, write_workbook

_MAGALU: Final = Scenario(fee_rate=0.14, fixed_fee=5.0, discount=0.24, returned=0.0, returned_worst=0.0, cancelled=0.11)
_WALMART: Final = Scenario(discount=0.0, cancelled=0.12, several=0.0, has_loser=False)
_CAME_BACK: Final = {**OF_PRODUCTS, "cancellations": ""}
_PLANTED: Final = {"discounts": "", "cancellations": "", "losses": LOSER.sku, "stock-out": SILENT.sku}
_EVENTS: Final = {"sold": "Pedido entregue", "cancelled": "Pedido cancelado"}
_STATUSES: Final = {"sold": "Delivered", "returned": "Returned", "cancelled": "Cancelled"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the six reports."""

    def drawn(name: str, scenario: Scenario) -> Market:
        return market(Random(f"{name}-{seed}"), rows, scenario)

    return [
        _magalu(folder / "relatorio_vendas_magalu.csv", drawn("magalu-sales", _MAGALU)),
        _walmart_orders(folder / "PO_Data.xlsx", drawn("walmart-orders", _WALMART)),
        _walmart_payments(folder / "ReconReport.csv", drawn("walmart-payments", PLAIN)),
        _etsy(folder / "etsy_statement.csv", drawn("etsy-statement", FALLING)),
        _tiktok(folder / "renda_tiktok.xlsx", drawn("tiktok-renda", DEAR)),
        _amazon(folder / "amazon_transaktionen.csv", drawn("amazon-german", PLAIN)),
    ]


def _magalu(path: Path, sold: Market) -> Golden:
    """Write a row per item with the order's money on each; a half of each discount is Magalu's, and no loss."""
    header = [
        "Data do Pedido", "Canal de vendas", "Número do pedido", "Codigo SKU seller", "Título do produto",
        "Quantidade de itens", "Valor Total do Item", "Valor bruto do pedido", "Valor total dos itens do pedido",
        "Último Evento", "Nome do cliente", "Tarifa fixa (Forma de pagamento 1)", "Tarifa fixa (Forma de pagamento 2)",
        "Serviços do marketplace (1+2+3+4) (Forma de pagamento 1)", "Serviços de tecnologia (1)",
        "Coparticipação de Fretes estimada", "Pago pelo Magalu (Coparticipação de Desconto à Vista)",
        "Pago pelo Parceiro (Coparticipação de Desconto à Vista)", "Valor líquido estimado a receber",
    ]  # fmt: skip
    rows = [row for order in sold.orders for row in _magalu_rows(order)]
    write_table(path, [header, *rows], delimiter=";")
    truth = sold.truth(planted=_PLANTED, costs=True, returns=False)
    return Golden(path, ["magalu"], "magalu.sales", {"magalu": truth}, {"magalu": "BRL"})


def _magalu_rows(order: Order) -> Iterator[list[object]]:
    before = round(sum(line.list_price * line.units for line in order.lines), 2)
    given = round(before - order.revenue, 2)
    for line in order.lines:
        yield [
            f"{order.at:%d/%m/%Y %H:%M:%S}", "Magazine Luiza", f"LU-15{order.number:014d}", line.item.sku,
            line.item.title, line.units, f"R$ {line.list_price * line.units:.2f}", f"R$ {order.revenue - given:.2f}",
            f"R$ {before:.2f}", _EVENTS[order.status], order.buyer.name, "R$ -5.00", "Não se aplica",
            f"R$ {5 - order.fee:.2f}", "R$ -1.00", f"R$ {-order.shipping:.2f}", f"R$ {given:.2f}", f"R$ {-given:.2f}",
            f"R$ {order.revenue - order.fee - order.shipping:.2f}",
        ]  # fmt: skip


def _walmart_orders(path: Path, sold: Market) -> Golden:
    header = [
        "PO#", "Order#", "Order Date", "Ship By", "Customer Name", "Customer Shipping Address", "Ship to City", "FLIDS",
        "Line#", "Status", "Item Description", "Shipping Tier", "Qty", "SKU", "Item Cost", "Shipping Cost", "Tax",
        "Fulfillment Entity",
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            f"10{order.number:011d}", f"20{order.number:011d}", f"{order.at:%Y-%m-%d}", f"{order.dispatched:%Y-%m-%d}",
            order.buyer.name, order.buyer.street, order.buyer.city, "x", "1", _STATUSES[order.status], line.item.title,
            "STANDARD", line.units, line.item.sku, line.price, 0, round(line.revenue * 0.08, 2), "Seller Fulfilled",
        ]
        for order in sold.orders
        for line in order.lines
    ]  # fmt: skip
    write_workbook(path, {"Po Details": [[*header], *rows]})
    truth = sold.truth(planted=_CAME_BACK, costs=False, returns=True)
    return Golden(path, ["own_store"], "walmart.orders", {"own_store": truth})


def _walmart_payments(path: Path, drawn: Market) -> Golden:
    """Write a row for each amount of an order's item, and what was paid in a row of no order."""
    sold = without_freight(drawn)
    header = [
        "Period Start Date", "Period End Date", "Currency", "Transaction Posted Timestamp", "Transaction Type",
        "Customer Order #", "Purchase Order #", "Amount", "Amount Type", "Ship Qty", "Commission Rate",
        "Partner Item Id", "Partner Item Name",
    ]  # fmt: skip
    rows: Rows = [row for order in sold.orders for row in _amounts_of(order)]
    rows.append(["03/01/2026", "03/28/2026", "USD", "", "PaymentSummary", "", "", "30.30", *[""] * 5])
    write_table(path, [header, *rows])
    truth = settled(sold, OF_PRODUCTS, has_freight=False)
    return Golden(path, ["own_store"], "walmart.payments", {"own_store": truth}, {"own_store": "USD"})


def _amounts_of(order: Order) -> Iterator[list[object]]:
    (line,) = order.lines
    amounts = [
        ("Sale", "Product Price", line.revenue, line.units),
        ("Sale", "Product tax", round(line.revenue * 0.08, 2), line.units),
        ("Sale", "Commission on Product", -order.fee, ""),
    ]
    if line.refund:
        amounts.append(("Refund", "Product Price", -line.refund, line.returned_units))
    for kind, name, amount, units in amounts:
        yield [
            "03/01/2026", "03/28/2026", "USD", f"{order.at:%m/%d/%Y %H:%M:%S}", kind, f"20{order.number:011d}",
            f"10{order.number:011d}", f"{amount:.2f}", name, units, "0.12", line.item.sku, line.item.title,
        ]  # fmt: skip


def _etsy(path: Path, drawn: Market) -> Golden:
    """Write the statement: each order's sale and its fee, and what a listing costs, which is of no order."""
    sold = without_freight(drawn)
    header = ["Date", "Type", "Title", "Info", "Currency", "Amount", "Fees & Taxes", "Net", "Tax Details"]
    rows: Rows = []
    for order in sold.orders:
        day, number = f"{order.at:%B} {order.at.day}, {order.at.year}", f"Order #33{order.number:08d}"
        paid, fee = f"${order.revenue:.2f}", f"-${order.fee:.2f}"
        rows.append([day, "Sale", f"Payment for {number}", "--", "USD", paid, "--", paid, "--"])
        rows.append([day, "Fee", "Transaction fee: Item", number, "USD", "--", fee, fee, "--"])
        rows.append([day, "Fee", "Listing fee", f"Listing #{order.number}", "USD", "--", "-$0.20", "-$0.20", "--"])
    write_table(path, [header, *rows], encoding="utf-8-sig")
    truth = settled(sold, {"falling-sales": ""}, has_units=False, has_returns=False, has_freight=False)
    return Golden(path, ["own_store"], "etsy.statement", {"own_store": truth}, {"own_store": "USD"})


def _tiktok(path: Path, sold: Market) -> Golden:
    """Write Brazil's income: a row per item, affiliates' commissions beside the fees, and a reimbursed parcel."""
    header = [
        "Data do demonstrativo", "Status", "Moeda", "Tipo de transação", "ID do pedido/ajuste", "ID do SKU",
        "Quantidade", "Nome do produto", "Data de criação do pedido", "Valor total a ser liquidado",
        "Vendas líquidas dos produtos", "Subtotal do item antes dos descontos", "Descontos financiados pelo vendedor",
        "Desconto da plataforma", "Reembolsos de produtos", "Custo líquido de frete", "Custo do frete",
        "Taxas e impostos", "Tarifa de comissão da plataforma", "Comissões de afiliados", "Valor do ajuste",
        "ID do pedido relacionado",
    ]  # fmt: skip
    rows = [_tiktok_row(order) for order in sold.orders]
    day = f"{sold.orders[-1].at:%Y/%m/%d}"
    rows.append([day, "Pago", "BRL", "Reembolso logístico", "59001", "", "", "", "/", 12.0, *[0] * 10, 12.0, "57001"])
    write_workbook(path, {"Detalhes do pedido": [[*header], *rows]})
    truth = replace(settled(sold, {"fees": "", "stock-out": SILENT.sku}), returned_units=None)
    return Golden(path, ["tiktok_shop"], "tiktok.income", {"tiktok_shop": truth}, {"tiktok_shop": "BRL"})


def _tiktok_row(order: Order) -> list[Cell]:
    (line,) = order.lines
    day, affiliates = f"{order.at:%Y/%m/%d}", round(order.fee * 0.2, 2)
    given = round(line.list_price * line.units - line.revenue, 2)
    return [
        day, "Pago", "BRL", "Pedido", f"57{order.number:016d}", line.item.sku, line.units, line.item.title, day,
        round(line.revenue - line.refund - order.fee - order.shipping, 2), round(line.revenue - line.refund, 2),
        round(line.list_price * line.units, 2), -given, 0, -line.refund, -order.shipping, -order.shipping,
        round(affiliates - order.fee, 2), round(affiliates - order.fee, 2), -affiliates, 0, "/",
    ]  # fmt: skip


def _amazon(path: Path, drawn: Market) -> Golden:
    """Write Amazon's transactions of Germany: the tax that buyers paid is within its total."""
    sold = without_freight(drawn)
    header = [
        "Datum/Uhrzeit", "Abrechnungsnummer", "Typ", "Bestellnummer", "SKU", "Beschreibung", "Menge", "Marketplace",
        "Ort der Bestellung", "Umsätze", "Produktumsatzsteuer", "Gutschrift für Versandkosten",
        "Rabatte aus Werbeaktionen", "Einbehaltene Steuer auf Marketplace", "Verkaufsgebühren",
        "Gebühren zu Versand durch Amazon", "Andere Transaktionsgebühren", "Andere", "Gesamt",
    ]  # fmt: skip
    above: Rows = [["Enthält Amazon Marketplace"], ["Alle Beträge in Euro sofern nicht anders gekennzeichnet"], []]
    rows = [row for order in sold.orders for row in _german_rows(order)]
    write_table(path, [*above, header, *rows], encoding="utf-8-sig")
    truth = settled(sold, OF_PRODUCTS, has_freight=False)
    return Golden(path, ["amazon"], "amazon.transactions", {"amazon": truth}, {"amazon": "EUR"})


def _german_rows(order: Order) -> Iterator[list[object]]:
    (line,) = order.lines
    moved = [("Bestellung", line.revenue, order.fee)]
    if line.refund:
        moved.append(("Erstattung", -line.refund, 0.0))
    for kind, goods, fee in moved:
        tax = round(goods * 0.19, 2)
        yield [
            f"{order.at:%d.%m.%Y %H:%M:%S} UTC", "18174059732", kind, f"302-{order.number:07d}-0000000", line.item.sku,
            line.item.title, line.units, "amazon.de", order.buyer.city, brazilian(goods), brazilian(tax), "0,00",
            "0,00", brazilian(-tax), brazilian(-fee), "0,00", "0,00", "0,00", brazilian(goods - fee),
        ]  # fmt: skip
