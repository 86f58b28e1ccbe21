"""Nuvemshop, the list of sales: a row for each item, the order's own fields on its first row only."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, with_freight
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import brazilian

_SCENARIO: Final = Scenario(cancelled=0.02, unpaid=0.12, discount=0.0, slow=0.35, has_loser=False)
_FREIGHT: Final = 14.9
_HEADER: Final = (
    "Número do Pedido", "E-mail", "Data", "Status do Pedido", "Status do Pagamento", "Status do Envio", "Moeda",
    "Subtotal", "Desconto", "Valor do Frete", "Total", "Nome do comprador", "CPF / CNPJ", "Telefone",
    "Nome para a entrega", "Endereço", "Cidade", "Código postal", "Estado", "País", "Forma de Entrega",
    "Forma de Pagamento", "Cupom de Desconto", "Anotações do Comprador", "Data de pagamento", "Data de envio",
    "Nome do Produto", "Valor do Produto", "Quantidade Comprada", "SKU", "Canal", "Identificador do pedido",
)  # fmt: skip
_STATUS: Final = {
    "sold": ("Arquivada", "Confirmado", "Enviado"),
    "returned": ("Arquivada", "Estornado", "Enviado"),
    "cancelled": ("Cancelada", "Recusado", "Não está embalado"),
    "unpaid": ("Aberta", "Pendente", "Não está embalado"),
}


def write(folder: Path, seed: int, rows: int) -> Golden:
    """Write the CSV; it tells no fees, and of what came back only that it was all paid back."""
    sold = market(Random(f"nuvemshop-{seed}"), rows, _SCENARIO)
    path = folder / "nuvemshop_vendas.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEADER)
        writer.writerows(_rows(sold))
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "unpaid": "", "slow-dispatch": ""}
    truth = sold.truth(planted=planted, costs=False, returns=True, refunds=False)
    return Golden(path, ["own_store"], "nuvemshop.orders", {"own_store": with_freight(truth, _FREIGHT)})


def _rows(sold: Market) -> list[list[object]]:
    return [_row(order, line, is_first=line is order.lines[0]) for order in sold.orders for line in order.lines]


def _row(order: Order, line: Line, *, is_first: bool) -> list[object]:
    buyer = order.buyer
    is_sent = order.status in ("sold", "returned")
    own: list[object] = [
        f"{order.at:%d/%m/%Y %H:%M:%S}", *_STATUS[order.status], "BRL", brazilian(order.revenue), "0,00",
        brazilian(_FREIGHT), brazilian(order.revenue + _FREIGHT), buyer.name, buyer.cpf, buyer.phone, buyer.name,
        buyer.street, buyer.city, buyer.postcode, buyer.state, "Brasil", "Correios - PAC", "Pix", "", "",
        f"{order.at:%d/%m/%Y}" if is_sent else "", f"{order.dispatched:%d/%m/%Y %H:%M:%S}" if is_sent else "",
    ]  # fmt: skip
    return [
        str(1000 + order.number), buyer.email, *(own if is_first else [""] * len(own)),
        line.item.title.replace("”", '"'), brazilian(line.price), line.units, line.item.sku,
        "Loja virtual" if is_first else "", 90_000_000 + order.number if is_first else "",
    ]  # fmt: skip
