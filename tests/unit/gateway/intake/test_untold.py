"""What a document does not tell is unknown: cancellations by payment alone or by strange words, what is pending."""

from pathlib import Path
from typing import Final

import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.layouts.cancelled_units import UNKNOWN
from gateway.intake.layouts.plain import UNKNOWN_STATUS
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import reading, sold


def channel(folder: Path, text: str, name: str = "own_store") -> ChannelFacts:
    (folder / "a.csv").write_text(text, "utf-8")
    (found,) = read(folder / "a.csv", "a.csv", [name], Limits()).channels
    return found


def metrics(found: ChannelFacts) -> dict[str, float]:
    return {figure.metric: figure.value for figure in found.figures}


def orders(head: str, *states: str) -> str:
    rows = (f"{number};2026-03-{number:02d};Camisa;1;10,00;{state}" for number, state in enumerate(states, start=1))
    return "\n".join([f"Pedido;Data;Produto;Quantidade;Valor total;{head}", *rows])


@pytest.mark.parametrize("head", ["Status do pagamento", "Financial Status", "Payment status"])
def test_a_payment_does_not_tell_that_nothing_was_cancelled(tmp_path: Path, head: str) -> None:
    found = channel(tmp_path, orders(head, "paid", "paid", "pending", "paid"))

    assert "cancellation_rate" not in metrics(found)
    assert (metrics(found)["revenue"], metrics(found)["unpaid_share"]) == (30, 0.25)
    assert [month.cancelled_orders for month in found.months] == [None]


@pytest.mark.parametrize(
    ("states", "known"),
    [
        (("Pago", "Pago", "Aguardando pagamento"), False),
        (("Pago", "Entregue", "Aguardando pagamento"), True),
        (("Pago", "Cancelado", "Pago"), True),
        (("approved", "approved", "pending"), False),
    ],
)
def test_a_status_in_words_of_payments_is_one_of_payments(tmp_path: Path, states: tuple[str, ...], known: bool) -> None:
    found = metrics(channel(tmp_path, orders("Status", *states)))

    assert ("cancellation_rate" in found) is known


def test_a_payment_that_was_cancelled_tells_it(tmp_path: Path) -> None:
    found = metrics(channel(tmp_path, orders("Status do pagamento", "pago", "cancelado", "pago", "pago")))

    assert (found["cancellation_rate"], found["revenue"]) == (0.25, 30)


@pytest.mark.parametrize("states", [("Fase A", "Fase B", "C"), ("In stock", "In stock", "Low"), ("1.1", "1.2", "9")])
def test_a_status_in_words_that_nobody_knows_tells_nothing(tmp_path: Path, states: tuple[str, ...]) -> None:
    text = orders("Status", *states)
    found = metrics(channel(tmp_path, text))

    assert found["revenue"] == 30
    assert not {"cancellation_rate", "unpaid_share", "return_rate"} & found.keys()


def test_a_status_that_nobody_knows_is_told() -> None:
    assert (
        UNKNOWN_STATUS.format(column="Status")
        in reading(orders("Status", "Fase A", "Fase B", "Fase C")).report.warnings
    )


_AMAZON: Final = (
    "amazon-order-id;purchase-date;order-status;product-name;sku;quantity;currency;item-price;item-promotion-discount"
)


def test_what_amazon_calls_pending_is_not_sold_and_its_amount_is_told(tmp_path: Path) -> None:
    rows = """
1;2026-03-01T10:00:00+00:00;Shipped;Camisa;A;2;BRL;100.00;10.00
2;2026-03-02T10:00:00+00:00;Pending;Camisa;A;1;BRL;50.00;
3;2026-03-03T10:00:00+00:00;Pending - Waiting for Pick Up;Meia;B;1;BRL;30.00;"""
    found = channel(tmp_path, _AMAZON + rows, "amazon")
    (tmp_path / "a.csv").write_text(_AMAZON + rows, "utf-8")
    told = read(tmp_path / "a.csv", "a.csv", ["amazon"], Limits()).tables[0].warnings

    assert (metrics(found)["revenue"], metrics(found)["units"]) == (120, 3)  # the seller's promotion is taken off
    assert metrics(found)["unpaid_share"] == pytest.approx(1 / 3, abs=0.0001)
    assert any("1 linha(s) estão pendentes" in one and "valor: 50,00" in one for one in told)


@pytest.mark.parametrize(
    ("price", "total", "revenue"),
    [("20,00", "100,00", 60.0), ("20,00", "60,00", 60.0), ("20,00", "77,00", None)],
)
def test_units_that_were_cancelled_are_not_sold(price: str, total: str, revenue: float | None) -> None:
    """Of five units two were cancelled; the amount has all of them, or those that are left, or nobody knows."""
    found = reading(
        "Pedido;Produto;Quantidade;Qtd cancelada;Preço unitário;Valor total\n"
        f"1;Camisa;5;2;{price};{total}\n2;Meia;3;3;10,00;30,00\n3;Boné;1;0;15,00;15,00\n4;Boné;2;;15,00;30,00"
    )
    lines = sold(found)

    assert lines["status"].to_list() == ["sold", "cancelled", "sold", "sold"]
    assert lines["units"].to_list() == [None if revenue is None else 3, 3, 1, 2]
    assert lines["revenue"].to_list() == [revenue, 30, 15, 30]
    assert (UNKNOWN.format(rows=1, column="Qtd cancelada") in found.report.warnings) is (revenue is None)


def test_a_person_is_asked_whether_what_an_order_costs_is_what_its_buyer_paid() -> None:
    rows = [f"#{n};2026-03-0{n};{n}2.10;Vestido;unfulfilled" for n in range(1, 4)]
    found = reading("\n".join(["Order Name;Date;Total Cost;Product Name;Delivery Status", *rows]))

    assert (found.lines, found.report.asks) == (None, True)
