"""A row that stands twice: a copy of an export counts once, two alike of one order count and are told."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest

from gateway.intake.layouts import LAYOUTS, Reading, understand, unkept
from gateway.intake.layouts.copied_rows import COUNTED, OF_ORDERS, ONCE, order_column
from gateway.intake.tables import RawTable
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


#: Twelve tickets, whose numbers begin anew each day.
TICKETS = [f"{n};SKU-{n % 3};{1 + n % 2};{10 + n},00" for n in range(1, 13)]


@pytest.mark.parametrize("number", ["Comanda", "Cupom", "Número", "Pedido"])
@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Loja física", "Centro"),
        ("Mês", "03/2026"),
        ("Dia", "seg"),
        ("Data", "31/03/2026"),
        ("Data do contrato", ""),
        ("Xzq", ""),
    ],
    ids=["no day", "a month", "a day of the week", "one day, of the export", "another day", "a day without a name"],
)
def test_numbers_that_may_begin_anew_each_day_count(number: str, header: str, cell: str) -> None:
    lines = [f"{line};{cell or f'{1 + n:02d}/01/2025'}" for n, line in enumerate(TICKETS)]
    found = read(lines * 3, f"{number};SKU;Quantidade;Valor total;{header}")

    assert sold(found)["revenue"].sum() == 3 * sum(10 + n for n in range(1, 13))
    assert told(found) == [COUNTED.format(rows=24, worth=" (somam 396,00)")]


@pytest.mark.parametrize(
    "header", ["Pedido realizado em", "Data e hora de criação do pedido", "Created at", "Data Pedido", "createTime"]
)
def test_the_day_of_a_sale_has_many_names(header: str) -> None:
    lines = [f"P{n};SKU-{n};{10 + n},00;2026-03-{1 + n:02d} 10:00" for n in range(12)]
    found = read(lines * 2, f"Número do pedido;SKU;Valor total;{header}")

    assert sold(found)["revenue"].sum() == sum(10 + n for n in range(12))


def test_rows_that_have_the_day_of_their_order_are_copies() -> None:
    lines = [f"P{n // 2};{f'{1 + n:02d}/03/2026' if n % 2 == 0 else ''};SKU-{n};{10 + n},00" for n in range(24)]
    found = read(lines + lines[:12], "Pedido;Data;SKU;Valor total")

    assert sold(found)["revenue"].sum() == sum(10 + n for n in range(24))
    # without its first row a piece may be of another day
    assert sold(read(lines + lines[13:14] * 12, "Pedido;Data;SKU;Valor total")).height == 36


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("CPF", "123456789{:02d}"),
        ("Telefone", "119876500{:02d}"),
        ("CEP", "013101{:02d}"),
        ("Código de rastreio", "BR1234{:02d}SE"),
        ("Nota fiscal", "5550{:02d}"),
        ("Código do cliente", "C1{:02d}"),
        ("Peso (g)", "3{:02d}"),
        ("Pontos", "4{:02d}"),
        ("Protocolo", "2026{:02d}"),
    ],
)
def test_what_each_order_has_one_of_numbers_no_rows(header: str, cell: str) -> None:
    lines = [f"P{n};{1 + n % 28:02d}/03/2026;SKU-{n % 5};20,00;{cell.format(n)}" for n in range(24)]
    found = read([*lines[:6], lines[5], *lines[6:]], f"Pedido;Data;SKU;Valor total;{header}")

    assert sold(found)["revenue"].sum() == 25 * 20
    assert told(found) == [COUNTED.format(rows=1, worth=" (somam 20,00)")]


@pytest.mark.parametrize(
    ("header", "code", "copies"),
    [("XZQ", "K{:02d}", 1), ("XZQ", "4{:02d}", 0), ("Transação", "4{:02d}", 1), ("Código de rastreio", "B{:02d}", 0)],
    ids=["a code without a name", "a number without a name", "a number of sales", "a parcel's"],
)
def test_codes_that_differ_in_the_rows_of_one_order_number_them(header: str, code: str, copies: int) -> None:
    lines = [f"P{n // 2};{1 + n % 28:02d}/03/2026;S-{n % 5};20,00;{code.format(n)}" for n in range(24)]
    found = read([*lines[:6], lines[5], *lines[6:]], f"Número do pedido;Data;SKU;Valor total;{header}")

    assert sold(found).height == 25 - copies
    assert told(found) == [(ONCE if copies else COUNTED).format(rows=1, worth=" (somam 20,00)")]


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


def as_large(rows: list[Row]) -> tuple[RawTable, list[list[str]]]:
    """Return the rows as a large table, and the columns of each look into all of it."""
    table = raw(rows)
    looks: list[list[str]] = []

    def whole(names: Sequence[str]) -> pl.DataFrame:
        looks.append(list(names))
        return table.frame.select(names)

    return replace(table, frame=table.frame.head(20), whole=whole, height=table.frame.height), looks


@pytest.mark.parametrize("other", ["", "x"], ids=["a copy", "another in a column that is not used"])
def test_of_a_large_table_all_columns_are_compared_and_few_are_kept(other: str) -> None:
    rows: list[Row] = cells("\n".join([f"{HEADER};Anotação", *(f"{line};a" for line in LINES)]))
    rows += [[*row[:-1], f"a{other}"] for row in rows[1:14]]
    large, looks = as_large(rows)
    found = understood(large, lambda one: understand(one, ["own_store"], None))

    assert sold(found).height == (53 if other else 40)
    assert [name for look in looks for name in look].count("5") == 1  # by itself, and not among those that are kept
    assert len(told(found)) == (0 if other else 1)


@pytest.mark.parametrize("copies", [0, 13])
def test_a_large_table_is_looked_into_once_more_for_all_other_columns_and_only_if_rows_may_be_copies(
    copies: int,
) -> None:
    """Each look unpacks the sheet: one for each column made a workbook of 53 columns take a minute."""
    rows: list[Row] = cells("\n".join([f"{HEADER};Anotação;Obs;Nota", *(f"{line};a;b;c" for line in LINES)]))
    rows += rows[1 : 1 + copies]
    large, looks = as_large(rows)
    understood(large, lambda one: understand(one, ["own_store"], None))

    assert [look for look in looks if {"5", "6", "7"} & set(look)] == ([["5", "6", "7"]] if copies else [])


def test_of_a_very_large_table_so_many_columns_are_read_at_once_as_memory_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows: list[Row] = cells("\n".join([f"{HEADER};Anotação;Obs;Nota", *(f"{line};a;b;c" for line in LINES)]))
    rows += rows[1:14]
    large, looks = as_large(rows)
    monkeypatch.setattr(unkept, "_AT_ONCE", 2 * large.height)
    found = understood(large, lambda one: understand(one, ["own_store"], None))

    assert [look for look in looks if {"5", "6", "7"} & set(look)] == [["5", "6"], ["7"]]
    assert len(told(found)) == 1


def test_each_export_of_orders_has_a_column_that_numbers_them() -> None:
    for layout in LAYOUTS:
        if layout.name in OF_ORDERS:
            headers = [name.split(" | ")[0].upper() for name in layout.required]
            assert order_column(headers, layout.required) is not None, layout.name
    assert {layout.name for layout in LAYOUTS} >= OF_ORDERS
    assert order_column(["Lineitem name", "Name"], ("Name", "Lineitem name")) == 1
    assert order_column(["x"], ("Name",)) is None
