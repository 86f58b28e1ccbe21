"""A row that stands twice: a copy of an export counts once, two alike of one order count and are told."""

from __future__ import annotations

import random
from dataclasses import replace

import polars as pl
import pytest

from gateway.intake.layouts import LAYOUTS, Reading, understand
from gateway.intake.layouts.copied_rows import COUNTED, OF_ORDERS, ONCE, order_column
from gateway.intake.whole import understood
from tests.unit.gateway.intake.tables import Row, cells, raw, reading, sold

HEADER = "Pedido;Data;SKU;Quantidade;Valor total"
#: Orders of one to three rows each, all of one piece.
LINES = [f"P{n // 2};{1 + n % 28:02d}/03/2026;SKU-{n};1;{10 + n},00" for n in range(40)]
TRUTH = float(sum(10 + n for n in range(40)))


def told(found: Reading) -> list[str]:
    starts = [text[text.index("}") + 1 : 40] for text in (ONCE, COUNTED)]
    return [one for one in found.report.warnings if any(start in one for start in starts)]


def read(lines: list[str], header: str = HEADER) -> Reading:
    return reading("\n".join([header, *lines]))


def test_rows_of_an_export_that_was_put_below_itself_count_once() -> None:
    found = read(LINES + LINES[:13])

    assert sold(found)["revenue"].sum() == TRUTH
    assert told(found) == [ONCE.format(rows=13, worth=" (somam 208,00)")]
    assert sold(found)["row"].max() == 41


def test_two_alike_of_one_order_count_and_are_told_with_their_worth() -> None:
    found = read([*LINES[:6], LINES[5], LINES[5], *LINES[6:]])

    assert sold(found)["revenue"].sum() == TRUTH + 30
    assert told(found) == [COUNTED.format(rows=2, worth=" (somam 30,00)")]


def test_rows_with_a_number_of_their_own_are_copies_wherever_they_stand() -> None:
    lines = [f"{line};I{500 + n}" for n, line in enumerate(LINES)]
    found = read([*lines[:6], lines[5], *lines[6:], lines[2]], f"{HEADER};ID da linha")

    assert sold(found)["revenue"].sum() == TRUTH
    assert told(found) == [ONCE.format(rows=2, worth=" (somam 27,00)")]


def test_goods_of_which_each_is_sold_once_number_the_rows() -> None:
    lines = [f"P{n // 2};{1 + n % 28:02d}/03/2026;SKU-{n};1;10,00" for n in range(120)]

    assert sold(read([*lines[:6], lines[5], *lines[6:]])).height == 120


def test_an_order_of_one_row_with_its_units_does_not_stand_twice() -> None:
    lines = [f"P{n};{1 + n % 28:02d}/03/2026;SKU-{n % 3};{1 + n % 2};10,00" for n in range(12)]

    assert sold(read([*lines[:4], lines[3], *lines[4:]]))["units"].sum() == 18
    pieces = [line.replace(";2;", ";1;") for line in lines]
    found = read([*pieces[:4], pieces[3], *pieces[4:]])
    assert sold(found)["units"].sum() == 13
    assert told(found) == [COUNTED.format(rows=1, worth=" (somam 10,00)")]


def test_where_orders_do_not_stand_together_nothing_is_left_out() -> None:
    lines = LINES + LINES[:5]
    random.Random(7).shuffle(lines)
    found = read(lines)

    assert sold(found)["revenue"].sum() == TRUTH + sum(10 + n for n in range(5))
    assert told(found) == [COUNTED.format(rows=5, worth=" (somam 60,00)")]


def test_a_few_alike_that_stand_apart_count_and_are_told() -> None:
    found = read([*LINES, *LINES[:9]])

    assert sold(found)["revenue"].sum() == TRUTH + sum(10 + n for n in range(9))
    assert told(found) == [COUNTED.format(rows=9, worth=" (somam 126,00)")]


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        [*LINES, LINES[0].replace("10,00", "10,01")],  # another amount
        [*LINES[:2], ";;SKU-2;1;12,00", *LINES[3:], LINES[0]],  # a row of the order above
    ],
)
def test_rows_that_differ_are_no_copies(lines: list[str]) -> None:
    found = read(lines)

    assert (sold(found).height, told(found)) == (len(lines), [])


def test_cancelled_copies_are_worth_nothing() -> None:
    lines = [f"{line};{'Cancelado' if n < 2 else 'Entregue'}" for n, line in enumerate(LINES)]
    found = read(lines + lines[:10], f"{HEADER};Situação")

    assert told(found) == [ONCE.format(rows=10, worth=" (somam 124,00)")]


def test_a_known_export_counts_a_row_once_too() -> None:
    header = "ID do pedido;Status do pedido;Data de criação do pedido;Número de referência SKU;Nome do Produto;\
Preço acordado;Quantidade;Subtotal do produto"
    lines = [f"2603{n:04d};Concluído;2026-03-{1 + n:02d} 10:00;S{n};Luva;{10 + n}.00;1;{10 + n}.00" for n in range(12)]
    found = read(lines + lines[:10], header)

    assert found.report.layout == "shopee.order_all"
    assert sold(found)["revenue"].sum() == sum(10 + n for n in range(12))
    assert told(found) == [ONCE.format(rows=10, worth=" (somam 145,00)")]


@pytest.mark.parametrize("other", ["", "x"], ids=["a copy", "another in a column that is not used"])
def test_of_a_large_table_all_columns_are_compared_and_few_are_kept(other: str) -> None:
    rows: list[Row] = cells("\n".join([f"{HEADER};Anotação", *(f"{line};a" for line in LINES)]))
    rows += [[*row[:-1], f"a{other}"] for row in rows[1:14]]
    table = raw(rows)
    asked: list[str] = []

    def whole(names: list[str]) -> pl.DataFrame:
        asked.extend(names)
        return table.frame.select(names)

    large = replace(table, frame=table.frame.head(20), whole=whole, height=table.frame.height)  # type: ignore[arg-type]
    found = understood(large, lambda one: understand(one, ["own_store"], None))

    assert sold(found).height == (53 if other else 40)
    assert asked.count("5") == 1  # by itself, and not among those that are kept
    assert len(told(found)) == (0 if other else 1)


def test_each_export_of_orders_has_a_column_that_numbers_them() -> None:
    for layout in LAYOUTS:
        if layout.name in OF_ORDERS:
            headers = [name.split(" | ")[0].upper() for name in layout.required]
            assert order_column(headers, layout.required) is not None, layout.name
    assert {layout.name for layout in LAYOUTS} >= OF_ORDERS
    assert order_column(["Lineitem name", "Name"], ("Name", "Lineitem name")) == 1
    assert order_column(["x"], ("Name",)) is None
