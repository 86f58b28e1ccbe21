"""Sales that lack an amount, units, a day or a fee are in none of its sums, and the plan says how many they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.figures.totals import BLANK, NO_NET, UNPRICED, UNSENT
from schemas.facts import ChannelFacts

HEADER = "Pedido;Data da venda;SKU;Produto;Qtde;Valor Total;Situação"


def _shop(folder: Path, amounts: list[str], numbers: list[int] | None = None, units: str = "1") -> ChannelFacts:
    path = folder / "vendas.csv"
    rows = [
        f"P{number:04d};{n % 28 + 1:02d}/03/2026;S-{n % 5};Caneca {n % 5};{1 if amount else units};{amount};Entregue"
        for n, (number, amount) in enumerate(zip(numbers or range(len(amounts)), amounts, strict=True))
    ]
    path.write_text("\n".join([HEADER, *rows]), "utf-8")
    (channel,) = read(path, path.name, ["own_store"], Limits()).channels
    return channel


def _value(channel: ChannelFacts, metric: str) -> float | None:
    return next((one.value for one in channel.figures if one.metric == metric), None)


@pytest.mark.parametrize("cell", ["", "a conferir"])
def test_blank_amounts_are_told_and_count_nowhere(tmp_path: Path, cell: str) -> None:
    amounts = [f"{10 + n},90" for n in range(30)]
    amounts[3] = amounts[17] = cell
    channel = _shop(tmp_path, amounts)
    known = [10 + n + 0.9 for n in range(30) if n not in {3, 17}]
    assert UNPRICED.format(rows=2) in channel.warnings
    assert _value(channel, "revenue") == pytest.approx(sum(known))
    assert _value(channel, "orders") == 30
    assert _value(channel, "average_ticket") == pytest.approx(sum(known) / len(known), abs=0.01)


def test_an_order_whose_amount_stands_in_one_of_its_rows_has_one(tmp_path: Path) -> None:
    numbers = [n // 2 for n in range(30)]
    channel = _shop(tmp_path, [f"{20 + n},90" if n % 2 == 0 else "" for n in range(30)], numbers)
    assert not any("não têm um valor" in warning for warning in channel.warnings)


@pytest.mark.parametrize("units", ["1", "0"])
def test_rows_of_nothing_are_no_sales_without_an_amount(tmp_path: Path, units: str) -> None:
    channel = _shop(tmp_path, ["", *(f"{10 + n},90" for n in range(30))], units=units)
    assert (UNPRICED.format(rows=1) in channel.warnings) == (units == "1")


SHOP = "Pedido;Data da venda;SKU;Produto;Qtde;Valor Total;Comissão;Frete;Situação"


@pytest.mark.parametrize(
    ("place", "cell", "told"),
    [
        (1, "amanhã", BLANK["at"]),
        (4, "", BLANK["units"]),
        (4, "duas", BLANK["units"]),
        (6, "", NO_NET),
        (7, "", UNSENT),
        (3, "", ""),
    ],
)
def test_what_some_sales_lack_is_told(tmp_path: Path, place: int, cell: str, told: str) -> None:
    path = tmp_path / "vendas.csv"
    rows = []
    for n in range(30):
        row = [f"P{n:04d}", f"{n % 28 + 1:02d}/03/2026", f"S-{n % 5}", f"Caneca {n % 5}", "2", f"{20 + n},90"]
        row += [f"{2 + n / 10:.2f}".replace(".", ","), "5,00", "Entregue"]
        rows.append([*row[:place], cell, *row[place + 1 :]] if n in {3, 7, 11} else row)
    path.write_text("\n".join([SHOP, *(";".join(row) for row in rows)]), "utf-8")
    (channel,) = read(path, path.name, ["own_store"], Limits()).channels
    found = [warning for warning in channel.warnings if warning.startswith("3 venda(s) não têm")]
    assert found == ([told.format(rows=3)] if told else [])
    assert (_value(channel, "net_receipts") is None) == (told == NO_NET)


@pytest.mark.parametrize(("others", "told"), [("5,00", False), ("0,00", True)])
def test_blank_freight_of_many_sales_is_none_unless_others_tell_that_it_is_none(
    tmp_path: Path, others: str, told: bool
) -> None:
    path = tmp_path / "vendas.csv"
    freight = [*("5,00" for _ in range(10)), *(others for _ in range(8)), *("" for _ in range(12))]
    rows = [
        f"P{n:04d};{n % 28 + 1:02d}/03/2026;S-{n % 5};Caneca {n % 5};2;{20 + n},90;{2 + n},30;{cell};Entregue"
        for n, cell in enumerate(freight)
    ]
    path.write_text("\n".join([SHOP, *rows]), "utf-8")
    (channel,) = read(path, path.name, ["own_store"], Limits()).channels
    assert (UNSENT.format(rows=12) in channel.warnings) == told


def test_blank_freight_is_none_where_the_document_says_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "vendas.csv"
    rows = []
    for n in range(30):
        freight = None if n in {3, 7} else 5
        left = f"{20 + n + 0.9 - 3 - (freight or 0):.2f}".replace(".", ",")
        cell = "" if freight is None else "5,00"
        rows.append(f"P{n:04d};{n % 28 + 1:02d}/03/2026;S-{n % 5};Caneca {n % 5};2;{20 + n},90;3,00;{cell};{left}")
    path.write_text("\n".join([SHOP.replace("Situação", "Valor do repasse"), *rows]), "utf-8")
    (channel,) = read(path, path.name, ["own_store"], Limits()).channels
    assert not any("um frete que se leia" in warning for warning in channel.warnings)
