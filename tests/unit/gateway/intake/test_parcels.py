"""Rows of one order that differ in the parcel: an order's total that each repeats counts once, or is unknown."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.parcels import APART, MAY_REPEAT, ONCE, UNITS, UNSURE
from tests.unit.gateway.intake.tables import reading, sold

#: Twelve orders, of which each third has two parcels; what they are worth.
ORDERS = [(f"{1000 + n}", f"{1 + n:02d}/03/2026", f"{50 + n * 7},90", 1 + (n % 3 == 0)) for n in range(12)]
TRUTH = sum(50.9 + n * 7 for n in range(12))


def rows(*beside: str, orders: list[tuple[str, str, str, int]] = ORDERS) -> list[str]:
    return [
        ";".join([number, f"BR{number}{parcel}SE", day, total, *beside])
        for number, day, total, parcels in orders
        for parcel in range(parcels)
    ]


def revenue(text: str) -> float | None:
    lines = sold(reading(text))
    return None if lines["revenue"].null_count() == lines.height else round(float(lines["revenue"].sum()), 2)


@pytest.mark.parametrize("parcel", ["Rastreio", "Código de rastreio", "Tracking number", "Shipment ID", "Pacote"])
@pytest.mark.parametrize("total", ["Total do pedido", "Valor total", "Total"])
def test_an_orders_total_that_each_parcel_repeats_counts_once(parcel: str, total: str) -> None:
    found = reading("\n".join([f"Pedido;{parcel};Data;{total}", *rows()]))

    assert sold(found)["revenue"].sum() == pytest.approx(TRUTH)
    assert sold(found)["order_id"].to_list() == [number for number, *_ in ORDERS]
    assert found.report.warnings == [ONCE.format(column=parcel, rows=4)]


def test_parcels_with_amounts_of_their_own_count_each() -> None:
    lines = [line.replace(",90", f",{n:02d}") for n, line in enumerate(rows())]
    found = reading("\n".join(["Pedido;Rastreio;Data;Valor total", *lines]))

    assert sold(found).height == 16
    assert not found.report.warnings


def test_a_few_equal_parcels_may_be_parts_or_repeat_the_total() -> None:
    few = [one if one[0] == "1003" else (*one[:3], 1) for one in ORDERS]
    unnamed = reading("\n".join(["Pedido;Rastreio;Data;Valor total", *rows(orders=few)]))

    assert sold(unnamed)["revenue"].null_count() == sold(unnamed).height
    assert UNSURE.format(column="Rastreio") in unnamed.report.warnings
    assert revenue("\n".join(["Pedido;Rastreio;Data;Total do pedido", *rows(orders=few)])) == pytest.approx(TRUTH)


def test_one_amount_of_all_orders_may_be_each_pieces() -> None:
    alike = [(number, day, "59,90", parcels) for number, day, _, parcels in ORDERS]
    found = reading("\n".join(["Pedido;Rastreio;Data;Valor total", *rows(orders=alike)]))

    assert UNSURE.format(column="Rastreio") in found.report.warnings


def test_orders_of_which_some_repeat_their_total_are_unknown() -> None:
    lines = rows()
    lines[1] = lines[1].replace(",90", ",10")
    found = reading("\n".join(["Pedido;Rastreio;Data;Total do pedido", *lines]))

    assert sold(found)["revenue"].null_count() == sold(found).height
    assert UNSURE.format(column="Rastreio") in found.report.warnings


def test_units_and_costs_that_each_parcel_repeats_are_not_counted_twice() -> None:
    found = reading("\n".join(["Pedido;Rastreio;Data;Total do pedido;Quantidade;Frete", *rows("2", "9,90")]))

    assert sold(found)["units"].null_count() == sold(found).height
    assert UNITS.format(column="Quantidade") in found.report.warnings
    assert sold(found)["shipping"].sum() == pytest.approx(12 * 9.9)


def test_units_that_differ_between_parcels_are_added_up() -> None:
    lines = [f"{line};{1 + n % 2}" for n, line in enumerate(rows())]
    found = reading("\n".join(["Pedido;Rastreio;Data;Total do pedido;Quantidade", *lines]))

    assert sold(found)["units"].sum() == sum(1 + n % 2 for n in range(16))


def test_a_cost_that_differs_between_parcels_is_unknown() -> None:
    lines = [f"{line};{5 + n},00" for n, line in enumerate(rows())]
    found = reading("\n".join(["Pedido;Rastreio;Data;Total do pedido;Frete", *lines]))

    assert sold(found)["revenue"].sum() == pytest.approx(TRUTH)
    assert sold(found)["shipping"].null_count() == 12


def test_an_order_with_a_parcel_that_came_back_is_of_unknown_worth() -> None:
    lines = [f"{line};{'Devolvido' if line.startswith('1003;BR10031') else 'Entregue'}" for line in rows()]
    found = reading("\n".join(["Pedido;Rastreio;Data;Total do pedido;Status", *lines]))

    assert sold(found)["revenue"].sum() == pytest.approx(TRUTH - 71.9)
    assert APART.format(rows=1, column="Status") in found.report.warnings


def items(*, alike: int) -> list[str]:
    """Return rows of products; the first `alike` orders have each product in two parcels."""
    return [
        f"{number};BR{number}{parcel}SE;{day};P{n};2;{10 + n},00;{20 + 2 * n},00"
        for n, (number, day, *_) in enumerate(ORDERS)
        for parcel in range(1 + (n < alike))
    ]


ITEMS = "Pedido;Rastreio;Data;SKU;Quantidade;Preço;"
WORTH = sum(20 + 2 * n for n in range(12))


def test_products_that_each_parcel_repeats_count_once_where_the_total_is_the_orders() -> None:
    found = reading("\n".join([ITEMS + "Total do pedido", *items(alike=4)]))

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (WORTH, 24)


def test_equal_products_in_several_parcels_may_be_pieces() -> None:
    few = reading("\n".join([ITEMS + "Total", *items(alike=2)]))
    many = reading("\n".join([ITEMS + "Total", *items(alike=4)]))

    assert sold(few)["revenue"].sum() == WORTH + 42
    assert MAY_REPEAT.format(rows=2, column="Rastreio", amount="42,00") in few.report.warnings
    assert sold(many)["revenue"].null_count() == sold(many).height
    assert UNSURE.format(column="Rastreio") in many.report.warnings


def test_different_products_in_parcels_of_their_own_are_no_repetition() -> None:
    lines = [f"{1000 + n // 2};BR{n}SE;{1 + n // 2:02d}/03/2026;P{n};1;{10 + n},00;{10 + n},00" for n in range(12)]
    found = reading("\n".join([ITEMS + "Total", *lines]))

    assert sold(found)["revenue"].sum() == sum(10 + n for n in range(12))
    assert not found.report.warnings


def test_a_number_of_parcels_or_their_weight_tells_no_parcels_apart() -> None:
    lines = [line.replace("SE;", ",5;") for line in rows()]
    text = "\n".join(["Pedido;Peso do pacote;Data;Valor total", *lines])

    assert not [one for one in reading(text).report.warnings if "pacote (coluna" in one]
