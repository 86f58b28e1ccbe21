"""A list of orders without amounts beside the table of their items: it tells the days and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from gateway.intake.document import read
from gateway.intake.limits import DEFAULT_LIMITS
from gateway.intake.orders_beside import JOINED, NOT_LISTED, OTHER_DAYS, WITHOUT_ITEMS
from schemas.facts import DocumentFacts

Rows = list[list[object]]
STATES = ["Entregue"] * 7 + ["Cancelado", "Devolvido"]
LIST: Rows = [["Pedido", "Data do pedido", "Status"]]
LIST += [[f"P{number}", f"{number:02d}/03/2026", state] for number, state in enumerate(STATES, start=1)]
ITEMS: Rows = [
    ["Pedido", "SKU", "Produto", "Quantidade", "Preço unitário", "Total"],
    *([f"P{number}", "A", "Copo", 2, 10.5, 21.0] for number in range(1, 10)),
    ["P1", "B", "Prato", 1, 30.0, 30.0],
]


def facts_of(path: Path, sheets: Mapping[str, Rows], channels: Sequence[str] = ("own_store",)) -> DocumentFacts:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path / "loja.xlsx")
    return read(path / "loja.xlsx", "loja.xlsx", list(channels), DEFAULT_LIMITS)


def figures(facts: DocumentFacts) -> dict[str, float]:
    return {figure.metric: figure.value for figure in facts.channels[0].figures}


@pytest.mark.parametrize("first", ["Pedidos", "Itens"])
def test_items_have_the_days_and_states_of_their_orders(tmp_path: Path, first: str) -> None:
    sheets = {"Pedidos": LIST, "Itens": ITEMS}
    facts = facts_of(tmp_path, {first: sheets[first]} | sheets)
    found, (channel,) = figures(facts), facts.channels

    assert channel.period == [date(2026, 3, 1).isoformat(), date(2026, 3, 9).isoformat()]
    assert (found["revenue"], found["orders"], found["units"]) == (8 * 21 + 30, 8, 17)
    assert (found["refunds"], found["returned_units"]) == (21, 2)
    assert found["cancellation_rate"] == pytest.approx(1 / 9, abs=1e-4)
    told = {table.where.split("”")[0].split("“")[-1]: table for table in facts.tables}
    assert told["Pedidos"].warnings == [JOINED]
    assert "Data da venda" not in told["Itens"].columns_missing
    assert "Situação do pedido" not in told["Itens"].columns_missing


def test_the_day_of_an_order_stands_above_the_last_day_to_send_it(tmp_path: Path) -> None:
    """As in the tables of a marketplace's database: `shipping_limit_date` is the only date of its items."""
    items = [[*ITEMS[0], "shipping_limit_date"], *([*row, "2026-04-20 10:00:00"] for row in ITEMS[1:])]
    facts = facts_of(tmp_path, {"orders": LIST, "order_items": items})

    assert facts.channels[0].period == ["2026-03-01", "2026-03-09"]
    assert OTHER_DAYS in facts.tables[1].warnings


def test_a_cancelled_order_without_items_is_one_that_was_cancelled(tmp_path: Path) -> None:
    more: Rows = [["P10", "10/03/2026", "Cancelado"], ["P11", "11/03/2026", "Entregue"]]
    facts = facts_of(tmp_path, {"Pedidos": [*LIST, *more], "Itens": ITEMS})

    assert figures(facts)["cancellation_rate"] == pytest.approx(2 / 10, abs=1e-4)
    assert figures(facts)["orders"] == 8
    assert WITHOUT_ITEMS.format(orders=1) in facts.tables[0].warnings


def test_an_order_that_came_back_in_part_leaves_what_came_back_unknown(tmp_path: Path) -> None:
    rows = [[*row[:2], "Parcialmente devolvido"] if row[0] == "P9" else row for row in LIST]
    found = figures(facts_of(tmp_path, {"Pedidos": rows, "Itens": ITEMS}))

    assert "returned_units" not in found
    assert "return_rate" not in found
    assert found["orders"] == 8


def test_items_of_orders_that_the_list_lacks_are_told(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"Pedidos": [*LIST[:2], *LIST[3:]], "Itens": ITEMS})
    found = figures(facts)

    assert NOT_LISTED.format(rows=1) in facts.tables[1].warnings
    assert found["orders"] == 8
    assert found["return_rate"] == pytest.approx(2 / 15, abs=1e-4), "whether these came back nobody knows"


@pytest.mark.parametrize(
    "rows",
    [
        [LIST[0], *([f"X{row[0]}", *row[1:]] for row in LIST[1:])],  # of another shop
        [*LIST, LIST[-1]],  # an order stands twice: the states of one order
        LIST[:6],  # half of the orders
    ],
)
def test_a_list_of_other_orders_tells_nothing(tmp_path: Path, rows: Rows) -> None:
    facts = facts_of(tmp_path, {"Pedidos": rows, "Itens": ITEMS})

    assert facts.channels[0].period == []
    assert figures(facts)["orders"] == 9
    assert JOINED not in facts.tables[0].warnings


def test_the_channel_of_each_order_is_that_of_the_list(tmp_path: Path) -> None:
    listed = [[*LIST[0], "Canal"], *([*row, "Shopee" if n % 2 else "Amazon"] for n, row in enumerate(LIST[1:]))]
    facts = facts_of(tmp_path, {"Pedidos": listed, "Itens": ITEMS}, ["shopee", "amazon"])
    sums = {one.channel: {figure.metric: figure.value for figure in one.figures}["revenue"] for one in facts.channels}

    assert sums == {"amazon": 5 * 21 + 30, "shopee": 3 * 21}
