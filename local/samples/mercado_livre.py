"""Mercado Livre, "Vendas": header in row 6, duplicate names, unmarked packages, blanks that mean no, a help sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

from local.samples.catalog import LOSER, RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.truth import Sample, Truth
from local.samples.workbook import Cell, brazilian, write_workbook

_SCENARIO: Final = Scenario(cancelled=0.07, advertised=0.45, slow=0.06)
_MONTHS: Final = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
]
_STATES: Final = {
    "sold": (*["Entregue"] * 9, "A caminho", "Venda entregue", "Mediação finalizada. Te demos o dinheiro."),
    "returned": ("Devolução finalizada com reembolso para o comprador", "Devolvido no dia 20 de março"),
    "cancelled": ("Venda cancelada. Não envie", "Cancelada pelo comprador"),
    "unpaid": ("Aguardando pagamento",),
}
#: What stands beside a state: what may happen, what did not, and where the parcel is.
_DESCRIBED: Final = {
    "Entregue": ("Chegou em 23 de março", "Caso o comprador cancele ou devolva, avisaremos por aqui."),
    "Venda entregue": ("Cancelamos a devolução e liberamos o dinheiro para você.",),
}
#: The buyer pays for the delivery by the seller's own courier, and no fee is taken of it.
_COURIER_INCOME: Final = 9.9
_HEADER: Final = (
    "N.º de venda", "Data da venda", "Estado", "Descrição do status", "Pacote de diversos produtos",
    "Pertence a um kit", "Unidades", "Receita por produtos (BRL)",
    "Receita por acréscimo no preço (pago pelo comprador)", "Taxa de parcelamento equivalente ao acréscimo",
    "Tarifa de venda e impostos (BRL)", "Receita por envio (BRL)", "Tarifas de envio (BRL)",
    "Custo de envio com base nas medidas e peso declarados", "Custo por diferenças nas medidas e no peso do pacote",
    "Descontos e bônus", "Cancelamentos e reembolsos (BRL)", "Total (BRL)", "Mês de faturamento das suas tarifas",
    "Venda por publicidade", "SKU", "# de anúncio", "Canal de venda", "Loja oficial", "Título do anúncio",
    "Variação", "Preço unitário de venda do anúncio (BRL)", "Tipo de anúncio", "Dados pessoais ou da empresa",
    "Tipo e número do documento", "Endereço", "Comprador", "CPF", "Endereço", "Cidade", "Estado", "CEP", "País",
    "Forma de entrega", "Data a caminho", "Data de entrega", "Número de rastreamento", "Unidades",
    "Forma de entrega", "Data a caminho", "Motivo do resultado", "Reclamação aberta", "", "",
)  # fmt: skip


def write(folder: Path, seed: int, rows: int) -> Sample:
    """Write the workbook; half a year of numbers would look the same, only longer."""
    random = Random(f"mercado_livre-{seed}")  # noqa: S311 - sample data
    drawn = market(random, rows, _SCENARIO)
    sold = replace(drawn, orders=[_by_courier(order) for order in drawn.orders])
    path = folder / "vendas_mercado_livre.xlsx"
    write_sold(path, random, sold)
    planted = {
        "returns": RETURNED.sku,
        "losses": LOSER.sku,
        "fee-audit": LOSER.sku,  # the fixed part of a dearer item, where the table takes half of its price
        "stock-out": SILENT.sku,
        "cancellations": "",
        "advertising": "",
    }
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Sample(
        path, ["mercado_livre"], "Vendas do Mercado Livre",
        Truth("mercado_livre.vendas", {"mercado_livre": truth}, sold.secrets),
    )  # fmt: skip


def write_sold(path: Path, random: Random, sold: Market) -> None:
    """Write these orders as the marketplace does."""
    help_sheet: list[list[Cell]] = [["Ajuda"], ["Como ler este relatório"], ["Cada linha é uma venda."]]
    write_workbook(path, {"Vendas BR": _rows(random, sold), "Ajuda": help_sheet})


def _rows(random: Random, sold: Market) -> Iterator[list[Cell]]:
    yield ["Vendas"]
    yield ["Relatório de vendas, dezembro de 2025 a março de 2026"]
    yield []
    yield ["Os valores em BRL já consideram descontos"]
    yield ["Vendas", *[None] * 19, "Anúncios", *[None] * 7, "Faturamento", None, None, "Compradores"]
    yield list(_HEADER)
    for order in reversed(sold.orders):  # newest first, as the marketplace writes it
        state = random.choice(_STATES[order.status])
        if len(order.lines) == 1:
            yield _row(random, order, state, order.lines[0], money=True, package="Não")
            continue
        yield _row(random, order, f"Pacote de {len(order.lines)} produtos", None, money=True, package="")
        for line in order.lines:
            yield _row(random, order, state, line, money=False, package="Sim")


def _by_courier(order: Order) -> Order:
    """Let each sixth order bring freight in; not of the product that loses, which that would pay for."""
    is_loser = any(line.item is LOSER for line in order.lines)
    return replace(order, shipping=-_COURIER_INCOME) if order.number % 6 == 0 and not is_loser else order


def _row(random: Random, order: Order, state: str, line: Line | None, *, money: bool, package: str) -> list[Cell]:
    """Return a row: a package's head has the money and no product, its members have products and no money."""
    buyer = order.buyer
    amounts: list[Cell] = [None] * 12
    if money:
        back = order.status in ("returned", "cancelled")
        refunded = -order.revenue if back else 0.0
        buyer_shipping = _COURIER_INCOME if order.shipping < 0 else 7.9 if order.number % 4 == 0 else 0.0
        charged = round(order.shipping + buyer_shipping, 2)
        instalments = round(order.revenue * 0.03, 2) if order.number % 7 == 0 else None
        amounts = [
            order.revenue, instalments, None if instalments is None else -instalments, -order.fee,
            buyer_shipping or None, -charged or None, charged or None, None, None, refunded or None,
            round(order.revenue - order.fee - order.shipping + refunded, 2), "março de 2026",
        ]  # fmt: skip
        amounts = [_messy(random, amount) for amount in amounts]
    product: list[Cell] = ["", "", "Mercado Livre", "", "", "", None, ""]
    if line is not None:
        listing = f"MLB{3_000_000_000 + sum(map(ord, line.item.sku)) * 7919}"
        product = [
            line.item.sku, listing, "Mercado Livre", "", line.item.title, "", line.price,
            "Premium" if order.number % 3 else "Clássico",
        ]  # fmt: skip
    units = None if line is None else line.units
    shipped = _day(order.dispatched) if money else ""  # a package is sent as one: its products have no dates
    described = "" if line is None else random.choice(_DESCRIBED.get(state, ("",)))
    return [
        str(2_000_000_000_000_000 + order.number * 10 + (0 if money else 1)), _date(order.at), state, described,
        package, "Não", units, *amounts, "Sim" if order.advertised and line is not None else "", *product, buyer.name,
        f"CPF {buyer.cpf}", f"{buyer.street} - {buyer.city}", buyer.name, buyer.cpf, buyer.street, buyer.city,
        buyer.state, buyer.postcode, "Brasil", "Mercado Envios Full", shipped, shipped, f"BR{order.number:09d}",
        units, "Agência", None, "Produto com defeito" if order.status == "returned" else None, None, None, None,
    ]  # fmt: skip


def _messy(random: Random, amount: Cell) -> Cell:
    """Return now and then a number as text, as such files have it, and a blank for a missing one."""
    if amount is None:
        return " " if random.random() < 0.3 else None
    if isinstance(amount, float) and random.random() < 0.03:
        return brazilian(amount)
    return amount


def _day(at: datetime) -> str:
    """Return a date as the export's delivery columns have it: without the year."""
    return f"{at.day} de {_MONTHS[at.month - 1]} | {at:%H:%M}"


def _date(at: datetime) -> str:
    return f"{at.day} de {_MONTHS[at.month - 1]} de {at.year} {at:%H:%M} hs."
