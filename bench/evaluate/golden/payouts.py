"""Reports of payouts in Brazil: each tells what was settled, so that nobody can plant a cancelled or unpaid order.

Mercado Pago tells no products, so that neither a stock that ran out nor returns of a product can be planted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, settled, without_freight, write_table
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Market, Order, Scenario, market
from local.samples.workbook import Cell, brazilian, write_workbook

#: Only what was sold: an order of one product, so that its fee is the product's.
PLAIN: Final = Scenario(
    fee_rate=0.12, fixed_fee=0.0, cancelled=0.0, discount=0.0, several=0.0, returned_worst=0.4, has_loser=False
)
FALLING: Final = replace(PLAIN, fee_rate=0.05, returned=0.0, returned_worst=0.0, last_month=0.5)
#: So much of an order is a tariff that is far above what any table says.
DEAR: Final = replace(PLAIN, fee_rate=0.27)
_MONTHS: Final = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
OF_PRODUCTS: Final = {"returns": RETURNED.sku, "stock-out": SILENT.sku}
Rows = list[list[object]]


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the five reports."""
    return [
        _transactions(folder / "amazon_transacoes.csv", market(Random(f"amazon-transactions-{seed}"), rows, PLAIN)),
        _settlement(folder / "amazon_repasse.txt", market(Random(f"amazon-settlement-{seed}"), rows, PLAIN)),
        _releases(folder / "mercado_pago_liberacoes.csv", market(Random(f"releases-{seed}"), rows, FALLING)),
        _settlements(folder / "mercado_pago_transacoes.csv", market(Random(f"settlements-{seed}"), rows, FALLING)),
        _shopee(folder / "shopee_renda.xlsx", market(Random(f"shopee-income-{seed}"), rows, DEAR)),
    ]


def _transactions(path: Path, sold: Market) -> Golden:
    """Write Amazon's report by date: delivery stands in rows of its own, as do advertising and the transfer."""
    header = [
        "data/hora",
        "id de liquidação",
        "tipo",
        "id do pedido",
        "sku",
        "descrição",
        "quantidade",
        "mercado",
        "cidade do pedido",
        "vendas do produto",
        "créditos de remessa",
        "descontos promocionais",
        "tarifas de venda",
        "taxas fba",
        "taxas de outras transações",
        "outro",
        "total",
    ]
    above: Rows = [["Inclui transações do Amazon Marketplace"], ["Todas as quantias em BRL"]]
    rows = [row for order in sold.orders for row in _transactions_of(order)]
    last = sold.orders[-1]
    rows.append(_moved(last, "Taxa de serviço", "Publicidade", other=-30.0))
    rows.append(_moved(last, "Transferir", "Para conta bancária", other=-500.0))
    write_table(path, [*above, header, *rows])
    truth = settled(sold, OF_PRODUCTS)
    return Golden(path, ["amazon"], "amazon.transactions", {"amazon": truth}, {"amazon": "BRL"})


def _transactions_of(order: Order) -> Iterator[list[object]]:
    (line,) = order.lines
    yield _moved(order, "Pedido", line.item.title, goods=line.revenue, fee=-order.fee)
    yield _moved(order, "Serviços de Envio", "Tarifa de entrega", other=-order.shipping)
    if order.status == "returned":
        yield _moved(order, "Reembolso", line.item.title, goods=-line.revenue)


def _moved(
    order: Order, kind: str, text: str, goods: float = 0.0, fee: float = 0.0, other: float = 0.0
) -> list[object]:
    (line,) = order.lines
    at = f"{order.at.day} de {_MONTHS[order.at.month - 1]}. de {order.at.year} {order.at:%H:%M:%S} GMT-3"
    is_sale, is_of_order = kind in ("Pedido", "Reembolso"), kind not in ("Transferir", "Taxa de serviço")
    return [
        at, 9_000_001, kind, f"701-{order.number:07d}-{order.number % 97:07d}" if is_of_order else "",
        line.item.sku if is_sale else "", text, line.units if is_sale else "", "amazon.com.br", order.buyer.city,
        brazilian(goods), "0,00", "0,00", brazilian(fee), "0,00", "0,00", brazilian(other),
        brazilian(goods + fee + other),
    ]  # fmt: skip


def _settlement(path: Path, drawn: Market) -> Golden:
    """Write Amazon's flat file V2: a row for each amount. The buyer's freight is given back by a promotion."""
    sold = without_freight(drawn)
    header = [
        "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
        "transaction-type", "order-id", "order-item-code", "marketplace-name", "amount-type", "amount-description",
        "amount", "posted-date", "sku", "quantity-purchased",
    ]  # fmt: skip
    rows = [row for order in sold.orders for row in _amounts_of(order)]
    rows.append(_amount(sold.orders[-1], "other-transaction", ("other-transaction", "Subscription"), -19.0))
    total = round(sum(float(str(row[12])) for row in rows), 2)
    head = ["9000001", "2025-12-01", "2026-03-31", "2026-04-01", f"{total:.2f}", "BRL", *[""] * 10]
    write_table(path, [header, head, *rows], delimiter="\t")
    return Golden(path, ["amazon"], "amazon.settlement", {"amazon": settled(sold, OF_PRODUCTS)}, {"amazon": "BRL"})


def _amounts_of(order: Order) -> Iterator[list[object]]:
    (line,) = order.lines
    logistics = round(order.fee * 0.4, 2)
    yield _amount(order, "Order", ("ItemPrice", "Principal"), line.revenue, line.units)
    yield _amount(order, "Order", ("ItemPrice", "Shipping"), 12.0, line.units)
    yield _amount(order, "Order", ("Promotion", "Shipping"), -12.0)
    yield _amount(order, "Order", ("ItemFees", "Commission"), -(order.fee - logistics))
    yield _amount(order, "Order", ("ItemFees", "FBAPerUnitFulfillmentFee"), -logistics)
    if order.status == "returned":
        yield _amount(order, "Refund", ("ItemPrice", "Principal"), -line.revenue, line.units)


def _amount(order: Order, kind: str, of: tuple[str, str], amount: float, units: int | str = "") -> list[object]:
    is_sale = kind in ("Order", "Refund")
    return [
        "9000001", "", "", "", "", "", kind, f"701-{order.number:07d}-{order.number % 97:07d}" if is_sale else "",
        f"{7_000_000_000 + order.number}" if is_sale else "", "amazon.com.br", *of, f"{amount:.2f}",
        f"{order.at:%Y-%m-%d}", order.lines[0].item.sku if is_sale else "", units,
    ]  # fmt: skip


def _releases(path: Path, sold: Market) -> Golden:
    """Write what Mercado Pago released of Mercado Livre's orders, between two balances and with a payout."""
    header = [
        "DATE",
        "SOURCE_ID",
        "EXTERNAL_REFERENCE",
        "RECORD_TYPE",
        "DESCRIPTION",
        "NET_CREDIT_AMOUNT",
        "NET_DEBIT_AMOUNT",
        "GROSS_AMOUNT",
        "MP_FEE_AMOUNT",
        "FINANCING_FEE_AMOUNT",
        "SHIPPING_FEE_AMOUNT",
        "TAXES_AMOUNT",
        "CURRENCY",
        "SUB_UNIT",
        "PAYER_NAME",
    ]
    first, last = sold.orders[0].at, sold.orders[-1].at
    rows: Rows = [[f"{first:%Y-%m-%dT00:00:00.000-03:00}", "", "", "initial_available_balance", "", "100.00", "0.00",
                   "100.00", *["0.00"] * 4, "BRL", "", ""]]  # fmt: skip
    for order in sold.orders:
        net = order.revenue - order.fee - order.shipping
        rows.append([
            f"{order.at:%Y-%m-%dT%H:%M:%S.000-03:00}", 80_000_000_000 + order.number, 2_000_000_000 + order.number,
            "release", "payment", f"{max(net, 0):.2f}", f"{max(-net, 0):.2f}", f"{order.revenue:.2f}",
            f"{-order.fee:.2f}", "0.00", f"{-order.shipping:.2f}", "0.00", "BRL", "Mercado Livre", order.buyer.name,
        ])  # fmt: skip
    rows.append([f"{last:%Y-%m-%dT%H:%M:%S.000-03:00}", 444, "", "release", "payout", "0.00", "100.00", "100.00",
                 *["0.00"] * 4, "BRL", "", ""])  # fmt: skip
    write_table(path, [header, *rows], delimiter=";")
    return _of_mercado_pago(path, sold, "mercado_pago.releases")


def _settlements(path: Path, sold: Market) -> Golden:
    """Write all of Mercado Pago's transactions of Mercado Livre's orders, and a withdrawal."""
    header = [
        "EXTERNAL_REFERENCE",
        "SOURCE_ID",
        "TRANSACTION_TYPE",
        "TRANSACTION_AMOUNT",
        "TRANSACTION_CURRENCY",
        "TRANSACTION_DATE",
        "FEE_AMOUNT",
        "SETTLEMENT_NET_AMOUNT",
        "SETTLEMENT_CURRENCY",
        "SHIPPING_FEE_AMOUNT",
        "TAXES_AMOUNT",
        "SUB_UNIT",
        "PAYER_NAME",
    ]
    rows: Rows = [
        [
            2_000_000_000 + order.number, 80_000_000_000 + order.number, "SETTLEMENT", f"{order.revenue:.2f}", "BRL",
            f"{order.at:%Y-%m-%dT%H:%M:%S.000-03:00}", f"{-order.fee:.2f}",
            f"{order.revenue - order.fee - order.shipping:.2f}", "BRL", f"{-order.shipping:.2f}", "0.00",
            "Mercado Livre", order.buyer.name,
        ]
        for order in sold.orders
    ]  # fmt: skip
    at = f"{sold.orders[-1].at:%Y-%m-%dT%H:%M:%S.000-03:00}"
    rows.append(["", 555, "WITHDRAWAL", "-100.00", "BRL", at, "0.00", "-100.00", "BRL", "0.00", "0.00", "", ""])
    write_table(path, [header, *rows], delimiter=";")
    return _of_mercado_pago(path, sold, "mercado_pago.settlements")


def _of_mercado_pago(path: Path, sold: Market, layout: str) -> Golden:
    truth = settled(sold, {"falling-sales": ""}, has_units=False, has_returns=False)
    return Golden(path, ["mercado_livre"], layout, {"mercado_livre": truth}, {"mercado_livre": "BRL"})


def _shopee(path: Path, drawn: Market) -> Golden:
    """Write Shopee's income: each order, and its product again; how many units were sold it does not tell."""
    sold = without_freight(drawn)
    write_workbook(path, {"Renda": _shopee_rows(sold)})
    planted = {"stock-out": SILENT.sku, "fees": ""}
    truth = settled(sold, planted, has_units=False)
    return Golden(path, ["shopee"], "shopee.income", {"shopee": truth}, {"shopee": "BRL"})


def _shopee_rows(sold: Market) -> Iterator[list[Cell]]:
    yield ["Informações do pedido", *[None] * 8, "Valores", *[None] * 7, "Taxas", *[None] * 2]
    yield [
        "Número da sequência", "Ver", "ID do pedido", "ID do reembolso", "SKU", "Nome do produto",
        "Data de criação do pedido", "Data de conclusão do pagamento", "Canal de liberação",
        "Quantia total lançada (R$)", "Preço do produto", "Voucher subsidiado pelo Seller", "Valor do Reembolso",
        "Taxa de frete paga pelo comprador", "Frete cobrado pelo parceiro logístico",
        "Desconto de frete pela Shopee", "Taxa de envio reverso", "Taxa de comissão líquida",
        "Taxa de serviço líquida", "Nome de usuário (Comprador)",
    ]  # fmt: skip
    number = 0
    for order in sold.orders:
        (line,) = order.lines
        service = round(order.fee * 0.3, 2)
        back = line.refund
        day = f"{order.at:%Y-%m-%d}"
        for view in ("Order", "Sku"):
            number += 1
            is_whole = view == "Order"
            yield [
                number, view, f"26{order.number:06d}KQ{order.number % 97:02d}", "R1" if back else "-",
                "-" if is_whole else line.item.sku, "-" if is_whole else line.item.title, day, day, "SC",
                round(order.revenue - back - order.fee, 2), order.revenue, 0, -back, 10, -22, 12, 0,
                -round(order.fee - service, 2), -service, order.buyer.login,
            ]  # fmt: skip
