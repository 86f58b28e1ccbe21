"""A summary by day or month says how many orders each had: their sum is the orders, and the average order is by it."""

from __future__ import annotations

import pytest

from gateway.intake.fields import LABELS
from gateway.intake.figures import channel_facts
from gateway.intake.figures.months import months_of
from gateway.intake.layouts.orders_counted import COUNTED
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import reading, sold

DAYS = ["30/04/2026", "01/05/2026", "02/05/2026", "03/05/2026"]
#: Orders, units and revenue of each day.
SUMS = [(10, 14, 900), (8, 8, 700), (0, 0, 0), (12, 20, 1100)]


def table(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows])


def by_day(counted: str = "Pedidos", more: tuple[str, list[str]] = ("", [""] * 4)) -> str:
    """Return a table of the days, maybe with a column more: its name and its cells."""
    rows = [
        f"{day};{orders};{units};{revenue},00;{cell}"
        for day, (orders, units, revenue), cell in zip(DAYS, SUMS, more[1], strict=True)
    ]
    return table(f"Data;{counted};Itens vendidos;Faturamento;{more[0]}", rows)


def of(text: str) -> ChannelFacts:
    (own,) = channel_facts(sold(reading(text)), None)
    return own


def figures(text: str) -> dict[str, float]:
    return {one.metric: one.value for one in of(text).figures}


@pytest.mark.parametrize("counted", ["Pedidos", "Nº de pedidos", "Qtd Pedidos", "Orders", "Number of orders"])
def test_the_orders_of_days_are_added_up(counted: str) -> None:
    found = reading(by_day(counted))
    (own,) = channel_facts(sold(found), None)
    told = {one.metric: one for one in own.figures}

    assert (told["orders"].value, told["average_ticket"].value, told["units"].value) == (30, 90, 42)
    assert told["orders"].rows is not None
    assert (told["orders"].rows.used, told["orders"].rows.left_out) == (4, {})
    assert [(one.month, one.orders) for one in months_of(sold(found))] == [("2026-04", 10), ("2026-05", 20)]
    assert COUNTED.format(column=counted, orders=30) in found.report.warnings
    assert LABELS["order_id"][0] not in found.report.columns_missing
    assert counted in found.report.columns_used


def test_the_orders_of_months_and_of_channels_are_added_up() -> None:
    months = [f"0{n}/2026;{10 * n};{900 * n},00" for n in range(1, 5)]
    both = [f"{day};{name};{n + 1};{100 * n + 50},00" for n, day in enumerate(DAYS) for name in ("Shopee", "Amazon")]
    read = reading(table("Data;Canal;Pedidos;Faturamento", both), ["shopee", "amazon"])

    assert figures(table("Mês;Pedidos;Faturamento", months))["orders"] == 100
    assert figures(table("Canal;Pedidos;Faturamento", ["Shopee;3;90,00"]))["orders"] == 3
    assert sold(read)["counted_orders"].to_list() == [1, 1, 2, 2, 3, 3, 4, 4]


def test_an_average_that_agrees_is_no_reason_to_doubt() -> None:
    averages = [f"{revenue / orders if orders else 0:.2f}".replace(".", ",") for orders, _, revenue in SUMS]

    assert figures(by_day(more=("Ticket médio", averages)))["orders"] == 30
    assert "orders" not in figures(by_day(more=("Ticket médio", ["40,00", "31,00", "0,00", "12,00"])))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            by_day(more=("Produto", ["Copo", "Jarra", "Copo", "Mesa"])), id="an order may be of several products"
        ),
        pytest.param(by_day().replace("02/05", "01/05"), id="two rows of a day"),
        pytest.param(by_day().replace("8;8;", "9;8;"), id="more orders than pieces"),
        pytest.param(by_day().replace("0;0;0,00", "0;3;50,00"), id="sales without an order"),
        pytest.param(by_day().replace("10;14", ";14"), id="a day whose orders are unknown"),
        pytest.param(by_day().replace("10;14", "9,5;14"), id="half an order"),
        pytest.param(by_day(more=("Total orders", ["9", "7", "0", "8"])), id="two counts of orders"),
        pytest.param(by_day("Transactions"), id="a transaction may be a payment"),
        pytest.param(table("Canal;Pedidos;Faturamento", ["Shopee;3;90,00", "Shopee;2;50,00"]), id="no days"),
    ],
)
def test_orders_that_may_be_counted_otherwise_stay_unknown(text: str) -> None:
    read = reading(text)

    assert sold(read)["counted_orders"].null_count() == sold(read).height
    assert not any("conta os pedidos de cada linha" in one for one in read.report.warnings)


def test_a_document_may_have_orders_and_days_that_count_theirs() -> None:
    listed = (
        "Pedido;Data;Itens vendidos;Faturamento\nA1;01/03/2026;1;60,00\nA1;01/03/2026;1;40,00\nA2;02/03/2026;1;50,00"
    )
    lines = sold(reading(listed)).vstack(sold(reading(by_day())))
    (own,) = channel_facts(lines, None)
    told = {one.metric: one.value for one in own.figures}

    assert told["orders"] == 32
    assert told["average_ticket"] == pytest.approx(2850 / 32, abs=0.01)
