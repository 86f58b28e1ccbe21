"""Who pays Shopee's freight, since its export no longer tells of the rebate; and the totals it can be checked with."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.settling import settled
from gateway.intake.tables import RawTable
from schemas.facts import ChannelFacts, TableRead

HEADER = (
    "ID do pedido", "Status do pedido", "Número de referência SKU", "Nome do Produto", "Preço original",
    "Preço acordado", "Quantidade", "Subtotal do produto", "Código do Cupom", "Cupom do vendedor", "Valor Total",
    "Taxa de envio pagas pelo comprador", "Taxa de Envio Reversa", "Taxa de transação", "Taxa de comissão",
    "Taxa de serviço", "Valor estimado do frete", "Data de criação do pedido",
)  # fmt: skip
COVERED = "1289579270;FSV-1322437203603456"


def order(
    number: int, *, coupon: str | None = COVERED, buyer: float = 0, estimate: float = 8, state: str = "Enviado",
    total: float | None = None, reverse: float = 0,
) -> list[str | None]:  # fmt: skip
    row = (
        number, state, "A", "a", 50, 30, 1, 30, coupon, 0, 30 + buyer if total is None else total, buyer, reverse, 0, 5,
        4, estimate, "2026-01-28 10:00",
    )  # fmt: skip
    return [None if cell is None else str(cell) for cell in row]


def facts(*rows: list[str | None], more: dict[str, str] | None = None) -> tuple[ChannelFacts, TableRead]:
    more = more or {}
    every: list[list[str | None]] = [[*HEADER, *more], *([*row, *more.values()] for row in rows)]
    columns = {str(i): [row[i] for row in every] for i in range(len(every[0]))}
    found = settled(RawTable("t", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))), ["shopee"])
    (own,) = channel_facts(found.lines, None)
    return own, found.report


def value(own: ChannelFacts, metric: str) -> float | None:
    return next((figure.value for figure in own.figures if figure.metric == metric), None)


def test_freight_that_shopees_coupon_or_the_buyer_pays_costs_nothing() -> None:
    own, report = facts(order(1), order(2, coupon=None, buyer=8), order(3, coupon=None, state="Cancelado"))

    assert value(own, "shipping_cost") == 0
    assert value(own, "net_receipts") == 42
    assert report.warnings == []


@pytest.mark.parametrize("coupon", [None, "V3R26M5", "NFSV-1"])
def test_without_the_rebate_freight_that_nobody_is_seen_to_pay_is_unknown(coupon: str | None) -> None:
    own, report = facts(order(1), order(2, coupon=coupon))

    assert value(own, "shipping_cost") is None
    assert value(own, "shipping_share") is None
    assert value(own, "net_receipts") is None
    assert value(own, "net_without_freight") == 42
    assert any("não desconta o frete" in warning for warning in own.warnings)
    assert "Desconto de Frete Aproximado" in report.columns_missing
    assert "o custo de envio do vendedor é desconhecido" in report.warnings[0]
    assert "Em 1 linha(s) um cupom FSV-" in report.warnings[0]


def test_with_the_rebate_the_rest_is_the_sellers() -> None:
    own, _ = facts(order(1, coupon=None), order(2, coupon=None, buyer=5), more={"Desconto de Frete Aproximado": "2"})

    assert value(own, "shipping_cost") == 7  # 8 - 2, and 8 - 5 - 2


def test_return_freight_is_charged_even_where_the_rest_is_unknown() -> None:
    own, _ = facts(order(1, coupon=None, reverse=6))

    assert value(own, "fees") == 15
    assert value(own, "shipping_cost") is None


def test_without_a_column_of_returned_units_the_return_status_tells() -> None:
    own, _ = facts(order(1), order(2), more={"Status da Devolução / Reembolso": "Aprovada"})

    assert (value(own, "returned_units"), value(own, "refunds")) == (2, 60)
    assert value(facts(order(1))[0], "returned_units") is None


def test_the_order_total_is_checked_with_the_buyers_freight() -> None:
    right, _ = facts(order(1, buyer=8), order(2))
    wrong, _ = facts(order(1, buyer=8), order(2, total=33))

    assert right.reconciliation is not None
    assert (right.reconciliation.column, right.reconciliation.difference) == ("Valor Total", 0)
    assert wrong.reconciliation is not None
    assert [(cause.order, cause.row) for cause in wrong.reconciliation.causes] == [("2", 3)]
    assert any("“Valor Total” soma R$ 71,00" in warning for warning in wrong.warnings)


def test_reais_are_assumed_and_that_is_said() -> None:
    own, _ = facts(order(1))

    assert (own.currency, own.currency_source) == ("BRL", "assumed")
    assert any("não diz a moeda" in warning for warning in own.warnings)
