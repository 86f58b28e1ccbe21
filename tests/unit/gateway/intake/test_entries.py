"""The entries of an order in a financial extract are one sale, with what was taken of it."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.payouts import UNREAD
from tests.unit.gateway.intake.tables import reading, sold

_EXTRACT = """Loja;Data Pedido;Lançamento;Ref. Pedido;Entrega;Tipo;Valor;Parcela;Meio de Pagamento
L;01/03/2026;1;2701;02-2701;Venda Marketplace;199,90;1/1;CARTAO
L;01/03/2026;2;2701;02-2701;Comissão Marketplace;-31,98;1/1;CARTAO
L;02/03/2026;3;2702;02-2702;Venda Marketplace;89,90;1/1;CARTAO
L;02/03/2026;4;2702;02-2702;Frete Marketplace;15,90;1/1;CARTAO
L;02/03/2026;5;2702;02-2702;Comissão Marketplace;-16,93;1/1;CARTAO
L;03/03/2026;6;2703;02-2703;Venda Marketplace;349,00;1/1;CARTAO
L;03/03/2026;7;2703;02-2703;Comissão Marketplace;-55,84;1/1;CARTAO
L;09/03/2026;8;2702;02-2702;Estorno Venda Marketplace;-89,90;1/1;CARTAO
L;09/03/2026;9;2702;02-2702;Estorno Comissão Marketplace;14,38;1/1;CARTAO
L;10/03/2026;10;;;Mensalidade;-29,90;1/1;CARTAO"""


def test_the_entries_of_an_order_in_a_financial_extract_are_one_sale_with_its_commission() -> None:
    found = reading(_EXTRACT, ["americanas"])
    (facts,) = channel_facts(sold(found), None)
    values = {figure.metric: figure.value for figure in facts.figures}

    told = {name: values[name] for name in ("revenue", "orders", "fees", "refunds", "shipping_income", "net_receipts")}
    assert told == pytest.approx(
        {"revenue": 638.8, "orders": 3, "fees": 90.37, "refunds": 89.9, "shipping_income": 15.9, "net_receipts": 474.43}
    )
    assert any("Mensalidade: -29,90" in told for told in found.report.warnings)


@pytest.mark.parametrize("cell", ["", "a conferir"])
def test_an_order_with_an_entry_that_has_no_amount_is_left_out_of_an_extract(cell: str) -> None:
    more = "\n".join(
        f"L;05/03/2026;{n};27{n};02-27{n};{kind};{amount};1/1;CARTAO"
        for n in range(11, 23)
        for kind, amount in (("Venda Marketplace", "100,00"), ("Comissão Marketplace", "-10,00"))
    )
    extract = _EXTRACT.replace("-55,84", cell)
    found = reading(f"{extract}\n{more}", ["americanas"])
    (facts,) = channel_facts(sold(found), None)
    values = {figure.metric: figure.value for figure in facts.figures}

    assert values["orders"] == 14
    assert values["revenue"] == pytest.approx(638.8 - 349 + 1200)
    assert values["fees"] == pytest.approx(90.37 - 55.84 + 120)
    assert UNREAD.format(rows=1, orders=1) in found.report.warnings


@pytest.mark.parametrize(
    ("was", "now"),
    [("Comissão Marketplace;-", "Comissão Marketplace;"), ("Comissão", "Cashback"), ("Ref. Pedido", "Conferência")],
)
def test_entries_whose_signs_kinds_or_orders_do_not_agree_are_no_extract(was: str, now: str) -> None:
    found = reading(_EXTRACT.replace(was, now), ["americanas"])

    assert found.lines is None or found.lines["total_name"].null_count() == found.lines.height


def test_a_settlement_that_lost_its_kinds_of_movements_is_read_by_what_its_amounts_are() -> None:
    rows = [
        f"90001\t702-{n}\tMUG-{n % 2}\t{kind}\t{what}\t{amount}"
        for n in range(1, 8)
        for kind, what, amount in (
            ("ItemPrice", "Principal", 40 + n),
            ("ItemPrice", "Tax", 4),
            ("ItemPrice", "Shipping", 5 if n % 2 else 0),
            ("ItemFees", "Commission", -6),
            ("ItemFees", "FBAPerUnitFulfillmentFee", -3.5),
        )
    ]
    header = "settlement-id\torder-id\tsku\tamount-type\tamount-description\tamount"
    found = reading("\n".join([header, *rows]).replace("\t", ";"), ["amazon"])
    (facts,) = channel_facts(sold(found), None)
    values = {figure.metric: figure.value for figure in facts.figures}

    told = {name: values[name] for name in ("revenue", "orders", "fees", "shipping_income")}
    assert told == pytest.approx({"revenue": 308, "orders": 7, "fees": 66.5, "shipping_income": 20})
    assert any("Tax: 28,00" in told for told in found.report.warnings)
